"""A made-up forum of numbered posts on list pages, with a detail page for each; some are to be kept."""

from tests.crawler.sites import Answer, Asked, Handler, page
from tests.crawler.words import KEPT_WORD

OPTIONS = {
    "mode": "both",
    "list_item": "article",
    "list_link": "a.link",
    "list_title": "h2",
    "list_text": "p",
    "list_author": ".who",
    "list_author_link": "a.who",
    "list_time": "time",
    "next": "a.next",
    "pages": "500",
    "detail_item": "li",
    "detail_link": "a",
    "detail_text": "p",
}
PER_PAGE = 10


def article(number: int) -> str:
    """One entry of a list; every third is kept."""
    kept = KEPT_WORD if number % 3 == 0 else "thường"
    return (
        f'<article><h2>Bài {number}</h2><a class="link" href="/bai/{number}">xem</a>'
        f'<a class="who" href="/nguoi/n{number % 7}">Người {number % 7}</a>'
        f'<time datetime="2026-11-20T08:00:00+07:00"></time><p>Nội dung {kept} số {number}.</p></article>'
    )


def forum(posts: int) -> dict[str, Handler]:
    """The pages of a forum with so many posts; each has two comments on its own page."""
    last = -(-posts // PER_PAGE)

    def listing(asked: Asked) -> Answer:
        number = int(asked.query.get("p", "1"))
        first = (number - 1) * PER_PAGE
        entries = "".join(article(at) for at in range(first, min(first + PER_PAGE, posts)))
        following = f'<a class="next" href="/?p={number + 1}">sau</a>' if number < last else ""
        return Answer(f"<html><body>{entries}{following}</body></html>")

    pages: dict[str, Handler] = {"/": listing, "/robots.txt": page("", content_type="text/plain")}
    for number in range(posts):
        comments = "".join(
            f'<li><a href="/bai/{number}#c{at}">#</a><p>Bình luận {at} của bài {number}</p></li>'
            for at in range(2)
        )
        pages[f"/bai/{number}"] = page(f"<html><body><ul>{comments}</ul></body></html>")
    return pages


def expected(posts: int) -> dict[str, int]:
    """The counters of a whole crawl of that forum."""
    kept = len(range(0, posts, 3))
    return {
        "pages": -(-posts // PER_PAGE) + posts,
        "posts": 3 * posts,
        "kept": kept,
        "updated": 0,
        "not_kept": 3 * posts - kept,
    }
