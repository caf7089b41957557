"""`rasoat sources try` for every kind: posts as JSON, what went wrong in words, and what the exit code says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.crawler.sites import Answer, Asked, Handler, Site, page, serving
from tests.crawler.sources import golden
from tests.crawler.sources.platforms import KEY, TOKEN, Platforms
from webui.commands.sources import CRAWLED, sources_command

pytestmark = pytest.mark.net

FEED = (
    '<rss version="2.0"><channel><item><title>Tuyển người</title><link>{0}/bai/1</link>'
    "<description>Việc nhẹ</description></item></channel></rss>"
)
ARTICLE = "<title>Tin</title><article><h1>Tuyển người</h1><p>{}</p></article>".format(
    "Việc nhẹ lương cao. " * 20
)
THREADS = (
    '<ul class="topiclist topics">'
    + '<li class="row"><a class="topictitle" href="/php/t1">Tin</a></li>' * 2
    + "</ul>"
)
THREAD = (
    '<h2 class="topic-title">Tin</h2><div class="post" id="p1"><div class="postbody"><p class="author">'
    '<a href="/php/t1#p1">x</a><strong><a href="/php/u1">Chị Ấn</a></strong> '
    '<time datetime="2026-11-20T01:00:00+07:00"></time></p>'
    '<div class="content">Việc nhẹ, Zalo 0900 000 123</div></div></div>'
)
WHAT: dict[str, tuple[str, dict[str, str]]] = {
    "rss": ("/rss", {}),
    "html_list": ("/php/", {"preset": "phpbb"}),
    "wordpress": ("/wp/", {}),
    "discourse": ("/dis/", {}),
    "nodebb": ("/bb/", {}),
    "flarum": ("/fla/", {}),
    "telegram": ("/viecxa000", {}),
    "bluesky": ("/", {"read": "author", "of": "chi-na.example"}),
    "mastodon": ("/tags/vieclam", {}),
    "youtube": ("/youtube/v3/", {"read": "search", "of": "việc"}),
    "facebook": ("/v21.0/viecxa000", {}),
    "mediawiki": ("/w/api.php", {}),
    "sitemap": ("/map/sitemap.xml", {}),
    "page": ("/bai", {}),
}
PLATFORMS = {
    **dict.fromkeys(["rss", "wordpress", "sitemap", "page"], "website"),
    **dict.fromkeys(["html_list", "discourse", "nodebb", "flarum"], "forum"),
    "mediawiki": "wiki",
}

KEYS = [("youtube", "RASOAT_YOUTUBE_KEY"), ("facebook", "RASOAT_FACEBOOK_TOKEN")]


def flarum(asked: Asked) -> Answer:
    """The list of discussions, or the posts of one, as they were saved."""
    case = "topic" if asked.path.endswith("/posts") else "list"
    return Answer(golden.body("flarum", case)[0], content_type="application/vnd.api+json")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    platforms = Platforms(7)
    own: dict[str, Handler] = {
        "/rss": lambda _: Answer(FEED.format(served.address), content_type="application/rss+xml"),
        "/php/": page(THREADS), "/php/t1": page(THREAD), "/bai": page(ARTICLE),
        "/fla/api/discussions": flarum, "/fla/api/posts": flarum,
        "/kin": lambda _: Answer("<form>Vui lòng đăng nhập để xem <input type=password></form>"),
        "/rong": page('<rss version="2.0"><channel></channel></rss>', content_type="text/xml"),
        "/gian/api/recent": lambda _: Answer('{"status": "slow"}', 429, {"Retry-After": "60"}, "application/json"),
    }  # fmt: skip
    with serving({**platforms.pages(), **own}) as served:
        platforms.address = served.address
        yield served


@pytest.fixture
def try_(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Site) -> Any:
    monkeypatch.setenv("RASOAT_PRIVATE_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("RASOAT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("RASOAT_YOUTUBE_KEY", KEY)
    monkeypatch.setenv("RASOAT_FACEBOOK_TOKEN", TOKEN)
    monkeypatch.setattr("crawler.trial.PAUSE_SECONDS", 0)
    monkeypatch.setattr("crawler.discovery.sleep", lambda _seconds: None)

    def run(kind: str, path: str = "", **options: str) -> Result:
        address, usual = WHAT[kind]
        pairs = [f"--set={name}={value}" for name, value in {**usual, **options}.items()]
        place = site.address + (path or address)
        return CliRunner().invoke(sources_command, ["try", place, "--kind", kind, *pairs])

    return run


def test_every_kind_that_is_crawled_is_tried_here() -> None:
    assert set(WHAT) == set(CRAWLED)


@pytest.mark.parametrize("kind", sorted(WHAT))
def test_the_first_posts_are_printed_as_they_would_be_stored(kind: str, try_: Any) -> None:
    done = try_(kind)
    assert done.exit_code == 0, done.stderr
    posts = json.loads(done.stdout)
    assert 1 <= len(posts) <= 5
    assert {post["platform"] for post in posts} == {PLATFORMS.get(kind, kind)}
    assert all(post["address"].startswith("http") for post in posts)
    assert all(post["text"] or post["title"] for post in posts)
    assert done.stderr.startswith(f"{kind} http")


@pytest.mark.parametrize(("kind", "setting"), KEYS)
def test_without_a_key_the_setting_is_named(
    kind: str, setting: str, try_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(setting)
    done = try_(kind)
    assert (done.exit_code, json.loads(done.stdout)) == (1, [])
    assert f"{setting} is not set" in done.stderr


@pytest.mark.parametrize(("kind", "setting"), KEYS)
def test_a_key_that_is_not_taken_is_told_and_never_shown(
    kind: str, setting: str, try_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting, "EAAB-sai-khoa-123")
    wrong = try_(kind)
    assert (wrong.exit_code, "does not accept the key or token" in wrong.stderr) == (1, True)
    assert "EAAB-sai" not in wrong.output


@pytest.mark.parametrize(
    ("kind", "path", "code", "words"),
    [
        ("page", "/kin", 1, "behind a login"),
        ("html_list", "/kin", 1, "behind a login"),
        ("rss", "/rong", 3, ""),
        ("rss", "/bai", 1, "does not answer with an RSS or Atom feed"),
        ("nodebb", "/gian/", 1, "asks us to slow down"),
        ("discourse", "/khong-co/", 1, "no longer exists (404)"),
        ("flarum", "/khong-co/", 1, "no longer exists (404)"),
        ("mediawiki", "/bai", 1, "no longer exists (404)"),
        ("html_list", "/bai", 1, "matches nothing on this page"),
        ("sitemap", "/bai", 1, "does not answer with a sitemap"),
    ],
)
def test_what_went_wrong_is_told_in_words_and_by_the_exit_code(
    kind: str, path: str, code: int, words: str, try_: Any
) -> None:
    done = try_(kind, path)
    assert (done.exit_code, json.loads(done.stdout)) == (code, [])
    assert words in done.stderr
