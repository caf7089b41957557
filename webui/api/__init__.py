"""The same services as JSON, with an OpenAPI document at /api/openapi.json.

It answers people's own programs in the session of the person: log in, keep the cookie, and send the token of
/api/me as the header X-CSRFToken with what changes something. There are no keys that outlive a session.
"""

from flask import Flask

from webui.api import captures as captures
from webui.api.building import blueprint, build
from webui.api.routes import document

__all__ = ["document", "init_app"]


def init_app(app: Flask) -> None:
    """Install the routes and their document."""
    build(app).register_blueprint(blueprint)
