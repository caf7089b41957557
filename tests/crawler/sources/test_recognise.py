"""What a pasted address is: by itself, or by the page it answers with."""

from typing import Any

import pytest

from crawler.page import Fetch, Page, SourcePlan
from crawler.sources import KINDS
from crawler.sources.base import Guess
from crawler.sources.forms import FieldError, read_address
from crawler.sources.html_list.presets import PRESETS
from crawler.sources.lists import onward
from search.post import Platform
from tests.crawler.sources.golden import FETCHED, body, cases, expected, page_of

A = "https://trang.example/"


def page(content: str, url: str = A, **headers: str) -> Page:
    named = {
        "content-type": "text/html",
        **{name.replace("_", "-"): v for name, v in headers.items()},
    }
    return Page(Fetch(url, "look"), url, 200, named, content.encode(), FETCHED)


def guesses(address: str, answer: Page | None = None) -> list[Guess]:
    every = (kind.recognise(address, answer) for kind in KINDS.values())
    return sorted((one for one in every if one), key=lambda one: not one.sure)


@pytest.mark.parametrize(
    ("address", "kind", "kept"),
    [
        ("https://t.me/viecxa000", "telegram", "https://t.me/s/viecxa000"),
        ("https://t.me/s/viecxa000?before=5", "telegram", "https://t.me/s/viecxa000"),
        ("https://t.me/viecxa000/41", "telegram", "https://t.me/s/viecxa000"),
        ("https://bsky.app/profile/chi-na.example", "bluesky", None),
        ("https://bsky.app/search?q=vi%E1%BB%87c", "bluesky", None),
        ("https://bsky.app/profile/chi-na.example/post/3kabc", "bluesky", None),
        ("https://www.youtube.com/@kenhviecxa", "youtube", None),
        ("https://youtu.be/vd000000001", "youtube", None),
        ("https://m.youtube.com/watch?v=vd000000001&t=3", "youtube", None),
        ("https://www.facebook.com/viecxa000/", "facebook", None),
        ("https://m.facebook.com/profile.php?id=100000000000777", "facebook", None),
        ("https://wiki.example/w/api.php", "mediawiki", None),
        (f"{A}wp-json/wp/v2/posts", "wordpress", None),
        (f"{A}?rest_route=/wp/v2/posts", "wordpress", None),
    ],
)
def test_an_address_that_says_it_all(address: str, kind: str, kept: str | None) -> None:
    found = guesses(address)
    assert [(one.kind, one.sure) for one in found] == [(kind, True)]
    assert found[0].address == (kept or address)


@pytest.mark.parametrize(
    "address",
    [
        "https://t.me/joinchat/AAAA",
        "https://t.me/+AAAAbbbb",
        "https://www.facebook.com/",
        "https://www.youtube.com/",
        "https://bsky.app/",
        A,
        "https://bao.example/tin/1.html",
        "không phải",
        "https://[",
    ],
)
def test_an_address_that_says_nothing_is_not_guessed(address: str) -> None:
    try:
        found = guesses(address)
    except ValueError:
        found = []
    assert [one for one in found if one.sure] == []


WIKI = (
    '<meta name="generator" content="MediaWiki 1.43.0">'
    '<link rel="EditURI" href="//trang.example/w/api.php?action=rsd">'
)
PAGES: list[tuple[str, str, dict[str, str], str, str]] = [
    ("wordpress", '<link rel="https://api.w.org/" href="https://trang.example/wp-json/">', {}, A, f"{A}wp-json/"),
    ("wordpress", "<p>x</p>", {"link": f'<{A}?rest_route=/>; rel="https://api.w.org/"'}, A, f"{A}?rest_route=/"),
    ("discourse", '<meta name="generator" content="Discourse 3.4.0 - https://github.com/discourse">', {}, A, A),
    ("discourse", "<p>x</p>", {"x-discourse-route": "list/latest"}, A, A),
    ("discourse", "<p>x</p>", {"x-discourse-route": "users/show"}, f"{A}u/chi_na/summary", f"{A}u/chi_na"),
    ("discourse", "<p>x</p>", {"x-discourse-route": "list/tag"}, f"{A}tag/viec", f"{A}tag/viec"),
    ("discourse", "<p>x</p>", {"x-discourse-route": "list/x"}, f"{A}hot", A),
    ("nodebb", "<p>x</p>", {"x-powered-by": "NodeBB"}, f"{A}category/2/viec-lam", f"{A}category/2/viec-lam"),
    ("nodebb", '{"relative_path":"","upload_url":"/assets","cache-buster":"v=1"}', {}, f"{A}api/config", A),
    ("mastodon", '<div id="mastodon"></div>', {}, f"{A}@bay_xe", f"{A}@bay_xe"),
    ("mastodon", "<p>x</p>", {"server": "Mastodon"}, A, A),
    ("flarum", '<div id="flarum-loading" style="display: none">', {}, f"{A}d/5-tin/3", f"{A}d/5"),
    ("flarum", '<noscript id="flarum-content"></noscript>', {}, f"{A}t/viec-lam", f"{A}t/viec-lam"),
    ("flarum", '{"data":{"type":"forums","id":"1","attributes":{}}}', {}, f"{A}api", A),
    ("nodebb", "<p>x</p>", {"x-powered-by": "NodeBB"}, f"{A}user/chi-an/topics", f"{A}user/chi-an"),
    ("nodebb", "<p>x</p>", {"x-powered-by": "NodeBB"}, f"{A}tags/viec", f"{A}tags/viec"),
    ("mediawiki", WIKI, {}, f"{A}wiki/Trang", f"{A}w/api.php"),
    ("sitemap", "<urlset><url><loc>https://trang.example/</loc></url></urlset>", {}, f"{A}map.xml", f"{A}map.xml"),
    ("rss", '<link rel="alternate" type="application/rss+xml" href="/feed/">', {}, A, f"{A}feed/"),
    ("rss", '<?xml version="1.0"?><rss version="2.0"><channel/></rss>', {}, f"{A}feed/", f"{A}feed/"),
    ("rss", '<feed xmlns="http://www.w3.org/2005/Atom"/>', {}, f"{A}atom", f"{A}atom"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "headers", "address", "kept"), PAGES)
def test_a_page_that_names_its_program(
    kind: str, content: str, headers: dict[str, Any], address: str, kept: str
) -> None:
    answer = page(content, address, **{name.replace("-", "_"): v for name, v in headers.items()})
    found = KINDS[kind].recognise(address, answer)
    assert found is not None
    assert (found.kind, found.sure, found.address) == (kind, True, kept)
    assert [one.kind for one in guesses(address, answer) if one.sure] == [kind]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f"{A}wiki/Thảo luận:Hà Nội", f"{A}wiki/Thảo%20luận:Hà%20Nội"),
        (f" {A}tags/việc làm?q=a b ", f"{A}tags/việc%20làm?q=a%20b"),
    ],
)
def test_spaces_in_the_path_of_a_typed_address_are_understood(typed: str, kept: str) -> None:
    assert read_address(typed) == kept


@pytest.mark.parametrize(
    "typed", ["chào bạn", "https://trang .example/", "https://a b/", "x y://z"]
)
def test_what_is_no_address_stays_none(typed: str) -> None:
    with pytest.raises(FieldError):
        read_address(typed)


def test_an_ordinary_page_is_nothing_for_sure() -> None:
    answer = page(
        "<html><head><meta name='viewport' content='x'></head><body><p>Chào</p></body></html>"
    )
    assert [one for one in guesses(A, answer) if one.sure] == []


def test_entries_that_a_preset_knows_are_a_hint_for_a_person() -> None:
    assert KINDS["html_list"].recognise(A, page("<p>x</p>")) is None
    wordpress = next(one for one in PRESETS if one.name == "wordpress")
    item = str(wordpress.values["list_item"]).split(",")[0].strip()
    tag, _, name = item.partition(".")
    link = '<h2 class="entry-title"><a href="/1">x</a></h2>'
    entry = f'<{tag or "div"} class="{name.replace(".", " ")}">{link}</{tag or "div"}>'
    found = KINDS["html_list"].recognise(A, page(entry * 3))
    assert found is not None
    assert not found.sure
    assert found.options["preset"] == "wordpress"


@pytest.mark.parametrize(
    ("content", "preset"),
    [
        ('<a class="forumtitle" href="./viewforum.php?f=2">Việc làm</a>', "phpbb"),
        ('<div class="card post"><p class="post-content">a</p></div>', "machina"),
        ('<ul class="posts-list"><li class="post" itemscope><p class="post-body">a</p></li></ul>', "misago"),
    ],
)  # fmt: skip
def test_a_front_page_and_a_thread_of_a_forum_are_recognised_too(content: str, preset: str) -> None:
    found = KINDS["html_list"].recognise(A, page(content))
    assert found is not None
    assert (found.options, found.platform, found.sure) == ({"preset": preset}, "forum", False)


def test_a_preset_says_where_its_posts_are_published() -> None:
    form = KINDS["html_list"].form
    assert {form.platform({"preset": one.name}) for one in PRESETS if one.name != "wordpress"} == {
        "forum"
    }
    assert (form.platform({"preset": "wordpress"}), form.platform({})) == ("website", "")


@pytest.mark.parametrize(
    ("shown", "address", "kept", "options"),
    [
        ("users/4", A, f"{A}wp-json/wp/v2/posts?author=4", {}),
        ("categories/7", A, f"{A}wp-json/wp/v2/posts?categories=7", {}),
        ("posts/57", A, f"{A}wp-json/wp/v2/posts?include=57", {}),
        ("pages/2", A, f"{A}wp-json/", {}),
        ("", f"{A}?s=vi%E1%BB%87c+nh%E1%BA%B9", f"{A}wp-json/", {"search": "việc nhẹ"}),
    ],
)
def test_a_part_of_a_wordpress_site_is_what_is_read(
    shown: str, address: str, kept: str, options: dict[str, str]
) -> None:
    link = '<link rel="alternate" type="application/json" href="{}wp-json/wp/v2/{}">'.format
    head = f'<link rel="https://api.w.org/" href="{A}wp-json/">{link(A, shown) if shown else ""}'
    found = KINDS["wordpress"].recognise(address, page(head, address))
    assert found is not None
    assert (found.address, found.options) == (kept, options)
    plan = SourcePlan(1, kept, Platform.WEBSITE, {"comments": True})
    first, *comments = KINDS["wordpress"].start(plan)
    assert ("include=57" in first.url) is (shown == "posts/57")
    assert [("post=57" in one.url) for one in comments] == (
        [] if "=" in kept and shown != "posts/57" else [shown == "posts/57"]
    )


WIKI_PAGE = (
    '<meta name="generator" content="MediaWiki 1.39.17"><script>RLCONF={"wgNamespaceNumber":%d,'
    '"wgPageName":"%s","wgIsMainPage":%s}</script>'
)


@pytest.mark.parametrize(
    ("namespace", "name", "main", "options"),
    [
        (1, "Th\u1ea3o_lu\u1eadn:H\u00e0_N\u1ed9i", "false", {"read": "page", "title": "Thảo luận:Hà Nội"}),
        (0, "Hà_Nội", "false", {"read": "page", "title": "Hà Nội"}),
        (0, "Trang_Chính", "true", {"read": "changes"}),
        (-1, "Đặc_biệt:Thay_đổi_gần_đây", "false", {"read": "changes"}),
    ],
)  # fmt: skip
def test_a_page_of_a_wiki_is_read_by_its_history_and_the_main_page_by_all_changes(
    namespace: int, name: str, main: str, options: dict[str, str]
) -> None:
    found = KINDS["mediawiki"].recognise(A, page(WIKI_PAGE % (namespace, name, main)))
    assert found is not None
    assert found.options == options


def test_no_saved_page_of_one_kind_is_taken_for_another_for_sure() -> None:
    for kind, case in cases():
        given = expected(kind, case)["given"]
        if given.get("status", 200) != 200:
            continue
        answer = page_of(given, *body(kind, case))
        sure = {one.kind for one in guesses(given["url"], answer) if one.sure}
        assert sure <= {kind, case.partition("_")[0]}, (
            kind,
            case,
        )  # flarum_list: its HTML names it


def test_a_list_remembers_only_what_it_has_read_to_the_end() -> None:
    def step(state: dict[str, Any], marks: list[int], n: int, following: str = "x") -> Any:
        plan = SourcePlan(1, A, Platform.WEBSITE, {}, state)
        meta = {"chain": "list", "n": n}
        answer = Page(Fetch(A, "list", meta=meta), A, 200, {}, b"", FETCHED)
        return onward(plan, answer, "k", marks, following, limit=3)

    assert step({}, [9, 8], 1).follow
    assert step({}, [9, 8], 1).at_end == {}
    assert step({}, [9, 8], 1, "").at_end == {"k": 9}
    assert step({"k": 9}, [9, 8], 1) == step({"k": 9}, [9, 8], 1, "")
    assert (step({}, [9, 8], 3).goes_on, step({}, [9, 8], 3).at_end) == (3, {"k": 9})
    assert (step({"k": 5}, [9, 8], 3).goes_on, step({"k": 5}, [9, 8], 3).at_end) == (3, {})
    assert step({"k": 9}, [], 1).at_end == {}
