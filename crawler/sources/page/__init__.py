"""One public page by its address, as an officer finds it: TikTok, Zalo, Facebook, any site."""

from crawler.sources.base import Kind, Way
from crawler.sources.page.form import FORM
from crawler.sources.page.parser import explain, read
from crawler.sources.page.recognise import recognise
from crawler.sources.page.spider import start

KIND = Kind(
    name="page",
    label="One page by its address",
    help="One public page as one post: what it says of itself, its main text, author, time and pictures.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    json=True,
    explain=explain,
)
