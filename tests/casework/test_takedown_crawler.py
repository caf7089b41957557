"""A takedown followed by the real crawler with a real browser, against a site that really removes a page."""

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest

import webui.models  # noqa: F401 - the tables of every room
from casework.evidence import custody
from casework.evidence.service import items_for, take_captures
from casework.takedowns import duties
from casework.takedowns.captures import capture_of
from casework.takedowns.models import TakedownItem
from crawler.browser import REMEDY, find_browser
from crawler.wishes import serve_wishes
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.files import FolderStore
from foundation.settings import Settings
from tests.casework.takedown_office import Desk
from tests.crawler.sites import page, serving
from tests.support.people import People
from tests.support.posts import LURE, Posts

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(
    sqlite_database: Database, clock: MovableClock, files: FolderStore, settings: Settings
) -> Desk:
    own = replace(
        settings, contact="office@office.example", private_networks=(ip_network("127.0.0.0/8"),)
    )
    if find_browser(own) is None:
        pytest.skip(REMEDY)
    return Desk.open(sqlite_database, clock, People(sqlite_database, clock), files, own)


def crawl(desk: Desk) -> None:
    """What the processes do between two moments: wish, look, judge, keep evidence."""
    desk.watch()
    while serve_wishes(desk.database, desk.files, desk.clock, desk.settings):
        duties.take_looks(desk.database, desk.clock, desk.settings)
    take_captures(desk.database, desk.clock)


def test_a_removal_is_proven_by_the_crawler_and_a_return_is_told(desk: Desk) -> None:
    posts = Posts(desk.database, desk.clock)
    with serving({"/bai/1": page(f"<h1>Việc làm</h1><p>{LURE}</p>")}) as site:
        post = posts(url=f"{site.address}/bai/1")
        request_id = desk.draft(desk.case(post), desk.data(post))
        crawl(desk)
        assert desk.item(request_id).state == "online"
        assert desk.item(request_id).before_observation_id is not None
        desk.act(request_id, "submit", desk.inspector)
        desk.act(request_id, "approve", desk.approver, desk.catalogue)
        desk.clock.move(timedelta(minutes=10))
        desk.send(request_id, desk.call())
        crawl(desk)
        assert desk.item(request_id).state == "online"

        there = site.pages.pop("/bai/1")
        desk.clock.move(desk.distance)
        crawl(desk)
        assert desk.item(request_id).state == "gone_once"
        desk.clock.move(desk.distance)
        crawl(desk)
        assert (desk.item(request_id).state, desk.load(request_id).state) == ("removed", "done")
        with desk.database.reading() as session:
            item = session.get_one(TakedownItem, desk.item(request_id).id)
            found = capture_of(session, item)
            gone, there_before = items_for(session, post_id=post.id)
            for kept in (gone, there_before):
                acts = [row.act for row in custody.chain(session, kept)]
                assert acts == ["captured", "seen_unchanged"], "the same page is not kept twice"
        for side in (found.before, found.after):
            assert side is not None
            assert desk.files.get(side.screenshot).startswith(b"\x89PNG")
            assert side.evidence_id is not None

        site.pages["/bai/1"] = there
        desk.clock.move(desk.distance * 24)
        crawl(desk)
        assert (desk.item(request_id).state, desk.load(request_id).state) == ("online", "sent")
        assert desk.item(request_id).reappeared_at == desk.clock.now()


def test_a_login_wall_is_followed_but_never_taken_for_a_removal(desk: Desk) -> None:
    posts = Posts(desk.database, desk.clock)
    wall = "<p>Đăng nhập để xem</p><form><input type=password></form>"
    with serving({"/bai/1": page(f"<p>{LURE}</p>")}) as site:
        request_id = desk.sent(posts(url=f"{site.address}/bai/1"))
        crawl(desk)
        site.pages["/bai/1"] = page(wall)
        for _ in range(3):
            desk.clock.move(desk.distance)
            crawl(desk)
    assert (desk.item(request_id).state, desk.load(request_id).state) == ("unclear", "sent")
    assert desk.item(request_id).last_availability == "login_wall"
