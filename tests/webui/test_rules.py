"""The rules as pages show them, and texts tried against them."""

import re

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.models import PostRow
from search.rules.judgement import Context
from search.rules.pack import shipped_packs
from tests.support.office import Browser, Office, open_office
from webui.views import rules

LURE = "Tuyển gấp việc nhẹ lương cao sang Campuchia, bao ăn ở, ib Zalo 0900 000 123"


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


@pytest.fixture
def reader(office: Office) -> Browser:
    reader = office.logged_in(Role.INSPECTOR)
    reader.get("/rules")
    return reader


def words_only(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_every_pack_is_listed_with_its_purpose(reader: Browser) -> None:
    page = reader.get("/rules").text
    for pack in shipped_packs():
        assert f'href="/rules/{pack.id}"' in page
        assert pack.title.vi in page
        assert pack.purpose.vi in page


def test_a_pack_shows_all_that_it_holds(office: Office, reader: Browser) -> None:
    for pack in shipped_packs():
        page = reader.get(f"/rules/{pack.id}").text
        for signal in pack.signals:
            assert f'id="{signal.id}"' in page
            for line in (signal.why.vi, signal.why.en, *signal.phrases, *signal.examples.positive):
                assert escape(line) in page
        for combination in pack.combinations:
            assert f'id="{combination.id}"' in page
        for basis in pack.legal_basis:
            assert office.wiring.catalogue.cite(basis) in page


def test_a_packs_own_examples_are_run_when_asked(reader: Browser) -> None:
    assert "ví dụ cho kết quả đúng" not in reader.get("/rules/organ").text
    found = re.search(
        r"Tất cả (\d+) ví dụ cho kết quả đúng", reader.get("/rules/organ?check=1").text
    )
    assert found
    assert int(found[1]) > 5


def test_a_lure_is_marked_and_every_mark_leads_to_its_sentence(reader: Browser) -> None:
    page = reader.post("/rules/try", {"text": LURE}).text
    assert page.count("<html") == 1
    marked = re.findall(r'<mark[^>]*aria-describedby="([^"]*)"[^>]*>([^<]*)</mark>', page)
    assert "việc nhẹ lương cao" in "".join(text for _ids, text in marked)
    for ids, _text in marked:
        for one in ids.split():
            assert f'id="{one}"' in page
    assert "0900 000 123" in words_only(page)
    assert LURE in words_only(page)


def test_htmx_gets_the_answer_alone(reader: Browser) -> None:
    answer = reader.post("/rules/try", {"text": LURE}, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert 'id="tried"' in answer.text
    assert "<mark" in answer.text


def test_a_text_that_is_too_long_is_tried_in_its_beginning_and_the_page_says_so(
    reader: Browser,
) -> None:
    assert "20,000" in reader.post("/rules/try", {"text": "chào " * 5_000}).text
    assert "20,000" not in reader.post("/rules/try", {"text": "chào"}).text


def test_a_text_that_is_not_flagged_says_what_was_met_all_the_same(reader: Browser) -> None:
    page = words_only(reader.post("/rules/try", {"text": "Lương cao, bao ăn ở"}).text)
    assert "Không gắn cờ" in page
    assert "Có gặp nhưng không tính" in page
    assert "Lương cao" in page


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "<script>alert(1)</script> " + LURE, "a" * 50_000, "🎉" * 300]
)
def test_nonsense_is_judged_without_harm(reader: Browser, text: str) -> None:
    answer = reader.post("/rules/try", {"text": text, "platform": "orkut"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_nothing_that_is_tried_is_stored(office: Office, reader: Browser) -> None:
    reader.post("/rules/try", {"text": LURE})
    with office.wiring.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PostRow)) == 0


def test_a_pack_that_is_not_there_is_not_found(reader: Browser) -> None:
    assert reader.get("/rules/absent").status_code == 404


def test_the_reasons_add_up_as_in_the_judgement(office: Office) -> None:
    with office.app.test_request_context("/rules"):
        found = rules.tried(LURE, Context())
    judgement = office.wiring.matcher.match(LURE)
    assert judgement is not None
    assert found.judgement == judgement
    assert "".join(part.text for part in found.parts) == LURE
    assert sorted(why.weight for why in found.whys) == sorted(r.weight for r in judgement.reasons)
    counted = {reason.signal for reason in judgement.reasons}
    assert counted.isdisjoint(one.name for one in found.met)
    assert [(entity.kind, entity.raw) for entity in found.entities] == [
        ("place", "Campuchia"),
        ("phone", "0900 000 123"),
    ]
