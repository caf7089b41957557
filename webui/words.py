"""The words, shapes and tones of things that have a fixed list: risks, roles, states.

Status is always shape + word + colour. A page area tells the words of its states once:
`states("takedown", {"sent": State(_l("Sent"), "progress"), ...})`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask_babel import lazy_gettext as _l

from foundation.people import Role

Text = str  # lazy strings act as str wherever they are shown
Tone = Literal["neutral", "waiting", "progress", "good", "warning", "bad"]

TONE_SHAPES: dict[Tone, str] = {
    "neutral": "circle",
    "waiting": "circle-dashed",
    "progress": "circle-half-2",
    "good": "circle-check",
    "warning": "alert-triangle",
    "bad": "alert-octagon",
}


@dataclass(frozen=True, slots=True)
class State:
    """How one state is shown: its word, its tone, and a shape (that of the tone unless another is named)."""

    label: Text
    tone: Tone = "neutral"
    icon: str = ""

    @property
    def shape(self) -> str:
        return self.icon or TONE_SHAPES[self.tone]


@dataclass(frozen=True, slots=True)
class Risk:
    """One step of risk (mức rủi ro): its word, its shape, and how many of four bars are filled."""

    key: str
    label: Text
    shape: str
    bars: int


RISKS = {
    risk.key: risk
    for risk in (
        Risk("low", _l("Low"), "circle", 1),
        Risk("medium", _l("Medium"), "square", 2),
        Risk("high", _l("High"), "triangle", 3),
        Risk("critical", _l("Critical"), "filled-diamond", 4),
    )
}

ROLES: dict[Role, Text] = {
    Role.INSPECTOR: _l("Inspector"),
    Role.POLICE: _l("Cyber-security police"),
    Role.APPROVER: _l("Approver"),
    Role.REPORT_WRITER: _l("Report writer"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

_STATES: dict[tuple[str, str], State] = {}


def states(kind: str, shown: Mapping[str, State]) -> None:
    """Tell how the states of one kind of thing are shown; telling again replaces."""
    _STATES.update({(kind, name): state for name, state in shown.items()})


def state(kind: str, name: str) -> State:
    """How a state is shown; one that nobody told is shown by its own name, neutral."""
    return _STATES.get((kind, str(name))) or State(str(name).replace("_", " "))


def risk(key: str) -> Risk:
    """The step of risk with this key; ValueError for an unknown one."""
    try:
        return RISKS[str(key)]
    except KeyError:
        raise ValueError(f"no such risk: {key}") from None


def role(name: str) -> Text:
    """The word for a role."""
    return ROLES[Role(name)]
