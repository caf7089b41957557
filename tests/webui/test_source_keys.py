"""Pages and doctor tell which key is missing, what a day's quota has left, and where a post's time came from."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.quota import Meter
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.models import Source
from tests.support.office import Office, open_office
from tests.support.posts import Posts
from webui.doctor import Status
from webui.doctor.sources import keys

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = "AIzaSy-bi-mat-000"


def youtube(database: Database, clock: MovableClock) -> int:
    with database.writing() as session:
        source = Source(
            name="Kênh việc xa",
            kind="youtube",
            address="https://www.youtube.com/@kenhviecxa",
            platform="youtube",
            config={"read": "address", "of": "", "comments": True, "pages": 1, "comment_pages": 2},
            purpose="Thử nghiệm thôi",
            active=True,
            created_at=clock.now(),
        )
        session.add(source)
        session.flush()
        return source.id


def test_the_form_says_which_key_is_missing(office: Office) -> None:
    page = office.logged_in(Role.ADMINISTRATOR).get("/sources/new?kind=youtube").text
    assert "Chưa đặt RASOAT_YOUTUBE_KEY" in page
    assert '<option value="youtube" selected>' in page


def test_the_form_is_silent_about_a_key_that_is_set(
    settings: Settings, database: Database, clock: MovableClock
) -> None:
    keyed = open_office(replace(settings, youtube_key=KEY), database, clock)
    page = keyed.logged_in(Role.ADMINISTRATOR).get("/sources/new?kind=youtube").text
    assert "RASOAT_YOUTUBE_KEY" not in page
    assert KEY not in page


def test_the_sources_page_says_what_the_days_quota_has_left(
    office: Office, database: Database, clock: MovableClock
) -> None:
    number = youtube(database, clock)
    assert Meter(database, clock, "youtube", 10_000).spend(1204)
    browser = office.logged_in(Role.ADMINISTRATOR)
    assert "đã dùng tổng cộng 1.204 trên 10.000 đơn vị" in browser.get(f"/sources/{number}").text
    clock.move(timedelta(days=1))
    assert "đã dùng tổng cộng 0 trên 10.000" in browser.get(f"/sources/{number}").text


def test_the_doctor_warns_of_a_key_only_where_a_source_needs_it(
    office: Office, settings: Settings, database: Database, clock: MovableClock
) -> None:
    calm = keys(office.wiring)
    assert (calm.status, "RASOAT_FACEBOOK_TOKEN" in str(calm.what)) == (Status.OK, True)
    youtube(database, clock)
    found = keys(office.wiring)
    assert found.status is Status.WARN
    assert "RASOAT_YOUTUBE_KEY" in str(found.what)
    assert "FACEBOOK" not in str(found.what)
    both = replace(settings, youtube_key=KEY, facebook_token="EAAB")
    whole = keys(open_office(both, database, clock).wiring)
    assert whole.status is Status.OK
    assert KEY not in str(whole.what)


def test_a_post_shows_the_zone_of_its_time_and_what_it_answers(
    office: Office, database: Database, clock: MovableClock
) -> None:
    post = Posts(database, clock)(
        posted_at=clock.now() - timedelta(hours=3),
        zone="+09:00",
        reply_to="https://mang.example/@bay_xe/1",
        forwarded_from="https://t.me/kenhkhac000/7",
    )
    page = office.logged_in(Role.INSPECTOR).get(f"/posts/{post.id}").text
    assert "trang ghi theo múi giờ +09:00" in page
    assert "https://mang.example/@bay_xe/1" in page
    assert "https://t.me/kenhkhac000/7" in page
