"""Which language a page is in: the person's own setting, else the cookie, else the deployment's."""

from pathlib import Path

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale

from webui.requests import shell, user
from webui.translations import catalogue

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "language"
FOLDER = Path(__file__).parent / "translations"

__all__ = ["LANGUAGES", "force_locale", "init_i18n", "language"]


def language() -> str:
    """The language of this request: "vi" or "en"."""
    if not has_request_context():
        return "vi"
    if "rasoat_language" not in g:
        g.rasoat_language = _choose()
    return str(g.rasoat_language)


def _choose() -> str:
    person = user()
    wishes = (person.language if person else "", request.cookies.get(COOKIE, ""))
    for wish in wishes:
        if wish in LANGUAGES:
            return wish
    return shell().wiring.settings.default_language


def init_i18n(app: Flask) -> None:
    """Babel with our choice of language, Viet Nam's zone, and catalogues as fresh as their parts."""
    catalogue.compile_if_stale(FOLDER)
    Babel(
        app,
        default_locale="vi",
        default_timezone="Asia/Ho_Chi_Minh",
        default_translation_directories=str(FOLDER),
        locale_selector=language,
    )
