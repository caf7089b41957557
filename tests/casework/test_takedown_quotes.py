"""What a request says of a post names no victim, however the name or the number is written."""

import unicodedata

import pytest

from casework.cases import subjects
from casework.cases.models import Case
from casework.cases.subjects import SubjectData
from casework.takedowns.quotes import without_victims
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from tests.support.people import People

VICTIM = SubjectData(
    "victim",
    name="Hoàng Thị Nạn",
    phone="0900 000 177",
    id_number="000000000177",
    account="hoang.nan.000",
)


@pytest.fixture
def case(sqlite_database: Database, clock: MovableClock) -> Case:
    actor = People(sqlite_database, clock).actor(Role.INSPECTOR)
    with sqlite_database.writing() as session:
        made = Case(
            number="VV-1",
            title="Vụ",
            state="open",
            opened_at=clock.now(),
            created_at=clock.now(),
        )
        session.add(made)
        session.flush()
        subjects.add_subject(session, actor, made, VICTIM, at=clock.now())
    return made


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("gặp Hoàng Thị Nạn ở", "gặp H**** T** N** ở"),
        ("gặp HOÀNG  THỊ\nNẠN ở", "gặp H**** T** N** ở"),
        (unicodedata.normalize("NFD", "gặp hoàng thị nạn"), "gặp h**** t** n**"),
        ("gọi 0900000177 ngay", "gọi ********77 ngay"),
        ("gọi 0900.000.177 ngay", "gọi ****.***.*77 ngay"),
        ("gọi +84 900-000-177 ngay", "gọi +** ***-***-*77 ngay"),
        ("số 000000000177.", "số ************."),
        ("nhắn Hoang.Nan.000 nhé", "nhắn *****.***.*** nhé"),
    ],
)
def test_a_victim_is_masked_in_every_spelling(
    sqlite_database: Database, case: Case, said: str, told: str
) -> None:
    with sqlite_database.reading() as session:
        assert without_victims(session, case, said) == told


@pytest.mark.parametrize(
    "said", ["Hoàng Thị Nạng", "10900000177", "việc nhẹ lương cao 0900 000 178"]
)
def test_what_only_looks_alike_stays_as_it_is(
    sqlite_database: Database, case: Case, said: str
) -> None:
    with sqlite_database.reading() as session:
        assert without_victims(session, case, said) == said
