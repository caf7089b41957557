"""Rule packs: what loads, and what does not and where it says so."""

from pathlib import Path

import jsonschema
import pytest

from search.entities import extract
from search.rules.judgement import GROUPS
from search.rules.pack import PackError, examine, load_pack, schema, shipped_packs

SOUND = """\
pack: sample
version: 3
title: {vi: Bộ thử, en: Sample}
purpose: {vi: Chỉ để thử, en: For tests only}
legal_basis: [nd174-2026.95.1.b]
owner: test
vocabulary:
  go: [đi, sang]
signals:
  - id: there
    group: destination
    weight: 30
    why: {vi: Nêu nơi đến, en: Names the place}
    phrases: ["<go> xứ lạ", "{qua|tới} ... xứ lạ"]
    examples:
      positive: ["mai sang xứ lạ", "qua bên kia xứ lạ"]
      negative: ["xứ lạ xa lắm"]
  - id: pays
    group: wage
    weight: 15
    why: {vi: Trả theo ngày, en: Pays by the day}
    amounts: [{least: 300000, per: [day]}]
examples:
  positive: ["đi xứ lạ, ngày 500k"]
  negative: ["ngày 500k"]
"""


def failure(text: str) -> str:
    with pytest.raises(PackError) as caught:
        load_pack(text)
    return str(caught.value)


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_sound_pack_loads_with_all_it_says() -> None:
    pack = load_pack(SOUND)
    assert (pack.id, pack.version, pack.owner) == ("sample", 3, "test")
    assert pack.legal_basis == ("nd174-2026.95.1.b",)
    assert [signal.id for signal in pack.signals] == ["there", "pays"]
    assert pack.signals[1].amounts[0].per == ("day",)


def test_it_loads_from_a_file_and_names_the_file_when_it_fails(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SOUND, encoding="utf-8")
    assert load_pack(file).id == "sample"
    file.write_text(SOUND.replace("weight: 30", "weight: heavy"), encoding="utf-8")
    with pytest.raises(PackError, match=r"mine\.yaml:12: "):
        load_pack(file)


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("group: destination", "group: nowhere", "group: nowhere", "unknown group nowhere"),
        ("<go> xứ lạ", "<gone> xứ lạ", "<gone>", "unknown name <gone>"),
        ("phrases:", "phrasings:", "id: there", "one of these must be there"),
        ("weight: 15", "weight: -15", "weight: -15", "innocent"),
        ("id: pays", "id: there", "id: there", "taken"),
        ("đi xứ lạ, ngày 500k", "đi chợ, ngày 500k", "đi chợ", "is not flagged"),
        ('negative: ["ngày 500k"]', 'negative: ["sang xứ lạ ngày 500k"]', "sang xứ lạ ngày", "is flagged"),
        ("xứ lạ xa lắm", "sang xứ lạ xa lắm", "sang xứ lạ xa", "there is met in"),
        ("mai sang xứ lạ", "mai tới quê", "mai tới quê", "there is not met in"),
        ("owner: test", "owner: [test", "vocabulary", ""),
        ("owner: test", "uses: [nobody]\nowner: test", "uses", "no shared pack is called nobody"),
        ("owner: test", "needs: [nothing]\nowner: test", "needs", "unknown signal or group nothing"),
    ],
)  # fmt: skip
def test_a_wrong_pack_does_not_load_and_says_the_line(
    old: str, new: str, at: str, says: str
) -> None:
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    if new == "id: there":
        text = SOUND.replace(old, new, 1)
        at_line = [n for n, line in enumerate(text.splitlines(), 1) if at in line][1]
    else:
        at_line = line_of(text, at)
    message = failure(text)
    assert says in message
    if says:
        assert message.startswith(f"<text>:{at_line}: ")


@pytest.mark.parametrize(
    ("regex", "says"),
    [
        ("(ab", "not a regular expression"),
        ("x*", "would match everything"),
        ("(a+)+b", "unbounded time"),
    ],
)
def test_a_dangerous_expression_does_not_load(regex: str, says: str) -> None:
    line = f"    patterns: [{{requires: xứ lạ, regex: '{regex}'}}]\n    phrases:"
    assert says in failure(SOUND.replace("    phrases:", line, 1))


def test_a_pattern_must_name_the_literal_it_waits_for() -> None:
    text = SOUND.replace("    phrases:", "    patterns: [{regex: abc}]\n    phrases:", 1)
    assert "requires" in failure(text)


def test_a_combination_of_what_does_not_exist_is_refused() -> None:
    text = SOUND.replace(
        'examples:\n  positive: ["đi',
        "combinations:\n  - {id: c, all: [there, gone], weight: 5, why: {vi: gì đó, en: thing}}\n"
        'examples:\n  positive: ["đi',
    )
    assert "unknown signal or group gone" in failure(text)


def test_fields_that_are_missing_are_told_once() -> None:
    found = examine("pack: sample\nversion: 1\n").problems
    assert len({str(one) for one in found}) == len(found)


def test_a_phrase_of_one_letter_would_match_everything() -> None:
    assert "almost everything" in failure(SOUND.replace('"<go> xứ lạ"', '"ô ."'))


def test_the_published_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_shipped_pack_loads_with_its_examples_and_names_its_law() -> None:
    packs = shipped_packs()
    assert packs[0].shared
    assert {"border-job", "labour-export", "online-task", "organ", "surrogacy", "help"} <= {
        pack.id for pack in packs
    }
    for pack in packs:
        assert pack.legal_basis
        assert pack.purpose.vi
        if not pack.shared:
            assert len(pack.examples.positive) >= 2
            assert len(pack.examples.negative) >= 2


def test_every_signal_says_why_in_both_languages_and_no_group_lacks_its_labels() -> None:
    for pack in shipped_packs():
        for signal in pack.signals:
            assert signal.why.vi != signal.why.en
            assert signal.group in GROUPS or signal.group == "innocent"
    assert all(label["vi"] and label["en"] for label in GROUPS.values())


def test_the_rule_writers_guide_names_every_group_signal_and_field() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "rules" / "README.md").read_text(encoding="utf-8")
    names = set(GROUPS) | {s.id for pack in shipped_packs() for s in pack.signals}
    names |= set(schema()["properties"]) | set(schema()["$defs"]["signal"]["properties"])
    names |= set(schema()["$defs"]["combination"]["properties"])
    assert sorted(name for name in names if f"`{name}`" not in guide) == []


def test_every_number_in_a_shipped_example_is_from_the_made_up_range() -> None:
    for pack in shipped_packs():
        for text in (*pack.examples.positive, *pack.examples.negative):
            assert all(
                one.value.startswith("+849000001") for one in extract(text) if one.kind == "phone"
            )
