"""The page of one post, of a contact, and the captured pictures out of our own store."""

from datetime import datetime, timedelta

import pytest

from casework.evidence import service
from casework.evidence.models import EvidenceItem
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


def brought(desk: Desk, post: PostRow, text: str, at: datetime) -> int:
    """Evidence of the post with that text in it, or with a picture alone where there is none."""
    kept = desk.wiring.files.put(text.encode() or PIXEL)
    role, kind = ("text", "text/plain") if text else ("screenshot", "image/png")
    with desk.wiring.database.writing() as session:
        files = [{"role": role, "digest": kept, "media_type": kind, "size": len(text)}]
        item = EvidenceItem(
            post_id=post.id, url=post.url, captured_at=at, created_at=at, origin="crawler", files=files
        )  # fmt: skip
        service.keep(session, item)
        return item.id


def test_versions_stand_side_by_side_with_the_evidence_that_shows_each(
    desk: Desk, clock: MovableClock
) -> None:
    hour = timedelta(hours=1)
    now = clock.now()
    post = desk.posts("Tuyển gấp việc nhẹ lương cao, ib Zalo 0900 000 456", seen_at=now - 9 * hour)
    old = "Tuyển gấp việc nhẹ lương cao, ib Zalo 0900 000 123"
    with desk.wiring.database.writing() as session:
        version = PostVersion(
            post_id=post.id, text=old, content_key="a" * 64, seen_until=now - 5 * hour
        )
        session.add(version)
    first = brought(desk, post, f"Diễn đàn. {old}. Thích", now - 4 * hour)
    second = brought(desk, post, f"Diễn đàn. {post.text}. Thích", now - hour)
    by_time = brought(desk, post, "", now - 8 * hour)
    neither = brought(desk, post, "Trang không còn tồn tại", now)
    page = desk.client().get(f"/posts/{post.id}").text
    assert "Edited 1 time since it was collected" in page
    newest, oldest = page.split('class="versions"')[1].split("Version 1", 1)
    assert "</span>123<span" in newest.replace("\n", "")
    assert "</span>456<span" in newest
    assert f"capture {second}" in newest
    assert f"capture {first}" not in newest
    oldest, unsure = oldest.split("it cannot be told which version")
    assert f"capture {first}" in oldest
    assert f"capture {by_time}" in oldest
    assert f"capture {neither}" in unsure
    assert "Edited 1 time" in desk.client().get(f"/queue?post={post.id}").text


def test_comments_stand_with_their_post_and_the_post_with_its_comments(desk: Desk) -> None:
    topic = desk.posts("Tuyển người đi làm <b>xa</b>", author_name="Người Mở Chủ Đề")
    comments = [
        desk.posts(
            f"Cần thì ib Zalo 0900 000 1{number:02}",
            reply_to=topic.url,
            author_name=f"Người Đáp {number}",
            state=WorkState.KEPT if number == 1 else WorkState.NEW,
        )
        for number in range(7)
    ]
    client = desk.client()
    for address in (f"/posts/{topic.id}", f"/queue?post={topic.id}"):
        page = client.get(address).text
        assert 'Stored comments<span class="count">7' in page
        assert "flagged: 1, waiting for review: 6" in page
        assert page.count("is-flagged") == 1
        assert "Show 2 more" in page
        assert page.index("Người Đáp 4") < page.index("Show 2 more") < page.index("Người Đáp 5")
    page = client.get(f"/queue?post={comments[3].id}").text
    assert "Answers the post of" in page
    assert f'href="/posts/{topic.id}">Tuyển người đi làm &lt;b&gt;xa&lt;/b&gt;</a>' in page
    assert "6 other stored posts answer the same." in page
    lonely = desk.posts("Trả lời bài lạ", reply_to="https://dien-dan.example/la")
    other = desk.posts("Cũng trả lời bài lạ", reply_to=lonely.reply_to)
    page = client.get(f"/posts/{lonely.id}").text
    assert "Answers a post that is not stored" in page
    assert f'href="/posts/{other.id}">Cũng trả lời bài lạ</a>' in page


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
