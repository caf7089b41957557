"""Mastodon and servers that speak its interface."""

from crawler.sources.base import Kind, Way
from crawler.sources.mastodon.form import FORM
from crawler.sources.mastodon.look import look
from crawler.sources.mastodon.parser import explain, read
from crawler.sources.mastodon.recognise import recognise
from crawler.sources.mastodon.spider import api_of, start

KIND = Kind(
    name="mastodon",
    label="Mastodon",
    help="A hashtag, the public timeline or an account of a Mastodon server.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    look=look,
    platform="mastodon",
    json=True,
    explain=explain,
    api=api_of,
    credential="mastodon",
)
