"""The history of a pack, what differs between its texts, and packs brought out and in."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from foundation import audit
from foundation.errors import InvalidInput
from foundation.lifecycle import TransitionRow, history
from search.lab import service
from search.lab.diff import Line, difference, figures
from search.lab.exchange import Brought, as_zip, bring
from search.lab.lifecycle import KIND
from search.lab.models import RulePackRevision, RulePackText
from search.rules.pack import shipped_text
from webui.requests import actor, allowed, now, session, wiring, writing
from webui.templating import render
from webui.views import rule_words

bp = Blueprint("rule_files", __name__, url_prefix="/rules")
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """One revision with its steps and its savings."""

    row: RulePackRevision
    steps: list[TransitionRow]
    texts: list[RulePackText]


@bp.get("/<pack>/history")
@allowed("rule.view")
def history_of(pack: str) -> str:
    """Every revision, who did what when and why, and every saving with its difference."""
    rows = service.revisions(session(), pack)
    chosen = wiring().rules.office.of(pack)
    if not rows and chosen is None:
        abort(404)
    told = [
        Told(row, history(session(), KIND, row.id), service.texts(session(), row.id))
        for row in rows
    ]
    return render(
        "rules/history.html",
        pack=pack,
        chosen=chosen,
        told=told,
        rule_words=rule_words,
        said=rule_words.said,
    )


@bp.get("/<pack>/diff")
@allowed("rule.view")
def diff(pack: str) -> str:
    """What differs between two texts: `shipped`, `live`, `12` (a revision), `base:12`, `text:345`."""
    names = [name for name, _ in _versions(pack)]
    if not names:
        abort(404)
    one = request.args.get("a") or ("shipped" if "shipped" in names else names[-1])
    other = request.args.get("b") or ("live" if "live" in names else names[0])
    lines: list[Line] = difference(_text(pack, one), _text(pack, other))
    return render(
        "rules/diff.html",
        pack=pack,
        lines=lines,
        counted=figures(lines),
        versions=_versions(pack, one, other),
        a=one,
        b=other,
    )


@bp.get("/<pack>/export")
@allowed("rule.view")
def export(pack: str) -> Response:
    """The text of a pack as it counts, or of one revision (`?number=`), as a YAML file."""
    number = request.args.get("number", type=int)
    text = _text(pack, str(number) if number else "live")
    name = f"{pack}-{number}.yaml" if number else f"{pack}.yaml"
    return _download(text.encode(), name, "application/yaml", pack)


@bp.get("/export")
@allowed("rule.view")
def export_all() -> Response:
    """All packs that count, as one zip."""
    return _download(as_zip(wiring().rules.office), "rasoat-rules.zip", "application/zip", "*")


@bp.get("/import")
@allowed("rule.write")
def import_form() -> str:
    """Choose files."""
    return render("rules/import.html", brought=None, made={}, rule_words=rule_words)


@bp.post("/import")
@allowed("rule.write")
def import_files() -> str:
    """Whole packs become drafts; every bad file is told line by line."""
    sent = [one for one in request.files.getlist("files") if one.filename]
    if not sent:
        raise InvalidInput("no file was sent", key="error.rules.no_file")
    office = wiring().rules.office
    brought: Brought = bring([_read(one) for one in sent], office, wiring().catalogue.basis_ids())
    made: dict[str, int] = {}
    with writing() as opened:
        for good in brought.good:
            if not good.same:
                row = service.create(opened, actor(), good.pack, good.text, at=now(), imported=True)
                made[good.name] = row.number
    return render("rules/import.html", brought=brought, made=made, rule_words=rule_words)


def _read(sent: FileStorage) -> tuple[str, bytes]:
    content = sent.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InvalidInput("the file is too large", key="error.too_large")
    return (sent.filename or "")[:120], content


def _download(content: bytes, name: str, kind: str, pack: str) -> Response:
    with writing() as opened:
        audit.record(opened, actor(), "rule:export", pack, at=now(), size=len(content))
    return Response(
        content,
        mimetype=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _versions(pack: str, *more: str) -> list[tuple[str, str]]:
    """The texts of a pack that can be compared, with their words."""
    found = []
    if shipped_text(pack):
        found.append(("shipped", gettext("As shipped with the program")))
    if wiring().rules.office.of(pack) is not None:
        found.append(("live", gettext("As it counts now")))
    found += [
        (str(row.number), gettext("Revision %(number)s", number=row.number))
        for row in service.revisions(session(), pack)
    ]
    known = {name for name, _ in found}
    return found + [(name, _name(name)) for name in more if name not in known]


def _name(name: str) -> str:
    kind, _, number = name.partition(":")
    if kind == "base":
        return str(gettext("As shipped when revision %(number)s was begun", number=number))
    return str(gettext("Saving no. %(number)s", number=number))


def _text(pack: str, name: str) -> str:
    """The text that a name stands for; 404 where there is none."""
    kind, _, number = name.rpartition(":")
    if name == "live" and (chosen := wiring().rules.office.of(pack)) is not None:
        return chosen.text
    if name == "shipped" and shipped_text(pack):
        return shipped_text(pack)
    if not number.isdecimal() or len(number) > 15:
        abort(404)
    if kind == "text":
        saved = session().get(RulePackText, int(number))
        if saved is None or service.get(session(), saved.revision_id).pack != pack:
            abort(404)
        return saved.text
    row = service.numbered(session(), pack, int(number))
    return row.base if kind == "base" else row.text
