"""All kinds of sources. Adding one: copy the nearest folder, put its KIND here."""

from crawler.sources.base import Kind
from crawler.sources.file import KIND as FILE
from crawler.sources.html_list import KIND as HTML_LIST
from crawler.sources.manual import KIND as MANUAL
from crawler.sources.rss import KIND as RSS

KINDS: dict[str, Kind] = {kind.name: kind for kind in (RSS, HTML_LIST, FILE, MANUAL)}
