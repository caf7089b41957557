"""A post as pages show it: its text cut at the spans, why it was flagged, what belongs to it, what was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlsplit

from flask import current_app, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.domain.triage_lifecycle import KIND, POST
from casework.triage import service
from casework.triage.alike import Earlier, earlier
from casework.triage.claims import claims_of
from casework.triage.models import Claim, Decision
from casework.triage.related import ContactSeen, Copies, contacts_seen, copies
from casework.triage.thread import Thread, thread
from foundation import lifecycle
from foundation.lifecycle import TransitionRow
from foundation.people import Actor
from search.campaigns import hubs
from search.models import Observation, PostRow, PostVersion
from search.rules.judgement import Judgement
from search.watch import CaptureFiles
from webui.formats import is_vietnamese
from webui.requests import PUBLIC, SIGNED_IN, may, shell
from webui.views import post_words

SNIPPET = 140


@dataclass(frozen=True, slots=True)
class Why:
    """One sentence that speaks for or against; `number` ties the marks in the text to it."""

    number: int
    group: str
    sentence: str
    weight: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text; `numbers` are the sentences it stands for, empty for plain text."""

    text: str
    numbers: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A captured picture of the post in our own store."""

    digest: str
    at: datetime
    media_type: str


@dataclass(frozen=True, slots=True)
class PostDetail:
    """Everything the right pane and the page of a post show."""

    post: PostRow
    title: tuple[Segment, ...]
    text: tuple[Segment, ...]
    reasons: tuple[Why, ...]
    urgent: tuple[str, ...]
    contacts: list[ContactSeen]
    copies: Copies
    thread: Thread
    edits: int
    """How often it was found to say something else than before."""
    earlier: Earlier | None
    hubs: dict[tuple[str, str], int]
    claim: Claim | None
    history: list[TransitionRow]
    decisions: list[Decision]
    observations: list[Observation]
    screenshots: tuple[Screenshot, ...]
    acts: frozenset[str]
    original: str
    author_url: str


def detail(session: Session, actor: Actor, post: PostRow, *, at: datetime) -> PostDetail:
    """All about one post that this actor may see."""
    judgement = Judgement.from_dict(post.judgement)
    reasons = _reasons(judgement)
    spans = [
        (hit.start, hit.end, _numbers(hit.signal, hit.group, reasons)) for hit in judgement.hits
    ]
    cut = len(post.title) + 1 if post.title else 0
    body = post.body
    whys = [why for why, _signal in reasons]
    observations = list(
        session.scalars(
            select(Observation)
            .where(Observation.post_id == post.id)
            .order_by(Observation.at.desc())
        )
    )
    return PostDetail(
        post=post,
        title=segments(body, spans, whys, 0, max(cut - 1, 0)),
        text=segments(body, spans, whys, cut, len(body)),
        reasons=tuple(whys),
        urgent=tuple(post_words.word(post_words.URGENT, code) for code in judgement.urgent),
        contacts=contacts_seen(session, actor, post),
        copies=copies(session, actor, post, at=at),
        thread=thread(session, actor, post),
        edits=_edits(session, post),
        earlier=earlier(session, actor, post),
        hubs=hubs(session, [(each.kind, each.value) for each in post.contacts]),
        claim=claims_of(session, [post.id], at=at).get(post.id),
        history=lifecycle.history(session, KIND, post.id),
        decisions=service.decisions_of(session, post.id),
        observations=observations,
        screenshots=_screenshots(observations),
        acts=frozenset(step.act for step in POST.allowed(post.state, actor)),
        original=safe_url(post.url),
        author_url=safe_url(post.author_url),
    )


def segments(
    body: str,
    spans: Sequence[tuple[int, int, tuple[int, ...]]],
    whys: Sequence[Why],
    start: int,
    end: int,
) -> tuple[Segment, ...]:
    """body[start:end] cut where spans begin and end, so that overlapping ones nest into flat pieces.

    Every character comes out once and in order; spans outside the text are ignored.
    """
    inside = [
        (max(a, start), min(b, end), numbers) for a, b, numbers in spans if a < end and b > start
    ]
    cuts = sorted({start, end, *(edge for a, b, _ in inside for edge in (a, b))})
    found = []
    for left, right in pairwise(cuts):
        covering = [numbers for a, b, numbers in inside if a <= left and right <= b]
        numbers = tuple(sorted({number for group in covering for number in group}))
        said = " · ".join(f"{why.group}: {why.sentence}" for why in whys if why.number in numbers)
        found.append(Segment(body[left:right], numbers, said if covering else ""))
    return tuple(found)


def segments_of(text: str, judgement: Judgement) -> tuple[Segment, ...]:
    """A text of its own, cut where its judgement found something."""
    reasons = _reasons(judgement)
    spans = [
        (hit.start, hit.end, _numbers(hit.signal, hit.group, reasons)) for hit in judgement.hits
    ]
    return segments(text, spans, [why for why, _ in reasons], 0, len(text))


def reasons_of(judgement: Judgement) -> list[Why]:
    """The sentences of a judgement, what weighs most first."""
    return [why for why, _ in _reasons(judgement)]


def first_line(post: PostRow, length: int = SNIPPET) -> str:
    """The title, or the first line that says something, cut at `length` characters."""
    line = next((line.strip() for line in post.body.splitlines() if line.strip()), "")
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def safe_url(url: str) -> str:
    """The address if a browser may be sent there; a post could bring `javascript:` with it."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


def link(endpoint: str, **values: object) -> str:
    """The address of another area's page, or nothing where there is none or the person may not go there."""
    return url_for(endpoint, **values) if offered(endpoint) else ""  # type: ignore[arg-type]


def offered(endpoint: str) -> bool:
    """Whether this deployment has the page and the person's role may open it."""
    if endpoint not in current_app.view_functions:
        return False
    act = shell().acts.get(endpoint, "")
    return act in {PUBLIC, SIGNED_IN} or (bool(act) and may(act))


def _reasons(judgement: Judgement) -> list[tuple[Why, str]]:
    """The sentences, what weighs most first, each with the signal it speaks of."""
    ordered = sorted(judgement.reasons, key=lambda reason: -reason.weight)
    return [
        (
            Why(
                number,
                post_words.group(reason.group),
                reason.vi if is_vietnamese() else reason.en,
                reason.weight,
            ),
            f"{reason.signal}\0{reason.group}",
        )
        for number, reason in enumerate(ordered, start=1)
    ]


def _numbers(signal: str, group: str, reasons: Iterable[tuple[Why, str]]) -> tuple[int, ...]:
    """The sentences about this signal, else those about its group, else none (0: marked all the same)."""
    known = list(reasons)
    exact = tuple(why.number for why, key in known if key == f"{signal}\0{group}")
    alike = tuple(why.number for why, key in known if key.endswith(f"\0{group}"))
    return exact or alike or (0,)


def _edits(session: Session, post: PostRow) -> int:
    counted = select(func.count()).where(PostVersion.post_id == post.id)
    return session.scalar(counted) or 0


def _screenshots(observations: Iterable[Observation]) -> tuple[Screenshot, ...]:
    found = []
    for seen in observations:
        if seen.capture and "unchanged_since" not in seen.capture.get("detail", {}):
            files = CaptureFiles.from_dict(seen.capture).files
            found += [
                Screenshot(file.digest, seen.at, file.media_type)
                for file in files
                if file.role == "screenshot"
            ]
    return tuple(found)
