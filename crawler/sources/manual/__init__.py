"""One post entered by a person, where strangers see only a login wall."""

from crawler.sources.base import Kind, Way
from crawler.sources.manual.form import FORM

KIND = Kind(
    name="manual",
    label="Entered by hand",
    help="A post that an officer saw and enters with its text, address and screenshot.",
    way=Way.HAND,
    form=FORM,
)
