"""One tree of errors. Each carries a message key (translated only by the view) and what it is about."""

from typing import ClassVar


class RasoatError(Exception):
    """The root: `key` names the message, `about` what it concerns, `detail` fills the message."""

    key: ClassVar[str] = "error.unexpected"
    status: ClassVar[int] = 500

    def __init__(
        self, message: str = "", *, about: str = "", key: str = "", **detail: object
    ) -> None:
        super().__init__(message or key or type(self).key)
        self.message_key = key or type(self).key
        self.about = about
        self.detail = detail


class InvalidInput(RasoatError):
    """What was given cannot be used; the sender can mend it."""

    key = "error.invalid_input"
    status = 422


class NotFound(RasoatError):
    """No such thing, or not for this actor to know of."""

    key = "error.not_found"
    status = 404


class Forbidden(RasoatError):
    """This actor may not do this act."""

    key = "error.forbidden"
    status = 403


class FourEyesRequired(Forbidden):
    """The same person may not do both steps (nguyên tắc người thứ hai)."""

    key = "error.four_eyes"


class Conflict(RasoatError):
    """Somebody was faster, or the state no longer allows the act."""

    key = "error.conflict"
    status = 409


class NotAllowedInState(Conflict):
    """The lifecycle has no such act in this state."""

    key = "error.not_allowed_in_state"


class NeedsMissing(InvalidInput):
    """The act needs something (a reason, a proof, a legal basis) that was not given."""

    key = "error.needs_missing"


class SettingsError(RasoatError):
    """A setting has a wrong value; the start stops and says which."""

    key = "error.settings"


class Unavailable(RasoatError):
    """A part of the deployment does not answer; nothing was lost."""

    key = "error.unavailable"
    status = 503


class IntegrityError(RasoatError):
    """Stored bytes are not what their digest says."""

    key = "error.integrity"
