"""A phrase put into the YAML of a pack: the rest of the text stays as somebody wrote it."""

import pytest
import yaml

from search.learning.drafting import NoSuchPlace, with_phrase
from search.rules.pack import read_pack, shipped_packs, shipped_text

TEXT = """# A pack, with a comment.
pack: thu
signals:
  - id: block   # first
    group: offer
    phrases:
      - một cụm
      - "hai {cụm|cum}"   # why
    excluding: [không phải]
  - id: flow
    group: offer
    phrases: ["ba", bốn]
  - id: bare
    group: offer
    weight: 3
"""


@pytest.mark.parametrize(
    ("signal", "line"),
    [
        ("block", '      - "vòng xoay"'),
        ("flow", '    phrases: ["ba", bốn, "vòng xoay"]'),
        ("bare", '    phrases: ["vòng xoay"]'),
    ],
)
def test_the_phrase_stands_in_its_signal_and_nothing_else_changes(signal: str, line: str) -> None:
    after = with_phrase(TEXT, signal, "vòng xoay")
    assert line in after.splitlines()
    before_lines, after_lines = TEXT.splitlines(), after.splitlines()
    assert [one for one in after_lines if one not in before_lines] == [line]
    old, new = yaml.safe_load(TEXT), yaml.safe_load(after)
    for was, now in zip(old["signals"], new["signals"], strict=True):
        if was["id"] == signal:
            assert now.pop("phrases") == [*was.pop("phrases", []), "vòng xoay"]
        assert was == now


def test_a_phrase_that_is_there_already_changes_nothing() -> None:
    assert with_phrase(TEXT, "block", "một cụm") == TEXT


def test_the_end_of_the_file_needs_no_line_end() -> None:
    text = "signals:\n- id: a\n  phrases:\n  - một"
    assert yaml.safe_load(with_phrase(text, "a", "hai"))["signals"][0]["phrases"] == ["một", "hai"]


@pytest.mark.parametrize("text", ["", "signals: 3", "signals: [", "- a", "signals: [{id: a}]"])
def test_a_text_without_the_signal_says_so(text: str) -> None:
    with pytest.raises(NoSuchPlace):
        with_phrase(text, "a", "hai")


def test_every_signal_with_phrases_of_every_shipped_pack_can_take_one() -> None:
    packs = shipped_packs()
    tried = 0
    for pack in packs:
        text = shipped_text(pack.id)
        for signal in pack.signals[:3]:
            after = with_phrase(text, signal.id, "vòng xoay hoàng kim")
            read = read_pack(after, [one for one in packs if one.shared and one.id != pack.id])
            (now,) = [one for one in read.signals if one.id == signal.id]
            assert now.phrases == (*signal.phrases, "vòng xoay hoàng kim")
            tried += 1
    assert tried > 20
