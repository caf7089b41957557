"""What robots.txt says: of one address that a person asked for, of a site before it becomes a source."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from crawler.guard import AddressGuard, NoAddress, PrivateAddress
from crawler.plain_http import NoAnswer, fetch

AGENT = "RaSoat"
MAX_SITEMAPS = 5
MAX_ROBOTS_BYTES = 500 * 2**10
"""What RFC 9309 asks crawlers to read at least; more would cost a minute to understand."""


@dataclass(frozen=True, slots=True)
class RobotsTxt:
    """The robots.txt of one site. `rules` is None where there is none, or none could be had."""

    state: str
    """`read`, `none` (the site has none) or `failed` (RFC 9309: then everything is forbidden)."""
    rules: Protego | None = None
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether a crawl may ask for this address."""
        return self.state != "failed" and (
            self.rules is None or bool(self.rules.can_fetch(url, AGENT))
        )

    @property
    def delay(self) -> float:
        """Seconds between requests that the site asks for; 0: it does not say."""
        return float(self.rules.crawl_delay(AGENT) or 0) if self.rules is not None else 0.0


@dataclass(slots=True)
class Robots:
    """The robots.txt of every site that was asked about, each fetched once."""

    guard: AddressGuard
    agent: str
    _known: dict[str, RobotsTxt] = field(default_factory=dict)

    def of(self, url: str) -> RobotsTxt:
        """The site's robots.txt; raises NoAnswer, NoAddress or PrivateAddress as `fetch` does."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._known:
            self._known[site] = self._read(f"{site}/robots.txt")
        return self._known[site]

    def _read(self, address: str) -> RobotsTxt:
        page = fetch(address, self.guard, self.agent)
        if page.status >= 500:
            return RobotsTxt("failed")
        if page.status >= 400:
            return RobotsTxt("none")
        rules = Protego.parse(whole_lines(page.body).decode("utf-8", "replace"))
        return RobotsTxt("read", rules, tuple(rules.sitemaps)[:MAX_SITEMAPS])


def whole_lines(body: bytes) -> bytes:
    """A robots.txt as far as it is read. Half a line is none: `Disallow: /` may be the head of a longer one."""
    if len(body) <= MAX_ROBOTS_BYTES:
        return body
    return body[: body.rfind(b"\n", 0, MAX_ROBOTS_BYTES) + 1]


def robots_decision(url: str, guard: AddressGuard, agent: str) -> str:
    """`allowed`, `disallowed`, `no robots.txt`, or `unknown` when the file cannot be had."""
    try:
        found = Robots(guard, agent).of(url)
    except (NoAnswer, NoAddress, PrivateAddress):
        return "unknown"
    if found.state == "failed":
        return "unknown"
    if found.state == "none":
        return "no robots.txt"
    return "allowed" if found.allows(url) else "disallowed"
