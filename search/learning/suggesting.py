"""Suggested phrases as rows: looked for in the background, put into drafts by people, dismissed for good."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotAllowedInState, NotFound
from foundation.people import Actor
from search.entities import contacts
from search.lab import service as lab
from search.lab.models import RevisionState, RulePackRevision
from search.lab.office import OfficeRules
from search.learning.counting import write_note
from search.learning.drafting import NoSuchPlace, with_phrase
from search.learning.due import LOOKED
from search.learning.models import LearnedPost, Outcome, PhraseSuggestion, SuggestionState
from search.learning.phrases import Document, Found, Range, find_phrases
from search.models import PostRow
from search.rules.checks import ordinary
from search.rules.matcher import Matcher
from search.rules.model import Pack
from search.text import normalise

MOST_TEXTS = 3000
"""Campaigns of each kind that are read, the newest first."""
LONGEST_TEXT = 4000


def look_for_phrases(database: Database, clock: Clock, office: OfficeRules) -> int:
    """Look anew; returns how many suggestions are open. What people decided about a phrase stands."""
    with database.reading() as session:
        kept = _documents(session, office.matcher)
        dismissed = [one.text for one in _texts(session, Outcome.DISMISSED)]
    found = find_phrases(kept, dismissed, ordinary_texts(office.packs))
    with database.writing() as session:
        open_ = _keep(session, found, clock.now())
        write_note(
            session, LOOKED, clock.now(), kept=len(kept), dismissed=len(dismissed), found=len(found)
        )
    return open_


def open_suggestions(session: Session) -> list[PhraseSuggestion]:
    """Those that wait for a person, the strongest first."""
    query = select(PhraseSuggestion).where(PhraseSuggestion.state == SuggestionState.OPEN)
    return list(session.scalars(query.order_by(PhraseSuggestion.strength.desc())))


def decided_suggestions(session: Session, limit: int = 50) -> list[PhraseSuggestion]:
    """Those that people have drafted or dismissed, the latest first."""
    states = (SuggestionState.DRAFTED, SuggestionState.DISMISSED)
    query = select(PhraseSuggestion).where(PhraseSuggestion.state.in_(states))
    return list(session.scalars(query.order_by(PhraseSuggestion.decided_at.desc()).limit(limit)))


def dismiss(session: Session, actor: Actor, suggestion_id: int, *, at: datetime) -> None:
    """This phrase is not wanted; it is never suggested again unless it is taken back."""
    row = _get(session, suggestion_id)
    _require(row, SuggestionState.OPEN)
    _decide(session, actor, row, SuggestionState.DISMISSED, at)


def take_back(session: Session, actor: Actor, suggestion_id: int, *, at: datetime) -> None:
    """A dismissed phrase may be suggested again."""
    row = _get(session, suggestion_id)
    _require(row, SuggestionState.DISMISSED)
    _decide(session, actor, row, SuggestionState.OPEN, at)


def into_draft(
    session: Session,
    actor: Actor,
    suggestion_id: int,
    rule: str,
    office: OfficeRules,
    *,
    at: datetime,
) -> RulePackRevision:
    """Put the phrase into a draft of the pack of `rule` ("pack/signal"): the actor's own open one, or a new one.

    Nothing that is live changes: the draft goes its way through proposal and a second person.
    """
    row = _get(session, suggestion_id)
    _require(row, SuggestionState.OPEN)
    pack, _, signal = rule.partition("/")
    draft = _draft_with(session, actor, office, pack, signal, row.phrase, at)
    row.revision_id = draft.id
    _decide(session, actor, row, SuggestionState.DRAFTED, at)
    return draft


def ordinary_texts(packs: Iterable[Pack]) -> list[str]:
    """Honest sentences that every rule is checked against, and what the packs say must not match."""
    found = list(ordinary())
    for pack in packs:
        found += pack.examples.negative
        found += [text for signal in pack.signals for text in signal.examples.negative]
    return list(dict.fromkeys(found))


def _draft_with(
    session: Session,
    actor: Actor,
    office: OfficeRules,
    pack: str,
    signal: str,
    phrase: str,
    at: datetime,
) -> RulePackRevision:
    """The one place where learning meets the rule lab."""
    mine = [
        one
        for one in lab.revisions(session, pack)
        if one.state == RevisionState.DRAFT and one.created_by_id == actor.user_id
    ]
    if mine:
        text = with_phrase(mine[0].text, signal, phrase)
        return lab.edit(session, actor, mine[0], text, seen=mine[0].digest, at=at)
    chosen = office.of(pack)
    if chosen is None:
        raise NoSuchPlace(f"no pack {pack}", about=f"pack:{pack}")
    based_on = session.get(RulePackRevision, chosen.revision_id) if chosen.revision_id else None
    text = with_phrase(chosen.text, signal, phrase)
    return lab.create(session, actor, pack, text, at=at, based_on=based_on)


def _documents(session: Session, matcher: Matcher) -> list[Document]:
    worded = _worded(matcher.packs)
    return [
        replace(
            one,
            known=_known(matcher, one.text, worded),
            contacts=tuple((found.start, found.end) for found in contacts(one.text)),
        )
        for one in _texts(session, Outcome.KEPT)
    ]


def _known(matcher: Matcher, text: str, worded: frozenset[str]) -> tuple[Range, ...]:
    """Where the words of rules stand, whether or not they count."""
    found: Mapping[str, Sequence[Range]] = matcher.evidence(text)
    return tuple({span for name, spans in found.items() if name in worded for span in spans})


def _worded(packs: Iterable[Pack]) -> frozenset[str]:
    """Signals that look for words; what others measure, such as likeness, is about a whole text."""
    return frozenset(
        f"{pack.id}/{one.id}"
        for pack in packs
        for one in pack.signals
        if one.phrases or one.patterns or one.amounts
    )


def _texts(session: Session, outcome: Outcome) -> list[Document]:
    """The newest post of each campaign that was decided so; copies without a campaign count once too."""
    rows = session.execute(
        select(
            PostRow.id,
            PostRow.title,
            PostRow.text,
            PostRow.author_name,
            PostRow.author_handle,
            PostRow.campaign_id,
            PostRow.text_hash,
        )
        .join(LearnedPost, LearnedPost.post_id == PostRow.id)
        .where(LearnedPost.outcome == outcome)
        .order_by(LearnedPost.at.desc(), PostRow.id.desc())
        .limit(MOST_TEXTS * 4)
    )
    found: dict[str, Document] = {}
    texts = set()
    for row in rows:
        key = f"c{row.campaign_id}" if row.campaign_id else f"t{row.text_hash}"
        if key in found or row.text_hash in texts or len(found) == MOST_TEXTS:
            continue
        texts.add(row.text_hash)
        body = f"{row.title}\n{row.text}"[:LONGEST_TEXT]
        names = tuple(normalise(f"{row.author_name} {row.author_handle}").kept.split())
        found[key] = Document(row.id, body, row.author_handle or row.author_name, names=names)
    return list(found.values())


def _keep(session: Session, found: Sequence[Found], at: datetime) -> int:
    rows = {row.phrase: row for row in session.scalars(select(PhraseSuggestion))}
    for one in found:
        row = rows.get(one.phrase)
        if row is None:
            row = PhraseSuggestion(phrase=one.phrase, state=SuggestionState.OPEN)
            session.add(row)
        elif row.state == SuggestionState.GONE:
            row.state = SuggestionState.OPEN
        for name, value in _figures(one, at).items():
            setattr(row, name, value)
    told = {one.phrase for one in found}
    for row in rows.values():
        if row.state == SuggestionState.OPEN and row.phrase not in told:
            row.state = SuggestionState.GONE
    session.flush()
    return len(open_suggestions(session))


def _figures(one: Found, at: datetime) -> dict[str, Any]:
    return {
        "strength": round(one.strength, 3),
        "kept": one.kept,
        "dismissed": one.dismissed,
        "ordinary": one.ordinary,
        "authors": one.authors,
        "examples": list(one.examples),
        "counted_at": at,
    }


def _get(session: Session, suggestion_id: int) -> PhraseSuggestion:
    row = session.get(PhraseSuggestion, suggestion_id)
    if row is None:
        raise NotFound(f"no suggestion {suggestion_id}", about=f"suggestion:{suggestion_id}")
    return row


def _require(row: PhraseSuggestion, state: SuggestionState) -> None:
    if row.state != state:
        raise NotAllowedInState(
            f"the suggestion is {row.state}", about=f"suggestion:{row.id}", act="decide"
        )


def _decide(
    session: Session, actor: Actor, row: PhraseSuggestion, state: SuggestionState, at: datetime
) -> None:
    row.state, row.decided_at, row.decided_by_id = state, at, actor.user_id
    session.flush()
    audit.record(
        session, actor, f"suggestion:{state}", row.id, at=at, revision=row.revision_id or 0
    )
