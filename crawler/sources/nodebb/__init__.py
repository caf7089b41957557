"""NodeBB forums, by their public read interface."""

from crawler.sources.base import Kind, Way
from crawler.sources.nodebb.form import FORM
from crawler.sources.nodebb.parser import explain, read
from crawler.sources.nodebb.recognise import recognise
from crawler.sources.nodebb.spider import start

KIND = Kind(
    name="nodebb",
    label="Forum (NodeBB)",
    help="Topics and replies of a NodeBB forum, by its public interface.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    platform="forum",
    json=True,
    explain=explain,
)
