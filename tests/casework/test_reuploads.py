"""What was removed and comes back: found by text, contact and picture; decided by a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.cases.models import Task
from casework.takedowns import reuploads, service
from casework.takedowns.models import Reupload, ReuploadState
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import NotFound
from foundation.files import FolderStore
from foundation.people import Role
from foundation.settings import Settings
from search.models import PostRow
from search.pictures.store import NotedPicture, note_pictures
from search.post import Availability
from tests.casework.takedown_office import Desk
from tests.support.people import People
from tests.support.posts import Posts


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


@pytest.fixture
def desk(
    database: Database,
    clock: MovableClock,
    people: People,
    files: FolderStore,
    settings: Settings,
) -> Desk:
    return Desk.open(database, clock, people, files, settings)


def removed(desk: Desk, post: PostRow) -> int:
    """A request whose post was seen to be gone; returns the request's id."""
    request_id = desk.sent(post)
    desk.see(desk.item(request_id), Availability.ONLINE)
    for _ in range(2):
        desk.clock.move(desk.distance)  # type: ignore[attr-defined]
        desk.see(desk.item(request_id), Availability.REMOVED)
    desk.clock.move(timedelta(minutes=1))  # type: ignore[attr-defined]
    return request_id


def picture(desk: Desk, post: PostRow, phash: int) -> None:
    with desk.database.writing() as session:
        shown = NotedPicture(f"{phash:064x}", phash, 800, 600, "image/png")
        note_pictures(session, post.id, [shown], at=desk.clock.now())


def found(desk: Desk, request_id: int) -> dict[int, list[str]]:
    with desk.database.reading() as session:
        rows = session.scalars(select(Reupload).where(Reupload.request_id == request_id))
        return {row.post_id: row.same for row in rows}


def test_what_shares_text_contact_or_picture_and_came_after_is_found(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    campaign = posts.campaign()
    phone = [("phone", "0900000123")]
    gone = posts(campaign_id=campaign, contacts=phone)
    picture(desk, gone, 0x5A5A5A5A12345678)
    before = posts(campaign_id=campaign)
    request_id = removed(desk, gone)
    alike_text = posts(campaign_id=campaign, contacts=phone)
    alike_number, alike_picture = posts(contacts=phone), posts()
    other = posts(contacts=[("phone", "0900000999")])
    picture(desk, alike_picture, 0x5A5A5A5A12345679)
    picture(desk, other, 0x123456789ABCDEF0)
    assert reuploads.find(desk.database, clock) == 3
    assert found(desk, request_id) == {
        alike_text.id: ["text", "contact"],
        alike_number.id: ["contact"],
        alike_picture.id: ["picture"],
    }
    assert before.id not in found(desk, request_id)
    assert reuploads.find(desk.database, clock) == 0


def test_one_task_tells_the_case_of_what_waits(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    campaign = posts.campaign()
    request_id = removed(desk, posts(campaign_id=campaign))
    for _ in range(2):
        posts(campaign_id=campaign)
        reuploads.find(desk.database, clock)
    with desk.database.reading() as session:
        tasks = session.scalars(select(Task).where(Task.origin == f"takedown:{request_id}")).all()
    assert len(found(desk, request_id)) == 2
    assert [task.title for task in tasks if "nghi đăng lại" in task.title] == [
        f"Xem 01 bài nghi đăng lại nội dung đã gỡ theo {desk.load(request_id).number}"
    ]


def test_a_number_that_many_posts_name_ties_nothing(
    desk: Desk, posts: Posts, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reuploads, "HUB", 2)
    phone = [("phone", "0900000123")]
    request_id = removed(desk, posts(contacts=phone))
    for _ in range(3):
        posts(contacts=phone)
    assert reuploads.find(desk.database, clock) == 0
    assert found(desk, request_id) == {}


def test_what_is_still_online_is_not_looked_for(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    campaign = posts.campaign()
    request_id = desk.sent(posts(campaign_id=campaign))
    desk.see(desk.item(request_id), Availability.ONLINE)
    clock.move(timedelta(hours=1))
    posts(campaign_id=campaign)
    assert reuploads.find(desk.database, clock) == 0


def test_a_person_decides_and_can_take_it_back(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    campaign = posts.campaign()
    request_id = removed(desk, posts(campaign_id=campaign))
    again = posts(campaign_id=campaign)
    reuploads.find(desk.database, clock)
    with desk.database.writing() as session:
        request = service.get_request(session, desk.inspector, request_id)
        (row,) = reuploads.of_request(session, desk.inspector, request)
        assert (row.post_id, row.state) == (again.id, ReuploadState.OPEN)
        reuploads.decide(session, desk.inspector, request, row.id, "confirmed", at=clock.now())
        assert (row.decided_by_id, row.decided_at) == (desk.inspector.user_id, clock.now())
        reuploads.decide(session, desk.inspector, request, row.id, "open", at=clock.now())
        assert (row.decided_by_id, row.decided_at) == (None, None)
        with pytest.raises(NotFound):
            reuploads.decide(session, desk.inspector, request, row.id + 99, "open", at=clock.now())


def test_another_unit_does_not_see_the_post(
    desk: Desk, posts: Posts, people: People, clock: MovableClock
) -> None:
    mine, other = people.unit("Đơn vị 1"), people.unit("Đơn vị 2")
    campaign = posts.campaign()
    request_id = removed(desk, posts(campaign_id=campaign))
    posts(campaign_id=campaign, unit_id=mine.id)
    reuploads.find(desk.database, clock)
    stranger = people.actor(Role.INSPECTOR, unit=other)
    with desk.database.reading() as session:
        request = service.get_request(session, desk.inspector, request_id)
        assert reuploads.of_request(session, stranger, request) == []
        assert len(reuploads.of_request(session, desk.inspector, request)) == 1
