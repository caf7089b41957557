"""Judges every text once as it is, every lure in every disguise, and keeps what came out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from search.evaluation.disguise import DISGUISES
from search.evaluation.figures import Share
from search.evaluation.keywords import Keywords
from search.evaluation.samples import (
    Row,
    job_posts,
    quoted_innocents,
    quoted_lures,
    short_texts,
)
from search.rules.judgement import Judgement, Kind
from search.rules.matcher import Matcher

Tell = Callable[[str], None]
#: Of each label, and of the held-back part (True) or the other, at most so many are tried in every disguise,
#: which takes most of the time.
TRIED = {
    (label, held): n for label, n in (("lure", 600), ("innocent", 100)) for held in (False, True)
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one text: the rules' kind (None if not kept) and score, and the two keyword lists."""

    row: Row
    kind: Kind | None
    score: int
    plain: bool
    normalised: bool

    @property
    def lure(self) -> bool:
        return self.kind is Kind.LURE

    @property
    def help(self) -> bool:
        return self.kind is Kind.HELP


@dataclass(frozen=True, slots=True)
class Disguised:
    """One disguise on one part of the data. Recalls count only texts that the disguise changes.

    `after` is the recall in disguise, `before` that of the same texts without it; `flagged` the innocents
    in disguise that were taken for lures, `flagged_before` the same without it.
    """

    name: str
    held: bool
    before: Share
    after: Share
    flagged_before: Share
    flagged: Share

    @property
    def loss(self) -> float:
        """Points lost among the texts changed; below 0 if some were gained."""
        return 100 * (self.before.rate - self.after.rate)


@dataclass(slots=True)
class Measured:
    """All outcomes. Of real texts only those that anything flagged are kept, with how many were read."""

    version: str = ""
    packs: tuple[str, ...] = ()
    keywords: int = 0
    own: list[Outcome] = field(default_factory=list)
    lures: list[Outcome] = field(default_factory=list)
    alike: list[Outcome] = field(default_factory=list)
    jobs: list[Outcome] = field(default_factory=list)
    volume: list[Outcome] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    read_held: Counter[str] = field(default_factory=Counter)
    disguises: list[Disguised] = field(default_factory=list)

    @property
    def everything(self) -> Iterator[Outcome]:
        for outcomes in (self.own, self.lures, self.alike, self.jobs, self.volume):
            yield from outcomes


class Judge:
    """The rules and the keyword list, side by side."""

    def __init__(self, matcher: Matcher, keywords: Keywords) -> None:
        self.matcher = matcher
        self._keywords = keywords

    def outcome(self, row: Row) -> Outcome:
        """What both make of one text as it is."""
        found: Judgement | None = self.matcher.match(row.text)
        return Outcome(
            row,
            found.kind if found else None,
            found.score if found else 0,
            self._keywords.plain(row.text),
            self._keywords.normalised(row.text),
        )

    def is_lure(self, text: str) -> bool:
        found = self.matcher.match(text)
        return found is not None and found.kind is Kind.LURE

    def kept(self, rows: Iterable[Row], done: Measured) -> Iterator[Outcome]:
        """The outcomes in which anything was flagged; counts what was read, by kind."""
        for row in rows:
            done.read[row.kind] += 1
            done.read_held[row.kind] += row.held
            outcome = self.outcome(row)
            if outcome.kind is not None or outcome.plain or outcome.normalised:
                yield outcome


def measure(
    matcher: Matcher,
    keywords: Keywords,
    own: Sequence[Row],
    data: Path | None,
    tell: Tell,
    tried: Mapping[tuple[str, bool], int] = TRIED,
) -> Measured:
    """Everything; `data` is the folder of the shared texts, None where there is none."""
    judge = Judge(matcher, keywords)
    done = Measured(
        matcher.version,
        tuple(f"{pack.id} {pack.version}" for pack in matcher.packs),
        len(keywords.phrases),
    )
    tell(f"{len(own)} made-up samples")
    done.own = [judge.outcome(row) for row in own]
    done.disguises = list(_disguises(judge, done.own, tell, tried))
    if data is not None:
        tell("quoted lures and what looks like them")
        done.lures = [judge.outcome(row) for row in quoted_lures(data)]
        done.alike = [judge.outcome(row) for row in quoted_innocents(data)]
        tell("real recruitment posts")
        done.jobs = list(judge.kept(job_posts(data), done))
        tell("real comments, reviews, forum lines and titles")
        done.volume = list(judge.kept(short_texts(data), done))
    return done


def _disguises(
    judge: Judge, own: Sequence[Outcome], tell: Tell, most: Mapping[tuple[str, bool], int]
) -> Iterator[Disguised]:
    tried = {
        part: thinned([o for o in own if (o.row.label, o.row.held) == part], most.get(part, 0))
        for part in TRIED
    }
    for number, disguise in enumerate(DISGUISES, 1):
        tell(f"disguise {number} of {len(DISGUISES)}: {disguise.en}")
        for held in (False, True):
            lures, innocents = (
                [
                    (outcome, judge.is_lure(text))
                    for outcome in tried[label, held]
                    for text in [disguise.of(outcome.row.text)]
                    if text != outcome.row.text
                ]
                for label in ("lure", "innocent")
            )
            yield Disguised(
                disguise.name, held, *_before_and_after(lures), *_before_and_after(innocents)
            )


def thinned(outcomes: Sequence[Outcome], most: int) -> Sequence[Outcome]:
    """Evenly chosen: each second, each third, so that no more than `most` are left."""
    return outcomes[:: max(1, -(-len(outcomes) // most))] if most else ()


def _before_and_after(pairs: Sequence[tuple[Outcome, bool]]) -> tuple[Share, Share]:
    before = Share(sum(outcome.lure for outcome, _ in pairs), len(pairs))
    return before, Share(sum(found for _, found in pairs), len(pairs))
