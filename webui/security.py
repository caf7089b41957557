"""What every answer carries so that a browser does nothing we did not mean: CSP, headers, CSRF, cookies."""

import hashlib
from datetime import timedelta

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from foundation.settings import Settings

csrf = CSRFProtect()
"""Nothing is exempt: there are no access tokens, the JSON API too is asked with the session's cookie."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
UNTRUSTED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
YEAR = 365 * 86400


def untrusted(response: Response) -> Response:
    """For bytes that came from outside (captured pages, pictures, uploads): shown, they can run nothing."""
    response.headers["Content-Security-Policy"] = UNTRUSTED
    return response


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif request.endpoint != "static":  # offices share computers: pages are not kept on them
        response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(("Cookie", "HX-Request"))
    return response


class PageSessions(SecureCookieSessionInterface):
    """Sessions whose cookie only whole pages prolong.

    What a page asks for in the background may be answered after somebody logged out or another logged in:
    its answer must not bring the old cookie back.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        if "HX-Request" in request.headers and request.method == "GET":
            return session.modified
        return super().should_set_cookie(app, session)


def init_security(app: Flask, settings: Settings, secret: bytes) -> None:
    """Cookies, CSRF on every POST, headers, and the proxy in front when there is one."""
    app.config.update(
        SECRET_KEY=hashlib.sha256(
            b"web cookies\0" + secret
        ).hexdigest(),  # not the key of the digests
        SESSION_COOKIE_NAME="rasoat",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        REMEMBER_COOKIE_SECURE=settings.secure_cookies,
        REMEMBER_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: people leave a form open over lunch
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
    )
    app.session_interface = PageSessions()
    csrf.init_app(app)
    app.after_request(_add_headers)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)  # type: ignore[method-assign]
