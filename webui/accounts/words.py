"""The words of accounts: states, messages of errors, names of what the audit log tells."""

from flask_babel import lazy_gettext as _l

from foundation.people import User
from webui.errors import messages
from webui.words import State, states

states(
    "account",
    {
        "active": State(_l("Active"), "good"),
        "invited": State(_l("Has no password yet"), "waiting"),
        "disabled": State(_l("Disabled"), "neutral", "ban"),
    },
)
states("unit", {"open": State(_l("In use"), "good"), "closed": State(_l("Closed"), "neutral")})
messages(
    {
        "error.email": _l("This is not an e-mail address."),
        "error.email_taken": _l("There is an account with this e-mail address already."),
        "error.name_missing": _l("Enter a name."),
        "error.own_roles": _l(
            "Nobody gives themself a role or a title to sign by. Another administrator has to do it."
        ),
        "error.last_administrator": _l(
            "This is the last administrator who can log in. Make another one first."
        ),
        "error.account_disabled": _l("The account is disabled. Enable it first."),
        "error.unit_has_people": _l(
            "People who can log in belong to this unit. Move or disable them first."
        ),
        "error.unit_name_taken": _l("There is a unit of this name already."),
    }
)


def account_state(user: User) -> str:
    """active, invited (no password set yet) or disabled."""
    if not user.active:
        return "disabled"
    return "active" if user.password else "invited"
