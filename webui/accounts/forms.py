"""The login library's forms, with our limits, our record of failures and no "remember me"."""

from typing import Any, cast

from flask import current_app
from flask_babel import gettext
from flask_security.forms import (
    ChangePasswordForm,
    LoginForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.utils import get_message
from wtforms import StringField

from webui.accounts.limits import LoginLimits, source
from webui.accounts.store import UNKNOWN, LoginUser, note

EXTENSION = "rasoat_login_limits"


def limits() -> LoginLimits:
    """The limits of this app."""
    found: LoginLimits = current_app.extensions[EXTENSION]
    return found


def locked_message() -> str:
    """Said of any account that was tried too often, whether it exists or not."""
    return str(
        gettext("Too many failed tries. Wait 15 minutes, then try again, or ask an administrator.")
    )


def count_failure(account: str, user: LoginUser | None) -> None:
    """One more failure of this account; the one that locks it is an event of its own."""
    if limits().failed(account):
        note("user:lock", user.id if user else UNKNOWN, source=source())


class OfficeLoginForm(LoginForm):
    """E-mail and password; the same answer for a wrong one of either."""

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        account = (self.email.data or "").strip()
        if account and limits().is_locked(account):
            self.form_errors.append(locked_message())
            return False
        if super().validate(**kwargs):
            limits().forget(account)
            return True
        if account and self.password.data:
            if self.user is None:
                note("user:login_failed", UNKNOWN, by="unknown_account", source=source())
            elif self.user_authenticated:
                note("user:login_failed", self.user.id, by="disabled_account", source=source())
            count_failure(account, cast("LoginUser | None", self.user))
        return False


class OfficeCodeForm(TwoFactorVerifyCodeForm):
    """The six digits of the second factor; guessing them counts as failing to log in."""

    def validate(self, **kwargs: Any) -> bool:
        user = cast("LoginUser | None", self.user)
        if user is not None and limits().is_locked(user.email):
            self.form_errors.append(locked_message())
            return False
        if super().validate(**kwargs):
            return True
        if user is not None and self.code.data and not self.is_setup:
            count_failure(user.email, user)
        return False


class OfficeVerifyForm(VerifyForm):
    """The password once more, before the second factor is changed."""

    def validate(self, **kwargs: Any) -> bool:
        account = self.user.email if getattr(self, "user", None) else ""
        if account and limits().is_locked(account):
            self.form_errors.append(locked_message())
            return False
        if super().validate(**kwargs):
            return True
        if account and self.password.data:
            count_failure(account, cast("LoginUser", self.user))
        return False


class OfficeSetupForm(TwoFactorSetupForm):
    """Which second factor: the template's buttons say it, so the field is not a list to choose from."""

    setup = StringField()


class OfficeRescueForm(TwoFactorRescueForm):
    """Built by the library beside the form for the code; rescue itself is an administrator's affair."""

    help_setup = StringField()


class OfficeChangeForm(ChangePasswordForm):
    """The library compares the old password in one Unicode form with the new one in another."""

    def validate(self, **kwargs: Any) -> bool:
        if self.password.data and self.password.data == self.new_password.data:
            super(ChangePasswordForm, self).validate(**kwargs)
            self.new_password.errors = [get_message("PASSWORD_IS_THE_SAME")[0]]
            return False
        return super().validate(**kwargs)
