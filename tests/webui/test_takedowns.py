"""Pages of takedowns: drafted, signed, sent and followed through the web application."""

import html
import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from casework.takedowns import duties, reuploads
from foundation.clock import MovableClock, office_time
from foundation.database import Database
from foundation.people import Role, User
from foundation.settings import Settings
from search.models import PostRow
from search.post import Availability
from search.watch import observe
from tests.casework.takedown_office import PNG, Desk
from tests.support.office import Browser, Office, open_office, password_hash
from tests.support.posts import Posts

HOSTILE = '<script>alert("x")</script> Tuyển gấp việc nhẹ lương cao'


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


@pytest.fixture
def posts(office: Office, clock: MovableClock) -> Posts:
    return Posts(office.wiring.database, clock)


@pytest.fixture
def desk(office: Office, clock: MovableClock) -> Desk:
    wiring = office.wiring
    return Desk.open(wiring.database, clock, office.people, wiring.files, wiring.settings)  # type: ignore[arg-type]


@pytest.fixture
def sit(office: Office) -> Callable[..., Browser]:
    """Log somebody in; pages are asked for in English, so that tests read them."""

    known: dict[Role, User] = {}

    def log_in(who: Role | User) -> Browser:
        if isinstance(who, Role):
            if who not in known:
                known[who] = reader(office, who)
            who = known[who]
        return office.logged_in(who)

    return log_in


def reader(office: Office, *roles: Role) -> User:
    return office.people(*roles, language="en", password=password_hash())


def form(case_id: int, *given: PostRow, **changes: object) -> dict[str, object]:
    return {
        "case": case_id,
        "post": [str(post.id) for post in given],
        "regime": "website|nd147-2024.34.4",
        "recipient": "Diễn đàn thử nghiệm",
        "channel": "telephone",
        "pace": "normal",
        "basis": ["nd174-2026.95.1.b"],
        **changes,
    }


def typed_moment(clock: MovableClock) -> str:
    return office_time(clock.now()).strftime("%Y-%m-%dT%H:%M")


def drafted(browser: Browser, desk: Desk, *given: PostRow) -> int:
    case = desk.case(*given)
    browser.get(f"/takedowns/new?case={case.id}")
    answer = browser.post("/takedowns/new", form(case.id, *given))
    assert answer.status_code == 302, answer.text[:2000]
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def test_the_form_suggests_posts_regime_and_provision(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    post = posts(HOSTILE)
    case = desk.case(post)
    text = sit(Role.INSPECTOR).get(f"/takedowns/new?post={post.id}").text
    assert f'name="post" value="{post.id}" checked' in text
    assert '<option value="website|nd147-2024.34.4" selected>' in text
    assert 'value="nd174-2026.95.1.b" checked' in text
    assert f'name="case" value="{case.id}"' in text
    assert "nd147-2024.23.5.b" not in text  # a Sở may not invoke it
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_a_post_of_no_case_leads_to_opening_one(sit: Callable[..., Browser], posts: Posts) -> None:
    post = posts()
    answer = sit(Role.INSPECTOR).get(f"/takedowns/new?post={post.id}")
    assert answer.headers["Location"].endswith(f"/cases/new?post={post.id}")


def test_an_error_keeps_what_was_typed(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    post = posts()
    case = desk.case(post)
    browser = sit(Role.INSPECTOR)
    browser.get(f"/takedowns/new?case={case.id}")
    wrong = form(case.id, post, basis=[], findings="Câu mở đầu tự viết", recipient="Nơi nhận riêng")
    answer = browser.post("/takedowns/new", wrong)
    assert answer.status_code == 422
    assert "Câu mở đầu tự viết" in answer.text
    assert 'value="Nơi nhận riêng"' in answer.text
    assert 'id="legal_basis-error"' in answer.text


def test_the_same_address_asks_for_a_tick(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    post = posts()
    browser = sit(Role.INSPECTOR)
    first = drafted(browser, desk, post)
    case_id = desk.load(first).case_id
    assert f'href="/takedowns/{first}"' in browser.get(f"/takedowns/new?case={case_id}").text
    assert browser.post("/takedowns/new", form(case_id, post)).status_code == 409
    assert browser.post("/takedowns/new", form(case_id, post, repeat="1")).status_code == 302


def test_from_draft_to_done_by_three_people(
    sit: Callable[..., Browser], desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    inspector, approver = sit(Role.INSPECTOR), sit(Role.APPROVER)
    request_id = drafted(inspector, desk, posts())
    where = f"/takedowns/{request_id}"
    assert "Address 1 has no capture from before yet." in inspector.get(where).text
    desk.see(desk.item(request_id), Availability.ONLINE)
    assert "has no capture" not in inspector.get(where).text
    assert inspector.post(f"{where}/steps/submit").status_code == 302
    assert "1" in approver.get("/takedowns").text
    assert f"{where}/approval/approve" in approver.get(where).text
    assert 'href="#notices"' not in inspector.get(where).text
    assert approver.post(f"{where}/approval/approve").status_code == 302
    assert 'href="#notices"' in inspector.get(where).text
    assert 'id="notices"' in inspector.get(where).text
    call = {
        "number": "0900 000 101",
        "spoke_with": "Người trực",
        "said": "Đã yêu cầu gỡ bài này",
        "at": typed_moment(clock),
    }
    assert inspector.post(f"{where}/send/telephone", call).status_code == 302
    text = inspector.get(where).text
    assert "24 hours left" in text
    assert "Đã yêu cầu gỡ bài này" in text
    for _ in range(2):
        clock.move(desk.distance)
        desk.see(desk.item(request_id), Availability.REMOVED)
    text = inspector.get(where).text
    assert "Removed, proven" in text
    assert "on time" in text
    assert text.count("Show the picture") == 2
    assert desk.load(request_id).state == "done"


def test_a_capture_asked_for_in_a_case_leads_back_to_it(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    inspector, post = sit(Role.INSPECTOR), posts()
    alone = inspector.post("/evidence/capture", {"post": post.id})
    assert "Back to the case" not in inspector.get(alone.location).text
    case = desk.load(drafted(inspector, desk, post)).case
    asked = inspector.post("/evidence/capture", {"post": post.id})
    text = inspector.get(asked.location).text
    assert f'href="/cases/{case.id}#evidence"' in text
    assert f"Back to the case {case.number}" in text
    assert "Back to the post" in text


def test_who_signs_signs_what_was_on_the_page(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    """Recalled, changed and submitted again while the approver was reading: nothing is approved."""
    inspector, approver = sit(Role.INSPECTOR), sit(Role.APPROVER)
    request_id = drafted(inspector, desk, posts())
    where = f"/takedowns/{request_id}"
    desk.see(desk.item(request_id), Availability.ONLINE)

    def step(act: str) -> None:
        inspector.get(where)
        assert inspector.post(f"{where}/steps/{act}").status_code == 302

    def button() -> str:
        found = re.search(rf'action="({where}/approval/approve[^"]*)"', approver.get(where).text)
        assert found is not None
        return html.unescape(found[1])

    step("submit")
    stale = button()
    step("recall")
    step("submit")
    assert approver.post(stale).status_code == 409
    assert desk.load(request_id).state == "submitted"
    assert approver.post(button()).status_code == 302
    assert desk.load(request_id).state == "approved"


def test_the_drafter_sees_why_approving_is_not_for_them(
    office: Office, sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    both = sit(reader(office, Role.INSPECTOR, Role.APPROVER))
    request_id = drafted(both, desk, posts())
    where = f"/takedowns/{request_id}"
    both.get(where)
    both.post(f"{where}/steps/submit")
    assert "a second person has to approve" in both.get(where).text
    assert both.post(f"{where}/approval/approve").status_code == 403
    assert desk.load(request_id).state == "submitted"


def test_a_sending_without_proof_comes_back_with_what_was_typed(
    sit: Callable[..., Browser], desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    browser = sit(Role.INSPECTOR)
    request_id = desk.approved(posts())
    browser.get(f"/takedowns/{request_id}")
    call = {
        "number": "0900 000 101",
        "spoke_with": "Ông Trực",
        "said": "ngắn",
        "at": typed_moment(clock),
    }
    answer = browser.post(f"/takedowns/{request_id}/send/telephone", call)
    assert answer.status_code == 422
    assert 'value="Ông Trực"' in answer.text
    assert "there is no proof of the sending" in answer.text
    assert desk.load(request_id).state == "approved"


@pytest.mark.parametrize("moment", ["", "2026-13-45T10:00", "2030-01-01T00:00"])
def test_a_moment_that_cannot_be_is_refused(
    sit: Callable[..., Browser], desk: Desk, posts: Posts, moment: str
) -> None:
    browser = sit(Role.INSPECTOR)
    request_id = desk.approved(posts())
    browser.get(f"/takedowns/{request_id}")
    call = {
        "number": "0900 000 101",
        "spoke_with": "Ông Trực",
        "said": "Đã yêu cầu gỡ bài",
        "at": moment,
    }
    assert browser.post(f"/takedowns/{request_id}/send/telephone", call).status_code == 422


def test_an_officer_attests_with_a_picture_that_only_this_request_shows(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    browser = sit(Role.INSPECTOR)
    request_id, other_id = desk.sent(posts()), desk.sent(posts())
    item = desk.item(request_id)
    browser.get(f"/takedowns/{request_id}")
    where = f"/takedowns/{request_id}/items/{item.id}"
    words = {"availability": "online", "seen": "Bài vẫn còn hiển thị công khai"}
    assert browser.post(f"{where}/attest", words).status_code == 422
    picture = (io.BytesIO(PNG), "anh.png")
    answer = browser.post(f"{where}/attest", {**words, "screenshot": picture})
    assert answer.status_code == 302
    seen = desk.item(request_id).before_observation
    assert seen is not None
    assert seen.origin == "officer"
    digest = seen.capture["files"][0]["digest"]
    shown = browser.get(f"{where}/pictures/{digest}")
    assert (shown.data, shown.mimetype) == (PNG, "image/png")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    elsewhere = f"/takedowns/{other_id}/items/{desk.item(other_id).id}/pictures/{digest}"
    assert browser.get(elsewhere).status_code == 404


def test_the_letter_is_a_document_with_the_address_and_the_basis(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    post = posts()
    request_id = desk.approved(post)
    answer = sit(Role.APPROVER).get(f"/takedowns/{request_id}/letter.docx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        text = archive.read("word/document.xml").decode()
    assert post.url in text
    assert "điểm b khoản 1 Điều 95" in text
    assert "hoản 4 Điều 34" in text


def test_the_police_hold_and_release_from_the_page(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    police, inspector = sit(Role.POLICE), sit(Role.INSPECTOR)
    request_id = desk.approved(posts())
    where = f"/takedowns/{request_id}"
    police.get(where)
    police.post(f"{where}/hold/hold", {"reason": "Đang theo dõi nhóm này"})
    text = inspector.get(where).text
    assert "Đang theo dõi nhóm này" in text
    assert "Nothing can be sent while it is held." in text
    assert inspector.post(f"{where}/hold/release").status_code == 403
    police.get(where)
    police.post(f"{where}/hold/release")
    assert "Nothing can be sent" not in inspector.get(where).text


def test_overdue_stands_on_today_on_the_board_and_on_the_request(
    sit: Callable[..., Browser], desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    request_id = desk.sent(posts())
    number = desk.load(request_id).number
    clock.move(timedelta(hours=26))
    desk.see(desk.item(request_id), Availability.ONLINE)
    desk.watch()
    browser = sit(Role.INSPECTOR)
    assert f"{number} is overdue" in browser.get("/").text
    board = browser.get("/takedowns").text
    assert "is-overdue" in board
    assert "2 hours overdue" in board
    assert number in browser.get("/takedowns?state=overdue").text
    assert "Send a re-notice" in browser.get(f"/takedowns/{request_id}").text
    clock.move(timedelta(hours=24))
    approver = sit(Role.APPROVER)
    assert f"{number} is overdue" in approver.get("/").text
    assert "The approver is told" in approver.get(f"/takedowns/{request_id}").text


def test_the_list_is_narrowed_by_its_address(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    first = desk.load(desk.sent(posts()))
    second = desk.load(
        desk.approved(
            posts(platform="zalo"), target="domestic_network", regime_id="nd147-2024.35.5"
        )
    )
    browser = sit(Role.REPORT_WRITER)

    def listed(query: str) -> set[str]:
        text = browser.get(f"/takedowns?view=list&{query}").text
        return {one.number for one in (first, second) if one.number in text}

    assert listed("") == {first.number, second.number}
    assert listed("state=sent") == {first.number}
    assert listed("platform=zalo") == {second.number}
    assert listed(f"q={first.number}") == {first.number}
    assert listed(f"ids={second.id}") == {second.number}
    assert listed(f"items={first.items[0].id}") == {first.number}
    assert listed("q=100%25_khong") == set()
    assert listed("state=nonsense&page=-3&size=x") == set()


def test_the_scorecard_counts_what_the_requests_show(
    sit: Callable[..., Browser], desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    request_id = desk.sent(posts())
    desk.see(desk.item(request_id), Availability.ONLINE)
    clock.move(timedelta(hours=3))
    desk.see(desk.item(request_id), Availability.REMOVED)
    clock.move(desk.distance)
    desk.see(desk.item(request_id), Availability.REMOVED)
    browser = sit(Role.REPORT_WRITER)
    text = " ".join(browser.get("/takedowns/scorecard").text.split())
    assert '<th scope="row">Forum</th>' in text
    assert '<td class="num">1 · 100%</td>' in text
    assert '<td class="num">3.0</td>' in text
    assert f"/takedowns?ids={request_id}&amp;view=list" in text
    nothing = browser.get("/takedowns/scorecard?from=2020-01-01&to=2020-02-01")
    assert "No request was sent in this time." in nothing.text


def test_the_case_page_shows_the_request_as_a_measure(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    request = desk.load(desk.sent(posts()))
    text = sit(Role.INSPECTOR).get(f"/cases/{request.case_id}").text
    assert request.number in text
    assert "Sent, being followed" in text
    assert "Takedown request drafted" in text


def test_an_answer_is_written_down(
    sit: Callable[..., Browser], desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    request_id = desk.sent(posts())
    browser = sit(Role.INSPECTOR)
    browser.get(f"/takedowns/{request_id}")
    given = {"kind": "refused", "text": "Không đồng ý gỡ", "received_at": typed_moment(clock)}
    answer = browser.post(f"/takedowns/{request_id}/answers", given)
    assert answer.status_code == 302
    assert "Không đồng ý gỡ" in browser.get(f"/takedowns/{request_id}").text
    assert (
        browser.post(f"/takedowns/{request_id}/answers", {**given, "kind": "x"}).status_code == 422
    )


def test_a_failed_mail_is_told_and_can_be_tried_again(
    sit: Callable[..., Browser], desk: Desk, posts: Posts, office: Office
) -> None:
    request_id = desk.approved(posts(), channel="mail", recipient_contact="lienhe@dien-dan.example")
    browser = sit(Role.INSPECTOR)
    text = browser.get(f"/takedowns/{request_id}").text
    assert "No mail server is set" in text
    where = f"/takedowns/{request_id}"
    assert browser.post(f"{where}/send/mail", {"to": "không phải thư"}).status_code == 422
    assert browser.post(f"{where}/send/mail", {"to": "lienhe@dien-dan.example"}).status_code == 302
    wiring = office.wiring
    duties.send_mails(wiring.database, wiring.clock, wiring.settings, wiring.files)
    text = browser.get(where).text
    assert "no mail server is set" in text
    assert "Try again" in text
    notice_id = desk.load(request_id).notices[0].id
    assert browser.post(f"{where}/notices/{notice_id}/retry").status_code == 302
    assert desk.load(request_id).notices[0].state == "queued"


@pytest.mark.parametrize(
    "path", ["", "?view=list", "/scorecard", "/{id}", "/{id}/edit", "/new?case={case}"]
)
def test_every_page_is_there_in_vietnamese(
    office: Office, desk: Desk, posts: Posts, path: str
) -> None:
    post = posts()
    case = desk.case(post)
    request_id = desk.draft(case, desk.data(post))
    answer: TestResponse = office.logged_in(Role.INSPECTOR).get(
        "/takedowns" + path.format(id=request_id, case=case.id)
    )
    assert answer.status_code == 200
    assert '<html lang="vi"' in answer.text


def test_a_post_that_looks_like_a_removed_one_is_shown_and_decided(
    sit: Callable[..., Browser], desk: Desk, posts: Posts, clock: MovableClock
) -> None:
    campaign = posts.campaign()
    request_id = desk.sent(posts(campaign_id=campaign))
    desk.see(desk.item(request_id), Availability.ONLINE)
    clock.move(desk.distance)
    desk.see(desk.item(request_id), Availability.REMOVED)
    inspector, where = sit(Role.INSPECTOR), f"/takedowns/{request_id}"
    assert "Seen to be gone once" in inspector.get(where).text
    clock.move(desk.distance)
    desk.see(desk.item(request_id), Availability.REMOVED)
    clock.move(timedelta(minutes=1))
    again = posts(campaign_id=campaign)
    reuploads.find(desk.database, clock)
    text = inspector.get(where).text
    assert "Perhaps uploaded again" in text
    assert f'href="/posts/{again.id}"' in text
    action = re.search(rf'action="({where}/reuploads/[0-9]+)"', text)
    assert action is not None
    assert inspector.post(action[1], {"state": "confirmed"}).status_code == 303
    assert "uploaded again" in inspector.get(where).text
    assert inspector.post(action[1], {"state": "nonsense"}).status_code == 404


def test_an_edited_text_is_shown_word_by_word(
    sit: Callable[..., Browser], desk: Desk, posts: Posts
) -> None:
    request_id = desk.sent(posts("Tuyển gấp sang Campuchia làm việc nhẹ"))
    item = desk.item(request_id)
    with desk.database.writing() as session:
        observe(
            session,
            item.url,
            Availability.EDITED,
            at=desk.clock.now(),
            asked_kind="takedown_item",
            asked_id=item.id,
            seen_text="Tuyển gấp sang Đồng Nai làm việc nhẹ",
        )
    text = html.unescape(sit(Role.INSPECTOR).get(f"/takedowns/{request_id}").text)
    assert "Campuchia<span" in text.partition("<del>")[2]
    assert "Đồng Nai<span" in text.partition("<ins>")[2]
