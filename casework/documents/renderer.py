"""Official documents as .docx: a template, a checked context, and the same bytes every time."""

import io
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from casework.documents import contexts, narrative
from casework.documents.packing import repacked
from casework.domain import figures
from casework.domain.records import RecordFaults, plain, read_record
from foundation.errors import InvalidInput

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

SHIPPED = Path(__file__).parent / "templates"
CREATOR = "Rà Soát"
LINE_BREAK = re.compile(r"\s*[\n\r\t\v\f]\s*")


class DocumentKind(StrEnum):
    """The documents that can be made; the value is the template's file name."""

    PERIOD_REPORT = "period_report"
    TAKEDOWN_REQUEST = "takedown_request"
    VIOLATION_RECORD = "violation_record"
    SANCTION_DECISION = "sanction_decision"


CONTEXTS: dict[DocumentKind, type] = {
    DocumentKind.PERIOD_REPORT: contexts.PeriodReport,
    DocumentKind.TAKEDOWN_REQUEST: contexts.TakedownRequest,
    DocumentKind.VIOLATION_RECORD: contexts.ViolationRecord,
    DocumentKind.SANCTION_DECISION: contexts.SanctionDecision,
}


class DocumentError(InvalidInput):
    """The context lacks something or holds nonsense, or the template asks for what is not there."""

    key = "error.document"

    def __init__(self, kind: DocumentKind, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{kind.value}: {'; '.join(problems)}", about=kind.value)


def read_context(kind: DocumentKind, context: Any) -> Any:
    """A mapping or dataclass as the context of a kind; raises DocumentError naming each field."""
    wanted = CONTEXTS[kind]
    if isinstance(context, wanted):
        return context
    if not isinstance(context, Mapping):
        raise DocumentError(kind, [f"the context must be a mapping or a {wanted.__name__}"])
    try:
        return read_record(wanted, context)
    except RecordFaults as faults:
        problems = [f"{place} {sentence}" for place, sentence in faults.faults]
        raise DocumentError(kind, problems) from faults


def render(kind: DocumentKind, context: Any, *, template_dir: Path | None = None) -> bytes:
    """The document as .docx bytes, identical for an identical context and template.

    `context` is a mapping or the kind's dataclass. `template_dir` may hold the office's own
    templates, by the same file names; a kind that it lacks uses the shipped one.
    """
    checked = read_context(kind, context)
    from docxtpl import DocxTemplate  # twenty megabytes that only who makes a document needs

    document = DocxTemplate(io.BytesIO(template_path(kind, template_dir).read_bytes()))
    try:
        document.render(_variables(kind, checked), jinja_env=_environment(), autoescape=True)
    except TemplateError as error:
        raise DocumentError(kind, [f"the template fails: {error}"]) from error
    _set_properties(document, kind, checked)
    raw = io.BytesIO()
    document.save(raw)
    return repacked(raw.getvalue())


def template_path(kind: DocumentKind, template_dir: Path | None = None) -> Path:
    """The office's own template where there is one, else the shipped one."""
    own = template_dir / f"{kind.value}.docx" if template_dir else None
    return own if own and own.is_file() else SHIPPED / f"{kind.value}.docx"


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=True, finalize=_printable
    )
    environment.filters.update(FILTERS)
    return environment


def _broken(name: str) -> str:
    """A body's name that may break only before its last part: VÀ DU LỊCH, TỈNH BẮC SƠN."""
    starts = [name.rfind(word) for word in (" VÀ ", " TỈNH ", " THÀNH PHỐ ")]
    at = max(starts)
    return name if at < 0 else f"{name[:at]} {name[at + 1 :].replace(' ', NO_BREAK)}"


def _listed(text: str, last: object) -> str:
    """A line of a list ends with a semicolon, the last one with a full stop."""
    return f"{text.rstrip(' .;,')}{'.' if last else ';'}"


NO_BREAK = "\u00a0"
FILTERS: dict[str, Callable[..., str]] = {
    "broken": _broken,
    "listed": _listed,
    "count": figures.count,
    "dong": figures.dong,
    "dong_in_words": figures.dong_in_words,
    "millions": figures.millions,
    "official_date": figures.official_date,
    "short_date": figures.short_date,
    "hour_minute": figures.hour_minute,
}


def _printable(value: Any) -> Any:
    """Composed Unicode without control characters, which a .docx may not hold."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    in_one_line = LINE_BREAK.sub(" ", unicodedata.normalize("NFC", value))
    return "".join(each for each in in_one_line if _may_stand(each))


def _may_stand(character: str) -> bool:
    wanted = unicodedata.category(character) not in ("Cc", "Cs")
    return wanted and character not in "\ufffe\uffff"


def _variables(kind: DocumentKind, context: Any) -> dict[str, Any]:
    values = {name: getattr(context, name) for name in context.__dataclass_fields__}
    if kind is DocumentKind.PERIOD_REPORT:
        issuer = context.letterhead.issuer
        values["direction_lines"] = narrative.direction(context.directives, issuer)
        values["results"] = narrative.results(context.figures)
        values["comparison"] = narrative.comparison(context.figures, context.previous)
    if kind is DocumentKind.SANCTION_DECISION:
        values["fine"] = context.fine
    return values


def _set_properties(document: "DocxTemplate", kind: DocumentKind, context: Any) -> None:
    """Core properties from the context alone, never from the clock of the machine."""
    day = context.letterhead.day
    made = datetime.combine(day, time.min, tzinfo=UTC) if day else datetime(1980, 1, 1, tzinfo=UTC)
    properties = document.docx.core_properties
    properties.author = properties.last_modified_by = CREATOR
    properties.created = properties.modified = made.replace(tzinfo=None)
    properties.title = f"{kind.value} {context.letterhead.number_line}"
    properties.revision = 1
    properties.comments = getattr(context, "anchor", "")


def context_as_json(context: Any) -> Any:
    """A context as plain JSON, to be stored beside an issued document."""
    return plain(context)
