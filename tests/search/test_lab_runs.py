"""Back-tests, counts and judging again over stored posts, as the worker does them, on both databases."""

import dataclasses
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from foundation import outbox
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Conflict
from foundation.lifecycle import TransitionRow
from search.lab import runs, samples, service, upkeep
from search.lab.compare import Comparison, Text, change_of, meaning_of, precision, recall
from search.lab.models import LabRun, LabState, PostJudgement
from search.lab.office import office_rules
from search.lab.provider import Rules
from search.lab.samples import (
    Samples,
    from_lines,
    lines_of,
    read_samples,
    read_texts,
    to_lines,
)
from search.lab.work import work, work_all
from search.models import PostRow, WorkState
from search.rules.judgement import Judgement, Kind, Level
from search.rules.matcher import Matcher
from search.rules.pack import load_pack
from search.store import INDEX_CONSUMER
from tests.search.test_lab_rules import HIT, Lab
from tests.search.test_pack import SOUND
from tests.support.people import People
from tests.support.posts import Posts

DULL = "Hôm nay trời đẹp, cả nhà đi biển chơi vui quá"
OTHER = "ừ tới đó rồi xứ lạ, ngày 900k mây"


@pytest.fixture
def lab(database: Database, clock: MovableClock, people: People) -> Lab:
    return Lab(database, clock, people)


@pytest.fixture
def rules(database: Database) -> Rules:
    return Rules(database, every=0.0)


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


def backtest(lab: Lab, row_id: int, *given: Samples, stored: bool = True) -> int:
    with lab.database.writing() as session:
        row = service.get(session, row_id)
        checked = service.check(row, office_rules(session))
        return runs.ask_backtest(
            session, lab.writer, row, checked, at=lab.clock.now(), stored=stored, given=given
        ).id


def count(lab: Lab) -> int:
    with lab.database.writing() as session:
        return runs.ask_count(session, lab.approver, at=lab.clock.now()).id


def rejudge(lab: Lab, counted: int, rules: Rules) -> int:
    with lab.database.writing() as session:
        run = runs.get_run(session, counted)
        version = rules.matcher.version
        return runs.ask_rejudge(session, lab.approver, run, version, at=lab.clock.now()).id


def the_run(lab: Lab, run_id: int) -> LabRun:
    with lab.database.reading() as session:
        return runs.get_run(session, run_id)


def dismissed(lab: Lab, post: PostRow, reason: str) -> None:
    with lab.database.writing() as session:
        session.get_one(PostRow, post.id).state = WorkState.DISMISSED
        session.add(
            TransitionRow(
                subject_kind="post", subject_id=post.id, from_state="new", to_state="dismissed",
                act="dismiss", reason=reason, data={}, at=lab.clock.now(),
            )
        )  # fmt: skip


class TestBacktest:
    def test_it_tells_what_would_change_and_how_right_that_is(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        kept = posts(HIT, state=WorkState.KEPT)
        wrong = posts(HIT + " nha")
        dismissed(lab, wrong, "honest_recruiter")
        dismissed(lab, posts(HIT + " ạ"), "duplicate")
        posts(DULL)
        run_id = backtest(lab, lab.draft())
        assert the_run(lab, run_id).state == LabState.WAITING
        work_all(lab.database, lab.clock, rules)
        run = the_run(lab, run_id)
        assert (run.state, run.done, run.total) == (LabState.DONE, 6, 6)
        stored = run.result["sections"]["stored"]
        assert (stored["seen"], stored["new"], stored["neither"]) == (4, 3, 1)
        assert stored["before"] == {"tp": 0, "fp": 0, "fn": 1, "tn": 1}
        assert stored["after"] == {"tp": 1, "fp": 1, "fn": 0, "tn": 0}
        assert stored["reasons"] == {
            "honest_recruiter": {"before": 0, "after": 1},
            "duplicate": {"before": 0, "after": 1},
        }
        own = run.result["sections"]["own"]
        assert (own["seen"], own["new"], own["after"]["tp"], own["after"]["tn"]) == (2, 1, 1, 1)
        shown = [e for e in run.result["examples"] if e["section"] == "stored"]
        assert kept.id in {e["post_id"] for e in shown}
        assert "text" not in shown[0], "the words of stored posts are not copied"
        assert run.given == ""

    def test_given_samples_are_judged_with_their_labels(self, lab: Lab, rules: Rules) -> None:
        lines = [
            json.dumps({"id": "a", "text": HIT, "label": "lure"}),
            json.dumps({"id": "b", "text": DULL, "label": "innocent"}),
            json.dumps({"id": "c", "text": HIT, "label": "maybe"}),
            "{",
        ]
        run_id = backtest(
            lab, lab.draft(), read_samples(lines), read_texts([HIT, DULL]), stored=False
        )
        work_all(lab.database, lab.clock, rules)
        run = the_run(lab, run_id)
        samples = run.result["sections"]["samples"]
        assert (samples["seen"], samples["new"]) == (2, 1)
        assert (precision(samples["after"]), recall(samples["after"])) == (1.0, 1.0)
        assert precision(samples["before"]) is None
        assert run.result["sections"]["texts"]["new"] == 1
        assert [line for line, *_ in run.params["bad"]] == [3, 4]
        example = next(e for e in run.result["examples"] if e["section"] == "samples")
        assert [example["text"][a:b] for a, b, _ in example["spans"]] == ["đi xứ lạ", "500k"]

    def test_what_is_no_longer_flagged_and_what_changes_its_level_are_told(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        lab.live()
        rules.refresh()
        posts(HIT)
        posts(OTHER)
        less = SOUND.replace(', "{qua|tới} ... xứ lạ"', "").replace(
            '"qua bên kia xứ lạ"', '"đi xứ lạ"'
        )
        more = less.replace("weight: 15", "weight: 60")
        run_id = backtest(lab, lab.draft(more))
        work_all(lab.database, lab.clock, rules)
        stored = the_run(lab, run_id).result["sections"]["stored"]
        assert (stored["gone"], stored["level"], stored["new"]) == (1, 1, 0)

    def test_it_goes_on_where_it_was_interrupted(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        for number in range(7):
            posts(f"{HIT} {number}")
        run_id = backtest(lab, lab.draft())
        ticks = iter(range(0, 10_000, 2))
        slices = 0
        while work(lab.database, lab.clock, rules, seconds=0, monotonic=lambda: float(next(ticks))):
            slices += 1
            assert slices < 50
        run = the_run(lab, run_id)
        assert slices > 5
        assert run.state == LabState.DONE
        assert run.result["sections"]["stored"]["seen"] == 7
        assert run.result["sections"]["own"]["seen"] == 2

    def test_a_second_worker_leaves_it_alone_until_the_lease_is_over(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        posts(HIT)
        run_id = backtest(lab, lab.draft())
        with lab.database.writing() as session:
            run = session.get_one(LabRun, run_id)
            run.state, run.lease = LabState.RUNNING, "somebody"
            run.lease_until = lab.clock.now() + timedelta(seconds=60)
        assert not work(lab.database, lab.clock, rules)
        lab.clock.move(timedelta(seconds=61))
        assert work(lab.database, lab.clock, rules)
        assert the_run(lab, run_id).state == LabState.DONE

    def test_it_can_be_cancelled_and_then_nothing_more_is_done(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        posts(HIT)
        run_id = backtest(lab, lab.draft())
        with lab.database.writing() as session:
            runs.cancel(session, lab.writer, runs.get_run(session, run_id), at=lab.clock.now())
        assert not work(lab.database, lab.clock, rules)
        run = the_run(lab, run_id)
        assert (run.state, run.given, run.result) == (LabState.CANCELLED, "", {})
        with pytest.raises(Conflict), lab.database.writing() as session:
            runs.cancel(session, lab.writer, runs.get_run(session, run_id), at=lab.clock.now())

    def test_rules_that_change_meanwhile_end_it(self, lab: Lab, rules: Rules, posts: Posts) -> None:
        for number in range(3):
            posts(f"{HIT} {number}")
        run_id = backtest(lab, lab.draft())
        ticks = iter(range(0, 10_000, 2))
        work(lab.database, lab.clock, rules, seconds=0, monotonic=lambda: float(next(ticks)))
        lab.live(SOUND.replace("version: 3", "version: 7"))
        work_all(lab.database, lab.clock, rules)
        run = the_run(lab, run_id)
        assert (run.state, run.error) == (LabState.FAILED, "rules_changed")

    def test_the_text_that_was_asked_about_is_tested_even_when_the_draft_goes_on(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        posts(HIT)
        row_id = lab.draft()
        run_id = backtest(lab, row_id)
        lab.edit(row_id, "pack: sample\nbroken: [")
        work_all(lab.database, lab.clock, rules)
        assert the_run(lab, run_id).result["sections"]["stored"]["new"] == 1

    def test_a_text_that_is_no_pack_cannot_be_tested(self, lab: Lab) -> None:
        with pytest.raises(service.NotWhole):
            backtest(lab, lab.draft("pack: sample\nowner: x"))

    def test_examples_go_when_their_time_is_over_and_figures_stay(
        self, lab: Lab, rules: Rules
    ) -> None:
        run_id = backtest(lab, lab.draft(), read_texts([HIT]))
        work_all(lab.database, lab.clock, rules)
        with lab.database.writing() as session:
            assert upkeep.clean(session, at=lab.clock.now()) == 0
            assert upkeep.clean(session, at=lab.clock.now() + runs.KEPT) == 1
        result = the_run(lab, run_id).result
        assert result["examples"] == []
        assert result["sections"]["texts"]["new"] == 1


class TestJudgingAgain:
    def test_it_counts_first_and_changes_nothing_by_that(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        lab.live()
        hit = posts(HIT, verdict_kind="other", level="low", score=0)
        counted = count(lab)
        work_all(lab.database, lab.clock, rules)
        run = the_run(lab, counted)
        assert run.state == LabState.DONE
        assert (run.result["seen"], run.result["changed"], run.result["new"]) == (1, 1, 1)
        assert run.result["posts"]["new"] == [hit.id]
        assert posts.load(hit.id).verdict_kind == "other"

    def test_then_it_judges_keeps_what_was_said_before_and_tells_the_index(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        lab.live()
        hit = posts(HIT, verdict_kind="other", level="low", score=0, state=WorkState.DISMISSED)
        gone = posts(DULL, state=WorkState.IN_CASE, case_id=7)
        counted = count(lab)
        work_all(lab.database, lab.clock, rules)
        lab.clock.move(timedelta(minutes=5))
        run_id = rejudge(lab, counted, rules)
        work_all(lab.database, lab.clock, rules)
        run = the_run(lab, run_id)
        assert (run.state, run.result["new"], run.result["gone"]) == (LabState.DONE, 1, 1)
        after = posts.load(hit.id)
        judgement = rules.matcher.match(HIT)
        assert judgement is not None
        assert (after.score, after.level, after.verdict_kind) == (
            judgement.score, judgement.level, "lure",
        )  # fmt: skip
        assert after.judgement == judgement.to_dict()
        assert after.groups == ["destination", "wage"]
        assert after.matcher_version == rules.matcher.version
        assert after.state == WorkState.DISMISSED, "officers' decisions stand"
        case = posts.load(gone.id)
        assert (case.state, case.case_id, case.verdict_kind, case.score) == (
            "in_case",
            7,
            "other",
            0,
        )
        with lab.database.reading() as session:
            before = session.scalars(select(PostJudgement).order_by(PostJudgement.post_id)).all()
            waiting = session.scalars(
                select(outbox.OutboxRow.thing_id).where(outbox.OutboxRow.consumer == INDEX_CONSUMER)
            ).all()
            told = session.scalars(
                select(AuditEvent).where(AuditEvent.action == "rule:rejudged")
            ).one()
        assert [(row.post_id, row.verdict_kind, row.run_id) for row in before] == [
            (hit.id, "other", run_id),
            (gone.id, "lure", run_id),
        ]
        assert set(waiting) == {hit.id, gone.id}
        assert told.detail == {"changed_posts": 2, "posts": 2}

    def test_a_second_time_there_is_nothing_to_change(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        lab.live()
        hit = posts(HIT, verdict_kind="other", level="low")
        counted = count(lab)
        work_all(lab.database, lab.clock, rules)
        rejudge(lab, counted, rules)
        work_all(lab.database, lab.clock, rules)
        again = count(lab)
        work_all(lab.database, lab.clock, rules)
        assert the_run(lab, again).result["changed"] == 0
        run_id = rejudge(lab, again, rules)
        work_all(lab.database, lab.clock, rules)
        assert the_run(lab, run_id).result["changed"] == 0
        with lab.database.reading() as session:
            assert len(runs.judgements_before(session, hit.id)) == 1

    def test_without_a_fresh_count_by_the_same_rules_nothing_is_judged(
        self, lab: Lab, rules: Rules, posts: Posts
    ) -> None:
        posts(HIT)
        counted = count(lab)
        with pytest.raises(Conflict):
            rejudge(lab, counted, rules)
        work_all(lab.database, lab.clock, rules)
        lab.live()
        with pytest.raises(Conflict):
            rejudge(lab, counted, rules)
        fresh = count(lab)
        work_all(lab.database, lab.clock, rules)
        lab.clock.move(timedelta(hours=25))
        with pytest.raises(Conflict):
            rejudge(lab, fresh, rules)

    def test_one_run_over_everything_at_a_time(self, lab: Lab) -> None:
        count(lab)
        with pytest.raises(Conflict):
            count(lab)

    def test_cancelled_it_keeps_what_it_has_done(
        self, lab: Lab, rules: Rules, posts: Posts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("search.lab.rejudging.BATCH", 2)
        lab.live()
        for number in range(6):
            posts(f"{HIT} {number}", verdict_kind="other", level="low")
        counted = count(lab)
        work_all(lab.database, lab.clock, rules)
        run_id = rejudge(lab, counted, rules)
        work(lab.database, lab.clock, rules, seconds=0)
        with lab.database.writing() as session:
            runs.cancel(session, lab.approver, runs.get_run(session, run_id), at=lab.clock.now())
        work_all(lab.database, lab.clock, rules)
        run = the_run(lab, run_id)
        assert (run.state, run.done) == (LabState.CANCELLED, 2)
        with lab.database.reading() as session:
            judged = session.scalars(select(PostRow.verdict_kind)).all()
        assert sorted(judged) == ["lure", "lure", "other", "other", "other", "other"]

    def test_a_post_that_was_edited_meanwhile_is_left_to_its_newer_judgement(
        self, lab: Lab, rules: Rules, posts: Posts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lab.live()
        post = posts(HIT, verdict_kind="other", level="low")
        counted = count(lab)
        work_all(lab.database, lab.clock, rules)
        rejudge(lab, counted, rules)
        real = Matcher.match

        def edited(self: Matcher, text: str, context: object = None) -> Judgement | None:
            with lab.database.writing() as session:
                session.get_one(PostRow, post.id).content_key = "another"
            return real(self, text, context)  # type: ignore[arg-type]

        monkeypatch.setattr(Matcher, "match", edited)
        work_all(lab.database, lab.clock, rules)
        assert posts.load(post.id).verdict_kind == "other"


class TestComparing:
    def test_a_change_is_told_by_what_reaches_an_officer(self) -> None:
        lure = Matcher([load_pack(SOUND)]).match(HIT)
        assert lure is not None
        warning = dataclasses.replace(lure, kind=Kind.WARNING)
        higher = dataclasses.replace(lure, level=Level.CRITICAL)
        asked = [(None, lure), (lure, None), (lure, warning), (warning, lure), (lure, higher)]
        asked += [(lure, lure), (None, None), (warning, None)]
        assert [change_of(a, b) for a, b in asked] == [
            "new", "gone", "gone", "new", "level", "both", "neither", "neither",
        ]  # fmt: skip

    def test_labels_of_samples_mean_yes_no_or_nothing(self) -> None:
        assert [meaning_of(x) for x in ("lure", "HELP ", 1, True)] == [True] * 4
        assert [meaning_of(x) for x in ("innocent", "warning", 0, False)] == [False] * 4
        assert [meaning_of(x) for x in (None, "", "perhaps", 2)] == [None] * 4

    def test_figures_survive_being_kept_as_json(self) -> None:
        lure = Matcher([load_pack(SOUND)]).match(HIT)
        comparison = Comparison()
        comparison.add(Text("texts", "1", HIT, True), None, lure)
        again = Comparison.from_dict(json.loads(json.dumps(comparison.to_dict())))
        again.add(Text("texts", "2", HIT, True), None, lure)
        assert again.sections["texts"]["new"] == 2
        assert len(again.examples) == 2

    def test_samples_survive_the_way_to_the_worker(self) -> None:
        texts = [Text("samples", "a", "hai\ndòng \ud800 …", True), Text("texts", "b", "x")]
        assert from_lines(to_lines(texts)) == texts

    @pytest.mark.parametrize("line", ["{", "[]", "5", '{"text": 5}', "[" * 100_000, '{"id": 1}'])
    def test_a_bad_line_is_told_with_its_number_and_the_rest_is_taken(self, line: str) -> None:
        good = json.dumps({"id": 1, "text": "x", "label": "ok"})
        found = read_samples([good, line, good])
        assert len(found.texts) == 2
        assert [problem.line for problem in found.bad] == [2]

    def test_what_no_page_can_show_is_replaced_place_by_place(self) -> None:
        row = {"id": "\ud800", "text": "a\ud83d b\x00c 😀", "label": "ok"}
        (text,) = read_samples([json.dumps(row)]).texts
        assert (text.id, text.text) == ("\ufffd", "a\ufffd b\ufffdc 😀")
        (told,) = read_samples([json.dumps({**row, "label": "\ud800"})]).bad
        str(told.what).encode()
        assert [one.text for one in read_texts(["a\x00b"]).texts] == ["a\ufffdb"]

    def test_only_line_feeds_part_the_lines_of_a_file(self) -> None:
        told = ["một\u2028hai\u0085ba", "bốn"]
        rows = [json.dumps({"id": 1, "text": x, "label": "ok"}, ensure_ascii=False) for x in told]
        content = ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()
        found = read_samples(lines_of(content))
        assert ([text.text for text in found.texts], found.bad) == (told, ())
        assert lines_of(b"\xff\x00\n") == ["\ufffd\x00", ""]

    def test_what_is_too_long_or_too_many_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(samples, "LONGEST_LINE", 5)
        monkeypatch.setattr(samples, "MOST_LINES", 2)
        found = read_texts(["", "một hai ba", "bốn", "năm", "sáu"])
        assert [text.text for text in found.texts] == ["một h", "bốn"]
        assert [(problem.line, str(problem.what)[:11]) for problem in found.bad] == [
            (2, "longer than"),
            (4, "lines from "),
        ]
        long = json.dumps({"id": 1, "text": "một hai ba", "label": "ok"})
        told = read_samples([long])
        assert [text.text for text in told.texts] == ["một h"]
        assert [problem.line for problem in told.bad] == [1]

    def test_texts_are_lines_or_objects(self) -> None:
        assert [t.text for t in read_texts(["một", "", " hai "]).texts] == ["một", "hai"]
        found = read_texts(['{"id": "x", "text": "một"}', "hai"])
        assert [(t.id, t.text) for t in found.texts] == [("x", "một")]
        assert [problem.line for problem in found.bad] == [2]
