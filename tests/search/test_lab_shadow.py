"""Rules in shadow: judged beside the live ones at ingest, counted by day, never flagging anything."""

import time
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Conflict
from search.ingest import Ingestor
from search.lab import shadow
from search.lab.models import ShadowDay, ShadowExample
from search.lab.provider import Rules
from search.lab.shadow import MOST_EXAMPLES, Outcome, Shadows, promoted
from search.models import PostRow
from search.post import Post
from search.rules.judgement import Context
from search.rules.model import State
from search.rules.pack import load_pack, shipped_text
from tests.search.test_lab_rules import HIT, Lab
from tests.search.test_pack import SOUND
from tests.support.people import People
from tests.support.posts import Posts

LURE = "Tuyển gấp việc nhẹ lương cao sang Campuchia, bao ăn ở, ib Zalo 0900 000 123"
DULL = "Hôm nay trời đẹp, cả nhà đi biển chơi vui quá"


@pytest.fixture
def lab(database: Database, clock: MovableClock, people: People) -> Lab:
    return Lab(database, clock, people)


@pytest.fixture
def rules(database: Database) -> Rules:
    return Rules(database, every=0.0)


@pytest.fixture
def ingestor(database: Database, clock: MovableClock, rules: Rules) -> Ingestor:
    return Ingestor(
        database, lambda: rules.matcher, clock, b"k" * 32, timedelta(days=90), lambda: rules.shadows
    )


@pytest.fixture
def source(database: Database, clock: MovableClock) -> int:
    return Posts(database, clock).source()


def post(text: str, n: int) -> Post:
    return Post(url=f"https://dien-dan.example/{n}", text=text)


def in_shadow(lab: Lab, text: str = SOUND) -> int:
    row_id = lab.draft(text)
    lab.propose(row_id)
    lab.step(row_id, "shadow")
    return row_id


def days(database: Database) -> list[tuple[str, date, int, int, int, int]]:
    with database.reading() as session:
        rows = session.scalars(select(ShadowDay).order_by(ShadowDay.day, ShadowDay.digest))
        return [(r.pack, r.day, r.seen, r.both, r.new, r.gone) for r in rows]


def examples(database: Database) -> list[tuple[int, str]]:
    with database.reading() as session:
        rows = session.scalars(select(ShadowExample).order_by(ShadowExample.post_id))
        return [(row.post_id, row.outcome) for row in rows]


def test_it_counts_and_flags_nothing(
    lab: Lab, database: Database, ingestor: Ingestor, source: int, clock: MovableClock
) -> None:
    in_shadow(lab)
    result = ingestor.ingest([post(HIT, 1), post(LURE, 2), post(DULL, 3)], source_id=source)
    assert len(result.kept) == 1
    assert result.not_kept == 2
    assert days(database) == [("sample", clock.now().date(), 3, 1, 1, 0)]
    assert examples(database) == [], "what is not kept is a figure and nothing else"


def test_each_text_is_counted_once_and_each_day_apart(
    lab: Lab, database: Database, ingestor: Ingestor, source: int, clock: MovableClock
) -> None:
    in_shadow(lab)
    today = clock.now().date()
    for _ in range(2):
        ingestor.ingest([post(HIT, 1), post(LURE, 2)], source_id=source)
    assert days(database) == [("sample", today, 2, 1, 1, 0)]
    clock.move(timedelta(days=1))
    ingestor.ingest([post(HIT + " nha", 1), post(LURE + " nha", 2)], source_id=source)
    assert days(database) == [
        ("sample", today, 2, 1, 1, 0),
        ("sample", today + timedelta(days=1), 2, 1, 1, 0),
    ]


def test_kept_posts_on_which_they_disagree_are_remembered_and_go_with_the_post(
    lab: Lab, database: Database, ingestor: Ingestor, source: int
) -> None:
    lab.live()
    in_shadow(lab, SOUND.replace("xứ lạ", "miền lạ"))
    kept = ingestor.ingest([post(HIT, 1)], source_id=source).kept
    assert examples(database) == [(kept[0], "gone")]
    by_hand = ingestor.ingest(
        [post(HIT.replace("xứ lạ", "miền lạ"), 2)], source_id=source, keep_all=True
    )
    assert examples(database) == [(kept[0], "gone"), (by_hand.kept[0], "new")]
    with database.writing() as session:
        session.delete(session.get_one(PostRow, kept[0]))
    assert examples(database) == [(by_hand.kept[0], "new")]


def test_at_most_fifty_examples_are_remembered(
    lab: Lab, database: Database, clock: MovableClock
) -> None:
    posts = Posts(database, clock)
    ids = [posts(f"{HIT} {n}").id for n in range(MOST_EXAMPLES + 8)]
    outcome = Outcome("sample", "d" * 64, live=False, shadow=True)
    for start in (0, 30):
        with database.writing() as session:
            judged = [((outcome,), post_id) for post_id in ids[start : start + 30]]
            shadow.count(session, judged, at=clock.now())
    assert len(examples(database)) == MOST_EXAMPLES
    assert days(database)[0][2:] == (58, 0, 58, 0)


def test_without_anything_in_shadow_nothing_is_written(
    lab: Lab, database: Database, ingestor: Ingestor, source: int
) -> None:
    lab.draft()
    ingestor.ingest([post(HIT, 1), post(LURE, 2)], source_id=source)
    assert days(database) == []


def test_out_of_shadow_it_counts_no_more(
    lab: Lab, database: Database, ingestor: Ingestor, source: int
) -> None:
    row_id = in_shadow(lab)
    ingestor.ingest([post(HIT, 1)], source_id=source)
    lab.step(row_id, "end_shadow")
    ingestor.ingest([post(HIT, 2)], source_id=source)
    assert days(database)[0][2] == 1


def test_only_a_few_may_be_in_shadow_at_a_time(lab: Lab) -> None:
    for number in range(shadow.MOST_SHADOWS):
        in_shadow(lab, SOUND.replace("pack: sample", f"pack: sample{number}"))
    with pytest.raises(Conflict) as caught:
        in_shadow(lab, SOUND.replace("pack: sample", "pack: another"))
    assert caught.value.message_key == "error.rules.too_many_shadows"


def test_signals_in_shadow_of_a_live_pack_are_counted_too(
    lab: Lab, database: Database, ingestor: Ingestor, source: int, rules: Rules
) -> None:
    text = SOUND.replace("    weight: 15", "    state: shadow\n    weight: 15")
    text = text.replace('  positive: ["đi xứ lạ, ngày 500k"]\n', "")
    lab.live(text)
    assert rules.matcher.match(HIT) is None, "a signal in shadow never flags"
    assert bool(rules.shadows)
    ingestor.ingest([post(HIT, 1)], source_id=source)
    assert days(database)[0][2:] == (1, 0, 1, 0)


def test_promoting_touches_nothing_but_what_is_in_shadow() -> None:
    pack = load_pack(
        SOUND.replace("    weight: 30", "    state: retired\n    weight: 30").split(
            'examples:\n  positive: ["đi'
        )[0]
    )
    lifted = promoted(pack)
    assert [signal.state for signal in lifted.signals] == [State.RETIRED, State.LIVE]


def test_a_text_in_shadow_that_no_longer_loads_is_left_out(lab: Lab, rules: Rules) -> None:
    in_shadow(lab)
    office = rules.office
    found = shadow.shadows_of(
        office, [("sample", "d", "pack: ["), ("organ", "e", shipped_text("organ"))]
    )
    assert [one.pack for one in found.shadows] == ["organ"]


def test_judging_in_shadow_costs_about_one_matching_more(lab: Lab, rules: Rules) -> None:
    in_shadow(lab)
    matcher, shadows = rules.matcher, rules.shadows
    texts = [f"{DULL} {n} {LURE if n % 5 == 0 else ''}" for n in range(400)]
    context = Context()

    def seconds(judge: object) -> float:
        best = 9.0
        for _ in range(3):
            started = time.process_time()
            for text in texts:
                judge(text)  # type: ignore[operator]
            best = min(best, time.process_time() - started)
        return best

    live = seconds(lambda text: matcher.match(text, context))
    both = seconds(lambda text: shadows.judge(text, context, matcher.match(text, context)))
    assert both < 3 * live + 0.05


def test_nothing_in_shadow_is_false() -> None:
    assert not Shadows([])
