"""The page of one post, of a contact, and the captured pictures out of our own store."""

from datetime import timedelta

import pytest

from casework.triage.jobs import take_matches
from foundation import outbox
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search import watch
from search.models import PostRow, PostVersion, WorkState
from search.post import Availability
from search.store import TRIAGE_CONSUMER
from tests.support.desk import Desk, open_desk

PIXEL = b"\x89PNG\r\n\x1a\n made up, never decoded here"


@pytest.fixture
def desk(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Desk:
    return open_desk(settings, sqlite_database, clock)


def observe(desk: Desk, post: PostRow, digest: str = "") -> None:
    """What a crawler saw at the post's address; with a screenshot when a digest is given."""
    files = (watch.CaptureFile("screenshot", digest, "image/png", len(PIXEL)),) if digest else ()
    capture = watch.CaptureFiles(
        post.url,
        post.url,
        200,
        "2026-11-23T02:00:00+00:00",
        "2026-11-23T02:00:05+00:00",
        "t",
        files,
    )
    with desk.wiring.database.writing() as session:
        watch.observe(
            session,
            post.url,
            Availability.LOGIN_WALL,
            at=desk.wiring.clock.now(),
            post_id=post.id,
            capture=capture if digest else None,
            detail="đòi đăng nhập <b>",
        )


def test_it_shows_what_the_post_said_before_and_what_was_seen_since(desk: Desk) -> None:
    post = desk.posts("bản bây giờ")
    with desk.wiring.database.writing() as session:
        session.add(
            PostVersion(
                post_id=post.id,
                text="bản trước khi sửa",
                content_key="a" * 64,
                seen_until=desk.wiring.clock.now(),
            )
        )
    observe(desk, post)
    page = desk.client().get(f"/posts/{post.id}").text
    assert "bản bây giờ" in page
    assert "bản trước khi sửa" in page
    assert "login wall: nothing was seen" in page
    assert "đòi đăng nhập &lt;b&gt;" in page


def test_its_history_tells_who_decided_what_and_why(desk: Desk) -> None:
    post = desk.posts()
    with desk.wiring.database.writing() as session:
        outbox.put(session, TRIAGE_CONSUMER, [post.id], at=desk.wiring.clock.now())
    take_matches(desk.wiring.database, desk.wiring.clock, timedelta(days=9))
    person = desk.people(Role.INSPECTOR, language="en")
    client = desk.client(person)
    client.post(f"/queue/{post.id}/dismiss", data={"reason": "honest_recruiter", "note": "quen"})
    page = client.get(f"/posts/{post.id}").text
    assert "Found by the rules" in page
    assert "Dismissed: Honest recruiter" in page
    assert person.name in page
    assert "quen" in page


def test_decisions_made_here_come_back_here(desk: Desk) -> None:
    post, _other = desk.posts(score=10), desk.posts(score=90)
    client = desk.client()
    page = client.get(f"/posts/{post.id}").text
    assert f'action="/queue/{post.id}/keep?back=post"' in page
    answer = client.post(f"/queue/{post.id}/keep?back=post")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/posts/{post.id}")
    assert desk.posts.load(post.id).state == WorkState.KEPT


def test_an_approver_can_take_an_old_decision_back_from_here(
    desk: Desk, clock: MovableClock
) -> None:
    post = desk.posts()
    inspector = desk.client()
    inspector.post(f"/queue/{post.id}/keep")
    inspector.get(f"/posts/{post.id}")  # the toast is shown once
    clock.move(timedelta(hours=2))
    assert "/undo" not in inspector.get(f"/posts/{post.id}").text
    approver = desk.client(Role.APPROVER)
    assert "/undo?back=post" in approver.get(f"/posts/{post.id}").text
    assert inspector.post("/queue/decisions/1/undo?back=post").status_code == 403
    answer = approver.post("/queue/decisions/1/undo?back=post")
    assert answer.headers["Location"] == f"/posts/{post.id}"
    assert desk.posts.load(post.id).state == WorkState.NEW


def test_a_screenshot_is_served_only_for_its_own_post_and_can_run_nothing(desk: Desk) -> None:
    digest = desk.wiring.files.put(PIXEL)
    stray = desk.wiring.files.put(b"another file of the office")
    post, other = desk.posts(), desk.posts()
    observe(desk, post, digest)
    client = desk.client()
    page = client.get(f"/posts/{post.id}").text
    assert f"/posts/{post.id}/screenshots/{digest}" in page
    assert post.url not in page.split("<img", 1)[1].split(">", 1)[0]
    answer = client.get(f"/posts/{post.id}/screenshots/{digest}")
    assert answer.data == PIXEL
    assert answer.mimetype == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/posts/{other.id}/screenshots/{digest}").status_code == 404
    assert client.get(f"/posts/{post.id}/screenshots/{stray}").status_code == 404


def test_a_contact_lists_the_posts_that_share_it(desk: Desk) -> None:
    contact = ("link", "https://lua.example/a?b=c/d")
    first, second = (
        desk.posts("bài một", contacts=[contact]),
        desk.posts("bài hai", contacts=[contact]),
    )
    desk.posts("bài ba")
    client = desk.client()
    link = client.get(f"/posts/{first.id}").text
    address = "/posts/contacts/link/https://lua.example/a%3Fb=c/d"
    assert address in link
    page = client.get(address).text
    assert "Seen in 2 posts, 0 cases" in page
    assert f"/posts/{second.id}" in page
    assert "bài ba" not in page


def test_an_unknown_contact_says_why_nothing_is_there(desk: Desk) -> None:
    answer = desk.client().get("/posts/contacts/phone/0900000999")
    assert answer.status_code == 200
    assert "No post holds this contact." in answer.text


def test_a_post_that_a_person_entered_says_so(desk: Desk) -> None:
    post = desk.posts(origin="manual", created_by_id=None)
    with desk.wiring.database.reading() as session:
        assert session.get_one(PostRow, post.id).judgement["reasons"] == []
    assert "No rule flagged it" in desk.client().get(f"/posts/{post.id}").text
