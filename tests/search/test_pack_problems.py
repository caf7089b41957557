"""What is wrong with a pack's text: everything at once, each with its line, and never a crash or a standstill."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.rules.checks import ordinary
from search.rules.pack import Problem, examine, load_pack, shipped_packs, shipped_texts
from search.rules.patterns import fault_of
from tests.search.test_pack import SOUND, line_of


def problems(text: str, **given: object) -> list[Problem]:
    return list(examine(text, **given).problems)  # type: ignore[arg-type]


def said(text: str) -> list[str]:
    return [str(problem) for problem in problems(text)]


def test_a_sound_text_has_no_problem() -> None:
    found = examine(SOUND)
    assert found.whole
    assert found.pack == load_pack(SOUND)


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_lines() -> None:
    text = SOUND.replace("weight: 30", "weight: heavy").replace("why: {vi: Trả", "wy: {vi: Trả")
    text = text.replace("version: 3", "version: 0")
    found = problems(text)
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
    words = [str(problem.what) for problem in found]
    assert "0 is less than 1" in words
    assert "heavy is not of the kind integer" in words
    assert "wy is no field here" in words
    assert "why is missing" in words
    assert problems(text)[0].line == line_of(text, "version: 0")
    unknown = next(problem for problem in found if "wy is no" in str(problem.what))
    assert unknown.line == line_of(text, "wy:")


def test_names_and_phrases_are_told_together() -> None:
    text = SOUND.replace("group: wage", "group: nowhere").replace("<go> xứ lạ", "<gone> xứ lạ")
    assert [line.partition(": ")[2] for line in said(text)] == [
        "unknown name <gone>",
        "unknown group nowhere",
    ]


def test_a_key_that_stands_twice_is_told() -> None:
    text = SOUND.replace("owner: test", "owner: test\nowner: other")
    assert said(text) == ["7: owner stands here a second time"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is nothing in it"),
        ("   \n# nothing\n", "there is nothing in it"),
        ("just words", "not of the kind object"),
        ("[" * 5000, "nested"),
        ("a: &x [1]\nb: *x\n", "references"),
        ("a: 1\n---\nb: 2\n", "not YAML"),
        ("pack: [", "not YAML"),
        ("a: !!python/object:os.system x", "not YAML"),
        ("a: 2020-99-99", "cannot be read"),
        ("version: " + "9" * 5000, "cannot be read"),
        ("a: \ud800", ""),
        ("a: \x00", ""),
        ("x" * 1_000_001, "longer than a rule pack"),
        ("? [a, b]\n: c\n", ""),
        ("- 1\n- 2\n", "not of the kind object"),
    ],
)
def test_nonsense_is_told_in_words(text: str, says: str) -> None:
    started = time.process_time()
    found = examine(text)
    assert found.pack is None
    assert found.problems
    assert says in " ".join(map(str, found.problems))
    assert time.process_time() - started < 2


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.integers(min_value=0, max_value=len(SOUND)))
def test_whatever_is_typed_into_a_pack_is_answered(typed: str, at: int) -> None:
    found = examine(SOUND[:at] + typed + SOUND[at:])
    assert found.pack is not None or found.problems
    assert all(problem.line >= 1 for problem in found.problems)


def test_a_legal_basis_that_the_catalogue_lacks_is_told() -> None:
    text = SOUND.replace("weight: 15", "weight: 15\n    legal_basis: [nd1-1999.1]")
    found = problems(text, basis={"nd174-2026.95.1.b"})
    assert [(problem.line, str(problem.what)) for problem in found] == [
        (line_of(text, "nd1-1999"), "the legal catalogue has no nd1-1999.1")
    ]
    assert problems(SOUND, basis={"nd174-2026.95.1.b"}) == []


def test_a_signal_has_the_packs_owner_basis_and_purpose_unless_it_has_its_own() -> None:
    text = SOUND.replace(
        "weight: 15",
        "weight: 15\n    owner: Tổ riêng\n    legal_basis: [x.1]\n    purpose: {vi: Mục đích riêng, en: Its own}",
    )
    there, pays = load_pack(text).signals
    assert (there.owner, there.legal_basis, there.purpose.en) == (
        "test",
        ("nd174-2026.95.1.b",),
        "For tests only",
    )
    assert (pays.owner, pays.legal_basis, pays.purpose.en) == ("Tổ riêng", ("x.1",), "Its own")


def combined(line: str) -> str:
    head, tail = SOUND.split('examples:\n  positive: ["đi')
    rule = f"  - {{id: both, weight: 5, why: {{vi: cả hai, en: both}}, {line}}}\n"
    return f'{head}combinations:\n{rule}examples:\n  positive: ["đi{tail}'


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("at_least: {n: 2, of: [there, pays]}", ""),
        (
            "near: {within: 5, of: [there, pays]}, not: [innocent]",
            "unknown signal or group innocent",
        ),
        ("near: {within: 5, of: [there, wage]}, not: [destination]", ""),
        ("at_least: {n: 3, of: [there, pays]}", "3 of 2 can never be met"),
        ("at_least: {n: 3}", "of is missing"),
        ("near: {within: 0, of: [there, pays]}", "0 is less than 1"),
        ("not: [there]", "one of these must be there"),
    ],
)
def test_combinations_are_read_and_checked(line: str, says: str) -> None:
    found = said(combined(line))
    assert (says in " ".join(found)) if says else found == []


def test_a_pack_whose_rules_are_met_everywhere_would_match_everything() -> None:
    words = [
        "hôm nay",
        "cho",
        "nhà",
        "em",
        "các bạn",
        "mình",
        "mới",
        "giờ",
        "tối",
        "lớp",
        "xe",
        "bán",
    ]
    text = SOUND.replace('["<go> xứ lạ"', f'["<go> xứ lạ", {", ".join(words)}')
    found = said(text)
    assert any("there is met in" in line and "ordinary sentences" in line for line in found)


def test_no_shipped_pack_is_fond_of_ordinary_sentences() -> None:
    assert len(ordinary()) >= 50
    assert len(set(ordinary())) == len(ordinary())
    shared = [pack for pack in shipped_packs() if pack.shared]
    for text in shipped_texts().values():
        assert examine(text, shared=shared).problems == ()


@pytest.mark.parametrize(
    "regex",
    ["(a+)+b", "(a|a)*b", "(a|ab)+c", "(x{0,90}){0,90}y", "a.*b.*c.*d", r"(a)\1", "((a{0,4}){0,4}){0,4}b",
     "a?" * 30 + "a" * 30, "(a|aa)" * 30, "x*", "^", "(" * 500, "a" * 3000],
)  # fmt: skip
def test_expressions_that_could_take_for_ever_are_refused(regex: str) -> None:
    assert fault_of(regex) is not None


@pytest.mark.parametrize(
    "regex",
    [r"di k(?! (can|co)( |$))", "nhom mau (a|b|o|ab)( duong| am)? can", r"\d+ (k|tr)", "a{1,3}b"],
)
def test_expressions_that_end_soon_are_taken(regex: str) -> None:
    assert fault_of(regex) is None
