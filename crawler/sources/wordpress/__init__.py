"""WordPress sites, by their REST interface."""

from crawler.sources.base import Kind, Way
from crawler.sources.wordpress.form import FORM
from crawler.sources.wordpress.look import look
from crawler.sources.wordpress.parser import explain, read
from crawler.sources.wordpress.recognise import recognise
from crawler.sources.wordpress.spider import start

KIND = Kind(
    name="wordpress",
    label="WordPress",
    help="Posts and comments of a WordPress site, by the interface that it offers to everybody.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    look=look,
    platform="website",
    json=True,
    explain=explain,
)
