"""Revisions of packs over the shipped ones: two persons, a way back, and an office that never stands still."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

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
)
from foundation.lifecycle import history
from foundation.people import Actor, Role
from search.lab import service
from search.lab.drafts import examine_draft, pack_id_of
from search.lab.lifecycle import KIND, REVISION
from search.lab.models import RevisionState as S
from search.lab.models import RulePackRevision
from search.lab.office import office_rules, shipped_rules
from search.lab.provider import Rules
from search.rules.pack import shipped_packs, shipped_text
from tests.search.test_pack import SOUND
from tests.support.people import People

#: For the sample pack, and like or unlike nothing that the table of words knows.
HIT = "ăn cơm rồi đi xứ lạ, ngày 500k cả gà lẫn bánh mì"


class Lab:
    """What two people do with rules, each act in a transaction of its own."""

    def __init__(self, database: Database, clock: MovableClock, people: People) -> None:
        self.database, self.clock = database, clock
        self.writer = people.actor(Role.INSPECTOR)
        self.approver = people.actor(Role.APPROVER)
        self.administrator = people.actor(Role.ADMINISTRATOR)

    def draft(self, text: str = SOUND, pack: str = "", by: Actor | None = None) -> int:
        with self.database.writing() as session:
            named = pack or pack_id_of(text)
            return service.create(session, by or self.writer, named, text, at=self.clock.now()).id

    def edit(self, row_id: int, text: str, *, seen: str = "", by: Actor | None = None) -> None:
        with self.database.writing() as session:
            row = service.get(session, row_id)
            service.edit(
                session, by or self.writer, row, text, seen=seen or row.digest, at=self.clock.now()
            )

    def propose(self, row_id: int, why: str = "Thêm nơi đến mới", by: Actor | None = None) -> None:
        with self.database.writing() as session:
            row = service.get(session, row_id)
            checked = service.check(row, office_rules(session))
            service.propose(
                session, by or self.writer, row, why=why, checked=checked, at=self.clock.now()
            )

    def approve(self, row_id: int, by: Actor | None = None, seen: str = "") -> None:
        self.clock.move(timedelta(minutes=1))
        with self.database.writing() as session:
            row = service.get(session, row_id)
            checked = service.check(row, office_rules(session))
            service.approve(
                session,
                by or self.administrator,
                row,
                seen=seen or row.digest,
                checked=checked,
                at=self.clock.now(),
            )

    def step(self, row_id: int, act: str, by: Actor | None = None, reason: str = "") -> None:
        with self.database.writing() as session:
            row = service.get(session, row_id)
            service.step(session, by or self.writer, row, act, at=self.clock.now(), reason=reason)

    def live(self, text: str = SOUND) -> int:
        row_id = self.draft(text)
        self.propose(row_id)
        self.approve(row_id)
        return row_id

    def row(self, row_id: int) -> RulePackRevision:
        with self.database.reading() as session:
            return service.get(session, row_id)


@pytest.fixture
def lab(database: Database, clock: MovableClock, people: People) -> Lab:
    return Lab(database, clock, people)


@pytest.fixture
def rules(database: Database) -> Rules:
    return Rules(database, every=0.0)


class TestGoingLive:
    def test_an_office_without_revisions_judges_by_the_shipped_packs(
        self, database: Database, rules: Rules
    ) -> None:
        with database.reading() as session:
            assert office_rules(session) == shipped_rules()
        assert rules.matcher.packs == shipped_packs()

    def test_a_draft_changes_nothing_and_counts_once_a_second_person_says_so(
        self, lab: Lab, rules: Rules
    ) -> None:
        before = rules.matcher.version
        row_id = lab.draft()
        assert lab.row(row_id).number == 1
        assert rules.matcher.match(HIT) is None
        lab.propose(row_id)
        assert rules.matcher.version == before
        lab.approve(row_id)
        judgement = rules.matcher.match(HIT)
        assert judgement is not None
        assert judgement.packs == ("sample",)
        assert rules.matcher.version != before
        row = lab.row(row_id)
        assert (row.state, row.approved_by_id) == (S.LIVE, lab.administrator.user_id)
        assert row.live_at == lab.clock.now()

    def test_a_changed_pack_takes_the_place_of_the_shipped_one(
        self, lab: Lab, rules: Rules
    ) -> None:
        text = shipped_text("organ").replace("version: ", "version: 9", 1)
        row_id = lab.draft(text)
        lab.propose(row_id)
        lab.approve(row_id, by=lab.approver)
        chosen = rules.office.of("organ")
        assert chosen is not None
        assert (chosen.number, chosen.text) == (1, text)
        assert [pack.id for pack in rules.matcher.packs] == [pack.id for pack in shipped_packs()]

    def test_nobody_approves_what_they_wrote_changed_or_proposed(
        self, lab: Lab, people: People
    ) -> None:
        both = people.actor(Role.ADMINISTRATOR, Role.APPROVER)
        row_id = lab.draft(by=both)
        lab.propose(row_id)
        with pytest.raises(FourEyesRequired):
            lab.approve(row_id, by=both)
        lab.step(row_id, "recall")
        lab.edit(row_id, SOUND.replace("version: 3", "version: 4"), by=lab.administrator)
        lab.propose(row_id)
        with pytest.raises(FourEyesRequired):
            lab.approve(row_id, by=lab.administrator)
        assert lab.row(row_id).state == S.PROPOSED
        lab.approve(row_id, by=people.actor(Role.ADMINISTRATOR))

    def test_a_writer_without_the_role_of_approver_lets_nothing_count(
        self, lab: Lab, people: People
    ) -> None:
        row_id = lab.draft(by=lab.administrator)
        lab.propose(row_id)
        with pytest.raises(Forbidden):
            lab.approve(row_id, by=people.actor(Role.INSPECTOR))
        with pytest.raises(Forbidden):
            lab.draft(by=people.actor(Role.REPORT_WRITER))

    def test_a_new_purpose_needs_an_administrator_among_the_two(self, lab: Lab) -> None:
        new_pack = lab.draft()
        lab.propose(new_pack)
        with pytest.raises(Forbidden) as caught:
            lab.approve(new_pack, by=lab.approver)
        assert caught.value.message_key == "error.rules.administrator"
        text = shipped_text("organ")
        other = lab.draft(
            text.replace("\npurpose:", "\npurpose: {vi: Việc khác, en: Other}\nx:", 1)
        )
        assert lab.row(other).state == S.DRAFT
        same = lab.draft(text.replace("owner: ", "owner: Tổ ", 1))
        lab.propose(same)
        lab.approve(same, by=lab.approver)
        by_administrator = lab.draft(
            SOUND.replace("version: 3", "version: 5"), by=lab.administrator
        )
        lab.propose(by_administrator)
        lab.approve(by_administrator, by=lab.approver)

    def test_an_administrator_who_only_began_the_draft_does_not_answer_for_what_others_wrote(
        self, lab: Lab
    ) -> None:
        text = shipped_text("organ")
        begun = lab.draft(text, by=lab.administrator)
        lab.edit(begun, text.replace("\npurpose:\n  vi: ", "\npurpose:\n  vi: Việc khác. ", 1))
        lab.propose(begun)
        with pytest.raises(Forbidden) as caught:
            lab.approve(begun, by=lab.approver)
        assert caught.value.message_key == "error.rules.administrator"
        lab.step(begun, "recall")
        lab.propose(begun, by=lab.administrator)
        lab.approve(begun, by=lab.approver)
        assert lab.row(begun).state == S.LIVE

    def test_what_the_approver_has_not_read_does_not_go_live(self, lab: Lab) -> None:
        row_id = lab.draft()
        lab.propose(row_id)
        with pytest.raises(Conflict):
            lab.approve(row_id, seen="0" * 64)

    def test_proposing_asks_for_a_reason(self, lab: Lab) -> None:
        with pytest.raises(NeedsMissing):
            lab.propose(lab.draft(), why="  ")

    def test_going_live_replaces_and_going_back_takes_two_persons_again(
        self, lab: Lab, rules: Rules
    ) -> None:
        first = lab.live()
        second = lab.live(SOUND.replace("xứ lạ", "miền lạ"))
        assert (lab.row(first).state, lab.row(second).state) == (S.REPLACED, S.LIVE)
        assert rules.matcher.match(HIT) is None
        lab.propose(first, why="Bản mới bắt nhầm")
        with pytest.raises(FourEyesRequired):
            lab.approve(first, by=Actor(lab.writer.user_id, "x", roles=frozenset({Role.APPROVER})))
        lab.approve(first)
        assert (lab.row(first).state, lab.row(second).state) == (S.LIVE, S.REPLACED)
        assert rules.matcher.match(HIT) is not None

    def test_a_text_that_was_live_is_never_changed(self, lab: Lab) -> None:
        first = lab.live()
        lab.live(SOUND.replace("version: 3", "version: 4"))
        lab.propose(first)
        lab.step(first, "recall")
        with pytest.raises(NotAllowedInState):
            lab.edit(first, SOUND.replace("version: 3", "version: 5"))

    def test_retiring_takes_two_persons_and_brings_the_shipped_pack_back(
        self, lab: Lab, rules: Rules
    ) -> None:
        row_id = lab.live(shipped_text("organ").replace("owner: ", "owner: Tổ ", 1))
        lab.step(row_id, "ask_retire", by=lab.administrator, reason="Không cần nữa")
        assert rules.office.of("organ").number == 1  # type: ignore[union-attr]
        with pytest.raises(FourEyesRequired):
            lab.step(row_id, "retire", by=lab.administrator)
        lab.step(row_id, "retire", by=lab.approver)
        assert rules.office.of("organ").number == 0  # type: ignore[union-attr]
        assert rules.matcher.packs == shipped_packs()

    def test_every_step_is_a_row_and_an_event_without_the_text(
        self, lab: Lab, database: Database
    ) -> None:
        row_id = lab.live()
        with database.reading() as session:
            steps = [step.act for step in history(session, KIND, row_id)]
            events = list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
        assert steps == ["create", "propose", "approve"]
        assert [event.action for event in events] == ["rule:create", "rule:propose", "rule:approve"]
        assert all(event.detail["digest"] == lab.row(row_id).digest for event in events)
        assert "xứ lạ" not in str([event.detail for event in events])

    def test_every_state_can_be_left_or_is_an_end(self) -> None:
        ends = {S.DISCARDED: {"restore"}, S.RETIRED: {"propose"}, S.REPLACED: {"propose"}}
        for state in S:
            acts = {step.act for step in REVISION.steps if step.source == state}
            assert acts, state
            assert acts >= ends.get(state, set())


class TestDrafts:
    def test_a_broken_text_is_kept_but_not_proposed(self, lab: Lab) -> None:
        text = SOUND.replace("weight: 30", "weight: heavy")
        row_id = lab.draft(text)
        assert lab.row(row_id).text == text
        with pytest.raises(service.NotWhole) as caught:
            lab.propose(row_id)
        assert caught.value.examined.problems[0].line == 12
        assert lab.row(row_id).state == S.DRAFT

    @pytest.mark.parametrize("text", ["", "   ", "x" * 1_000_001])
    def test_what_can_be_no_text_of_a_pack_is_refused(self, lab: Lab, text: str) -> None:
        with pytest.raises(InvalidInput):
            lab.draft(text, pack="sample")

    def test_a_text_without_a_packs_id_is_refused(self, lab: Lab) -> None:
        with pytest.raises(InvalidInput):
            lab.draft("owner: test")

    def test_two_who_edit_at_once_do_not_overwrite_each_other(self, lab: Lab) -> None:
        row_id = lab.draft()
        seen = lab.row(row_id).digest
        lab.edit(row_id, SOUND.replace("version: 3", "version: 4"), seen=seen)
        with pytest.raises(Conflict):
            lab.edit(row_id, SOUND.replace("version: 3", "version: 5"), seen=seen)
        assert "version: 4" in lab.row(row_id).text

    def test_every_saving_is_kept(self, lab: Lab, database: Database) -> None:
        row_id = lab.draft()
        lab.edit(row_id, SOUND.replace("version: 3", "version: 4"))
        lab.edit(row_id, SOUND.replace("version: 3", "version: 4"))
        with database.reading() as session:
            kept = service.texts(session, row_id)
        assert [("version: 4" in one.text) for one in kept] == [False, True]

    def test_a_draft_that_is_proposed_is_no_longer_edited(self, lab: Lab) -> None:
        row_id = lab.draft()
        lab.propose(row_id)
        with pytest.raises(NotAllowedInState):
            lab.edit(row_id, SOUND.replace("version: 3", "version: 4"))

    def test_the_id_of_a_pack_stays(self) -> None:
        found = examine_draft(SOUND, "other", shipped_rules())
        assert [str(one) for one in found.problems] == [
            "1: the id of this pack is other and stays it"
        ]

    def test_a_shared_pack_that_others_lean_on_must_not_lose_what_they_name(self) -> None:
        used = next(pack for pack in shipped_packs() if pack.uses)
        shared = used.uses[0]
        text = (
            f"pack: {shared}\nversion: 99\nshared: true\ntitle: {{vi: Bộ chung, en: Shared}}\n"
            "purpose: {vi: Chỉ để thử, en: For tests}\nlegal_basis: [a.1]\nowner: test\nsignals:\n"
            "  - {id: only, group: wage, weight: 5, why: {vi: gì đó, en: thing}, phrases: [xứ lạ kia]}\n"
        )
        found = examine_draft(text, shared, shipped_rules())
        assert found.problems
        assert "could no longer run" in str(found.problems[0].what)

    @pytest.mark.parametrize(
        ("text", "pack"),
        [
            ("pack: abc\n", "abc"),
            ("# remark\npack:  'abc'  # so\n", "abc"),
            ("  pack: abc\n", ""),
            ("pack: [\npack: abc", "abc"),
            ("pack: Ab\n", ""),
            ("pack: " + "a" * 200, ""),
            ("", ""),
        ],
    )
    def test_the_id_is_found_also_where_the_rest_cannot_be_read(self, text: str, pack: str) -> None:
        assert pack_id_of(text) == pack


class TestAnOfficeNeverStandsStill:
    def spoil(self, database: Database, row_id: int, text: str = "pack: [") -> None:
        with database.writing() as session:
            session.execute(
                update(RulePackRevision)
                .where(RulePackRevision.id == row_id)
                .values(text=text, digest="f" * 64)
            )

    def test_a_live_revision_that_no_longer_loads_gives_way_to_the_last_good_one(
        self, lab: Lab, database: Database, rules: Rules
    ) -> None:
        lab.live()
        second = lab.live(SOUND.replace("version: 3", "version: 4"))
        self.spoil(database, second)
        assert rules.matcher.match(HIT) is not None
        broken = rules.office.broken
        assert [(one.pack, one.number, one.instead) for one in broken] == [("sample", 2, 1)]
        assert "not YAML" in broken[0].why

    def test_without_an_earlier_one_the_shipped_pack_stands_in(
        self, lab: Lab, database: Database, rules: Rules
    ) -> None:
        changed = lab.live(shipped_text("organ").replace("owner: ", "owner: Tổ ", 1))
        new = lab.live()
        self.spoil(database, changed)
        self.spoil(database, new, "pack: other\n")
        assert rules.matcher.packs == shipped_packs()
        told = {one.pack: one.instead for one in rules.office.broken}
        assert told == {"organ": 0, "sample": None}

    def test_a_database_that_does_not_answer_leaves_the_last_rules(
        self, lab: Lab, database: Database
    ) -> None:
        lab.live()
        held = Rules(database, every=0.0)
        version = held.matcher.version
        held._database = Database("sqlite:////nowhere/at/all.db")
        assert held.matcher.version == version
        assert Rules(held._database).matcher.packs == shipped_packs()
        assert Rules(None).matcher.packs == shipped_packs()


class TestReloading:
    def test_the_database_is_asked_at_most_every_two_seconds(
        self, lab: Lab, database: Database
    ) -> None:
        now = [100.0]
        rules = Rules(database, now=lambda: now[0])
        before = rules.matcher
        lab.live()
        now[0] += 1.9
        assert rules.matcher is before
        now[0] += 0.2
        assert rules.matcher is not before
        assert rules.matcher.match(HIT) is not None

    def test_nothing_is_compiled_again_while_nothing_changes(self, lab: Lab, rules: Rules) -> None:
        lab.live()
        before = rules.matcher
        lab.draft(SOUND.replace("version: 3", "version: 4"))
        assert rules.matcher is before

    def test_an_act_of_the_process_itself_counts_at_once(
        self, lab: Lab, database: Database
    ) -> None:
        rules = Rules(database, every=1000)
        assert rules.matcher.match(HIT) is None
        lab.live()
        rules.refresh()
        assert rules.matcher.match(HIT) is not None

    def test_many_threads_ask_while_rules_change(self, lab: Lab, rules: Rules) -> None:
        failures: list[BaseException] = []
        stop = threading.Event()

        def ask() -> None:
            try:
                while not stop.is_set():
                    rules.matcher.match(HIT)
            except BaseException as error:  # noqa: BLE001
                failures.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        lab.live()
        stop.set()
        for thread in threads:
            thread.join()
        assert failures == []
        assert rules.matcher.match(HIT) is not None
