"""Entering a post by hand, over the whole application."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from foundation import outbox
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import NotFound
from foundation.people import Role
from foundation.settings import Settings
from search.models import Observation, PostRow, PostVersion, Source
from search.store import INDEX_CONSUMER
from tests.support.office import Browser, Office, open_office
from webui import standing
from webui.uploads import Uploads

PNG = b"\x89PNG\r\n\x1a\n made up, never decoded here"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 made up"
LURE = "Tuyển gấp việc nhẹ lương cao sang Campuchia, bao ăn ở, ib Zalo 0900 000 123"
_KEPT = re.compile(r'name="kept" value="([0-9a-f]{32})"')


@pytest.fixture
def inspector(office: Office) -> Browser:
    browser = office.logged_in(Role.INSPECTOR)
    browser.get("/entry/new")
    return browser


def given(**more: object) -> dict[str, object]:
    return {
        "text": LURE,
        "url": "https://mxh.example/p/1?fbclid=x",
        "platform": "facebook",
        "author": "Hội Việc Làm",
        "posted_at": "20/11/2026 08:30",
        **more,
    }


def posts(office: Office) -> list[PostRow]:
    with office.wiring.database.reading() as session:
        return list(session.scalars(select(PostRow).order_by(PostRow.id)).unique())


def test_an_entered_post_is_judged_at_once_and_its_page_says_why(
    office: Office, inspector: Browser
) -> None:
    answer = inspector.post(
        "/entry/new", given(screenshot=(io.BytesIO(PNG), "anh.png"), how="citizen")
    )
    (post,) = posts(office)
    assert answer.location == f"/posts/{post.id}"
    assert (post.url, post.origin) == ("https://mxh.example/p/1", "manual")
    assert post.level in {"high", "critical"}
    page = inspector.get(answer.location).text
    assert "<mark" in page
    assert "0900 000 123" in page
    assert "nhập bằng tay" in page.casefold()
    with office.wiring.database.reading() as session:
        seen = session.scalars(select(Observation)).one()
        assert seen.detail == "Người dân phản ánh"
        assert office.wiring.files.get(seen.capture["files"][0]["digest"]) == PNG
        source = session.scalars(select(Source)).one()
        assert (source.kind, source.legal_basis) == ("manual", list(standing.BASIS))
        assert set(standing.BASIS) <= office.wiring.catalogue.basis_ids()
        acts = session.scalars(select(AuditEvent.action)).all()
    assert "post:enter" in acts


def test_it_is_left_for_the_index_and_the_triage(office: Office, inspector: Browser) -> None:
    inspector.post("/entry/new", given())
    with office.wiring.database.reading() as session:
        waiting = outbox.take(session, INDEX_CONSUMER, at=office.wiring.clock.now(), limit=9)
    assert [row.thing_id for row in waiting] == [posts(office)[0].id]


def test_a_post_that_no_rule_matches_is_kept_because_a_person_vouches_for_it(
    office: Office, inspector: Browser
) -> None:
    answer = inspector.post("/entry/new", given(text="Chúc mọi người ngủ ngon"))
    (post,) = posts(office)
    assert post.score == 0
    assert "bài do người dùng nhập" in inspector.get(answer.location).text


def test_on_an_error_nothing_typed_is_lost_not_even_the_picture(
    office: Office, inspector: Browser
) -> None:
    answer = inspector.post(
        "/entry/new",
        given(posted_at="hôm qua", url="", screenshot=(io.BytesIO(WEBP), "anh.webp")),
    )
    assert answer.status_code == 422
    assert "“hôm qua” không phải thời gian" in answer.text
    assert "việc nhẹ lương cao" in answer.text
    assert 'value="hôm qua"' in answer.text
    kept = _KEPT.search(answer.text)
    assert kept
    assert posts(office) == []
    answer = inspector.post("/entry/new", given(kept=kept[1]))
    assert answer.status_code == 302
    with office.wiring.database.reading() as session:
        seen = session.scalars(select(Observation)).one()
    assert office.wiring.files.get(seen.capture["files"][0]["digest"]) == WEBP
    assert list((office.wiring.settings.data_dir / "uploads").iterdir()) == []


def test_what_is_no_picture_is_refused_whatever_it_is_called(
    office: Office, inspector: Browser
) -> None:
    page = b"<html><script>alert(1)</script>"
    answer = inspector.post("/entry/new", given(screenshot=(io.BytesIO(page), "anh.png")))
    assert answer.status_code == 422
    assert "Đây không phải ảnh PNG, JPEG hoặc WebP." in answer.text
    assert not _KEPT.search(answer.text)
    assert posts(office) == []
    assert list(office.wiring.files.digests()) == []


def test_an_address_that_is_here_shows_its_post_before_anything_is_stored(
    office: Office, inspector: Browser
) -> None:
    inspector.post("/entry/new", given())
    (first,) = posts(office)
    changed = given(text=LURE + " (đã sửa)", screenshot=(io.BytesIO(PNG), "anh.png"))
    answer = inspector.post("/entry/new", changed)
    assert answer.status_code == 409
    assert f"/posts/{first.id}" in answer.text
    assert "(đã sửa)" in answer.text
    kept = _KEPT.search(answer.text)
    assert kept
    answer = inspector.post(
        "/entry/new", given(text=LURE + " (đã sửa)", kept=kept[1], anyway="yes")
    )
    assert answer.location == f"/posts/{first.id}"
    (post,) = posts(office)
    assert post.text.endswith("(đã sửa)")
    with office.wiring.database.reading() as session:
        assert session.scalars(select(PostVersion.text)).all() == [LURE]


def test_an_address_of_another_unit_is_not_betrayed(office: Office) -> None:
    people = office.people
    here, there = people.unit("Phòng Một"), people.unit("Phòng Hai")
    for unit in (here, there):
        person = office.person(Role.INSPECTOR)
        with office.wiring.database.writing() as session:
            row = session.merge(person)
            row.unit_id = unit.id
        browser = office.logged_in(office.people.load(person.id))
        browser.get("/entry/new")
        answer = browser.post("/entry/new", given())
        assert answer.status_code == 302
        assert browser.get(answer.location).status_code == 200
    assert [post.unit_id for post in posts(office)] == [here.id, there.id]


def test_markup_in_what_was_typed_is_text(office: Office, inspector: Browser) -> None:
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(2)> việc nhẹ lương cao'
    answer = inspector.post("/entry/new", given(text=nasty, posted_at="x"))
    assert "<script>alert(1)" not in answer.text
    assert "<img src=x" not in answer.text
    answer = inspector.post("/entry/new", given(text=nasty, author='"><b>x'))
    page = inspector.get(answer.location).text
    assert "<img src=x" not in page
    assert '"><b>x' not in page


def test_who_may_not_enter_posts_is_told_so(office: Office) -> None:
    browser = office.logged_in(Role.REPORT_WRITER)
    assert browser.get("/entry/new").status_code == 403
    assert "/entry/new" not in browser.get("/sources").text
    with office.wiring.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PostRow)) == 0


class TestUploads:
    """What waits for a decision."""

    def test_nobody_reads_what_another_sent(self, tmp_path: Path) -> None:
        uploads = Uploads(tmp_path)
        token = uploads.keep(1, io.BytesIO(b"x"))
        with uploads.open(1, token) as stream:
            assert stream.read() == b"x"
        for user_id, wrong in ((2, token), (1, "../1-" + token), (1, ""), (1, "0" * 32)):
            with pytest.raises(NotFound):
                uploads.open(user_id, wrong)

    def test_what_nobody_came_back_for_goes_after_a_day(self, tmp_path: Path) -> None:
        import os
        import time

        uploads = Uploads(tmp_path)
        old, new = (uploads.keep(1, io.BytesIO(b"x")) for _ in range(2))
        yesterday = time.time() - timedelta(days=1, minutes=1).total_seconds()
        os.utime(tmp_path / f"1-{old}", (yesterday, yesterday))
        assert uploads.clean() == 1
        with pytest.raises(NotFound):
            uploads.open(1, old)
        uploads.open(1, new).close()


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    """One database engine is enough here: the services are tested on both."""
    return open_office(settings, sqlite_database, clock)
