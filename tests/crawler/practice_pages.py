"""Helpers that read the practice site's pages the way a crawler would."""

from collections.abc import Iterator
from datetime import datetime

from flask.testing import FlaskClient
from parsel import Selector


def page(client: FlaskClient, address: str, status: int = 200) -> Selector:
    """The page at an address, which must answer with that status."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return Selector(answer.get_data(as_text=True))


def pages(client: FlaskClient, address: str) -> Iterator[Selector]:
    """The page and all that follow it by the pager."""
    following: str | None = address
    while following:
        found = page(client, following)
        yield found
        following = found.css("a.pager-next[rel=next]::attr(href)").get()


def ids(found: Selector) -> list[int]:
    """The ids of the posts on a page, in their order."""
    return [int(value) for value in found.css("article.post::attr(data-post-id)").getall()]


def times(found: Selector) -> list[datetime]:
    """The times of the posts on a page."""
    values = found.css("time.post-time::attr(datetime)").getall()
    return [datetime.fromisoformat(value) for value in values]


def words(found: Selector, selector: str) -> str:
    """The text under a selector with single spaces."""
    return " ".join(" ".join(found.css(selector).xpath(".//text()").getall()).split())
