"""Bluesky, by its public AppView, without an account."""

from crawler.sources.base import Kind, Way
from crawler.sources.bluesky.form import FORM
from crawler.sources.bluesky.look import look
from crawler.sources.bluesky.parser import explain, read
from crawler.sources.bluesky.recognise import recognise
from crawler.sources.bluesky.spider import start

KIND = Kind(
    name="bluesky",
    label="Bluesky",
    help="Search, an account, a feed or a thread of Bluesky, by the interface that it offers to everybody.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    look=look,
    platform="bluesky",
    json=True,
    explain=explain,
)
