"""The figures as tables, the same for the terminal, the page and the JSON file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from search.evaluation.disguise import DISGUISES
from search.evaluation.figures import Share, share
from search.evaluation.goals import Goal, goals
from search.evaluation.measure import Measured, Outcome
from search.evaluation.samples import ACCENTS, LENGTHS, accents_of, length_of
from search.rules.model import Words

#: Texts as they are, words in both languages, shares, points (a float) or nothing.
Cell = str | Words | Share | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` begin with what they are about; shares of the rows in `rare` are written per thousand."""

    name: str
    title: Words
    columns: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Words | None = None
    rare: frozenset[int] = frozenset()


DEVELOPMENT = Words("phần phát triển", "development part")
HELD = Words("phần giữ kín", "held-back part")
_RULES = Words("quy tắc", "rules")
_PLAIN = Words("danh sách từ khóa", "keyword list")
_NORMALISED = Words("từ khóa trên chữ đã chuẩn hóa", "keywords on normalised text")
_ACCENT_WORDS = {
    "full": Words("viết có dấu", "with diacritics"),
    "part": Words("dấu lác đác", "few diacritics"),
    "none": Words("không dấu", "no diacritics"),
}


def tables(done: Measured) -> list[Table]:
    """All tables that have data."""
    lures = [o for o in done.own if o.row.label == "lure"]
    found = [
        _goals(goals(done)),
        _split("kind", Words("Theo loại", "By kind"), lures, lambda o: o.row.kind),
        _split("style", Words("Theo nơi viết", "By style"), lures, lambda o: o.row.style),
        _split(
            "length",
            Words("Theo độ dài (ký tự)", "By length (characters)"),
            lures,
            lambda o: length_of(o.row.text),
            LENGTHS,
        ),
        _split(
            "diacritics",
            Words("Theo cách viết dấu", "By diacritics"),
            lures,
            lambda o: accents_of(o.row.text),
            ACCENTS,
        ),
        _lanes(done),
        _disguises(done),
        _innocents(done),
        _quoted("quoted-lures", Words("Tin theo báo chí", "Lures after the press"), done.lures),
        _quoted(
            "look-alikes",
            Words("Tin giống mà vô can, theo báo chí: bị gắn cờ", "Look-alikes flagged, by kind"),
            [o for o in done.alike if o.row.label == "innocent"],
        ),
        _volume(done),
    ]
    return [table for table in found if table.rows]


def _goals(found: Sequence[Goal]) -> Table:
    shown = [goal for goal in found if goal.rules.of]
    rows = tuple(_goal(goal) for goal in shown)
    return Table(
        "figures",
        Words("Con số chính", "Main figures"),
        (
            Words("đo cái gì", "what"),
            _RULES,
            Words("mức cần", "line"),
            Words("", ""),
            _PLAIN,
            _NORMALISED,
        ),
        rows,
        rare=frozenset(at for at, goal in enumerate(shown) if goal.per_thousand),
    )


def _goal(goal: Goal) -> tuple[Cell, ...]:
    line: Cell = None
    verdict: Cell = None
    if goal.line is not None:
        asked = f"{goal.line * 1000:g} ‰" if goal.per_thousand else f"{goal.line * 100:g} %"
        line = f"{'≤' if goal.most else '≥'} {asked}"
        verdict = Words("đạt", "reached") if goal.reached else Words("CHƯA ĐẠT", "NOT REACHED")
    others = (each if each.of else None for each in (goal.plain, goal.normalised))
    return (Words(goal.vi, goal.en), goal.rules, line, verdict, *others)


def _split(
    name: str,
    title: Words,
    outcomes: Iterable[Outcome],
    key: Callable[[Outcome], str],
    order: Sequence[str] = (),
) -> Table:
    """Recall of the made-up lures, by something; development and held-back part apart."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(key(outcome), []).append(outcome)
    names = [each for each in order if each in found] or sorted(found)
    rows: list[tuple[Cell, ...]] = []
    for each in names:
        parts = [[o for o in found[each] if o.row.held == held] for held in (False, True)]
        shares = [share([o.lure for o in part]) for part in parts]
        keyword = share([o.plain for o in found[each]])
        rows.append((_ACCENT_WORDS.get(each, each), *shares, keyword))
    whole = Words(
        f"Tin dụ dỗ tự viết tìm được: {title.vi.lower()}",
        f"Made-up lures found: {title.en.lower()}",
    )
    return Table(name, whole, (Words("", ""), DEVELOPMENT, HELD, _PLAIN), tuple(rows))


def _lanes(done: Measured) -> Table:
    """Where the made-up texts of each label end."""
    labels = {
        "lure": Words("tin dụ dỗ", "lures"),
        "help": Words("lời kêu cứu", "cries for help"),
        "innocent": Words("tin vô can", "innocent texts"),
    }
    rows: list[tuple[Cell, ...]] = []
    for label, words in labels.items():
        for held, part in ((False, DEVELOPMENT), (True, HELD)):
            of = [o for o in done.own if o.row.label == label and o.row.held == held]
            if of:
                rows.append(
                    (
                        Words(f"{words.vi}, {part.vi}", f"{words.en}, {part.en}"),
                        share([o.lure for o in of]),
                        share([o.help for o in of]),
                        share([o.kind is not None and not o.lure and not o.help for o in of]),
                        share([o.kind is None for o in of]),
                    )
                )
    return Table(
        "lanes",
        Words("Tin tự viết đi về đâu", "Where the made-up texts end"),
        (
            Words("", ""),
            Words("gắn cờ dụ dỗ", "flagged as lure"),
            Words("luồng kêu cứu", "lane for help"),
            Words("chìm (cảnh báo, tin tức…)", "sunk (warning, news, …)"),
            Words("không giữ", "not kept"),
        ),
        tuple(rows),
    )


def _disguises(done: Measured) -> Table:
    by_part = {(each.name, each.held): each for each in done.disguises}
    rows: list[tuple[Cell, ...]] = []
    for disguise in DISGUISES:
        if (disguise.name, False) in by_part:
            seen, held = by_part[disguise.name, False], by_part[disguise.name, True]
            more = held.flagged.found + seen.flagged.found
            more -= held.flagged_before.found + seen.flagged_before.found
            rows.append(
                (
                    Words(disguise.vi, disguise.en),
                    seen.before,
                    seen.after,
                    seen.loss,
                    held.after,
                    held.loss,
                    f"{more:+d}",
                )
            )
    return Table(
        "disguises",
        Words("Tin dụ dỗ tự viết khi ngụy trang", "Made-up lures in disguise"),
        (
            Words("ngụy trang", "disguise"),
            Words("để nguyên", "as it is"),
            Words("ngụy trang, phần phát triển", "in disguise, development part"),
            Words("mất (điểm)", "lost (points)"),
            Words("ngụy trang, phần giữ kín", "in disguise, held-back part"),
            Words("mất (điểm)", "lost (points)"),
            Words("cờ sai thêm", "more false flags"),
        ),
        tuple(rows),
        Words(
            "Chỉ tính những tin mà cách ngụy trang ấy làm thay đổi.",
            "Only texts that the disguise changes are counted.",
        ),
    )


def _innocents(done: Measured) -> Table:
    """False flags among the made-up innocent texts, by kind."""
    innocents = [o for o in done.own if o.row.label == "innocent"]
    rows: list[tuple[Cell, ...]] = []
    for kind in sorted({o.row.kind for o in innocents}):
        of = [o for o in innocents if o.row.kind == kind]
        parts = [share([o.lure for o in of if o.row.held == held]) for held in (False, True)]
        rows.append((kind, *parts, share([o.plain for o in of])))
    return Table(
        "innocents",
        Words("Tin vô can tự viết bị gắn cờ", "Made-up innocent texts flagged"),
        (Words("", ""), DEVELOPMENT, HELD, _PLAIN),
        tuple(rows),
    )


def _quoted(name: str, title: Words, outcomes: Sequence[Outcome]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for kind in sorted({o.row.kind for o in outcomes}):
        of = [o for o in outcomes if o.row.kind == kind]
        rows.append((kind, share([o.lure for o in of]), share([o.plain for o in of])))
    return Table(name, title, (Words("", ""), _RULES, _PLAIN), tuple(rows))


def _volume(done: Measured) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for source, read in sorted(done.read.items(), key=lambda item: -item[1]):
        of = [o for o in (*done.volume, *done.jobs) if o.row.kind == source]
        rows.append(
            (
                source,
                Share(sum(o.lure for o in of), read),
                Share(sum(o.help for o in of), read),
                Share(sum(o.plain for o in of), read),
                Share(sum(o.normalised for o in of), read),
            )
        )
    return Table(
        "alerts",
        Words("Báo động trên văn bản thật", "Alerts on real texts"),
        (
            Words("nguồn", "source"),
            Words("gắn cờ dụ dỗ", "flagged as lure"),
            Words("kêu cứu", "help"),
            _PLAIN,
            _NORMALISED,
        ),
        tuple(rows),
        rare=frozenset(range(len(rows))),
    )


def as_json(table: Table) -> dict[str, object]:
    """A table as plain lists and numbers."""
    columns = [column.en for column in table.columns]
    return {
        "title": table.title.en,
        "columns": columns,
        "rows": [[_plain(cell) for cell in row] for row in table.rows],
    }


def _plain(cell: Cell) -> object:
    if isinstance(cell, Share):
        low, high = cell.interval
        return {
            "found": cell.found,
            "of": cell.of,
            "rate": round(cell.rate, 6),
            "low": round(low, 6),
            "high": round(high, 6),
        }
    return (
        cell.en if isinstance(cell, Words) else round(cell, 3) if isinstance(cell, float) else cell
    )
