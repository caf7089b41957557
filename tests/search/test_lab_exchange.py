"""Packs out and in, and what differs between two texts."""

import io
import zipfile

import pytest

from search.lab.diff import difference, figures, unified
from search.lab.exchange import MOST_FILES, as_zip, bring
from search.lab.office import shipped_rules
from search.rules.pack import shipped_packs
from tests.search.test_pack import SOUND


def zipped(**files: str | bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()


def why(content: bytes, name: str = "x.zip") -> str:
    brought = bring([(name, content)], shipped_rules())
    assert brought.good == ()
    return " ".join(str(problem) for bad in brought.bad for problem in bad.problems)


def test_what_is_brought_out_can_be_brought_in_again() -> None:
    content = as_zip(shipped_rules())
    assert content == as_zip(shipped_rules()), "the same packs make the same file"
    brought = bring([("all.zip", content)], shipped_rules())
    assert brought.bad == ()
    assert {one.pack for one in brought.good} == {pack.id for pack in shipped_packs()}
    assert all(one.same for one in brought.good)


def test_good_files_are_taken_beside_bad_ones() -> None:
    files = [
        ("good.yaml", b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode()),
        ("bad.yaml", SOUND.replace("weight: 30", "weight: heavy").encode()),
        ("latin.yaml", b"pack: x\nowner: \xe9\n"),
    ]
    brought = bring(files, shipped_rules())
    assert [(one.name, one.pack, one.same) for one in brought.good] == [
        ("good.yaml", "sample", False)
    ]
    assert brought.good[0].text == SOUND
    assert [(bad.name, bad.problems[0].line) for bad in brought.bad] == [
        ("bad.yaml", 12),
        ("latin.yaml", 2),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04broken", "cannot be read"),
        (zipped(readme__txt="x"), "no YAML file"),
        (zipped(a__yaml="pack: ["), "not YAML"),
        (zipped(**{f"f{n}__yaml": "x" for n in range(MOST_FILES + 1)}), "more than packs can be"),
        (zipped(bomb__yaml=b"a" * 30_000_000), "more than packs can be"),
        (zipped(long__yaml=b"a" * 5_000_000), "longer than a rule pack"),
        (b"", "nothing in it"),
        (b"\x00\x01\x02", ""),
        (b"{pack: x, version: 1}", "is missing"),
    ],
)
def test_files_of_any_kind_are_answered_in_words(content: bytes, says: str) -> None:
    told = why(content)
    assert told
    assert says in told


def test_a_pack_on_one_line_is_known_by_its_id_too() -> None:
    import json

    import yaml

    brought = bring([("j.yaml", json.dumps(yaml.safe_load(SOUND)).encode())], shipped_rules())
    assert [one.pack for one in brought.good] == ["sample"]


def test_a_difference_shows_each_change_with_a_few_lines_around_it() -> None:
    old = "\n".join(f"line {n}" for n in range(1, 41))
    new = old.replace("line 20", "line twenty").replace("line 40", "line 40\nline 41")
    lines = difference(old, new)
    assert figures(lines) == (2, 1)
    assert [(x.sign, x.old, x.new, x.text) for x in lines if x.sign in ("added", "removed")] == [
        ("removed", 20, 0, "line 20"),
        ("added", 0, 20, "line twenty"),
        ("added", 0, 41, "line 41"),
    ]
    assert sum(line.sign == "same" for line in lines) == 9
    assert [line.sign for line in lines].count("skip") == 2


def test_equal_texts_differ_in_nothing() -> None:
    assert difference(SOUND, SOUND) == []
    assert list(unified(SOUND, SOUND, ("a", "b"))) == []


def test_a_difference_of_long_texts_ends_soon() -> None:
    old = "\n".join(f"  - cụm từ {n % 50}" for n in range(4000))
    new = "\n".join(f"  - cụm từ {(n * 7) % 50}" for n in range(4000))
    assert difference(old, new)


def test_the_terminal_gets_the_same() -> None:
    told = list(unified("a\nb\n", "a\nc\n", ("one", "two")))
    assert told == ["--- one", "+++ two", " a", "-b", "+c"]
