"""The tool that measures the rules: its arithmetic, its split, and that it keeps to itself what it must."""

import gzip
import json
import zlib
from pathlib import Path

import pytest

from search.evaluation.command import main
from search.evaluation.documented import with_figures
from search.evaluation.errors import faults_of
from search.evaluation.figures import Share, share
from search.evaluation.goals import goals
from search.evaluation.keywords import Keywords, read_keywords
from search.evaluation.measure import Measured, measure, thinned
from search.evaluation.nearness import Mark, nearest
from search.evaluation.packs import PackError, packs_of
from search.evaluation.page import bar, marked
from search.evaluation.printed import share_of
from search.evaluation.samples import (
    SampleError,
    accents_of,
    is_held_back,
    length_of,
    quoted_innocents,
    quoted_lures,
    read_samples,
    short_texts,
)
from search.evaluation.tables import as_json, tables
from search.rules.matcher import Matcher
from search.text import fold

ROOT = Path(__file__).parents[2]
LURE = "Cần người qua Campuchia làm máy tính, lương 25 triệu, bao ăn ở, ib zalo 0900 000 123"
HONEST = "Hôm nay trời đẹp, cả nhà đi ăn phở"
PACK = """
pack: tiny
version: 3
title: {vi: Thử, en: Try}
purpose: {vi: Thử, en: Try}
legal_basis: [nd174-2026.95.1.b]
owner: Rà Soát
signals:
  - id: place
    group: destination
    weight: 20
    why: {vi: "Nơi đến.", en: "A place."}
    phrases: ["qua Campuchia"]
  - id: pay
    group: wage
    weight: 20
    why: {vi: "Tiền.", en: "Money."}
    phrases: ["lương 25 triệu"]
"""


def rows_of(*texts: tuple[str, str]) -> list[str]:
    """JSONL lines of texts with labels; ids alternate between the two parts as their digests fall."""
    return [
        json.dumps(
            {"id": f"t-{at}", "text": text, "label": label, "kind": label, "style": "sms"},
            ensure_ascii=False,
        )
        for at, (text, label) in enumerate(texts)
    ]


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    texts = [
        (f"{LURE} {at}", "lure") if at % 2 else (f"{HONEST} {at}", "innocent") for at in range(12)
    ]
    texts += [("qua Campuchia làm, ai đi không", "lure"), (f"{LURE}, bị bắt", "innocent")]
    (folder / "tiny.jsonl").write_text("\n".join(rows_of(*texts)), encoding="utf-8")
    return folder


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "tiny.yaml").write_text(PACK, encoding="utf-8")
    return folder


@pytest.fixture
def done(samples: Path, packs: Path) -> Measured:
    keywords = Keywords(["Lương 25 triệu"])
    return measure(Matcher(packs_of(packs)), keywords, read_samples(samples), None, lambda _: None)


def test_a_share_knows_its_rate_and_is_added_up() -> None:
    assert Share(3, 4).rate == 0.75
    assert Share(3, 4) + Share(1, 4) == Share(4, 8)
    assert Share(5, 1000).per_thousand == 5
    assert Share(0, 0).rate == 0
    assert share([True, False, True]) == Share(2, 3)


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        (Share(9, 10), 0.5958, 0.9821),
        (Share(0, 10), 0.0, 0.2775),
        (Share(10, 10), 0.7225, 1.0),
        (Share(95, 100), 0.8882, 0.9785),
        (Share(0, 0), 0.0, 1.0),
    ],
)
def test_an_interval_is_wilsons(given: Share, low: float, high: float) -> None:
    assert given.interval == pytest.approx((low, high), abs=0.0001)


def test_a_share_is_written_with_what_it_rests_on() -> None:
    assert share_of(Share(9, 10), per_thousand=False) == "90.0 % [60-98] 9/10"
    assert share_of(Share(1, 2000), per_thousand=True) == "0.50 ‰ [0.09-2.83] 1/2000"
    assert share_of(Share(0, 0), per_thousand=True) == "-"


def test_a_sixth_of_ids_is_held_back_and_always_the_same() -> None:
    held = [is_held_back(f"border-job-p{at:03}") for at in range(3000)]
    assert 430 < sum(held) < 570
    assert is_held_back("border-job-p001") == is_held_back("border-job-p001")
    # What was ever shown to those who write rules is never held back again: this may only get smaller.
    names = [f"s{at}" for at in range(60)]
    assert all(zlib.crc32(name.encode()) % 3 == 0 for name in names if is_held_back(name))


def test_texts_are_classed_by_length_and_diacritics() -> None:
    assert [length_of("x" * size) for size in (60, 61, 120, 121, 300, 301)] == [
        "1-60",
        "61-120",
        "61-120",
        "121-300",
        "121-300",
        "301+",
    ]  # fmt: skip
    assert accents_of("việc nhẹ lương cao") == "full"
    assert accents_of("vie\u0323\u0302c nhe\u0323 luong cao") == "full"
    assert accents_of("viec nhe luong cao cho bạn") == "part"
    assert accents_of("viec nhe luong cao") == "none"


def test_samples_that_cannot_be_used_are_told_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    good = rows_of((LURE, "lure"))[0]
    for wrong in ("no json", '{"id": "x"}', good.replace('"lure"', '"scam"', 1)):
        file.write_text(f"{good}\n{wrong}\n".replace("t-0", "t-1", 1), encoding="utf-8")
        with pytest.raises(SampleError, match=r"bad\.jsonl:2"):
            read_samples(tmp_path)
    file.write_text(f"{good}\n{good}\n", encoding="utf-8")
    with pytest.raises(SampleError, match="t-0 stands there twice"):
        read_samples(tmp_path)


def test_what_is_not_there_is_empty(tmp_path: Path) -> None:
    assert quoted_lures(tmp_path) == quoted_innocents(tmp_path) == list(short_texts(tmp_path)) == []


def test_every_text_is_counted_once_and_rightly(done: Measured) -> None:
    by = {goal.name: goal for goal in goals(done)}
    lures = by["own-lures"].rules + by["own-lures-held"].rules
    innocents = by["own-innocents"].rules + by["own-innocents-held"].rules
    assert (lures, innocents) == (Share(6, 7), Share(1, 7))
    assert by["own-lures"].rules.of == sum(
        o.row.label == "lure" and not is_held_back(o.row.id) for o in done.own
    )
    # The list of keywords finds the same here, since one of its phrases stands in every such text.
    assert by["own-lures"].plain + by["own-lures-held"].plain == Share(6, 7)


def test_a_figure_without_data_is_neither_reached_nor_shown(done: Measured) -> None:
    by = {goal.name: goal for goal in goals(done)}
    assert by["jobs"].rules.of == 0
    assert by["jobs"].reached
    assert not by["own-lures-held"].reached or by["own-lures-held"].rules.rate >= 0.97
    names = [row[0].en for row in tables(done)[0].rows]  # type: ignore[union-attr]
    assert "Real recruitment posts flagged" not in names
    assert "Made-up lures, development part" in names


def test_a_disguise_is_measured_on_texts_that_it_changes(done: Measured) -> None:
    found = {(each.name, each.held): each for each in done.disguises}
    upper = found["upper", False]
    assert upper.before == upper.after
    assert upper.loss == 0
    assert found["old-tones", False].before.of == 0
    stripped = found["no-diacritics", False]
    assert stripped.before.of == sum(
        o.row.label == "lure" and not o.row.held and not o.row.text.isascii() for o in done.own
    )


def test_what_is_tried_in_disguise_is_chosen_evenly(done: Measured) -> None:
    assert thinned(done.own, 100) == done.own
    assert thinned(done.own, 7) == done.own[::2]
    assert len(thinned(done.own, 6)) <= 6
    assert thinned([], 6) == []


def test_a_table_says_the_same_in_json(done: Measured) -> None:
    for table in tables(done):
        content = json.loads(json.dumps(as_json(table)))
        assert len(content["rows"]) == len(table.rows)
        assert all(len(row) == len(table.columns) for row in table.rows), table.name
    first = as_json(tables(done)[0])["rows"]
    assert isinstance(first, list)
    assert first[0][1]["of"] == goals(done)[0].rules.of


def test_nearness_adds_up_groups_and_says_where(packs: Path) -> None:
    near = nearest(Matcher(packs_of(packs)), "Bạn nào qua Campuchia làm")
    assert (near.pack, near.total, near.threshold) == ("tiny", 20, 34)
    assert near.marks == (Mark(8, 21, "tiny/place"),)
    assert nearest(Matcher(packs_of(packs)), HONEST).pack == ""


def test_the_worst_errors_stand_first_and_held_back_ones_are_only_counted(
    done: Measured, packs: Path
) -> None:
    matcher = Matcher(packs_of(packs))
    everything = faults_of(done, matcher, show_held=True)
    assert (everything.all_missed, everything.all_flagged) == (1, 1)
    assert [fault.row.text for fault in everything.missed] == ["qua Campuchia làm, ai đi không"]
    assert everything.missed[0].score == 20
    hidden = faults_of(done, matcher, show_held=False)
    shown = [*hidden.missed, *hidden.flagged]
    assert all(not fault.row.held for fault in shown)
    assert len(shown) + hidden.held_missed + hidden.held_flagged == 2


def test_keywords_are_found_as_written_and_in_normalised_text() -> None:
    keywords = Keywords(["Việc nhẹ", "bán thận"])
    assert keywords.plain("CẦN VIỆC NHẸ")
    assert not keywords.plain("cần viec nhe")
    assert keywords.normalised("cần v.i.ệ.c nhẹ")
    # What folding costs: "bản thân" reads as "bán thận".
    assert keywords.normalised("lo cho bản thân")
    assert not keywords.plain("lo cho bản thân")


def test_the_keyword_list_comes_from_the_table_where_there_is_one(tmp_path: Path) -> None:
    own = read_keywords(ROOT / "tests/data/keywords.txt", tmp_path / "none.tsv")
    assert len(own.phrases) >= 100
    assert not any(phrase.startswith("#") for phrase in own.phrases)
    table = tmp_path / "phrases.tsv"
    table.write_text(
        "signal\tphrase\tinnocent_too\nlure\tviệc nhẹ\tno\nmitigating_legit\tcó giấy phép\tyes\n",
        encoding="utf-8",
    )
    assert read_keywords(tmp_path / "none", table).phrases == ("việc nhẹ",)


def test_marks_that_overlap_become_one_and_text_is_escaped() -> None:
    marks = (Mark(4, 6, "p/b"), Mark(0, 5, "p/a"), Mark(8, 9, "p/c"))
    assert marked("<việc> x&y", marks) == (
        '<mark title="p/a, p/b">&lt;việc&gt;</mark> x<mark title="p/c">&amp;</mark>y'
    )
    assert marked("không", ()) == "không"


def test_a_bar_is_as_long_as_its_share() -> None:
    assert 'width="60.0"' in bar(Share(5, 10))
    assert bar(Share(0, 0)) == ""


def test_the_command_prints_and_writes_and_repeats_itself(
    samples: Path, packs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--samples", str(samples), "--packs", str(packs), "--shared", str(tmp_path / "none")]
    runs = []
    for name in ("one", "two"):
        out, data = tmp_path / name / "page.html", tmp_path / name / "figures.json"
        assert main([*given, "--out", str(out), "--json", str(data)]) == 0
        runs.append((out.read_text("utf-8"), data.read_text("utf-8"), capsys.readouterr().out))
    assert runs[0] == runs[1]
    page, figures, printed = runs[0]
    assert "Made-up lures, development part" in printed
    assert "== Missed 1" in printed
    assert json.loads(figures)["figures"]["rows"]
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    assert "src=" not in page
    assert page.count('class="vi"') == page.count('class="en"') > 20
    assert "tiny 3" in page


def shared_folder(folder: Path, *, worded: str) -> Path:
    """A folder shaped like the one with texts of others, in which every text says `worded`."""

    def write(name: str, *rows: dict[str, str]) -> None:
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / "data" / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))

    (folder / "data").mkdir(parents=True)
    flagged, missed = f"{LURE} {worded}", f"đi không, {worded}"
    more = {"how": "paraphrased quote", "kind": "other", "url": "-"}
    quoted = [{"id": f"q-{at}", "text": (missed, flagged)[at % 2], **more} for at in range(6)]
    quoted[4]["note"] = "alone it can read as honest"
    write("lures_quoted", *quoted)
    alike = [{"id": f"n-{at}", "text": flagged, **more, "kind": "news_lead"} for at in range(4)]
    write("hard_negatives_quoted", *alike, {**alike[0], "id": "n-help", "kind": "cry_for_help"})
    write("job_posts_facebook", *[{"text": flagged}, {"text": missed}] * 4)
    write("posts_volume", *[{"text": flagged, "src": "vihsd"}, {"text": "à", "src": "vihsd"}] * 4)
    return folder


def test_texts_of_others_are_measured_and_never_shown(
    samples: Path, packs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worded = "câunàycủangườikhác"
    shared = shared_folder(tmp_path / "shared", worded=worded)
    out, data = tmp_path / "page.html", tmp_path / "figures.json"
    given = ["--samples", str(samples), "--packs", str(packs), "--shared", str(shared)]
    assert main([*given, "--show-held", "--out", str(out), "--json", str(data)]) == 0
    page, printed = out.read_text("utf-8"), capsys.readouterr()
    for where in (page, data.read_text("utf-8"), printed.out, printed.err):
        assert worded not in where
        assert worded not in fold(where)
    for name in ("q-0", "n-1", "job_posts_facebook-1", "posts_volume-1"):
        assert f"<b>{name}</b>" in page
    rows = {row[0]: row[1] for row in json.loads(data.read_text("utf-8"))["figures"]["rows"]}
    sure = rows["Lures after the press, without those that can read as honest"]
    assert (sure["found"], sure["of"]) == (3, 5)
    assert (rows["of these the held-back part"]["of"]) == 2
    assert (rows["Lures after the press, all"]["of"]) == 6
    assert (rows["Look-alikes after the press"]["found"]) == 4
    cries = rows["Cries for help after the press in their lane"]
    assert (cries["found"], cries["of"]) == (0, 1)
    jobs, comments = (
        rows[name]
        for name in ("Real recruitment posts flagged", "Real comments and reviews flagged")
    )
    assert (jobs["found"], jobs["of"], comments["found"], comments["of"]) == (4, 8, 4, 8)


def test_errors_of_the_held_back_part_are_not_in_the_page_unless_asked_for(
    samples: Path, packs: Path, tmp_path: Path
) -> None:
    held = [row for row in read_samples(samples) if row.held and row.label == "lure"]
    packs.joinpath("tiny.yaml").write_text(PACK.replace("qua Campuchia", "sang Mỹ"), "utf-8")
    assert held
    base = ["--samples", str(samples), "--packs", str(packs), "--shared", str(tmp_path / "none")]
    for asked in (False, True):
        out = tmp_path / f"{asked}.html"
        assert main([*base, "--out", str(out), *(["--show-held"] if asked else [])]) == 0
        page = out.read_text("utf-8")
        assert all((f"<b>{row.id}</b>" in page) == asked for row in held)
        assert f": {len([r for r in read_samples(samples) if r.label == 'lure'])} (" in page


def test_a_pack_that_cannot_be_read_is_told_with_its_file(packs: Path) -> None:
    (packs / "worse.yaml").write_text(PACK.replace("group: wage", "group: luck"), encoding="utf-8")
    with pytest.raises(PackError, match=r"worse\.yaml:\d+: .*luck"):
        packs_of(packs)
    (packs / "worse.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(PackError, match=r"worse\.yaml:\d+"):
        packs_of(packs)


def test_figures_of_a_page_are_renewed_between_its_marks(done: Measured) -> None:
    page = "# Title\n<!-- figures -->\nstale words\n<!-- end of figures -->\nend\n"
    once = with_figures(page, tables(done), version="v1")
    assert "stale words" not in once
    assert "| Made-up lures, development part |" in once
    assert once.startswith("# Title\n<!-- figures -->\n")
    assert once.endswith("<!-- end of figures -->\nend\n")
    assert with_figures(once, tables(done), version="v1") == once
    with pytest.raises(ValueError, match="no marks"):
        with_figures("# Title", tables(done), version="v1")


def test_the_documentation_has_room_for_the_figures() -> None:
    page = (ROOT / "docs/detection.md").read_text("utf-8")
    assert "### Main figures" in page
    assert all(option in page for option in ("--samples", "--shared", "--packs", "--show-held"))


def test_the_command_says_what_it_cannot_read(
    samples: Path, packs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (samples / "bad.jsonl").write_text("{", encoding="utf-8")
    given = ["--samples", str(samples), "--packs", str(packs), "--out", str(tmp_path / "page")]
    assert main(given) == 2
    assert "bad.jsonl:1" in capsys.readouterr().err
    assert not (tmp_path / "page").exists()
