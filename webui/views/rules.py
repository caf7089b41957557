"""Quy tắc: the packs as they judge today, a text tried against them, and their own examples checked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, abort, request
from flask_babel import gettext

from search.entities import Entity, extract
from search.lab import service
from search.lab.models import RevisionState, RulePackRevision
from search.lab.office import Chosen, OfficeRules
from search.post import Platform
from search.rules import lab
from search.rules.checks import ExampleFailure
from search.rules.judgement import Context, Judgement
from search.rules.matcher import Matcher
from search.rules.model import Combination, Pack, Signal, State
from search.rules.pack import shipped_text
from webui.formats import is_vietnamese
from webui.requests import allowed, session, toast, wiring
from webui.templating import render
from webui.views import post_words
from webui.views.post_parts import Segment, Why, segments
from webui.views.rule_words import group_word, said, told

bp = Blueprint("rules", __name__, url_prefix="/rules")
OPEN = (
    RevisionState.DRAFT,
    RevisionState.PROPOSED,
    RevisionState.SHADOW,
    RevisionState.LEAVING,
)
MAX_TEXT = 20_000
"""Characters of a text to try; posts are seldom longer, and a page of marks is no help."""
ENTITIES: Mapping[str, str] = {**post_words.CONTACTS, **post_words.FACTS}


@dataclass(frozen=True, slots=True)
class Met:
    """A signal that a text shows but that did not count towards a flag."""

    name: str
    signal: Signal
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One text under today's rules: its marks, why, what else was met, and its contacts."""

    text: str
    judgement: Judgement | None
    parts: tuple[Segment, ...]
    whys: tuple[Why, ...]
    met: tuple[Met, ...]
    entities: tuple[Entity, ...]


@bp.get("")
@allowed("rule.view")
def index() -> str:
    """All packs, and a box for a text."""
    return _index(None)


@bp.post("/try")
@allowed("rule.view")
def try_text() -> str:
    """Judge a text that nobody stores; the answer stands beside the box."""
    text = to_try("text")
    platform = request.form.get("platform", "")
    context = Context(platform=platform if platform in set(Platform) else "")
    return _index(tried(text, context) if text.strip() else None)


def to_try(field: str) -> str:
    """The text in a box to try; one that is too long is cut, which is told."""
    text = request.form.get(field, "").replace("\r\n", "\n")
    if len(text) > MAX_TEXT:
        most = f"{MAX_TEXT:,}"
        toast(gettext("Only the first %(most)s characters were tried.", most=most), kind="info")
    return text[:MAX_TEXT]


@bp.get("/<pack_id>")
@allowed("rule.view")
def show(pack_id: str) -> str:
    """One pack whole: every signal with its phrases, combinations, examples; `?check=1` runs the examples."""
    office = wiring().rules.office
    chosen = office.of(pack_id)
    if chosen is None:
        abort(404)
    pack = chosen.pack
    checked = "check" in request.args
    failures = lab.failing_examples(pack, office.packs) if checked else []
    rows = service.revisions(session(), pack_id)
    live = next((row for row in rows if row.id == chosen.revision_id), None)
    return render(
        "rules/show.html",
        pack=pack,
        groups=_by_group(pack.signals),
        states=Counter(signal.state for signal in pack.signals),
        examples=_examples(pack),
        checked=checked,
        failures=[(_place(pack, failure), failure) for failure in failures],
        basis=[wiring().catalogue.cite(one) for one in _known(pack.legal_basis)],
        combination_words=combination_words,
        post_words=post_words,
        group_word=group_word,
        said=said,
        told=told,
        chosen=chosen,
        live=live,
        broken=[one for one in office.broken if one.pack in (pack_id, "*")],
        newer=newer_shipped(live),
        open_rows=[row for row in rows if row.state in OPEN],
    )


def newer_shipped(live: RulePackRevision | None) -> bool:
    """Whether the program has brought another text of this pack since the office began its own."""
    return live is not None and bool(live.base) and shipped_text(live.pack) != live.base


def tried(text: str, context: Context, matcher: Matcher | None = None) -> Tried:
    """What the rules (those that count, if none are given) make of a text; the marks refer to its reasons."""
    matcher = matcher or wiring().matcher
    judgement = matcher.match(text, context)
    evidence = matcher.evidence(text, context)
    reasons = sorted(judgement.reasons, key=lambda one: -one.weight) if judgement else []
    counted = {reason.signal: number for number, reason in enumerate(reasons, 1)}
    whys = tuple(
        Why(
            counted[one.signal],
            group_word(one.group),
            one.vi if is_vietnamese() else one.en,
            one.weight,
        )
        for one in reasons
    )
    hits = judgement.hits if judgement else ()
    spans = [(hit.start, hit.end, (counted.get(hit.signal, 0),)) for hit in hits]
    signals = {f"{pack.id}/{one.id}": one for pack in matcher.packs for one in pack.signals}
    met = tuple(
        Met(name, signals[name], tuple(dict.fromkeys(text[a:b] for a, b in where)))
        for name, where in sorted(evidence.items())
        if name not in counted
    )
    return Tried(
        text, judgement, segments(text, spans, whys, 0, len(text)), whys, met, extract(text)
    )


def combination_words(pack: Pack, combination: Combination) -> str:
    """What has to come together, in words."""
    known = {signal.id: said(signal.why).rstrip(".") for signal in pack.signals}

    def listed(names: Sequence[str], between: str) -> str:
        return between.join(
            f"“{known[name]}”" if name in known else group_word(name) for name in names
        )

    parts = []
    if combination.all:
        parts.append(listed(combination.all, " + "))
    if combination.any:
        parts.append(gettext("one of: %(names)s", names=listed(combination.any, ", ")))
    if combination.of:
        least, names = combination.least, listed(combination.of, ", ")
        parts.append(gettext("at least %(least)s of: %(names)s", least=least, names=names))
    if combination.near:
        within, names = combination.within, listed(combination.near, ", ")
        parts.append(gettext("within %(within)s words: %(names)s", within=within, names=names))
    if combination.never:
        parts.append(gettext("never with: %(names)s", names=listed(combination.never, ", ")))
    return "; ".join(parts)


def _index(result: Tried | None) -> str:
    office = wiring().rules.office
    rows = service.open_revisions(session())
    return render(
        "rules/index.html",
        "tried",
        chosen=office.chosen,
        broken=office.broken,
        rows=rows,
        rows_of={
            pack: [row for row in rows if row.pack == pack] for pack in {r.pack for r in rows}
        },
        newer={one.pack.id for one in _own(office) if newer_shipped(_row(one.revision_id))},
        version=office.matcher.version,
        tried=result,
        typed=request.form,
        platforms=[(one.value, post_words.word(post_words.PLATFORMS, one)) for one in Platform],
        max_text=MAX_TEXT,
        entity_words=ENTITIES,
        post_words=post_words,
        group_word=group_word,
        said=said,
    )


def _own(office: OfficeRules) -> list[Chosen]:
    return [one for one in office.chosen if one.revision_id]


def _row(revision_id: int) -> RulePackRevision | None:
    return session().get(RulePackRevision, revision_id)


def _by_group(signals: Sequence[Signal]) -> list[tuple[str, list[Signal]]]:
    ordered = sorted(signals, key=lambda one: (one.weight < 0, one.group, -one.weight, one.id))
    return [(group, list(some)) for group, some in groupby(ordered, key=lambda one: one.group)]


def _examples(pack: Pack) -> int:
    """How many examples `?check=1` runs."""
    own = [pack.examples] if not pack.shared else []
    own += [one.examples for one in pack.signals if one.state in {State.LIVE, State.SHADOW}]
    return sum(len(one.positive) + len(one.negative) for one in own)


def _place(pack: Pack, failure: ExampleFailure) -> str:
    """Whose example it is: the name of the signal, or the pack's own."""
    if failure.path[0] == "signals":
        return pack.signals[int(failure.path[1])].id
    return pack.id


def _known(ids: Sequence[str]) -> list[str]:
    known = wiring().catalogue.basis_ids()
    return [one for one in ids if one in known]
