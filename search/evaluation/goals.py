"""The figures to reach, in one table: what is measured, on what, and where the line is."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.evaluation.figures import NOTHING, Share
from search.evaluation.measure import Measured, Outcome

#: Kinds of innocent texts that warn or report.
WARNINGS = frozenset({"warning", "news", "police_advice", "police_warning", "news_lead"})
#: Sources of short real texts: what people say below posts, what they say in forums, titles.
COMMENTS = ("vihsd", "vispam", "safesense_fb", "safesense_yt", "vsfc")
FORUMS = ("forum_tathy", "forum_lamchame", "forum_duochanoi")
TITLES = ("topcv_titles", "vnworks_titles", "safesense_titles")


#: Name, in Vietnamese, in English, the line if there is one.
_AT_LEAST: tuple[tuple[str, str, str, float | None], ...] = (
    (
        "own-lures",
        "Tin dụ dỗ tự viết, phần phát triển",
        "Made-up lures, development part",
        0.97,
    ),
    ("own-lures-held", "Tin dụ dỗ tự viết, phần giữ kín", "Made-up lures, held-back part", 0.97),
    (
        "quoted-lures",
        "Tin dụ dỗ theo báo chí, trừ tin có thể là thật",
        "Lures after the press, without those that can read as honest",
        0.90,
    ),
    ("quoted-lures-held", "trong đó phần giữ kín", "of these the held-back part", 0.90),
    ("quoted-lures-all", "Tin dụ dỗ theo báo chí, tất cả", "Lures after the press, all", None),
    (
        "own-help",
        "Lời kêu cứu tự viết vào luồng khẩn, phần phát triển",
        "Made-up cries for help in their lane, development part",
        0.90,
    ),
    (
        "own-help-held",
        "Lời kêu cứu tự viết vào luồng khẩn, phần giữ kín",
        "Made-up cries for help in their lane, held-back part",
        0.90,
    ),
    (
        "quoted-help",
        "Lời kêu cứu theo báo chí vào luồng khẩn",
        "Cries for help after the press in their lane",
        0.90,
    ),
)
_AT_MOST: tuple[tuple[str, str, str, float | None], ...] = (
    (
        "own-innocents",
        "Tin vô can tự viết bị gắn cờ, phần phát triển",
        "Made-up innocent texts flagged, development part",
        0.03,
    ),
    (
        "own-innocents-held",
        "Tin vô can tự viết bị gắn cờ, phần giữ kín",
        "Made-up innocent texts flagged, held-back part",
        0.03,
    ),
    ("alike", "Tin giống mà vô can theo báo chí bị gắn cờ", "Look-alikes after the press", 0.03),
    ("alike-held", "trong đó phần giữ kín", "of these the held-back part", 0.03),
    ("warnings", "Cảnh báo và tin tức bị gắn cờ", "Warnings and news flagged", 0.02),
    ("warnings-held", "trong đó phần giữ kín", "of these the held-back part", 0.02),
    ("jobs", "Tin tuyển dụng thật bị gắn cờ", "Real recruitment posts flagged", 0.005),
    (
        "jobs-held",
        "trong đó phần tư không dùng để lập bảng cách nói",
        "of these the quarter that taught the table of wording nothing",
        None,
    ),
    (
        "comments",
        "Bình luận, đánh giá thật bị gắn cờ",
        "Real comments and reviews flagged",
        0.0002,
    ),
    (
        "comments-held",
        "trong đó phần tư không dùng để lập bảng cách nói",
        "of these the quarter that taught the table of wording nothing",
        None,
    ),
    ("forums", "Dòng diễn đàn thật bị gắn cờ", "Real forum lines flagged", None),
    ("titles", "Tiêu đề việc làm thật bị gắn cờ", "Real titles of jobs flagged", None),
)
_REAL = {"comments": COMMENTS, "forums": FORUMS, "titles": TITLES, "jobs": ("job_posts_facebook",)}
_Three = tuple[Share, Share, Share]


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure. `line` is a share (None where none is set): at least it, or at most it if `most`.

    `rules`, `plain` and `normalised` are the same figure of the rules and of the two keyword lists.
    """

    name: str
    vi: str
    en: str
    line: float | None
    rules: Share
    plain: Share
    normalised: Share
    most: bool = False

    @property
    def per_thousand(self) -> bool:
        return self.name.removesuffix("-held") in _REAL

    @property
    def reached(self) -> bool:
        if not self.rules.of or self.line is None:
            return True
        return self.rules.rate <= self.line if self.most else self.rules.rate >= self.line


def goals(done: Measured) -> list[Goal]:
    """All of them; those without data have shares of nothing."""
    figures = {**_own(done), **_quoted(done), **_real(done)}
    return [Goal(*each, *figures[each[0]]) for each in _AT_LEAST] + [
        Goal(*each, *figures[each[0]], most=True) for each in _AT_MOST
    ]


def _flags(outcomes: Sequence[Outcome], of: int | None = None) -> _Three:
    """Taken for lures by the rules and by the two keyword lists."""
    total = len(outcomes) if of is None else of
    return (
        Share(sum(o.lure for o in outcomes), total),
        Share(sum(o.plain for o in outcomes), total),
        Share(sum(o.normalised for o in outcomes), total),
    )


def _heard(outcomes: Sequence[Outcome]) -> _Three:
    """Cries for help in their lane; a keyword list has none."""
    return Share(sum(o.help for o in outcomes), len(outcomes)), NOTHING, NOTHING


def _own(done: Measured) -> dict[str, _Three]:
    found: dict[str, _Three] = {}
    for held, part in ((False, ""), (True, "-held")):
        of = {
            label: [o for o in done.own if o.row.label == label and o.row.held == held]
            for label in ("lure", "help", "innocent")
        }
        found[f"own-lures{part}"] = _flags(of["lure"])
        found[f"own-innocents{part}"] = _flags(of["innocent"])
        found[f"own-help{part}"] = _heard(of["help"])
    return found


def _quoted(done: Measured) -> dict[str, _Three]:
    sure = [o for o in done.lures if not o.row.doubtful]
    alike = [o for o in done.alike if o.row.label == "innocent"]
    warnings = [
        o for o in (*done.own, *alike) if o.row.label == "innocent" and o.row.kind in WARNINGS
    ]
    return {
        "quoted-lures": _flags(sure),
        "quoted-lures-held": _flags([o for o in sure if o.row.held]),
        "quoted-lures-all": _flags(done.lures),
        "quoted-help": _heard([o for o in done.alike if o.row.label == "help"]),
        "alike": _flags(alike),
        "alike-held": _flags([o for o in alike if o.row.held]),
        "warnings": _flags(warnings),
        "warnings-held": _flags([o for o in warnings if o.row.held]),
    }


def _real(done: Measured) -> dict[str, _Three]:
    seen = (*done.jobs, *done.volume)
    found: dict[str, _Three] = {}
    for name, sources in _REAL.items():
        of = [o for o in seen if o.row.kind in sources]
        found[name] = _flags(of, sum(done.read[source] for source in sources))
        held = sum(done.read_held[source] for source in sources)
        found[f"{name}-held"] = _flags([o for o in of if o.row.held], held)
    return found
