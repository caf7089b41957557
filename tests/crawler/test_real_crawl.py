"""The practice site, crawled for real by the preset the demo uses, with the rules that are shipped."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.guard import AddressGuard
from crawler.models import RunState
from crawler.practice.server import running
from crawler.recheck import Expected, look
from search.post import Availability
from search.rules.matcher import Matcher
from search.rules.pack import shipped_packs
from tests.crawler.office import Office
from tests.crawler.test_guard import LOOPBACK

pytestmark = [pytest.mark.net, pytest.mark.slow]
TRAP = "BẪY-ROBOTS"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("practice") / "state.sqlite3") as address:
        yield address


def operate(site: str, path: str, **act: str) -> Any:
    """What the site's operator does, or sees when nothing is done."""
    body = json.dumps(act).encode() if act else None
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{site}/quan-tri/api/{path}", body, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return json.load(answer)


def test_the_whole_site_is_read_and_no_lure_of_its_lists_is_missed(
    office: Office, site: str
) -> None:
    operate(site, "visits/forget", now="yes")
    run = office.crawl(
        office.source("html_list", f"{site}/", {"preset": "lang_pho"}), "--real-rules", "--hurried"
    )
    assert (run.state, run.errors, run.reason) == (RunState.DONE, 0, "")
    assert run.posts == run.kept + run.not_kept > 150
    posts = office.posts()
    assert len(posts) == run.kept > 20
    assert all(post.author_name and post.posted_at and post.judgement for post in posts)
    assert not [post for post in posts if TRAP in post.text]
    assert not [path for path in operate(site, "visits")["paths"] if "/rieng-tu" in path]
    matcher = Matcher(shipped_packs())
    assert all(matcher.match(post.body) is not None for post in posts)


def test_the_pages_that_go_wrong_on_purpose_end_well(office: Office, site: str) -> None:
    options = {"preset": "lang_pho", "mode": "list", "pages": "5"}
    told = {}
    for path in ("/hong/", "/hong/lon?mb=20", "/hong/chan", "/hong/loi", "/nhom/kin", "/vo-han/"):
        run = office.crawl(office.source("html_list", site + path, options), "--hurried")
        told[path] = (run.posts, sorted(set(office.reasons(run.id))), run.reason)
    assert told == {
        "/hong/": (3, ["alert_format", "bad_time", "item_without_text"], ""),
        "/hong/lon?mb=20": (1, ["too_large"], ""),
        "/hong/chan": (0, ["blocked"], "nothing_read"),
        "/hong/loi": (0, ["http_status"], "nothing_read"),
        "/nhom/kin": (0, ["login_wall"], "nothing_read"),
        "/vo-han/": (15, [], "list_limit"),
    }


def test_what_the_operator_does_is_seen_by_looking_again(site: str) -> None:
    post = operate(
        site, "posts", author="ba-tam", group="viec-lam", title="", text="Rau sạch đây bà con"
    )
    address, guard = f"{site}/bai/{post['id']}", AddressGuard([LOOPBACK])
    expected = Expected("", "Rau sạch đây bà con")

    def after(**act: str) -> Availability:
        if act:
            operate(site, f"posts/{post['id']}", **act)
        return look(address, expected, guard, "RaSoat/test").availability

    assert after() == Availability.ONLINE
    assert after(action="edit", text="Hết rau rồi, mai quay lại nhé") == Availability.EDITED
    assert after(action="revert") == Availability.ONLINE
    assert after(action="hide") == Availability.RESTRICTED
    assert after(action="unhide") == Availability.ONLINE
    assert after(action="members") == Availability.LOGIN_WALL
    assert after(action="delete") == Availability.REMOVED
