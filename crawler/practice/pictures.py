"""Draws the pictures of the posts; some carry the words that the text leaves out."""

from flask import Blueprint, Response, abort, render_template

from crawler.practice.content.shapes import Scene
from crawler.practice.public_pages import the_site

pages = Blueprint("pictures", __name__)

# Sky, ground and accent of each scene; the template holds the shapes.
SCENES: dict[Scene, tuple[str, str, str]] = {
    Scene.POSTER: ("#c81e3a", "#8f1027", "#ffd54a"),
    Scene.NIGHT: ("#1d2150", "#0d1030", "#ffb84d"),
    Scene.FACTORY: ("#d7e6f4", "#8ba3b8", "#2b5f8f"),
    Scene.NOTICE: ("#f6f8fb", "#e3e9f1", "#1f4e8c"),
    Scene.MARKET: ("#ffeccf", "#b9d48b", "#d1602b"),
    Scene.FIELD: ("#cfe9ff", "#8cc152", "#f7c843"),
    Scene.RAIN: ("#8fa3b5", "#5c7183", "#dfe8ef"),
    Scene.FOOTBALL: ("#bfe3ff", "#4f9d4a", "#ffffff"),
    Scene.FOOD: ("#fff3e0", "#e7c9a0", "#b5442c"),
    Scene.RIVER: ("#fbd7b5", "#5f93a8", "#e2703a"),
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
