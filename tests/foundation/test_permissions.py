"""Who may do what stands in one table."""

import pytest

from foundation.errors import Forbidden
from foundation.people import SYSTEM, Actor, Role
from foundation.permissions import EVERYBODY, PermissionTable, acts

CASES = acts({"cases.view": EVERYBODY, "cases.close": [Role.APPROVER]})
PEOPLE = acts({"people.manage": [Role.ADMINISTRATOR]})


def actor(*roles: Role) -> Actor:
    return Actor(user_id=1, name="Nguyễn Kiểm Tra", roles=frozenset(roles))


def test_the_rooms_acts_are_collected_in_order_of_their_names() -> None:
    table = PermissionTable(CASES, PEOPLE)
    assert [rule.name for rule in table] == ["cases.close", "cases.view", "people.manage"]
    assert table.roles("cases.close") == {Role.APPROVER}
    assert "cases.view" in table
    assert "cases.burn" not in table


def test_one_role_of_several_is_enough() -> None:
    table = PermissionTable(CASES, PEOPLE)
    both = actor(Role.INSPECTOR, Role.APPROVER)
    assert table.allows(both, "cases.close")
    assert not table.allows(both, "people.manage")
    table.require(both, "cases.close")


def test_a_person_without_roles_may_do_nothing_and_the_system_everything() -> None:
    table = PermissionTable(CASES, PEOPLE)
    assert not any(table.allows(actor(), rule.name) for rule in table)
    assert all(table.allows(SYSTEM, rule.name) for rule in table)


def test_a_refusal_says_which_act_and_who_may() -> None:
    with pytest.raises(Forbidden) as caught:
        PermissionTable(PEOPLE).require(actor(Role.INSPECTOR), "people.manage")
    assert caught.value.about == "people.manage"
    assert caught.value.detail["roles"] == ["administrator"]
    assert caught.value.status == 403


def test_an_act_declared_twice_or_never_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match=r"people\.manage is declared twice"):
        PermissionTable(PEOPLE, PEOPLE)
    with pytest.raises(KeyError):
        PermissionTable(PEOPLE).allows(SYSTEM, "people.burn")


@pytest.mark.parametrize(
    ("own", "row", "sees"), [(None, 5, True), (5, 5, True), (5, 6, False), (5, None, True)]
)
def test_a_unit_sees_its_own_rows_and_those_of_no_unit(
    own: int | None, row: int | None, sees: bool
) -> None:
    assert Actor(user_id=1, name="A", unit_id=own).sees_unit(row) is sees
