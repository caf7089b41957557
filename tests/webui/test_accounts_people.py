"""People and units are managed in the page; nobody makes themself more than they are."""

import threading

import pytest
from sqlalchemy import func, select

from foundation.audit import AuditEvent
from foundation.errors import Conflict
from foundation.people import Note, Role, Unit, User
from tests.support.office import Browser, Office
from webui.accounts import service

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
REASON = "Theo phân công mới của lãnh đạo"
SIGNER = "giam-doc-so-vhttdl"


@pytest.fixture
def admin(office: Office) -> Browser:
    return office.logged_in(Role.ADMINISTRATOR)


def user_of(office: Office, email: str) -> User:
    with office.wiring.database.reading() as session:
        return session.scalars(select(User).where(User.email == email)).one()


def last_event(office: Office) -> tuple[str, str, int | None]:
    with office.wiring.database.reading() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    return event.action, event.subject_id, event.actor_id


def invite(admin: Browser, **changes: object) -> int:
    admin.get("/people/invite")
    form: dict[str, object] = {
        "email": "Nguoi.Moi@office.example",
        "name": "Đỗ Thị Mới",
        "position": "Chuyên viên",
        "signer_title": "",
        "unit_id": "",
        "roles": ["inspector", "report_writer"],
    }
    return admin.post("/people/invite", form | changes).status_code


def test_an_invited_person_gets_a_link_sets_a_password_and_works(
    office: Office, admin: Browser
) -> None:
    unit = office.people.unit("Phòng Nghiệp vụ")
    assert invite(admin, unit_id=str(unit.id)) == 303
    user = user_of(office, "nguoi.moi@office.example")
    assert (user.roles, user.unit_id) == (["inspector", "report_writer"], unit.id)
    assert last_event(office) == ("user:invite", str(user.id), office.known[Role.ADMINISTRATOR].id)
    page = admin.get(f"/people/{user.id}")
    link = "/set-password/" + page.text.split("/set-password/")[1].split("<")[0]
    assert link not in admin.get(f"/people/{user.id}").text  # shown this one time
    person = office.browser()
    person.get(link)
    person.post(link, {"password": "một cụm từ đủ dài 9", "again": "một cụm từ đủ dài 9"})
    person.log_in(user.email, "một cụm từ đủ dài 9")
    assert person.is_logged_in()


@pytest.mark.parametrize(
    ("changes", "status", "why"),
    [
        ({"email": "không phải thư"}, 422, "không phải địa chỉ thư"),
        ({"name": "  "}, 422, "Hãy nhập tên"),
        ({"unit_id": "999999"}, 422, "không dùng được"),
    ],
)
def test_an_invitation_with_a_mistake_says_which_and_keeps_what_was_typed(
    office: Office, admin: Browser, changes: dict[str, object], status: int, why: str
) -> None:
    assert invite(admin, position="Kiểm tra viên chính", **changes) == status
    assert admin.last is not None
    assert why in admin.last.text
    assert "Kiểm tra viên chính" in admin.last.text
    with office.wiring.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1


def test_one_address_has_one_account(office: Office, admin: Browser) -> None:
    assert invite(admin) == 303
    assert invite(admin, email="NGUOI.MOI@office.example") == 409


def test_a_role_or_a_title_that_does_not_exist_is_not_stored(
    office: Office, admin: Browser
) -> None:
    assert invite(admin, roles=["king", "inspector"], signer_title="hoàng-đế") == 303
    user = user_of(office, "nguoi.moi@office.example")
    assert (user.roles, user.signer_title) == (["inspector"], "")


def test_what_people_type_is_shown_as_text(office: Office, admin: Browser) -> None:
    invite(admin, name="<script>alert(1)</script>", position="<img src=x onerror=alert(1)>")
    user = user_of(office, "nguoi.moi@office.example")
    for path in ("/people", f"/people/{user.id}", "/audit"):
        text = admin.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_other_roles_need_a_reason_and_count_at_once(office: Office, admin: Browser) -> None:
    user = office.person(Role.INSPECTOR)
    person = office.logged_in(user)
    assert person.client.get("/audit").status_code == 403
    path = f"/people/{user.id}/roles"
    assert admin.post(path, {"roles": ["approver"], "reason": " "}).status_code == 422
    assert person.client.get("/audit").status_code == 403
    admin.get("/people")
    assert admin.post(path, {"roles": ["approver"], "reason": REASON}).status_code == 303
    assert person.client.get("/audit").status_code == 200
    with office.wiring.database.reading() as session:
        note = session.scalars(select(Note)).one()
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert note.text == REASON
    assert event.detail == {"note": note.id, "before": ["inspector"], "after": ["approver"]}


def test_an_administrator_gives_themself_no_role_and_no_title(
    office: Office, admin: Browser
) -> None:
    own = office.known[Role.ADMINISTRATOR]
    more = {"roles": ["administrator", "approver"], "reason": REASON}
    assert admin.post(f"/people/{own.id}/roles", more).status_code == 403
    title = {"name": own.name, "signer_title": SIGNER}
    admin.get("/people")
    assert admin.post(f"/people/{own.id}/details", title).status_code == 403
    stored = office.people.load(own.id)
    assert (stored.roles, stored.signer_title) == (["administrator"], "")


def test_the_last_administrator_stays(office: Office, admin: Browser) -> None:
    own = office.known[Role.ADMINISTRATOR]
    for path, form in (
        (f"/people/{own.id}/disable", {}),
        (f"/people/{own.id}/roles", {"roles": []}),
    ):
        answer = admin.post(path, {**form, "reason": REASON})
        assert answer.status_code == 409
        assert "quản trị viên cuối cùng" in answer.text
        admin.get("/people")
    assert admin.is_logged_in()


def test_an_invited_administrator_without_a_password_does_not_count_as_another(
    office: Office, admin: Browser
) -> None:
    own = office.known[Role.ADMINISTRATOR]
    invite(admin, roles=["administrator"])
    answer = admin.post(f"/people/{own.id}/disable", {"reason": REASON})
    assert answer.status_code == 409
    other = office.person(Role.ADMINISTRATOR)
    admin.get("/people")
    assert admin.post(f"/people/{own.id}/disable", {"reason": REASON}).status_code == 303
    assert not admin.is_logged_in()
    assert office.logged_in(other).is_logged_in()


def test_two_administrators_cannot_disable_each_other_at_the_same_moment(office: Office) -> None:
    pair = [office.person(Role.ADMINISTRATOR) for _ in range(2)]
    ready = threading.Barrier(2, timeout=20)
    outcomes: list[str] = []

    def disable(own: User, other: User) -> None:
        ready.wait()
        try:
            with office.wiring.database.writing() as session:
                leaving = service.find(session, other.id)
                at = office.wiring.clock.now()
                service.disable(session, own.actor(), leaving, reason=REASON, at=at)
            outcomes.append("done")
        except Conflict:
            outcomes.append("told")

    threads = [threading.Thread(target=disable, args=order) for order in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["done", "told"]
    assert [office.people.load(user.id).active for user in pair].count(True) == 1


def test_a_disabled_person_is_out_and_can_be_let_in_again(office: Office, admin: Browser) -> None:
    user = office.person(Role.INSPECTOR)
    person = office.logged_in(user)
    admin.post(f"/people/{user.id}/disable", {"reason": REASON})
    assert last_event(office)[:2] == ("user:disable", str(user.id))
    assert not person.is_logged_in()
    admin.post(f"/people/{user.id}/enable")
    assert last_event(office)[:2] == ("user:enable", str(user.id))
    assert not person.is_logged_in()  # the old session stays ended
    assert office.logged_in(user).is_logged_in()


def test_a_reset_voids_the_old_password_at_once(office: Office, admin: Browser) -> None:
    user = office.person(Role.INSPECTOR)
    person = office.logged_in(user)
    assert admin.post(f"/people/{user.id}/reset-password", {"reason": ""}).status_code == 422
    assert person.is_logged_in()
    admin.get("/people")
    admin.post(f"/people/{user.id}/reset-password", {"reason": REASON})
    assert not person.is_logged_in()
    person.log_in(user.email)
    assert not person.is_logged_in()
    assert "/set-password/" in admin.get(f"/people/{user.id}").text


def test_a_new_link_makes_the_first_one_worthless(office: Office, admin: Browser) -> None:
    invite(admin)
    user = user_of(office, "nguoi.moi@office.example")
    first = admin.get(f"/people/{user.id}").text.split("/set-password/")[1].split("<")[0]
    admin.post(f"/people/{user.id}/new-link")
    second = admin.get(f"/people/{user.id}").text.split("/set-password/")[1].split("<")[0]
    assert office.browser().get(f"/set-password/{first}").status_code == 404
    assert office.browser().get(f"/set-password/{second}").status_code == 200


def test_the_list_can_be_filtered_by_address(office: Office, admin: Browser) -> None:
    unit = office.people.unit("Phòng Nghiệp vụ")
    inspector = office.people(Role.INSPECTOR, name="Đặng Thị Lọc", unit=unit)
    office.people(Role.POLICE, name="Hồ Văn Khác", active=False)

    def shown(query: str) -> set[str]:
        text = admin.get(f"/people?{query}").text
        return {name for name in ("Đặng Thị Lọc", "Hồ Văn Khác") if name in text}

    assert shown("") == {"Đặng Thị Lọc", "Hồ Văn Khác"}
    assert shown("role=inspector") == {"Đặng Thị Lọc"}
    assert shown(f"unit={unit.id}") == {"Đặng Thị Lọc"}
    assert shown("state=disabled") == {"Hồ Văn Khác"}
    assert shown("state=invited") == {"Đặng Thị Lọc"}
    assert shown("q=THỊ lọc") == {"Đặng Thị Lọc"}
    assert shown(f"q={inspector.email}") == {"Đặng Thị Lọc"}
    assert shown("q=không+ai+cả") == set()


# --- units --------------------------------------------------------------------------------------------


def test_units_are_added_renamed_closed_and_opened_again(office: Office, admin: Browser) -> None:
    admin.get("/people/units")
    assert admin.post("/people/units", {"name": "  Phòng   Mới "}).status_code == 303
    with office.wiring.database.reading() as session:
        unit = session.scalars(select(Unit)).one()
    assert unit.name == "Phòng Mới"
    admin.post(f"/people/units/{unit.id}/rename", {"name": "Phòng Đổi Tên", "short_name": "PĐT"})
    admin.post(f"/people/units/{unit.id}/close")
    assert "Phòng Đổi Tên" in admin.get("/people/units").text
    assert "Phòng Đổi Tên" not in admin.get("/people/invite").text
    admin.post(f"/people/units/{unit.id}/open")
    assert "Phòng Đổi Tên" in admin.get("/people/invite").text
    with office.wiring.database.reading() as session:
        query = select(AuditEvent.action).where(AuditEvent.subject_kind == "unit")
        found = list(session.scalars(query.order_by(AuditEvent.id)))
    assert found == ["unit:create", "unit:rename", "unit:close", "unit:open"]


def test_a_unit_with_people_is_not_closed_and_two_of_one_name_are_refused(
    office: Office, admin: Browser
) -> None:
    unit = office.people.unit("Phòng Nghiệp vụ")
    office.person(Role.INSPECTOR)
    member = office.people(Role.INSPECTOR, unit=unit)
    assert admin.post(f"/people/units/{unit.id}/close").status_code == 409
    admin.get("/people/units")
    answer = admin.post("/people/units", {"name": "phòng nghiệp vụ"})
    assert answer.status_code == 409
    assert "Đã có đơn vị tên này" in answer.text
    admin.post(f"/people/{member.id}/disable", {"reason": REASON})
    assert admin.post(f"/people/units/{unit.id}/close").status_code == 303
