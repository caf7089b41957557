"""Garbage of every sort: pages, JSON and files never crash a parser, and what is good in them is kept."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.page import Fetch, PageResult
from crawler.pipeline import Pipeline
from crawler.sources import KINDS
from crawler.sources.addresses import absolute, canonical
from crawler.sources.html_list.parser import MAX_ITEMS
from crawler.sources.times import parse_time, with_day
from tests.crawler.pages import BASE, NOW, answer, plan
from tests.crawler.sources import golden

quick = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
SELECTORS = {
    "mode": "both",
    "list_item": "article",
    "list_link": "a",
    "list_title": "h2",
    "list_text": "p",
    "list_author": "b",
    "list_author_link": "a.who",
    "list_time": "time",
    "next": "a.next",
    "detail_item": "li",
    "detail_text": "p",
}
CONFIGS: list[tuple[str, Mapping[str, Any], tuple[str, ...]]] = [
    ("html_list", SELECTORS, ("list", "detail")),
    ("html_list", {"preset": "xenforo"}, ("list", "detail")),
    ("html_list", {"preset": "vbulletin"}, ("list", "detail")),
    ("html_list", {"preset": "phpbb"}, ("list", "detail")),
    ("html_list", {"preset": "flarum"}, ("list", "detail")),
    ("page", {}, ("page", "oembed")),
]
PIECES = (
    "<article>", "</article>", "<p>", "<table><tr><td>", "</div>", "<a href='http://[bad'>", "<li id='",
    "<a class=next href='?p=2'>", "<time datetime='99999-99-99T99:99'>", "<time>31/02/2026 25:61</time>",
    "<!--", "-->", "<![CDATA[", "<script>", "<meta property='og:description' content='x'>", "&#0;", "&#xD800;",
    "\x00", "\ufeff", "\u202e", "<h2>Tin</h2>", "<b>ai</b>", "<base href='javascript:'>", "<svg><p>", "<html>",
    "<div itemscope itemtype='https://schema.org/Article'><i itemprop='text'>", "<noscript id=flarum-content>",
    "<script type='application/ld+json'>{\"@graph\": [[]], \"@type\": 5}</script>", "việc nhẹ lương cao",
    "<link rel=canonical href='http://[::1'>", "<article class='message--post'><div class=bbWrapper>",
)  # fmt: skip


def read(kind: str, config: Mapping[str, Any], step: str, body: bytes, **given: Any) -> PageResult:
    """Through the pipeline, as a crawl would; a parser that fails is a failure here."""
    chosen = plan(kind, config)
    page = answer(body, step=step, **given)
    result = Pipeline(KINDS[kind], chosen, []).read(page)
    assert "parser_failed" not in [one.reason for one in result.problems], result.problems
    for post in result.posts:
        assert "\x00" not in post.text + post.title + post.url + post.author.name
        post.body.encode("utf-8")
    return result


@pytest.mark.parametrize(("kind", "config", "steps"), CONFIGS)
@quick
@given(body=st.binary(max_size=400))
def test_bytes_never_crash(
    kind: str, config: Mapping[str, Any], steps: tuple[str, ...], body: bytes
) -> None:
    for step in steps:
        read(kind, config, step, body)


@pytest.mark.parametrize(("kind", "config", "steps"), CONFIGS)
@quick
@given(pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=30))
def test_markup_in_any_order_never_crashes(
    kind: str, config: Mapping[str, Any], steps: tuple[str, ...], pieces: list[str]
) -> None:
    for step in steps:
        read(kind, config, step, "".join(pieces).encode("utf-8", "surrogatepass"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "author_name", "author_url", "thumbnail_url", "error", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@quick
@given(data=JSON, status=st.sampled_from([200, 400, 404]))
def test_json_of_any_shape_never_crashes_an_oembed(data: Any, status: int) -> None:
    body = json.dumps(data).encode()
    headers = {"content-type": "application/json"}
    read("page", {}, "oembed", body, headers=headers, status=status, meta={"of": BASE})


@pytest.mark.parametrize("case", [one for kind, one in golden.cases() if kind == "html_list"])
@quick
@given(data=st.data())
def test_a_spoiled_forum_page_keeps_what_is_whole(case: str, data: st.DataObject) -> None:
    whole = golden.expected("html_list", case)["given"]
    content, content_type = golden.body("html_list", case)
    at = data.draw(st.integers(0, len(content) - 1))
    spoiled = content[:at] + data.draw(st.binary(max_size=12)) + content[at:]
    page = golden.page_of(whole, spoiled, content_type)
    pipeline = Pipeline(KINDS["html_list"], golden.plan_of("html_list", whole), [])
    assert "parser_failed" not in [one.reason for one in pipeline.read(page).problems]


@pytest.mark.parametrize(
    "body",
    [
        "<article><p>" + "x" * 2**20,
        "<article><p>" + "<table><tr><td>" * 3000 + "sâu",
        "<article>" * 5000 + "<p>trong cùng</p>",
        "<article><p>" + "<b>" * 20000 + "đậm",
        "".join(f"<li id=c{n}><p>một {n}</p></li>" for n in range(5000)),
        "<a " + " ".join(f"a{n}=1" for n in range(200_000)) + ">",
        "\x00" * 100_000 + "<article><p>sau NUL</p></article>",
        "<article><p>" + "&amp;" * 100_000,
    ],
    ids=["long line", "tables", "nested", "bold", "many", "attributes", "nul", "entities"],
)
@pytest.mark.parametrize(
    ("kind", "step"), [("html_list", "list"), ("html_list", "detail"), ("page", "page")]
)
def test_large_and_deep_pages_end(kind: str, step: str, body: str) -> None:
    began = time.monotonic()
    result = read(kind, SELECTORS if kind == "html_list" else {}, step, body.encode())
    found = (kind, step) == ("html_list", "detail") or result.posts or result.problems
    assert found
    if body.startswith("<li") and step == "detail":
        assert len(result.posts) == MAX_ITEMS
    assert time.monotonic() - began < 15


@quick
@given(st.text(max_size=60))
def test_addresses_and_times_of_any_text_never_crash(text: str) -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    once = canonical(f"https://a.example/{text}")
    assert canonical(once) == once
    absolute(BASE, text)
    parse_time(with_day(text, NOW, zone), zone)
    Fetch(absolute(BASE, text) or BASE).fingerprint  # noqa: B018 - that it can be made


def test_a_tag_with_a_long_value_stays_whole() -> None:
    value = "x y=1 " * 30_000
    body = f'<article data-page="{value}" class="k"><p>trong</p><img src="data:{value}"></article>'
    result = read("html_list", {"list_item": "article.k", "list_text": "p"}, "list", body.encode())
    assert [post.text for post in result.posts] == ["trong"]
