"""Every saved page gives exactly the posts, pages, problems and cursors that stand beside it."""

from collections import Counter

import pytest

from crawler.sources import KINDS
from search.post import Platform
from tests.crawler.sources import golden
from webui.views.source_words import RUN_STEPS

CASES = list(golden.cases())
INTERFACES = {
    "bluesky", "discourse", "facebook", "flarum", "html_list", "mastodon", "mediawiki", "nodebb", "page",
    "sitemap", "telegram", "wordpress", "youtube",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "case"), CASES, ids=lambda value: value)
def test_a_page_gives_what_stands_beside_it(kind: str, case: str) -> None:
    assert golden.result(kind, case) == golden.expected(kind, case)["result"]


def test_every_kind_with_an_interface_has_pages() -> None:
    found = Counter(kind for kind, _ in CASES)
    assert set(found) == INTERFACES
    assert min(found.values()) >= 3


@pytest.mark.parametrize("kind", sorted(INTERFACES))
def test_every_cut_of_a_page_is_told_and_never_a_crash(kind: str) -> None:
    for name, case in CASES:
        if name != kind:
            continue
        given, (content, content_type) = (
            golden.expected(name, case)["given"],
            golden.body(name, case),
        )
        for length in range(0, len(content), max(1, len(content) // 25)):
            page = golden.page_of(given, content[:length], content_type)
            pipeline = golden.Pipeline(KINDS[kind], golden.plan_of(kind, given), [])
            read = pipeline.read(page)
            assert not [one for one in read.problems if one.reason == "parser_failed"]
            if content_type == "application/json" and given.get("status", 200) == 200:
                assert read.problems, (case, length)
                assert read.hole


def test_every_kind_names_a_platform_that_there_is() -> None:
    assert {kind.platform for kind in KINDS.values()} - {""} <= set(Platform)


def test_every_step_of_a_crawl_has_a_word_for_people() -> None:
    steps = {golden.expected(kind, case)["given"]["step"] for kind, case in CASES}
    for kind, case in CASES:
        whole = golden.expected(kind, case)["result"]
        steps |= {one["step"] for one in whole["follow"]}
        steps |= {one["step"].removesuffix(" entry") for one in whole["problems"]}
    assert steps - set(RUN_STEPS) == set()
