"""Flarum forums, by the JSON interface that their own pages use."""

from crawler.sources.base import Kind, Way
from crawler.sources.flarum.form import FORM
from crawler.sources.flarum.look import look
from crawler.sources.flarum.parser import explain, read
from crawler.sources.flarum.recognise import recognise
from crawler.sources.flarum.spider import start

KIND = Kind(
    name="flarum",
    label="Forum (Flarum)",
    help="Discussions and replies of a Flarum forum, by its public JSON interface.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    look=look,
    platform="forum",
    json=True,
    explain=explain,
)
