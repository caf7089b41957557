"""Discourse forums, by the JSON that every page of theirs has."""

from crawler.sources.base import Kind, Way
from crawler.sources.discourse.form import FORM
from crawler.sources.discourse.look import look
from crawler.sources.discourse.parser import read
from crawler.sources.discourse.recognise import recognise
from crawler.sources.discourse.spider import start

KIND = Kind(
    name="discourse",
    label="Forum (Discourse)",
    help="Topics and replies of a Discourse forum, by the JSON that its pages have.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    look=look,
    platform="forum",
    json=True,
)
