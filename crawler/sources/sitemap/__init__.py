"""Sites by their sitemaps: each page that one lists, its main text as a post."""

from crawler.sources.base import Kind, Way
from crawler.sources.sitemap.form import FORM
from crawler.sources.sitemap.parser import read
from crawler.sources.sitemap.recognise import recognise
from crawler.sources.sitemap.spider import start

KIND = Kind(
    name="sitemap",
    label="Sitemap",
    help="Every page that a site lists for search engines, the newest first; of each the main text.",
    way=Way.CRAWL,
    form=FORM,
    start=start,
    read=read,
    recognise=recognise,
    platform="website",
)
