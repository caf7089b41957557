"""A pack as a form: what is not touched stays, what is typed arrives, what is wrong is complained of."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from search.lab.forms import MOST, apply, dump, form_data, one_line, skeleton
from search.rules.pack import examine, load_pack, shipped_texts
from tests.search.test_pack import SOUND


def fields_of(data: dict[str, Any]) -> dict[str, str]:
    """The fields of a form as the page would send it back untouched."""
    found = {
        "version": str(data["version"]),
        "owner": data["owner"],
        "legal_basis": "\r\n".join(data["legal_basis"]),
        "threshold": str(data.get("threshold", "")),
    }
    for name in ("title", "purpose"):
        found |= {f"{name}-{key}": value for key, value in data[name].items()}
    _examples(found, "examples", data)
    for number, row in enumerate(data["signals"]):
        prefix = f"signals-{number}-"
        _row(found, prefix, row)
        found |= {f"{prefix}group": row["group"], f"{prefix}kind": row.get("kind", "")}
        for name in ("phrases", "excluding"):
            found[prefix + name] = "\r\n".join(row.get(name, []))
        _examples(found, f"{prefix}examples", row)
    for number, row in enumerate(data.get("combinations", [])):
        prefix = f"combinations-{number}-"
        _row(found, prefix, row)
        found |= {prefix + name: " ".join(row.get(name, [])) for name in ("all", "any", "not")}
        least, near = row.get("at_least", {}), row.get("near", {})
        found |= {
            f"{prefix}n": str(least.get("n", "")),
            f"{prefix}of": " ".join(least.get("of", [])),
        }
        found |= {f"{prefix}within": str(near.get("within", ""))}
        found |= {f"{prefix}near": ", ".join(near.get("of", []))}
    return found


def _row(found: dict[str, str], prefix: str, row: dict[str, Any]) -> None:
    found |= {
        f"{prefix}id": row["id"],
        f"{prefix}weight": str(row["weight"]),
        f"{prefix}why-vi": row["why"]["vi"],
        f"{prefix}why-en": row["why"]["en"],
        f"{prefix}state": row.get("state", "live"),
        f"{prefix}urgent": row.get("urgent", ""),
        **({f"{prefix}decisive": "1"} if row.get("decisive") else {}),
    }


def _examples(found: dict[str, str], prefix: str, row: dict[str, Any]) -> None:
    for name in ("positive", "negative"):
        lines = [one_line(one) for one in row.get("examples", {}).get(name, [])]
        found[f"{prefix}-{name}"] = "\r\n".join(lines)


@pytest.mark.parametrize("name", sorted(shipped_texts()))
def test_every_shipped_pack_goes_through_the_form_unchanged(name: str) -> None:
    text = shipped_texts()[name]
    data = form_data(text)
    assert data is not None
    again = yaml.safe_load(apply(text, fields_of(data)))
    assert normal(again) == normal(yaml.safe_load(text))


def normal(data: dict[str, Any]) -> dict[str, Any]:
    """Without what means the same as its absence, and without spaces at the ends of lines."""
    for row in (*data["signals"], *data.get("combinations", [])):
        for name, nothing in (("decisive", False), ("state", "live")):
            if row.get(name) == nothing:
                del row[name]
        for name in ("phrases", "excluding"):
            if name in row:
                row[name] = [line.strip() for line in row[name]]
    return data


def test_what_is_typed_arrives_in_the_pack() -> None:
    fields = fields_of(yaml.safe_load(SOUND))
    fields |= {
        "signals-0-weight": "+35",
        "signals-0-phrases": "<go> xứ lạ\r\n\r\n  tới miền xa  ",
        "signals-0-examples-positive": "mai sang xứ lạ\nđi tới miền xa",
        "signals-1-state": "shadow",
        "signals-1-owner": "Tổ riêng",
        "signals-2-id": "secret",
        "signals-2-group": "secrecy",
        "signals-2-weight": "20",
        "signals-2-why-vi": "Dặn giấu.",
        "signals-2-why-en": "Tells to hide it.",
        "signals-2-phrases": "đừng nói ai biết",
        "combinations-0-id": "both",
        "combinations-0-weight": "7",
        "combinations-0-why-vi": "Cả hai.",
        "combinations-0-why-en": "Both.",
        "combinations-0-n": "2",
        "combinations-0-of": "there, secret pays",
        "combinations-0-near": "there secret",
        "combinations-0-within": "9",
        "examples-positive": "đi xứ lạ, đừng nói ai biết",
    }
    pack = load_pack(apply(SOUND, fields))
    assert pack.signals[0].weight == 35
    assert pack.signals[0].phrases == ("<go> xứ lạ", "tới miền xa")
    assert (pack.signals[1].state, pack.signals[1].owner) == ("shadow", "Tổ riêng")
    assert pack.signals[1].amounts[0].least == 300_000, "what the form does not show stays"
    assert pack.signals[2].id == "secret"
    both = pack.combinations[0]
    assert (both.least, both.of) == (2, ("there", "secret", "pays"))
    assert (both.within, both.near) == (9, ("there", "secret"))
    assert dict(pack.vocabulary) == {"go": ("đi", "sang")}


def test_rows_can_be_taken_out() -> None:
    fields = fields_of(yaml.safe_load(SOUND)) | {"signals-0-remove": "1"}
    assert [row["id"] for row in yaml.safe_load(apply(SOUND, fields))["signals"]] == ["pays"]


def test_what_cannot_be_right_is_kept_as_typed_and_complained_of() -> None:
    fields = fields_of(yaml.safe_load(SOUND)) | {"signals-0-weight": "nhiều", "title-en": ""}
    found = examine(apply(SOUND, fields))
    said = " ".join(str(problem) for problem in found.problems)
    assert "nhiều is not of the kind integer" in said
    assert "too short" in said


def test_an_example_of_several_lines_stays_so_unless_it_is_changed() -> None:
    data = yaml.safe_load(SOUND)
    data["examples"]["positive"] = ["đi xứ lạ,\nngày 500k"]
    text = dump(data)
    assert yaml.safe_load(apply(text, fields_of(data)))["examples"]["positive"] == [
        "đi xứ lạ,\nngày 500k"
    ]


@pytest.mark.parametrize(
    "text", ["", "pack: [", "- 1", "5", "signals: {a: b}", "signals: [1]", "1: 2"]
)
def test_a_text_that_is_no_pack_is_edited_as_text_only(text: str) -> None:
    assert form_data(text) is None
    with pytest.raises(ValueError, match="form"):
        apply(text, {})


@pytest.mark.parametrize(
    ("was", "typed"),
    [
        ("    phrases: ", "    phrases: xứ lạ\n    x: "),
        ("    phrases: ", "    phrases: 5\n    x: "),
        ("    phrases: ", "    phrases: [~]\n    x: "),
        ("    group: ", "    group: [a]\n    x: "),
        ("    why: ", "    why: vì thế\n    x: "),
        ("\nlegal_basis: ", "\nlegal_basis: 7\nx: "),
        ("\ntitle: ", "\ntitle: [a]\nx: "),
        ("\nexamples:", "\nexamples: {positive: 5}\nx:"),
        ("\nsignals:", "\ncombinations: [{id: c, all: 5}]\nsignals:"),
        ("\nsignals:", "\ncombinations: [{id: c, at_least: 5}]\nsignals:"),
        ("\nsignals:", "\ncombinations: [{id: c, near: {within: [1], of: [a]}}]\nsignals:"),
        ("\nsignals:", "\ncombinations: [{id: c, near: {within: 1, of: a}}]\nsignals:"),
    ],
)
def test_what_the_form_would_lose_is_edited_as_text_only(was: str, typed: str) -> None:
    assert was in SOUND
    assert isinstance(yaml.safe_load(SOUND.replace(was, typed, 1)), dict)
    assert form_data(SOUND.replace(was, typed, 1)) is None


@pytest.mark.parametrize("name", ["signals", "combinations"])
def test_more_rows_than_a_form_holds_are_edited_as_text_only(name: str) -> None:
    data = yaml.safe_load(SOUND)
    rows = [{**data["signals"][0], "id": f"s{n}"} for n in range(MOST)]
    assert form_data(dump({**data, name: rows})) is None
    most = {**data, name: rows[:-1]}
    assert form_data(dump(most)) is not None
    kept = yaml.safe_load(apply(dump(most), {"version": "3", "owner": "x"}))
    assert [row["id"] for row in kept[name]] == [row["id"] for row in rows[:-1]]


def test_a_new_pack_begins_with_a_form_that_says_what_is_missing() -> None:
    text = skeleton("moi", "Phòng X")
    assert form_data(text) is not None
    found = examine(text)
    assert found.problems
    assert all(problem.line > 1 for problem in found.problems)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(fields_of(yaml.safe_load(SOUND)))), st.text(max_size=20))
)
def test_whatever_is_typed_gives_a_text_that_can_be_read_again(typed: dict[str, str]) -> None:
    text = apply(SOUND, fields_of(yaml.safe_load(SOUND)) | typed)
    assert isinstance(yaml.safe_load(text), dict)
    assert form_data(text) is not None or not yaml.safe_load(text).get("signals")
