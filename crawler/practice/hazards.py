"""Pages that go wrong on purpose, so that a crawler can be seen to cope."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, url_for

from crawler.practice.paging import asked_page

pages = Blueprint("hazards", __name__)
_MOST_MEGABYTES = 64


@pages.get("/rieng-tu/")
@pages.get("/rieng-tu/<path:rest>")
def private(rest: str = "") -> str:
    """Forbidden by robots.txt; holds a trap post that nobody may ever find in the tool."""
    return render_template("private.html", rest=rest)


@pages.get("/hong/")
def broken() -> Response:
    """Broken HTML in UTF-8 that says it is windows-1252 in the header and Big5 in the page."""
    return Response(render_template("broken.html"), content_type="text/html; charset=windows-1252")


@pages.get("/hong/rss.xml")
def broken_feed() -> Response:
    """A feed with a bare ampersand, a date of nonsense and no end."""
    return Response(render_template("broken_rss.xml"), content_type="application/rss+xml")


@pages.get("/hong/lon")
def large() -> Response:
    """A page of ``mb`` megabytes (50), with one real post at its head."""
    megabytes = min(max(request.args.get("mb", 50, int), 1), _MOST_MEGABYTES)
    head = render_template("large_head.html").encode()
    return Response(_megabytes(head, megabytes), content_type="text/html; charset=utf-8")


@pages.get("/hong/chan")
def blocked() -> tuple[str, int]:
    """What a site shows to a crawler that it has shut out: not a removal."""
    return render_template("blocked.html"), 403


@pages.get("/hong/qua-tai")
def overloaded() -> tuple[str, int, dict[str, str]]:
    """Too many requests; asks to come back in a second."""
    return render_template("blocked.html"), 429, {"Retry-After": "1"}


@pages.get("/hong/loi")
def failing() -> tuple[str, int]:
    """The server's own failure."""
    return render_template("failing.html"), 503


@pages.get("/vo-han/")
def endless() -> str:
    """A pager without an end: there is always a next page."""
    number = asked_page()
    following = url_for("hazards.endless", trang=number + 1)
    return render_template("endless.html", number=number, following=following)


def _megabytes(head: bytes, count: int) -> Iterator[bytes]:
    yield head
    line = ("<p>" + "Trang này dài hơn mức cần thiết. " * 24 + "</p>\n").encode()
    chunk = line * (2**20 // len(line))
    for _ in range(count):
        yield chunk
    yield b"</body></html>"
