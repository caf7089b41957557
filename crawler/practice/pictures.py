"""Draws the pictures of the posts; some carry the words that the text leaves out."""

from flask import Blueprint, Response, abort, render_template

from crawler.practice.public_pages import the_site

pages = Blueprint("pictures", __name__)

# Sky, ground and accent of each scene; the template holds the shapes.
SCENES: dict[str, tuple[str, str, str]] = {
    "poster": ("#c81e3a", "#8f1027", "#ffd54a"),
    "night": ("#1d2150", "#0d1030", "#ffb84d"),
    "factory": ("#d7e6f4", "#8ba3b8", "#2b5f8f"),
    "notice": ("#f6f8fb", "#e3e9f1", "#1f4e8c"),
    "market": ("#ffeccf", "#b9d48b", "#d1602b"),
    "field": ("#cfe9ff", "#8cc152", "#f7c843"),
    "rain": ("#8fa3b5", "#5c7183", "#dfe8ef"),
    "football": ("#bfe3ff", "#4f9d4a", "#ffffff"),
    "food": ("#fff3e0", "#e7c9a0", "#b5442c"),
    "river": ("#fbd7b5", "#5f93a8", "#e2703a"),
}


@pages.get("/hinh/<int:post_id>.svg")
def picture(post_id: int) -> Response:
    """The drawing under a post that strangers may see."""
    post = the_site().post(post_id)
    if post is None or post.picture is None or not post.listed:
        abort(404)
    sky, ground, accent = SCENES[post.picture.scene]
    drawing = render_template(
        "picture.svg", picture=post.picture, sky=sky, ground=ground, accent=accent
    )
    return Response(drawing, mimetype="image/svg+xml", headers={"Cache-Control": "max-age=60"})
