"""The newest fifty posts as RSS 2.0 and Atom 1.0."""

from flask import Blueprint, Response, render_template

from crawler.practice.public_pages import the_site

pages = Blueprint("feeds", __name__)
NEWEST = 50


@pages.get("/rss.xml")
def rss() -> Response:
    """RSS 2.0 with dc:creator and content:encoded."""
    return _feed("rss.xml", "application/rss+xml")


@pages.get("/atom.xml")
def atom() -> Response:
    """Atom 1.0."""
    return _feed("atom.xml", "application/atom+xml")


def _feed(template: str, mimetype: str) -> Response:
    posts = the_site().listed()[:NEWEST]
    changed = max((post.edited_at or post.at for post in posts), default=None)
    return Response(render_template(template, posts=posts, changed=changed), mimetype=mimetype)
