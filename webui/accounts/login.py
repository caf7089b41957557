"""Installs the login library in an app: its settings, our forms and templates, what is told to the audit log."""

import base64
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import flask_login  # type: ignore[import-untyped]
from flask import Flask, Response, abort, g
from flask import session as cookie
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import user_logged_out
from flask_security import MailUtil, PasswordUtil, Security, Totp, UserMixin
from flask_security.signals import (
    password_changed,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
)

from foundation.people import User
from webui.accounts import passwords
from webui.accounts.forms import (
    EXTENSION,
    OfficeChangeForm,
    OfficeCodeForm,
    OfficeLoginForm,
    OfficeRescueForm,
    OfficeSetupForm,
    OfficeVerifyForm,
)
from webui.accounts.limits import LoginLimits, source
from webui.accounts.store import AccountStore, LoginUser, note
from webui.requests import forget_actor, session, set_identifier, shell, toast

if TYPE_CHECKING:
    from webui.wiring import Wiring

FRESH_FOR = timedelta(hours=1)
"""How long after the password was given the second factor may be changed without giving it again."""

_MESSAGES = {
    "GENERIC_AUTHN_FAILED": _l("The e-mail address or the password is not right."),
    "DISABLED_ACCOUNT": _l("The e-mail address or the password is not right."),
    "EMAIL_NOT_PROVIDED": _l("Enter the e-mail address."),
    "INVALID_EMAIL_ADDRESS": _l("This is not an e-mail address."),
    "PASSWORD_NOT_PROVIDED": _l("Enter the password."),
    "INVALID_PASSWORD": _l("The password is not right."),
    "RETYPE_PASSWORD_MISMATCH": _l("The two new passwords are not the same."),
    "PASSWORD_MISMATCH": _l("The two new passwords are not the same."),
    "PASSWORD_IS_THE_SAME": _l("The new password is the old one. Choose another."),
    "TWO_FACTOR_INVALID_TOKEN": _l(
        "This code is not right, or it was used already. Wait for the next one."
    ),
    "INVALID_CODE": _l("This code is not right, or it was used already. Wait for the next one."),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": _l("Choose one of the ways offered."),
    "INVALID_INPUT": _l("Something that was entered cannot be used."),
}


class OfficePasswords(PasswordUtil):
    """Our rules for passwords, asked by the library."""

    def normalize(self, password: str) -> str:
        return passwords.normalise(password)

    def validate(
        self,
        password: str,
        is_register: bool,  # noqa: ARG002, FBT001 - the library's signature
        **kwargs: Any,
    ) -> tuple[list[str] | None, str]:
        user: LoginUser | None = kwargs.get("user")
        known = (user.email, user.name) if user is not None else ()
        found = [str(problem) for problem in passwords.problems(password, *known)]
        return found or None, self.normalize(password)


class OfficeMail(MailUtil):
    """E-mail addresses are names of accounts here; nothing is ever mailed by the library."""

    def normalize(self, email: str) -> str:
        return email.strip().lower()

    def validate(self, email: str) -> str:
        return self.normalize(email)

    def send_mail(self, *_args: Any, **_kwargs: Any) -> None:
        raise NotImplementedError("the login library is not to send mail")


class OfficeTotp(Totp):
    """Codes work once: the counter of the last one used is kept with the account."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        return cast("LoginUser", user).totp_counter

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        cast("LoginUser", user).totp_counter = tmatch.counter
        store(None).put(cast("LoginUser", user))


def store(app: Flask | None) -> AccountStore:
    """The account store of this app, or of the app of this request."""
    from flask import current_app

    found: AccountStore = (app or current_app).extensions["security"].datastore
    return found


def init_app(app: Flask) -> None:
    """Install login, logout, change of password and the second factor."""
    wiring = shell(app).wiring
    app.config.update(_settings(wiring))
    Security(
        app,
        AccountStore(wiring.database, wiring.clock),
        login_form=OfficeLoginForm,
        two_factor_verify_code_form=OfficeCodeForm,
        two_factor_setup_form=OfficeSetupForm,
        two_factor_rescue_form=OfficeRescueForm,
        change_password_form=OfficeChangeForm,
        verify_form=OfficeVerifyForm,
        password_util_cls=OfficePasswords,
        mail_util_cls=OfficeMail,
        totp_cls=OfficeTotp,
    )
    app.view_functions["security.two_factor_rescue"] = _no_such_page
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined] # no tokens
    app.extensions[EXTENSION] = LoginLimits(app, wiring)
    app.after_request(_write_account_changes)
    set_identifier(app, identify, "security.login")
    user_authenticated.connect(_logged_in, app)
    user_logged_out.connect(_logged_out, app)
    password_changed.connect(_password_changed, app)
    tf_profile_changed.connect(_second_factor_on, app)
    tf_disabled.connect(_second_factor_off, app)


def _no_such_page() -> Response:
    """The library's way round the second factor mails the administrator; here one asks in person."""
    abort(404)


def guard_limits(app: Flask) -> None:
    """Limit how often a secret may be tried; after every page where one is tried is installed."""
    limits: LoginLimits = app.extensions[EXTENSION]
    limits.guard(app)


def identify() -> User | None:
    """Whose request this is, by the session cookie."""
    found = flask_login.current_user
    if not found.is_authenticated:
        return None
    return session().get(User, found.id)


def _settings(wiring: "Wiring") -> dict[str, Any]:
    keys = {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": ["argon2"],  # a restored database must not depend on the secret
        "PASSWORD_HASH_PASSLIB_OPTIONS": passwords.library_cost(),
        "PASSWORD_SALT": "unused with a single hash",
        "RETURN_GENERIC_RESPONSES": True,
        "API_ENABLED_METHODS": ["session"],
        "FLASH_MESSAGES": False,
        "TRACKABLE": True,
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TOTP_SECRETS": {"1": _key(wiring.secret, b"totp")},
        "TOTP_ISSUER": "Rà Soát",
        "DATETIME_FACTORY": wiring.clock.now,
        "FRESHNESS": FRESH_FOR,
        "FRESHNESS_GRACE_PERIOD": timedelta(0),
        "POST_LOGIN_VIEW": "/",
        "POST_LOGOUT_VIEW": "/login",
        "POST_CHANGE_VIEW": "/me",
        "TWO_FACTOR_POST_SETUP_VIEW": "/me",
        "LOGIN_USER_TEMPLATE": "login/login.html",
        "VERIFY_TEMPLATE": "login/verify.html",
        "CHANGE_PASSWORD_TEMPLATE": "login/change_password.html",
        "TWO_FACTOR_SETUP_TEMPLATE": "login/two_factor_setup.html",
        "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "login/two_factor_code.html",
    } | {f"MSG_{name}": (text, "error") for name, text in _MESSAGES.items()}
    return {f"SECURITY_{name}": value for name, value in keys.items()}


def _key(secret: bytes, use: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(use + b"\0" + secret).digest()).decode()


def _write_account_changes(response: Response) -> Response:
    """What the library did not commit itself: failures, logouts. Nothing of a request that broke."""
    if response.status_code < 500:
        store(None).commit()
    else:
        g.pop("account_changes", None)
        g.pop("account_events", None)
    return response


def _logged_in(_app: Flask, user: LoginUser, authn_via: list[str] | None = None, **_: Any) -> None:
    cookie.permanent = True
    forget_actor()
    if authn_via != ["change"]:
        by = "code" if user.tf_primary_method else "password"
        note("user:login", user.id, user.actor, by=by, source=source())


def _logged_out(_app: Flask, user: LoginUser | None = None, **_: Any) -> None:
    forget_actor()
    if isinstance(user, LoginUser):
        note("user:logout", user.id, user.actor)


def _password_changed(_app: Flask, user: LoginUser, **_: Any) -> None:
    note("user:password_change", user.id, user.actor)
    toast(gettext("Password changed. Your other sessions were ended."))


def _second_factor_on(_app: Flask, user: LoginUser, **_: Any) -> None:
    note("user:second_factor_on", user.id, user.actor)
    toast(gettext("The second factor is on. From now on you are asked for a code when you log in."))


def _second_factor_off(_app: Flask, user: LoginUser, **_: Any) -> None:
    user.totp_counter = None
    note("user:second_factor_off", user.id, user.actor)
    toast(gettext("The second factor is off."), kind="warning")


def leave() -> None:
    """Forget who is logged in at this browser."""
    flask_login.logout_user()
    forget_actor()
