"""All kinds of sources. Adding one: copy the nearest folder, put its KIND here."""

from crawler.sources.base import Kind
from crawler.sources.bluesky import KIND as BLUESKY
from crawler.sources.discourse import KIND as DISCOURSE
from crawler.sources.facebook import KIND as FACEBOOK
from crawler.sources.file import KIND as FILE
from crawler.sources.flarum import KIND as FLARUM
from crawler.sources.html_list import KIND as HTML_LIST
from crawler.sources.manual import KIND as MANUAL
from crawler.sources.mastodon import KIND as MASTODON
from crawler.sources.mediawiki import KIND as MEDIAWIKI
from crawler.sources.nodebb import KIND as NODEBB
from crawler.sources.page import KIND as PAGE
from crawler.sources.rss import KIND as RSS
from crawler.sources.sitemap import KIND as SITEMAP
from crawler.sources.telegram import KIND as TELEGRAM
from crawler.sources.wordpress import KIND as WORDPRESS
from crawler.sources.youtube import KIND as YOUTUBE

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        RSS,
        HTML_LIST,
        WORDPRESS,
        DISCOURSE,
        NODEBB,
        FLARUM,
        TELEGRAM,
        BLUESKY,
        MASTODON,
        YOUTUBE,
        FACEBOOK,
        MEDIAWIKI,
        SITEMAP,
        PAGE,
        FILE,
        MANUAL,
    )
}
