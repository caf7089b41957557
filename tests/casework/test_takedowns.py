"""Takedown requests from draft to done, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

import webui.models  # noqa: F401 - the tables of every room
from casework.cases.models import Case, Document, Subject, Task
from casework.channels import letter as letters
from casework.takedowns import drafting, listing, looks, reuploads, sending, service
from casework.takedowns.drafting import AlreadyRequested
from casework.takedowns.models import AnswerKind, Pace, TakedownRequest
from casework.takedowns.sending import Held
from foundation import lifecycle
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import (
    Conflict,
    Forbidden,
    FourEyesRequired,
    InvalidInput,
    NeedsMissing,
    NotAllowedInState,
    NotFound,
)
from foundation.files import FolderStore
from foundation.outbox import pending
from foundation.people import Actor, Role
from foundation.settings import Settings
from search.models import Wish, WishKind
from search.post import Availability
from search.watch import LOOK_CONSUMER, observe
from tests.casework.takedown_office import PNG, Desk
from tests.support.people import People
from tests.support.posts import Posts

DAY = timedelta(hours=24)


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


def wishes(database: Database, kind: WishKind) -> list[Wish]:
    with database.reading() as session:
        return list(session.scalars(select(Wish).where(Wish.kind == kind).order_by(Wish.id)))


def test_a_draft_pins_the_regime_and_asks_for_a_capture_of_every_address(
    desk: Desk, posts: Posts, database: Database
) -> None:
    first, second = posts(), posts()
    request = desk.load(desk.draft(desk.case(first, second), desk.data(first, second)))
    assert (request.number, request.state, request.hours) == ("GB-2026-0001", "draft", 24)
    assert request.pinned["entry"]["id"] == "nd147-2024.34.4"
    assert request.pinned["catalogue"] == desk.catalogue.version
    assert request.law_day.isoformat() == "2026-11-23"
    assert request.deadline_source == "Khoản 4 Điều 34 Nghị định số 147/2024/NĐ-CP"
    asked = wishes(database, WishKind.CAPTURE)
    assert {(wish.asked_kind, wish.asked_id) for wish in asked} == {
        ("takedown_item", item.id) for item in request.items
    }
    assert [wish.expected_key for wish in asked] == [first.content_key, second.content_key]


def test_only_posts_of_the_case_can_be_requested(desk: Desk, posts: Posts) -> None:
    mine, other = posts(), posts()
    case = desk.case(mine)
    with pytest.raises(InvalidInput) as refused:
        desk.draft(case, desk.data(mine, other))
    assert refused.value.message_key == "error.takedown.not_of_case"


def test_a_post_without_a_web_address_cannot_be_requested(desk: Desk, posts: Posts) -> None:
    message = posts(url="sms:0900000123")
    with pytest.raises(InvalidInput) as refused:
        desk.draft(desk.case(message), desk.data(message))
    assert refused.value.message_key == "error.takedown.address"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"regime_id": "nd147-2024.23.5.b"}, "error.takedown.regime"),  # not ours to invoke
        ({"regime_id": "nd53-2022.19"}, "error.takedown.regime"),  # ended
        ({"legal_basis": ()}, "error.takedown.basis"),
        ({"legal_basis": ("nd15-2020.101.1.a",)}, "error.takedown.basis_ended"),
        ({"pace": Pace.URGENT}, "error.takedown.pace"),  # Decree 147 knows no 6 hours
        ({"recipient": "  "}, "error.takedown.recipient_missing"),
        ({"wanted": ("remove", "lock")}, "error.takedown.lock"),
    ],
)
def test_a_draft_is_refused_when_the_law_of_the_day_does_not_carry_it(
    desk: Desk, posts: Posts, changes: dict[str, object], key: str
) -> None:
    post = posts()
    case = desk.case(post)
    with pytest.raises(InvalidInput) as refused:
        desk.draft(case, desk.data(post, **changes))
    assert refused.value.message_key == key
    with desk.database.reading() as session:
        assert session.scalars(select(TakedownRequest)).unique().all() == []


def test_a_request_by_telephone_is_refused_where_the_regime_wants_writing(
    desk: Desk, posts: Posts
) -> None:
    post = posts()
    cross = {"target": "cross_border", "regime_id": "nd147-2024.23.5.a"}
    with pytest.raises(InvalidInput) as refused:
        desk.draft(desk.case(post), desk.data(post, **cross))
    assert refused.value.message_key == "error.takedown.channel"


def test_the_police_may_set_six_hours(desk: Desk, posts: Posts) -> None:
    post = posts()
    data = desk.data(post, regime_id="nd333-2026.16.4.b", pace=Pace.URGENT, channel="mail")
    request = desk.load(desk.draft(desk.case(post), data, desk.police, "pa05"))
    assert request.hours == 6


def test_who_drafted_changed_or_submitted_cannot_approve(
    desk: Desk, posts: Posts, people: People
) -> None:
    both = people.actor(Role.INSPECTOR, Role.APPROVER)
    post = posts()
    case = desk.case(post)
    request_id = desk.draft(case, desk.data(post), both)
    desk.act(request_id, "submit", desk.inspector)
    with pytest.raises(FourEyesRequired):
        desk.act(request_id, "approve", both, desk.catalogue)
    with pytest.raises(Forbidden):
        desk.act(request_id, "approve", desk.inspector, desk.catalogue)
    assert desk.load(request_id).state == "submitted"
    desk.act(request_id, "approve", desk.approver, desk.catalogue)
    after = desk.load(request_id)
    assert (after.state, after.approved_by_id) == ("approved", desk.approver.user_id)


def test_who_changed_a_returned_draft_cannot_approve_it(
    desk: Desk, posts: Posts, people: People
) -> None:
    both = people.actor(Role.INSPECTOR, Role.APPROVER)
    post = posts()
    request_id = desk.draft(desk.case(post), desk.data(post))
    desk.act(request_id, "submit", desk.inspector)
    desk.act(request_id, "give_back", both, "Thiếu căn cứ")
    with desk.database.writing() as session:
        request = session.get_one(TakedownRequest, request_id)
        data = desk.data(post, findings="Đã bổ sung căn cứ")
        drafting.edit(session, both, request, data, desk.catalogue, at=desk.clock.now())
    desk.act(request_id, "submit", desk.inspector)
    with pytest.raises(FourEyesRequired):
        desk.act(request_id, "approve", both, desk.catalogue)


@pytest.mark.parametrize("act", ["give_back", "refuse"])
def test_returning_and_refusing_want_a_reason(desk: Desk, posts: Posts, act: str) -> None:
    post = posts()
    request_id = desk.draft(desk.case(post), desk.data(post))
    desk.act(request_id, "submit", desk.inspector)
    with pytest.raises(NeedsMissing):
        desk.act(request_id, act, desk.approver, "  ")
    desk.act(request_id, act, desk.approver, "Chưa đủ căn cứ")
    with desk.database.reading() as session:
        last = lifecycle.history(session, "takedown", request_id)[-1]
    assert last.reason == "Chưa đủ căn cứ"


def test_nothing_is_sent_before_approval(desk: Desk, posts: Posts) -> None:
    post = posts()
    request_id = desk.draft(desk.case(post), desk.data(post))
    with pytest.raises(NotAllowedInState):
        desk.send(request_id, desk.call())
    assert desk.load(request_id).notices == []


def test_the_clock_starts_at_the_call_not_when_it_is_written_down(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    request_id = desk.approved(posts())
    called_at = clock.now()
    clock.move(timedelta(hours=3))
    desk.send(request_id, desk.call(called_at))
    request = desk.load(request_id)
    assert (request.sent_at, request.deadline_at) == (called_at, called_at + DAY)
    assert (request.state, request.notices[0].kind) == ("sent", "first")
    with desk.database.reading() as session:
        step = lifecycle.history(session, "takedown", request_id)[-1]
    assert step.data["proof"] == "Đã yêu cầu gỡ bài theo công văn"


def test_a_call_before_the_approval_or_in_the_future_is_no_proof(clock: MovableClock) -> None:
    from casework.channels import telephone

    for wrong in (clock.now() + timedelta(minutes=1), clock.now() - timedelta(hours=2), None):
        with pytest.raises(InvalidInput):
            telephone.call_note(
                number="0900 000 101",
                spoke_with="Người trực",
                said="Đã yêu cầu gỡ bài",
                called_at=wrong,
                earliest=clock.now() - timedelta(hours=1),
                now=clock.now(),
            )


def test_a_letter_is_kept_in_the_case_exactly_as_it_was_sent(
    desk: Desk, posts: Posts, files: FolderStore
) -> None:
    request_id = desk.approved(posts(), channel="letter")
    proof = letters.posted(
        document_number="734/SVHTTDL-QLTTBC",
        recipient="Diễn đàn thử nghiệm",
        how="Chuyển phát bảo đảm",
        posted_at=desk.clock.now(),
        earliest=None,
        now=desk.clock.now(),
    )
    notice = desk.send(request_id, proof)
    with desk.database.reading() as session:
        document = session.scalars(select(Document)).one()
    assert document.digest == notice.file_digest
    assert files.get(notice.file_digest).startswith(b"PK")
    assert notice.reference == "734/SVHTTDL-QLTTBC"


def test_a_held_request_is_not_sent_until_the_police_release_it(desk: Desk, posts: Posts) -> None:
    request_id = desk.approved(posts())
    with pytest.raises(Forbidden):
        desk.act(request_id, "hold", desk.inspector, "Đang trinh sát")
    desk.act(request_id, "hold", desk.police, "Đang trinh sát")
    with pytest.raises(Held):
        desk.send(request_id, desk.call())
    with pytest.raises(Conflict):
        desk.act(request_id, "hold", desk.police, "Lần nữa")
    desk.act(request_id, "release", desk.police)
    desk.send(request_id, desk.call())
    assert desk.load(request_id).state == "sent"


def test_two_sightings_apart_with_captures_before_and_after_prove_a_removal(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    request_id = desk.draft(desk.case(post := posts()), desk.data(post))
    before = desk.see(desk.item(request_id), Availability.ONLINE)
    desk.act(request_id, "submit", desk.inspector)
    desk.act(request_id, "approve", desk.approver, desk.catalogue)
    desk.send(request_id, desk.call())
    clock.move(timedelta(hours=2))
    first = desk.see(desk.item(request_id), Availability.REMOVED)
    assert desk.item(request_id).state == "gone_once"
    clock.move(desk.distance - timedelta(seconds=1))
    desk.see(desk.item(request_id), Availability.REMOVED)
    assert desk.item(request_id).state == "gone_once"
    assert desk.load(request_id).state == "sent"
    clock.move(timedelta(seconds=1))
    last = desk.see(desk.item(request_id), Availability.REMOVED)
    item = desk.item(request_id)
    assert (item.state, item.first_gone_at, item.removed_at) == ("removed", first.at, last.at)
    assert (item.before_observation_id, item.after_observation_id) == (before.id, last.id)
    request = desk.load(request_id)
    assert (request.state, request.done_at) == ("done", clock.now())
    with desk.database.reading() as session:
        step = lifecycle.history(session, "takedown", request_id)[-1]
    assert (step.act, step.actor_id, step.actor_name) == ("finish", None, "system")


def test_a_removal_without_a_capture_is_not_called_proven(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    request_id = desk.sent(posts())
    desk.see(desk.item(request_id), Availability.ONLINE)
    for _ in range(2):
        clock.move(desk.distance)
        desk.see(desk.item(request_id), Availability.REMOVED, picture=False)
    assert (desk.item(request_id).state, desk.load(request_id).state) == ("gone", "sent")
    clock.move(desk.distance)
    desk.see(desk.item(request_id), Availability.REMOVED)
    assert (desk.item(request_id).state, desk.load(request_id).state) == ("removed", "done")


@pytest.mark.parametrize(
    "unseen", [Availability.LOGIN_WALL, Availability.BLOCKED, Availability.UNREACHABLE]
)
def test_what_cannot_be_seen_never_counts_as_a_removal(
    desk: Desk, posts: Posts, clock: MovableClock, unseen: Availability
) -> None:
    request_id = desk.sent(posts())
    desk.see(desk.item(request_id), Availability.ONLINE)
    for _ in range(4):
        clock.move(desk.distance)
        desk.see(desk.item(request_id), unseen)
    item = desk.item(request_id)
    assert (item.state, item.last_availability, item.removed_at) == ("unclear", unseen, None)
    assert desk.load(request_id).state == "sent"


def test_a_request_is_done_only_when_every_address_is_gone(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    request_id = desk.sent(posts(), posts())
    for item in desk.load(request_id).items:
        desk.see(item, Availability.ONLINE)
    for _ in range(2):
        clock.move(desk.distance)
        desk.see(desk.item(request_id, 0), Availability.REMOVED)
        desk.see(desk.item(request_id, 1), Availability.EDITED)
    states = [item.state for item in desk.load(request_id).items]
    assert (states, desk.load(request_id).state) == (["removed", "edited"], "sent")


def test_a_post_that_reappears_opens_the_request_again(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    request_id = done(desk, posts, clock)
    clock.move(DAY)
    seen = desk.see(desk.item(request_id), Availability.ONLINE)
    item, request = desk.item(request_id), desk.load(request_id)
    assert (item.state, item.reappeared_at) == ("online", seen.at)
    assert (request.state, request.done_at) == ("sent", None)
    with desk.database.reading() as session:
        step = lifecycle.history(session, "takedown", request_id)[-1]
    assert (step.act, step.reason) == ("reopen", "reappeared")


def done(desk: Desk, posts: Posts, clock: MovableClock) -> int:
    request_id = desk.sent(posts())
    desk.see(desk.item(request_id), Availability.ONLINE)
    for _ in range(2):
        clock.move(desk.distance)
        desk.see(desk.item(request_id), Availability.REMOVED)
    assert desk.load(request_id).state == "done"
    return request_id


def test_judging_the_same_sightings_again_changes_nothing(
    desk: Desk, posts: Posts, clock: MovableClock, database: Database
) -> None:
    request_id = done(desk, posts, clock)
    with database.writing() as session:
        request = session.get_one(TakedownRequest, request_id)
        for item in request.items:
            assert not looks.take_in(session, item, desk.distance, at=clock.now())
    with database.reading() as session:
        acts = [step.act for step in lifecycle.history(session, "takedown", request_id)]
        assert acts.count("finish") == 1
        assert pending(session, LOOK_CONSUMER) == 0


def test_observations_for_others_are_passed_over_but_taken_off_the_outbox(
    desk: Desk, database: Database, clock: MovableClock
) -> None:
    from casework.takedowns import duties

    with database.writing() as session:
        observe(
            session,
            "https://dien-dan.example/khac",
            Availability.REMOVED,
            at=clock.now(),
            asked_kind="evidence",
            asked_id=1,
        )
        observe(
            session,
            "https://dien-dan.example/khac",
            Availability.REMOVED,
            at=clock.now(),
            asked_kind="takedown_item",
            asked_id=987,
        )
    assert duties.take_looks(database, clock, desk.settings) == 2
    with database.reading() as session:
        assert pending(session, LOOK_CONSUMER) == 0


def test_looks_follow_the_clock(
    desk: Desk, posts: Posts, clock: MovableClock, database: Database
) -> None:
    request_id = desk.sent(posts())
    assert desk.watch() == 1
    assert desk.watch() == 0  # one is wished for already
    assert [wish.asked_id for wish in wishes(database, WishKind.LOOK)] == [desk.item(request_id).id]
    answer(database, clock, Availability.ONLINE)
    desk_take(desk)
    assert desk.watch() == 0
    clock.move(desk.distance)
    assert desk.watch() == 1


def answer(database: Database, clock: MovableClock, availability: Availability) -> None:
    """A crawler serves every open wish."""
    with database.writing() as session:
        open_wishes = session.scalars(select(Wish).where(Wish.state == "waiting")).all()
        for wish in open_wishes:
            observe(session, wish.url, availability, at=clock.now(), wish_row=wish)


def desk_take(desk: Desk) -> None:
    from casework.takedowns import duties

    duties.take_looks(desk.database, desk.clock, desk.settings)


def test_online_after_the_deadline_is_overdue_and_makes_one_task(
    desk: Desk, posts: Posts, clock: MovableClock, database: Database
) -> None:
    request_id = desk.sent(posts())
    clock.move(DAY - timedelta(seconds=1))
    desk.see(desk.item(request_id), Availability.ONLINE)
    desk.watch()
    assert desk.load(request_id).overdue_at is None
    clock.move(timedelta(seconds=1))
    seen = desk.see(desk.item(request_id), Availability.ONLINE)
    desk.watch()
    desk.watch()
    assert desk.load(request_id).overdue_at == seen.at
    with database.reading() as session:
        task = session.scalars(select(Task)).unique().one()
    assert task.origin == f"takedown:{request_id}"
    assert task.title.startswith("Đôn đốc yêu cầu gỡ bỏ GB-2026-0001 (quá hạn 24/11/2026 09:00")
    assert task.assignee_id == desk.inspector.user_id


def test_a_renotice_starts_a_clock_of_its_own_and_leaves_the_first_deadline(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    request_id = desk.sent(posts())
    first = desk.load(request_id).deadline_at
    clock.move(DAY + timedelta(hours=1))
    desk.see(desk.item(request_id), Availability.ONLINE)
    desk.watch()
    desk.send(request_id, desk.call())
    request = desk.load(request_id)
    assert [notice.kind for notice in request.notices] == ["first", "renotice"]
    assert request.deadline_at == first
    assert request.notices[1].deadline_at == clock.now() + DAY
    desk.watch()
    with desk.database.reading() as session:
        assert len(session.scalars(select(Task)).unique().all()) == 1


def test_nobody_is_told_overdue_of_what_could_not_be_seen(
    desk: Desk, posts: Posts, clock: MovableClock, database: Database
) -> None:
    request_id = desk.sent(posts())
    clock.move(DAY + timedelta(hours=1))
    desk.see(desk.item(request_id), Availability.LOGIN_WALL)
    desk.watch()
    assert desk.load(request_id).overdue_at is None
    with database.reading() as session:
        task = session.scalars(select(Task)).unique().one()
    assert task.title.startswith("Xác nhận tình trạng")


def attested(desk: Desk, request_id: int, availability: Availability, picture: bytes = PNG) -> None:
    with desk.database.writing() as session:
        item = service.get_item(session, desk.inspector, request_id, desk.item(request_id).id)
        words = "Mở bằng trình duyệt ẩn danh, thấy thông báo nội dung không còn"
        looks.attest(
            session,
            desk.inspector,
            desk.files,
            item,
            availability,
            words,
            picture,
            desk.distance,
            at=desk.clock.now(),
        )


def test_an_officers_attestations_go_the_same_way_with_the_same_distance(
    desk: Desk, posts: Posts, clock: MovableClock, database: Database
) -> None:
    request_id = desk.sent(posts())
    attested(desk, request_id, Availability.ONLINE)
    clock.move(timedelta(hours=1))
    attested(desk, request_id, Availability.REMOVED)
    clock.move(timedelta(minutes=5))
    attested(desk, request_id, Availability.REMOVED)
    assert desk.item(request_id).state == "gone_once"
    clock.move(desk.distance)
    attested(desk, request_id, Availability.REMOVED)
    assert desk.item(request_id).state == "removed"
    assert desk.item(request_id).after_observation is not None
    assert desk.item(request_id).after_observation.origin == "officer"
    with database.reading() as session:
        told = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "takedown:attest")
        ).all()
    assert len(told) == 4


def test_an_attestation_without_a_picture_is_refused(desk: Desk, posts: Posts) -> None:
    request_id = desk.sent(posts())
    for picture in (b"", b"%PDF-1.7 no picture", b"GIF89a"):
        with pytest.raises(InvalidInput):
            attested(desk, request_id, Availability.REMOVED, picture)
    assert desk.item(request_id).last_availability == ""


def test_the_same_address_warns_however_it_is_written(desk: Desk, posts: Posts) -> None:
    first = posts(url="https://www.mang.example/bai/1?fbclid=abc")
    again = posts(url="http://mang.example/bai/1/")
    number = desk.load(desk.sent(first)).number
    case = desk.case(again)
    with pytest.raises(AlreadyRequested) as warned:
        desk.draft(case, desk.data(again))
    assert warned.value.detail["requests"] == [number]
    desk.draft(case, desk.data(again, repeat=True))


def test_a_withdrawn_request_warns_no_longer_and_can_be_restored(desk: Desk, posts: Posts) -> None:
    post = posts()
    case = desk.case(post)
    request_id = desk.draft(case, desk.data(post))
    with pytest.raises(NeedsMissing):
        desk.act(request_id, "withdraw", desk.inspector, "")
    desk.act(request_id, "withdraw", desk.inspector, "Nhầm bài")
    with desk.database.reading() as session:
        assert drafting.repeated(session, [post.url], at=desk.clock.now()) == []
    desk.act(request_id, "restore", desk.inspector)
    assert desk.load(request_id).state == "draft"


def test_a_request_withdrawn_after_sending_goes_back_to_being_followed(
    desk: Desk, posts: Posts
) -> None:
    request_id = desk.sent(posts())
    desk.act(request_id, "withdraw", desk.approver, "Nhầm nơi nhận")
    assert desk.watch() == 0
    desk.act(request_id, "restore", desk.inspector)
    assert desk.load(request_id).state == "sent"


def test_an_answer_is_written_down_and_removes_nothing(desk: Desk, posts: Posts) -> None:
    request_id = desk.sent(posts())
    at = desk.clock.now()
    desk.act(request_id, "answer", desk.inspector, AnswerKind.COMPLIED, "Đã gỡ", received_at=at)
    request = desk.load(request_id)
    assert (request.state, request.items[0].state) == ("sent", "pending")
    assert request.answers[0].text == "Đã gỡ"
    early = at - timedelta(days=1)
    with pytest.raises(InvalidInput):
        desk.act(request_id, "answer", desk.inspector, "other", "Sớm", received_at=early)


def test_another_units_request_is_not_there(desk: Desk, posts: Posts, people: People) -> None:
    ours, theirs = people.unit("Phòng Một"), people.unit("Phòng Hai")
    post = posts()
    mine = people.actor(Role.INSPECTOR, unit=ours)
    request_id = desk.draft(desk.case(post, actor=mine), desk.data(post), mine)
    stranger: Actor = people.actor(Role.INSPECTOR, unit=theirs)
    with desk.database.reading() as session:
        with pytest.raises(NotFound):
            service.get_request(session, stranger, request_id)
        assert service.get_request(session, mine, request_id).id == request_id


def test_a_quote_never_names_a_victim(desk: Desk, posts: Posts, database: Database) -> None:
    post = posts("Chuộc Nguyễn Thị Nạn Nhân, gọi 0900 000 777")
    case = desk.case(post)
    with database.writing() as session:
        session.add(
            Subject(
                case_id=case.id,
                role="victim",
                name="Nguyễn Thị Nạn Nhân",
                phone="0900 000 777",
                created_at=desk.clock.now(),
            )
        )
    quote = desk.item(desk.draft(case, desk.data(post))).quote
    assert quote == "Chuộc N***** T** N** N***, gọi **** *** *77"


def test_five_violations_open_a_lock_and_four_do_not(desk: Desk, posts: Posts) -> None:
    account = {"author_url": "https://mang.example/trang/viec-lam-000", "platform": "zalo"}
    domestic = {"target": "domestic_network", "regime_id": "nd147-2024.35.5"}
    for _ in range(3):
        desk.sent(posts(**account), **domestic)
    fourth = posts(**account)
    case = desk.case(fourth)
    with pytest.raises(InvalidInput) as refused:
        desk.draft(case, desk.data(fourth, wanted=("remove", "lock"), **domestic))
    assert refused.value.message_key == "error.takedown.lock"
    desk.draft(case, desk.data(fourth, **domestic))
    fifth = posts(**account)
    with pytest.raises(InvalidInput):  # the fourth was never sent
        desk.draft(desk.case(fifth), desk.data(fifth, wanted=("remove", "lock"), **domestic))
    sixth, seventh = posts(**account), posts(**account)
    data = desk.data(sixth, seventh, wanted=("remove", "lock"), **domestic)
    assert desk.load(desk.draft(desk.case(sixth, seventh), data)).wanted == ["remove", "lock"]


def test_figures_are_lists_of_the_records_behind_them(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    since = clock.now()
    in_time = done(desk, posts, clock)
    late = desk.sent(posts(), posts())
    for item in desk.load(late).items:
        desk.see(item, Availability.ONLINE)
    clock.move(DAY + timedelta(hours=2))
    for _ in range(2):
        desk.see(desk.item(late, 0), Availability.REMOVED)
        desk.see(desk.item(late, 1), Availability.ONLINE)
        clock.move(desk.distance)
    desk.approved(posts())
    until = clock.now() + timedelta(seconds=1)
    with desk.database.reading() as session:
        found = service.figures(session, desk.approver, since, until)
        none = service.figures(session, desk.approver, until, until + DAY)
    late_ids = [item.id for item in desk.load(late).items]
    assert found.requests_sent == (in_time, late)
    assert found.urls_requested == (desk.item(in_time).id, *late_ids)
    assert found.urls_removed == (desk.item(in_time).id, late_ids[0])
    assert found.urls_on_time == (desk.item(in_time).id,)
    assert found.urls_overdue == tuple(late_ids)
    assert none.requests_sent == ()


def test_a_closed_case_takes_no_new_request(desk: Desk, posts: Posts, database: Database) -> None:
    post = posts()
    case = desk.case(post)
    with database.writing() as session:
        session.get_one(Case, case.id).state = "closed"
    with pytest.raises(Conflict) as refused:
        desk.draft(case, desk.data(post))
    assert refused.value.message_key == "error.case.closed"


def test_an_approval_is_refused_when_the_regime_has_ended_since(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    clock.set(datetime(2026, 8, 18, 3, 0, tzinfo=UTC))
    post = posts()
    data = desk.data(post, regime_id="nd53-2022.19", channel="letter")
    request_id = desk.draft(desk.case(post), data, desk.police, "a05")
    desk.act(request_id, "submit", desk.police)
    clock.move(DAY)
    with pytest.raises(InvalidInput) as refused:
        desk.act(request_id, "approve", desk.approver, desk.catalogue)
    assert refused.value.message_key == "error.takedown.regime"


def test_the_escalation_is_a_day_after_the_deadline(desk: Desk, posts: Posts) -> None:
    request = desk.load(desk.sent(posts()))
    assert request.deadline_at is not None
    assert request.escalate_at == request.deadline_at + sending.ESCALATE_AFTER


def test_a_copy_first_seen_after_the_removal_is_told_as_a_recurrence(
    desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    campaign = posts.campaign()
    earlier = posts(campaign_id=campaign)
    request_id = desk.sent(posts(campaign_id=campaign))
    desk.see(desk.item(request_id), Availability.ONLINE)
    for _ in range(2):
        clock.move(desk.distance)
        desk.see(desk.item(request_id), Availability.REMOVED)
    clock.move(timedelta(minutes=1))
    again = posts(campaign_id=campaign)
    posts()
    with desk.database.reading() as session:
        request = service.get_request(session, desk.inspector, request_id)
        found = reuploads.alike(session, request.items[0])
    assert found == {again.id: ["text"]}
    assert earlier.id not in found


def test_a_changed_draft_keeps_its_addresses_and_drops_those_not_named(
    desk: Desk, posts: Posts
) -> None:
    first, second, third = posts(), posts(), posts()
    request_id = desk.draft(desk.case(first, second, third), desk.data(first, second))
    kept = desk.item(request_id).id
    with desk.database.writing() as session:
        request = session.get_one(TakedownRequest, request_id)
        data = desk.data(first, third, quotes={first.id: "Trích dẫn mới"})
        drafting.edit(session, desk.inspector, request, data, desk.catalogue, at=desk.clock.now())
    items = desk.load(request_id).items
    assert [item.post_id for item in items] == [first.id, third.id]
    assert (items[0].id, items[0].quote) == (kept, "Trích dẫn mới")


def test_what_waits_is_for_those_who_can_do_it(desk: Desk, posts: Posts, people: People) -> None:
    both = people.actor(Role.INSPECTOR, Role.APPROVER)
    post = posts()
    request_id = desk.draft(desk.case(post), desk.data(post), both)
    desk.act(request_id, "submit", both)
    writer = people.actor(Role.REPORT_WRITER)
    with desk.database.reading() as session:
        counts = [
            listing.count_waiting(session, who, at=desk.clock.now())
            for who in (desk.approver, both, desk.inspector, writer)
        ]
    assert counts == [1, 0, 0, 0]
