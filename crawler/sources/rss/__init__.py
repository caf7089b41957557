"""RSS and Atom feeds."""

from crawler.sources.base import Kind, Way
from crawler.sources.rss.form import FORM
from crawler.sources.rss.parser import read
from crawler.sources.rss.recognise import recognise
from crawler.sources.rss.spider import start

KIND = Kind(
    name="rss",
    label="Feed (RSS or Atom)",
    help="The newest posts of a site as it publishes them for feed readers.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
)
