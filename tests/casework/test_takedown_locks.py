"""Which accounts a request asks to lock (khóa tài khoản), and which earlier locks count."""

from datetime import timedelta

import pytest

import webui.models  # noqa: F401 - the tables of every room
from casework.domain.deadlines import office_day
from casework.takedowns import accounts, drafting
from casework.takedowns.letter import letter_context
from casework.takedowns.models import AnswerKind, TakedownRequest
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import InvalidInput
from foundation.files import FolderStore
from foundation.settings import Settings
from search.models import PostRow
from tests.casework.takedown_office import Desk
from tests.support.people import People
from tests.support.posts import Posts

DOMESTIC = {"target": "domestic_network", "regime_id": "nd147-2024.35.5"}


@pytest.fixture
def posts(sqlite_database: Database, clock: MovableClock) -> Posts:
    return Posts(sqlite_database, clock)


@pytest.fixture
def desk(
    sqlite_database: Database, clock: MovableClock, files: FolderStore, settings: Settings
) -> Desk:
    return Desk.open(sqlite_database, clock, People(sqlite_database, clock), files, settings)


def test_a_lock_is_asked_only_for_the_accounts_that_reached_the_threshold(
    desk: Desk, posts: Posts
) -> None:
    account = {"author_url": "https://mang.example/trang/viec-lam-000", "platform": "zalo"}
    many = [posts(author_name="Việc Nhẹ 000", author_handle="", **account) for _ in range(5)]
    once = posts(
        author_url="https://mang.example/trang/khac-000",
        author_name="Chia Sẻ Lại 000",
        author_handle="",
        platform="zalo",
    )
    wanted = {**DOMESTIC, "wanted": ("remove", "lock")}
    request_id = desk.draft(desk.case(once, *many), desk.data(once, *many, **wanted))
    said = lock_in_letter(desk, request_id)
    assert "khóa tài khoản Việc Nhẹ 000 chậm nhất" in said
    assert "Chia Sẻ Lại 000" not in said
    desk.clock.move(timedelta(days=400))  # what was asked for stays, however the count moves on
    assert lock_in_letter(desk, request_id) == said
    with desk.database.writing() as session:
        row = session.get_one(TakedownRequest, request_id)
        data = desk.data(once, *many[:3], **wanted)
        with pytest.raises(InvalidInput) as refused:
            drafting.edit(session, desk.inspector, row, data, desk.catalogue, at=desk.clock.now())
        assert refused.value.message_key == "error.takedown.lock"
        session.rollback()


def test_a_request_from_before_its_locks_were_kept_names_only_those_that_reach_the_threshold(
    desk: Desk, posts: Posts
) -> None:
    many = [
        posts(author_name="Việc Nhẹ 000", author_url="https://mang.example/a", platform="zalo")
        for _ in range(5)
    ]
    once = posts(author_name="Một Lần 000", author_url="https://mang.example/b", platform="zalo")
    data = desk.data(once, *many, wanted=("remove", "lock"), **DOMESTIC)
    request_id = desk.draft(desk.case(once, *many), data)
    with desk.database.writing() as session:
        row = session.get_one(TakedownRequest, request_id)
        row.pinned = {key: value for key, value in row.pinned.items() if key != accounts.LOCKS}
        names = accounts.names_to_lock(session, row, desk.catalogue)
    assert len(names) == 1
    assert lock_in_letter(desk, request_id).count("Một Lần 000") == 0


def lock_in_letter(desk: Desk, request_id: int) -> str:
    with desk.database.reading() as session:
        row = session.get_one(TakedownRequest, request_id)
        return letter_context(session, row, desk.catalogue, desk.settings).lock_request


def test_a_lock_counts_as_earlier_only_when_the_addressee_says_that_it_was_made(
    desk: Desk, posts: Posts
) -> None:
    account = {"author_url": "https://mang.example/trang/viec-lam-000", "platform": "zalo"}
    wanted = {**DOMESTIC, "wanted": ("remove", "lock")}
    asked = [desk.sent(*(posts(**account) for _ in range(5)), **wanted) for _ in range(3)]
    for request_id in asked:
        desk.act(request_id, "close", desk.approver, "Đã gỡ hết, chưa rõ có khóa hay không")
    assert earlier_lock(desk, posts(**account)) == []
    for request_id, kind in zip(asked, (AnswerKind.LOCKED, AnswerKind.COMPLIED), strict=False):
        at = desk.clock.now()
        desk.act(request_id, "answer", desk.inspector, kind, "Đã thực hiện", received_at=at)
    assert earlier_lock(desk, posts(**account)) == []
    for request_id in asked[1:] * 2:  # said twice of one request, it is one lock
        at = desk.clock.now()
        desk.act(request_id, "answer", desk.inspector, AnswerKind.LOCKED, "Đã khóa", received_at=at)
    (permanent,) = earlier_lock(desk, posts(**account))
    assert permanent.startswith("The account was locked 3 times")
    other = posts(author_url="https://mang.example/trang/khac-000", platform="zalo")
    assert earlier_lock(desk, other) == []


def earlier_lock(desk: Desk, post: PostRow) -> list[str]:
    """What a draft with this post says of permanent locks of its account under its own regime."""
    request_id = desk.draft(desk.case(post), desk.data(post, **DOMESTIC))
    with desk.database.reading() as session:
        row = session.get_one(TakedownRequest, request_id)
        on = office_day(desk.clock.now())
        (count,) = accounts.of_request(session, row, desk.catalogue, on=on)
        own = [one for one in count.options if one.regime.id == row.regime_id]
    return [one.en for one in own if one.permanent]
