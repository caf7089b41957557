"""Units are apart: whatever address, form or list somebody of another unit tries, it is as if nothing were there.

Every route that takes an id is tried with ids of the other unit and with ids that do not exist; both must be
answered alike. Routes that come later are covered when tests/support/furnished.py knows their ids; one whose
id nobody knows fails here by name.
"""

import re
from collections.abc import Iterator

import pytest

from foundation.database import Database
from tests.support.furnished import CONTACT, VICTIM, VICTIM_PHONE, Room, value_of
from tests.webui.building import OURS, THEIRS, Building, build, form_fields, rows, rows_named, said

NEEDS_MORE = {"takedowns.sent_letter"}
"""What only exists after a step that the room has not taken (a letter that was sent)."""


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    folder = tmp_path_factory.mktemp("building")
    database = Database(f"sqlite:///{folder / 'rasoat.db'}")
    database.create_all()
    yield build(folder, database)
    database.dispose()


def test_every_id_in_an_address_is_known_to_this_test(building: Building) -> None:
    """A new kind of thing: make one in tests/support/furnished.py."""
    unknown = [
        f"{rule} ({name})"
        for area, rule in building.with_ids()
        for name in rows_named(rule)
        if value_of(building.theirs, area, name) is None
    ]
    assert unknown == []


def test_the_people_of_a_unit_can_open_what_is_theirs(building: Building) -> None:
    """Else the other tests here would prove nothing."""
    closed = []
    for area, rule in building.with_ids():
        if "GET" in (rule.methods or ()) and not rule.arguments - rows_named(rule):
            path = building.address(area, rule, building.theirs)
            status = building.insider.get(path).status_code
            if status not in {200, 409} and rule.endpoint not in NEEDS_MORE:
                closed.append((path, status))
    assert closed == []


def test_what_is_another_units_is_answered_as_if_it_were_not_there(building: Building) -> None:
    """The same status as for ids that nobody has, and not a word of what is there."""
    told: list[tuple[object, ...]] = []
    for area, rule in building.with_ids():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            theirs = building.address(area, rule, building.theirs)
            absent = building.address(area, rule, None)
            given = {"reason": "Lý do đủ dài để được nhận", "note": "x", "title": "x"}
            data = given if method == "POST" else None
            answer = building.intruder.open(theirs, method=method, data=data)
            nothing = building.intruder.open(absent, method=method, data=data)
            if answer.status_code != nothing.status_code or answer.status_code < 400:
                told.append((method, theirs, answer.status_code, nothing.status_code))
            elif THEIRS in said(answer):
                told.append((method, theirs, "says", THEIRS))
    assert told == []
    unchanged(building)


def test_no_list_search_or_count_shows_another_units_rows(building: Building) -> None:
    shown = []
    for _area, rule in building.rules():
        if "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        for query in queries(building.theirs):
            text = said(building.intruder.get(f"{rule}?{query}"))
            asked = THEIRS in query
            if not asked and THEIRS in text:
                shown.append(f"{rule}?{query}")
    assert shown == []


def queries(theirs: Room) -> list[str]:
    """Ways to ask a list for what is theirs, by ids and by words that only their rows hold."""
    ids = theirs.ids
    named = [
        f"{name.removesuffix('_id')}={value}" for name, value in ids.items() if name.endswith("_id")
    ]
    by_id = [f"post={ids['post_id']}", f"case={ids['case_id']}", "&".join(named)]
    tabs = ["tab=mine", "tab=kept", "tab=dismissed", "state=all&list=date&all=1"]
    return ["", *by_id, *tabs, f"q={CONTACT}", "q=Tuy%E1%BB%83n"]


def test_a_search_for_their_words_finds_nothing(building: Building) -> None:
    their_own = building.insider.get(f"/search?q={THEIRS}").text
    assert f"nhẹ lương cao {THEIRS}" in re.sub(r"</?mark[^>]*>", "", their_own)
    found = building.intruder.get(f"/search?q={THEIRS}").text
    assert f"nhẹ lương cao {THEIRS}" not in re.sub(r"</?mark[^>]*>", "", found)


def test_the_page_of_a_contact_counts_only_ones_own_posts(building: Building) -> None:
    page = building.intruder.get(f"/posts/contacts/phone/{CONTACT}").text
    assert OURS in page
    assert THEIRS not in page
    assert f"/cases/{building.theirs.ids['case_id']}" not in page


def test_ids_hidden_in_forms_reach_nothing_of_another_unit(building: Building) -> None:
    """Every form of one's own things, with each field in turn naming a thing of theirs."""
    fields = sorted(name for name in form_fields() if f"{name}_id" in building.theirs.ids)
    assert {"post", "case", "source"} <= set(fields)
    for area, rule in building.rules():
        if "POST" not in (rule.methods or ()) or rule.arguments & {"token"}:
            continue
        path = building.address(area, rule, building.ours, act="start")
        for name in fields:
            given = {**filled(), name: building.theirs.ids[f"{name}_id"]}
            answer = building.intruder.post(path, data=given)
            assert THEIRS not in said(answer), (path, name)
    unchanged(building)


def filled() -> dict[str, str]:
    return {
        "title": "x",
        "reason": "Lý do đủ dài để được nhận",
        "note": "x",
        "url": "https://a.vn/",
    }


def unchanged(building: Building) -> None:
    """Not one row that was theirs has another value now, or is gone."""
    now = rows(building.office.wiring.database)
    changed = [key for key, row in building.before.items() if now.get(key) != row]
    # Their people logging in, and the audit log's sealing, are no act of the intruder.
    assert [key for key in changed if key[0] not in {"user_account", "audit_event"}] == []


def test_victims_stay_masked_on_every_page_of_their_own_unit(building: Building) -> None:
    leaks = []
    for area, rule in building.rules():
        if "GET" not in (rule.methods or ()) or rule.arguments - rows_named(rule):
            continue
        path = building.address(area, rule, building.theirs)
        text = said(building.insider.get(path))
        leaks += [(path, secret) for secret in (VICTIM, VICTIM_PHONE) if secret in text]
    assert leaks == []
