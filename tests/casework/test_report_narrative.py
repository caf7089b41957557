"""The sentences of the report carry the key of each figure, so that a page can link it."""

from casework.documents import narrative
from casework.documents.contexts import ReportFigures
from tests.casework import document_samples as samples

KNOWN = {*ReportFigures.__dataclass_fields__, "sanctioned", "inspected", "directives"}


def figures(**changes: int | None) -> ReportFigures:
    return ReportFigures(**samples.figures(**changes))


def keys(parts: tuple[narrative.Part, ...]) -> set[str]:
    return {s.key for part in parts for line in part.lines for s in line.segments if s.key}


def test_every_figure_in_a_sentence_has_a_known_key() -> None:
    full = figures(
        inspections=5, inspected_organisations=14, inspected_individuals=7,
        communication_items=50, fines_collected=7_500_000, account_locks_requested=1, warnings=2,
    )  # fmt: skip
    found = keys(narrative.results(full))
    assert found <= KNOWN
    assert {"urls_removed_on_time", "fines_total", "inspected", "referrals"} <= found


def test_a_segment_with_a_key_holds_the_figure_alone() -> None:
    parts = narrative.results(figures())
    segments = [s for part in parts for line in part.lines for s in line.segments]
    shown = {s.key: s.text for s in segments if s.key}
    assert shown["fines_total"] == "19,5 triệu đồng"
    assert shown["sanctioned_individuals"] == "04"
    assert shown["posts_reviewed"] == "1.250"


def test_a_line_reads_as_the_sentence() -> None:
    line = narrative.line("Mở {n} vụ việc.", n=("cases_opened", "05"))
    assert str(line) == "Mở 05 vụ việc."
    assert [s.key for s in line.segments] == ["", "cases_opened", ""]


def test_a_nil_sentence_has_no_figure() -> None:
    parts = narrative.results(ReportFigures(**samples.nothing()))
    assert keys(parts) == set()
    assert all(part.lines for part in parts)


def test_the_comparison_gives_both_periods_and_the_change() -> None:
    rows = {row.key: row for row in narrative.comparison(figures(), figures(posts_flagged=40))}
    assert (rows["posts_flagged"].now, rows["posts_flagged"].before) == ("36", "40")
    assert rows["posts_flagged"].change == "giảm 04"
    assert rows["fines_total"].now == "19.500.000"
    assert set(rows) <= KNOWN
    assert narrative.comparison(figures(), None) == ()


def test_registers_that_are_not_kept_leave_no_part() -> None:
    titles = [part.title for part in narrative.results(figures())]
    assert "Công tác kiểm tra" not in titles
    kept = [part.title for part in narrative.results(figures(inspections=0))]
    assert "Công tác kiểm tra" in kept
