"""The manners of the crawl, as Scrapy's settings: slow, small, honest, without cookies."""

from typing import Any

from crawler.agent import user_agent
from foundation.settings import Settings

DOWNLOAD_TIMEOUT_SECONDS = 30
DNS_TIMEOUT_SECONDS = 15
MAX_REDIRECTS = 5

MIDDLEWARES = {
    "crawler.middlewares.GuardMiddleware": 50,
    "crawler.robots_rules.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.manners.BackOff": 550,
    "crawler.middlewares.Decompression": 590,
    "crawler.middlewares.Redirects": 600,
    "crawler.manners.BudgetMiddleware": 980,
    "crawler.api_access.QuotaMiddleware": 990,
}
"""Everything a request passes on its way out, and nothing else: what Scrapy has besides (cookies, referrers,
statistics, a limit that drops long addresses unsaid) is not wanted, and costs with every page."""


def scrapy_settings(settings: Settings) -> dict[str, Any]:
    """Settings of one crawl. Nothing of a source can change them."""
    return {
        "USER_AGENT": user_agent(settings),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "RaSoat",
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": 0.1,
        "AUTOTHROTTLE_MAX_DELAY": 60.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 2.0,
        "DOWNLOAD_TIMEOUT": DOWNLOAD_TIMEOUT_SECONDS,
        "DOWNLOAD_MAXSIZE": 0,  # Manners ends a page at its limit and keeps its head
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,
        "DNS_TIMEOUT": DNS_TIMEOUT_SECONDS,
        "DNS_RESOLVER": "crawler.middlewares.GuardedResolver",
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "RETRY_TIMES": 2,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Language": "vi,en;q=0.5",
        },
        "DOWNLOAD_HANDLERS": {
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
            "http": "crawler.rendered_pages.RenderingHandler",
            "https": "crawler.rendered_pages.RenderingHandler",
        },
        "SPIDER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES_BASE": MIDDLEWARES,
        "EXTENSIONS_BASE": {
            "scrapy.extensions.throttle.AutoThrottle": 0,
            "crawler.middlewares.Manners": 900,
        },
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # the frontier knows its pages
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",  # the ledger counts
        "CONCURRENT_ITEMS": 1,  # so many tasks are made for every answer, and requests need no more
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "LOG_LEVEL": "WARNING",
        "LOG_INSTALL_ROOT_HANDLER": False,
        "RASOAT_GUARD": settings.private_networks,
        "RASOAT_SETTINGS": settings,
    }
