"""Files of posts: citizens' tips, hotline records, reported messages, as CSV or JSON lines."""

from crawler.sources.base import Kind, Way
from crawler.sources.file.form import FORM

KIND = Kind(
    name="file",
    label="File (CSV, JSON lines)",
    help="Posts from a table or an export: tips of citizens, hotline records, reported messages.",
    way=Way.FILE,
    form=FORM,
)
