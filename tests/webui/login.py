"""Logging in without the login pages, which have tests of their own."""

from typing import Any

from flask import Flask, session
from flask.testing import FlaskClient

from foundation.people import User
from webui.requests import set_identifier, shell

KEY = "test_user_id"


def let_tests_log_in(app: Flask) -> Flask:
    """The person of a request is the one whose id the (signed) session cookie holds."""

    def identify() -> User | None:
        found = session.get(KEY)
        if found is None:
            return None
        with shell(app).wiring.database.reading() as reading:
            return reading.get(User, found)

    set_identifier(app, identify)
    app.config["WTF_CSRF_ENABLED"] = False  # tests of CSRF itself switch it on again
    return app


def client_of(app: Flask, user: User | None) -> FlaskClient:
    """A client with this person's session."""
    client = app.test_client()
    if user is not None:
        with client.session_transaction() as cookie:
            cookie[KEY] = user.id
    return client


def cookie_of(app: Flask, user: User, **more: Any) -> str:
    """The value of the session cookie of this person, for a real browser."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps({KEY: user.id, **more}))
