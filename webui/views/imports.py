"""Nhập tệp: choose a file, say which column is what while looking at its first rows, then import it as a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from crawler import import_files, service_runs, service_sources
from crawler.sources.file import KIND as FILE
from crawler.sources.file.convert import Unreadable, as_lines
from crawler.sources.file.encoding import SAMPLE_BYTES
from crawler.sources.file.form import COLUMNS
from crawler.sources.file.parser import NO_COLUMN, ColumnMissing, Layout, Row, inspect, look, rows
from crawler.sources.forms import FormProblems
from search.models import Source
from search.post import Platform
from search.rules.judgement import Judgement
from webui import standing
from webui.errors import messages
from webui.given import whole_or
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.templating import render
from webui.views import source_words
from webui.views.entry import me, uploads

bp = Blueprint("imports", __name__, url_prefix="/entry/import")
SHOWN = 5
"""So many rows are shown as they would be stored."""
LOOKED_AT = 50
"""So many rows are read for the preview, to find what is wrong with the first ones."""
OPTIONS = {option.name: option for option in FILE.form.options}
UNREADABLE = {
    "old_office": _l(
        "This is a file of an old Excel or Word. Save it as .xlsx or CSV and choose it again."
    ),
    "not_a_table": _l("This is a packed file, but no Excel workbook."),
    "workbook": _l(
        "The workbook cannot be read. Open it in Excel, save it again, or save it as CSV."
    ),
    "too_large_unpacked": _l(
        "The workbook is far larger inside than it looks, and was not opened."
    ),
}
messages({"error.no_file": _l("Choose a file first; an empty one cannot be read.")})


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the preview: its last line, what would be stored, and how the rules judge it."""

    row: Row
    judgement: Judgement | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What the first rows of a file give under some options."""

    layout: Layout
    shown: tuple[Shown, ...] = ()
    bad: tuple[Row, ...] = ()
    rows: int = 0
    problems: Mapping[str, str] = field(default_factory=dict)


@bp.get("")
@allowed("post.import")
def new() -> str:
    """Choose the file."""
    return _choose()


@bp.post("")
@allowed("post.import")
def send() -> Response | tuple[str, int]:
    """Keep the file for its preview; it is not imported yet."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _choose(gettext("Choose a file first; an empty one cannot be read.")), 422
    uploads().clean()
    try:
        with as_lines(sent.stream) as lines:  # type: ignore[arg-type]
            token = uploads().keep(me(), lines)
    except Unreadable as error:
        return _choose(str(UNREADABLE[error.reason])), 422
    with uploads().open(me(), token) as stream:
        empty = not stream.read(1)
    if empty:
        uploads().drop(me(), token)
        return _choose(gettext("Choose a file first; an empty one cannot be read.")), 422
    return redirect(url_for("imports.preview", token=token, name=sent.filename[-200:]))


@bp.get("/<token>")
@allowed("post.import")
def preview(token: str) -> str | tuple[str, int]:
    """The first rows as they would be stored; the options stand in the address."""
    looked = _look(token, request.args)
    page = _preview(token, looked, request.args)
    return (page, 422) if looked.problems else page


@bp.post("/<token>/look")
@allowed("post.import")
def again(token: str) -> Response:
    """Look again under other options; they go into the address, the form's token does not."""
    names = ("name", "source", "keep_all", *OPTIONS)
    kept = {name: request.form[name] for name in names if request.form.get(name)}
    return redirect(url_for("imports.preview", token=token, **kept))  # type: ignore[arg-type]


@bp.post("/<token>")
@allowed("post.import")
def start(token: str) -> Response | tuple[str, int]:
    """Import the file as a run; from then on the crawler has it and this page can be left."""
    given = request.form
    looked = _look(token, given)
    if looked.problems:
        return _preview(token, looked, given), 422
    files = wiring().files
    with uploads().open(me(), token) as stream:  # packed before the transaction: it takes seconds
        digest, size = import_files.put(files, stream)
    try:
        with writing() as opened:
            source_id = _chosen(given)
            source = (
                service_runs.file_source(opened, actor(), source_id)
                if source_id
                else standing.by_file(opened, actor(), at=now())
            )
            run = service_runs.start_stored_import(
                opened,
                actor(),
                source,
                digest,
                size,
                given.get("name", ""),
                service_runs.file_config(source, _config(given)),
                at=now(),
                keep_all=given.get("keep_all") == "on",
            )
    except Exception:
        files.delete(digest)
        raise
    uploads().drop(me(), token)
    toast(gettext("The import waits for the crawler; its page shows how far it is."), kind="info")
    return redirect(url_for("runs.show", run_id=run.id))


def _choose(problem: str = "") -> str:
    limit = request.max_content_length or 0
    return render("entry/import.html", problem=problem, limit_mb=limit // 2**20)


def _chosen(given: Mapping[str, str]) -> int:
    return whole_or(given.get("source", ""), 0)


def _config(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name in OPTIONS if given.get(name)}


def _look(token: str, given: Mapping[str, str]) -> Looked:
    """Read the first rows as these options say; what is wrong with an option stands at its field."""
    number = _chosen(given)
    source = service_runs.file_source(session(), actor(), number) if number else None
    with uploads().open(me(), token) as stream:
        sample = stream.read(SAMPLE_BYTES)
    try:
        config = service_runs.file_config(source, _config(given))
    except FormProblems as error:
        told = {found.field: source_words.problem(found) for found in error.problems}
        return Looked(look(sample, {}), problems=told)
    try:
        layout = inspect(sample, config)
    except ColumnMissing as error:
        return Looked(look(sample, config), problems=_missing(str(error), config))
    return _rows(sample, layout, config, source)


def _missing(column: str, config: Mapping[str, Any]) -> dict[str, str]:
    """A column that was named is missing, or no column of the text was recognised."""
    named = next((name for name in OPTIONS if config.get(name) == column), "")
    if named:
        return {named: source_words.reason("column_missing", {"column": column})}
    return {"column_text": gettext("Say which column holds the text; none was recognised.")}


def _rows(
    sample: bytes, layout: Layout, config: Mapping[str, Any], source: Source | None
) -> Looked:
    platform = Platform(source.platform) if source else Platform.OTHER
    read = list(islice(rows(BytesIO(sample), layout, config, platform), LOOKED_AT))
    good = [row for row in read if row.post][:SHOWN]
    shown = tuple(Shown(row, wiring().matcher.match(row.post.body)) for row in good if row.post)
    return Looked(layout, shown, tuple(row for row in read if row.problem), rows=_count(read))


def _count(read: Sequence[Row]) -> int:
    """How many rows of the file were read; one that is kept in spite of a problem is told twice."""
    return len({row.last_line for row in read})


def _preview(token: str, looked: Looked, given: Mapping[str, str]) -> str:
    sources = [
        (one.id, one.name)
        for one in service_sources.list_sources(session(), actor())
        if one.kind == FILE.name
    ]
    recognised = {f"column_{name}": column for name, column in looked.layout.columns.items()}
    return render(
        "entry/preview.html",
        token=token,
        looked=looked,
        typed=given,
        sources=sources,
        standing_name=standing.NAMES["file"],
        columns=[OPTIONS[f"column_{name}"] for name, _ in COLUMNS],
        recognised=recognised,
        options=OPTIONS,
        no_column=NO_COLUMN,
        source_words=source_words,
    )
