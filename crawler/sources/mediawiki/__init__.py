"""MediaWiki sites, by the interface that they offer to everybody."""

from crawler.sources.base import Kind, Way
from crawler.sources.mediawiki.form import FORM
from crawler.sources.mediawiki.look import look
from crawler.sources.mediawiki.parser import explain, read
from crawler.sources.mediawiki.recognise import recognise
from crawler.sources.mediawiki.spider import start

KIND = Kind(
    name="mediawiki",
    label="Wiki (MediaWiki)",
    help="What people add to the talk pages of a wiki, or to all of its pages.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    look=look,
    platform="wiki",
    json=True,
    explain=explain,
)
