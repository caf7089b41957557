"""Roles, acts, and "may this actor do this": one table that pages and tests read.

Each room declares its acts with `acts(...)`; wiring collects them into one PermissionTable.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from foundation.errors import Forbidden
from foundation.people import Actor, Role

EVERYBODY = frozenset(Role)


@dataclass(frozen=True, slots=True)
class ActRule:
    """One act (`room.verb`) and the roles that may do it."""

    name: str
    roles: frozenset[Role]


def acts(rules: Mapping[str, Iterable[Role]]) -> tuple[ActRule, ...]:
    """What a room declares: act name -> roles."""
    return tuple(ActRule(name, frozenset(roles)) for name, roles in rules.items())


class PermissionTable:
    """All acts of all rooms. An act nobody declared is refused loudly, never allowed."""

    def __init__(self, *declared: Iterable[ActRule]) -> None:
        self._rules: dict[str, ActRule] = {}
        for rules in declared:
            for rule in rules:
                if rule.name in self._rules:
                    raise ValueError(f"act {rule.name} is declared twice")
                self._rules[rule.name] = rule

    def __iter__(self) -> Iterator[ActRule]:
        return iter(sorted(self._rules.values(), key=lambda rule: rule.name))

    def __contains__(self, act: object) -> bool:
        return act in self._rules

    def roles(self, act: str) -> frozenset[Role]:
        return self._rules[act].roles

    def allows(self, actor: Actor, act: str) -> bool:
        """Whether the actor holds a role of the act; the system may do everything."""
        rule = self._rules[act]
        return actor.is_system or bool(rule.roles & actor.roles)

    def require(self, actor: Actor, act: str) -> None:
        if not self.allows(actor, act):
            raise Forbidden(
                f"{actor.name} may not {act}", about=act, act=act, roles=sorted(self.roles(act))
            )
