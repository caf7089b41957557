"""What one check found: well, to be watched or broken; what, and the remedy in one line."""

import gettext
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from foundation.errors import RasoatError
from search.query import Message
from webui.translations import catalogue

FOLDER = Path(catalogue.__file__).parent
LONGEST_REASON = 300


class Status(StrEnum):
    """How one part is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part's state; `remedy` is None where nothing is to be done."""

    part: str
    status: Status
    what: Message
    remedy: Message | None = None
    seconds: float = 0.0


def ok(part: str, what: Message) -> Finding:
    return Finding(part, Status.OK, what)


def warn(part: str, what: Message, remedy: Message | None = None) -> Finding:
    return Finding(part, Status.WARN, what, remedy)


def fail(part: str, what: Message, remedy: Message) -> Finding:
    return Finding(part, Status.FAIL, what, remedy)


def guarded(part: str, check: Callable[[], Finding], remedy: Message) -> Finding:
    """The finding, with how long it took; whatever is raised is a finding too."""
    started = time.monotonic()
    try:
        found = check()
    except Exception as error:  # noqa: BLE001 - the doctor reports what is broken, it does not break
        why = str(error) if isinstance(error, RasoatError) else f"{type(error).__name__}: {error}"
        text = why.splitlines()[0][:LONGEST_REASON] if why else type(error).__name__
        found = fail(part, Message("It failed: %(why)s", {"why": text}), remedy)
    return Finding(found.part, found.status, found.what, found.remedy, time.monotonic() - started)


def translator(language: str) -> Callable[[Message], str]:
    """Fills a message in Vietnamese (`vi`) or English, outside a request."""
    catalogue.compile_if_stale(FOLDER)
    translations: Any = gettext.NullTranslations()
    if language == "vi":
        with catalogue.mo_file(FOLDER).open("rb") as file:
            translations = gettext.GNUTranslations(file)

    def say(message: Message) -> str:
        return message.text(translations.gettext)

    return say
