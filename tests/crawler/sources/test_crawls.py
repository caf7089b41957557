"""Whole crawls of ten platforms, by the real crawler: paging, replies, a second run that asks for what is new."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from crawler.models import Run, RunState
from crawler.quota import used
from search.models import PostRow
from tests.crawler.office import ROOT, Office
from tests.crawler.sites import Answer, Asked, Site, serving
from tests.crawler.sources.platforms import KEY, TOKEN, Platforms

pytestmark = [pytest.mark.net, pytest.mark.slow]

FIRST, SECOND = 7, 8
WHAT: dict[str, tuple[str, dict[str, Any]]] = {
    "wordpress": ("/wp/", {}),
    "discourse": ("/dis/", {}),
    "nodebb": ("/bb/", {}),
    "telegram": ("/viecxa000", {}),
    "bluesky": ("/", {"read": "author", "of": "chi-na.example"}),
    "mastodon": ("/tags/vieclam", {}),
    "youtube": ("/youtube/v3/", {"read": "search", "of": "việc", "again_days": "0"}),
    "facebook": ("/v21.0/viecxa000", {"again_days": "0"}),
    "mediawiki": ("/w/api.php", {}),
    "sitemap": ("/map/sitemap.xml", {}),
}
ALL = {
    "wordpress": 8, "discourse": 27, "nodebb": 14, "telegram": 7, "bluesky": 8, "mastodon": 8, "youtube": 19,
    "facebook": 8, "mediawiki": 7, "sitemap": 7,
}  # fmt: skip
"""Posts that a first run stores: seven of each, and what answers them."""
NEW = {
    "wordpress": 1, "discourse": 1, "nodebb": 2, "telegram": 1, "bluesky": 1, "mastodon": 1, "youtube": 3,
    "facebook": 1, "mediawiki": 1, "sitemap": 1,
}  # fmt: skip
MOST_REQUESTS = {
    "wordpress": 2, "discourse": 3, "nodebb": 3, "telegram": 2, "bluesky": 3, "mastodon": 2, "youtube": 4,
    "facebook": 1, "mediawiki": 2, "sitemap": 4,
}  # fmt: skip
"""Pages that a second run may read when one post is new."""


@dataclass
class Crawled:
    """What two runs of every platform left behind."""

    office: Office
    site: Site
    server: Platforms
    first: dict[str, Run]
    second: dict[str, Run]
    posts: dict[str, list[PostRow]]
    printed: str


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    office, server = Office(tmp_path_factory.mktemp("platforms")), Platforms(FIRST)
    with pytest.MonkeyPatch.context() as patch, serving(server.pages()) as site:
        patch.setenv("RASOAT_YOUTUBE_KEY", KEY)
        patch.setenv("RASOAT_FACEBOOK_TOKEN", TOKEN)
        server.address = site.address
        sources = {
            kind: office.source(kind, site.address + path, options, platform="other")
            for kind, (path, options) in WHAT.items()
        }
        first, printed = _crawl(office, sources)
        server.count = SECOND
        second, more = _crawl(office, sources)
        posts: dict[str, list[PostRow]] = {kind: [] for kind in WHAT}
        names = {source.id: kind for kind, source in sources.items()}
        for post in office.posts():
            posts[names[post.source_id]].append(post)
        yield Crawled(office, site, server, first, second, posts, printed + more)
    office.close()


def _crawl(office: Office, sources: dict[str, Any]) -> tuple[dict[str, Run], str]:
    """A run of each source, all at once; what they printed."""
    numbers = {kind: office.run(source) for kind, source in sources.items()}
    command = [sys.executable, "-m", "tests.crawler.sources.children", str(office.folder)]
    done = subprocess.run(
        [*command, *map(str, numbers.values())],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, printed[-3000:]
    return {kind: office.load(number) for kind, number in numbers.items()}, printed


@pytest.mark.parametrize("kind", sorted(WHAT))
def test_a_first_run_reads_every_page_and_what_answers_its_posts(
    kind: str, crawled: Crawled
) -> None:
    run = crawled.first[kind]
    wrong = Counter(crawled.office.reasons(run.id))
    assert wrong == ({"comments_off": 1} if kind == "youtube" else {})
    assert (run.state, run.reason, run.kept) == (RunState.DONE, "", ALL[kind])


@pytest.mark.parametrize("kind", sorted(WHAT))
def test_a_second_run_asks_only_for_what_is_new(kind: str, crawled: Crawled) -> None:
    run = crawled.second[kind]
    assert (run.state, run.reason, run.kept) == (RunState.DONE, "", NEW[kind])
    assert run.pages <= MOST_REQUESTS[kind]
    assert run.updated == 0


@pytest.mark.parametrize("kind", sorted(WHAT))
def test_every_post_has_its_address_and_every_reply_what_it_answers(
    kind: str, crawled: Crawled
) -> None:
    posts = crawled.posts[kind]
    assert len({post.url for post in posts}) == len(posts) == ALL[kind] + NEW[kind]
    here = {post.url for post in posts}
    replies = [post for post in posts if post.reply_to]
    if kind not in {"telegram", "sitemap", "mediawiki"}:
        assert replies
        assert {post.reply_to for post in replies} <= here
    assert all(post.posted_at for post in posts if kind != "sitemap")
    assert all(post.zone for post in posts if kind != "sitemap")


def test_no_row_log_or_file_holds_a_key(crawled: Crawled) -> None:
    asked = set(crawled.server.keys)
    assert asked == {KEY, TOKEN}
    crawled.office.database.dispose()
    folder = crawled.office.folder
    kept = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    whole = b"".join(kept) + crawled.printed.encode()
    assert len(whole) > 100_000
    for secret in (
        KEY,
        TOKEN,
        KEY.replace("/", "\\/"),
        KEY.replace("/", "%2F").replace("+", "%2B"),
    ):
        assert secret.encode() not in whole


def test_the_quota_counts_every_request_that_was_sent(crawled: Crawled) -> None:
    sent = Counter(path for path in crawled.site.paths() if path.startswith("/youtube/"))
    units = sum(count * (100 if path.endswith("/search") else 1) for path, count in sent.items())
    with crawled.office.database.reading() as session:
        assert used(session, "youtube", crawled.office.clock.now()) == units > 200


@pytest.fixture
def server(office: Office) -> Iterator[tuple[Platforms, Site]]:
    made = Platforms(FIRST)
    with serving(made.pages()) as site:
        made.address = site.address
        yield made, site


def test_a_run_ends_before_the_quota_is_passed(
    office: Office, server: tuple[Platforms, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASOAT_YOUTUBE_KEY", KEY)
    monkeypatch.setenv("RASOAT_YOUTUBE_QUOTA", "103")
    path, options = WHAT["youtube"]
    source = office.source("youtube", server[1].address + path, options)
    run = office.crawl(source)
    assert (run.state, run.reason) == (RunState.DONE, "quota")
    assert run.reason_detail == {"used": 103, "limit": 103}
    assert office.reasons(run.id).count("quota") == 1
    assert run.kept >= FIRST
    again = office.crawl(source)
    assert (again.reason, again.pages) == ("quota", 1)
    sent = [path for path in server[1].paths() if path.startswith("/youtube/")]
    assert len(sent) == 4


def test_without_a_key_a_run_says_which_setting_is_missing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RASOAT_YOUTUBE_KEY", raising=False)
    path, options = WHAT["youtube"]
    run = office.crawl(office.source("youtube", f"http://127.0.0.1:9{path}", options))
    assert (run.state, run.reason) == (RunState.FAILED, "api_key_missing")
    assert run.reason_detail == {"setting": "RASOAT_YOUTUBE_KEY"}


def test_a_key_that_the_platform_refuses_is_told_without_naming_it(
    office: Office, server: tuple[Platforms, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "AIzaSy-sai-khoa-123456"
    monkeypatch.setenv("RASOAT_YOUTUBE_KEY", wrong)
    path, options = WHAT["youtube"]
    run = office.crawl(office.source("youtube", server[1].address + path, options))
    errors = office.errors(run.id)
    assert [error.reason for error in errors] == ["api_key"]
    assert "not valid: ***" in errors[0].message
    assert wrong not in str(vars(errors[0]))
    assert server[0].keys == [wrong]


def test_a_list_without_an_end_is_left_and_what_was_good_is_kept(office: Office) -> None:
    platforms = Platforms(2)

    def endless(asked: Asked) -> Answer:
        first = json.loads(
            str(platforms.bluesky(Asked(asked.path, {"actor": "chi-na.example"}, {})).body)
        )
        return Answer(
            json.dumps({**first, "cursor": asked.query.get("cursor", "") + "a"}),
            content_type="application/json",
        )

    with serving({"/xrpc/app.bsky.feed.getAuthorFeed": endless}) as site:
        options = {"read": "author", "of": "chi-na.example", "replies": "off", "pages": "1000"}
        run = office.crawl(office.source("bluesky", site.address, options))
        assert office.reasons(run.id) == ["endless"]
        assert (run.kept, run.pages) == (2, 4)
