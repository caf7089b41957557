"""Pages with lists of posts, read by CSS selectors."""

from crawler.sources.base import Kind, Way
from crawler.sources.html_list.form import FORM
from crawler.sources.html_list.parser import read, shows
from crawler.sources.html_list.recognise import recognise
from crawler.sources.html_list.spider import start

KIND = Kind(
    name="html_list",
    label="Web page or forum (CSS selectors)",
    help="Pages that list posts, each post on the list or on a page of its own.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    shows=shows,
    recognise=recognise,
)
