"""Public Telegram channels, by the preview that the web shows to everybody."""

from crawler.sources.base import Kind, Way
from crawler.sources.telegram.form import FORM
from crawler.sources.telegram.look import look
from crawler.sources.telegram.parser import read
from crawler.sources.telegram.recognise import recognise
from crawler.sources.telegram.spider import start

KIND = Kind(
    name="telegram",
    label="Telegram channel",
    help="The public preview of a channel (t.me/s/…), without an account.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    look=look,
    platform="telegram",
)
