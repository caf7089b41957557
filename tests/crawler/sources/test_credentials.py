"""A key goes to its platform's own hosts and nowhere else, and is taken out of whatever comes back."""

import json
from dataclasses import replace
from ipaddress import ip_network
from urllib.parse import quote, urlencode

import pytest

from crawler.credentials import Credential, credential_of, holds_a_secret, without_secrets
from crawler.keys import credential_for, key_missing
from crawler.page import SourcePlan
from crawler.quota import Meter, quota_day, used
from crawler.service_sources import SourceInput, create_source
from crawler.sources import KINDS
from crawler.sources.forms import FormProblems
from crawler.trial import try_source
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import SettingsError
from foundation.people import SYSTEM
from foundation.settings import Settings
from search.post import Platform

KEY = 'AIza/b+c "d'.replace(" ", "")
YOUTUBE = "https://www.googleapis.com/youtube/v3"
KEYED = Settings(
    youtube_key=KEY,
    facebook_token="EAABtoken",
    mastodon_token="mang.example=mot, khac.example=hai",
    private_networks=(ip_network("127.0.0.0/8"),),
)


def found(platform: str, api: str, settings: Settings = KEYED) -> Credential:
    credential = credential_of(platform, api, settings)
    assert credential is not None
    return credential


@pytest.mark.parametrize(
    ("url", "belongs"),
    [
        (f"{YOUTUBE}/search?q=x", True),
        ("https://youtube.googleapis.com/youtube/v3/videos", True),
        ("http://www.googleapis.com/youtube/v3/search", False),
        ("https://www.googleapis.com:8443/youtube/v3/search", False),
        ("https://www.googleapis.com.xau.example/youtube/v3/search", False),
        ("https://xau.example/?www.googleapis.com", False),
        ("https://user@xau.example/youtube/v3", False),
        ("http://127.0.0.1:80/youtube/v3", False),
        ("https://[bad", False),
    ],
)
def test_a_key_belongs_to_its_platforms_hosts_over_tls(url: str, belongs: bool) -> None:
    assert found("youtube", YOUTUBE).belongs_to(url) is belongs


def test_a_server_on_the_offices_own_network_may_be_named_by_the_source() -> None:
    own = found("youtube", "http://127.0.0.1:8099/youtube/v3")
    assert own.belongs_to("http://127.0.0.1:8099/youtube/v3/search")
    assert not own.belongs_to("http://127.0.0.1:8098/youtube/v3/search")
    elsewhere = found("youtube", "http://127.0.0.1:8099/x", replace(KEYED, private_networks=()))
    assert not elsewhere.belongs_to("http://127.0.0.1:8099/x")


def test_a_mastodon_token_goes_to_the_server_it_is_named_for() -> None:
    assert found("mastodon", "https://mang.example").headers() == {"Authorization": "Bearer mot"}
    assert found("mastodon", "https://khac.example").secret == "hai"
    assert credential_of("mastodon", "https://la.example", KEYED) is None
    general = found("mastodon", "https://la.example", replace(KEYED, mastodon_token="chung"))
    assert general.belongs_to("https://la.example/api/v1/timelines/public")
    assert not general.belongs_to("https://mang.example/api/v1/timelines/public")


def test_what_comes_back_no_longer_holds_the_key_however_it_is_spelled() -> None:
    credential = found("youtube", YOUTUBE)
    written = [
        KEY,
        quote(KEY),
        quote(KEY, safe=""),
        json.dumps(KEY),
        json.dumps(KEY).replace("/", "\\/"),
    ]
    written.append(urlencode({"key": KEY}))
    for one in written:
        hidden = credential.hide(f"x {one} y")
        assert "AIza" not in hidden
        assert "AIza" not in credential.hide_in(f"x {one} y".encode()).decode()
    assert KEY not in repr(credential)
    assert KEY not in repr(KEYED)
    assert credential.on(f"{YOUTUBE}/search?key=old&q=x").count("key=") == 1


def test_links_to_further_pages_lose_their_token() -> None:
    link = "https://graph.facebook.com/v21.0/9/feed?access_token=EAAB&limit=5&until=1"
    assert without_secrets(link) == "https://graph.facebook.com/v21.0/9/feed?limit=5&until=1"
    assert holds_a_secret(link)
    assert not holds_a_secret("https://graph.facebook.com/v21.0/9/feed?limit=5")


def test_a_source_whose_address_names_a_key_is_not_taken(
    sqlite_database: Database, clock: MovableClock
) -> None:
    given = SourceInput(
        name="Trang",
        kind="facebook",
        purpose="Tìm bài dụ dỗ lao động",
        legal_basis=["x"],
        address="https://graph.facebook.com/v21.0/9/feed?access_token=EAABbimat",
    )
    with pytest.raises(FormProblems) as told, sqlite_database.writing() as session:
        create_source(session, SYSTEM, given, at=clock.now())
    (problem,) = told.value.problems
    assert problem.field == "address"
    assert "RASOAT_FACEBOOK_TOKEN" in str(problem)
    assert "EAABbimat" not in str(problem)


@pytest.mark.parametrize("kind", ["youtube", "facebook"])
def test_a_kind_that_needs_a_key_says_which_setting_is_missing(kind: str) -> None:
    trial = try_source(
        KINDS[kind], f"https://www.{kind}.com/viecxa000", Platform.OTHER, {}, Settings()
    )
    assert [one.reason for one in trial.problems] == ["api_key_missing"]
    assert trial.pages == 0


def test_a_key_is_not_sent_to_a_foreign_server_that_a_source_names() -> None:
    plan = SourcePlan(1, "https://198.51.100.7/youtube/v3", Platform.YOUTUBE, {})
    assert key_missing(KINDS["youtube"], plan, KEYED) == (
        "api_key_elsewhere",
        {"host": "198.51.100.7"},
    )
    official = SourcePlan(1, "https://www.youtube.com/@kenh", Platform.YOUTUBE, {})
    assert key_missing(KINDS["youtube"], official, KEYED) is None
    credential = credential_for(KINDS["youtube"], official, KEYED)
    assert credential is not None
    assert credential.belongs_to(f"{YOUTUBE}/videos")


def test_a_key_with_blanks_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="RASOAT_YOUTUBE_KEY"):
        Settings.from_env({"RASOAT_YOUTUBE_KEY": "hai từ"})


def test_the_quota_is_spent_up_to_its_last_unit_and_never_beyond(
    database: Database, clock: MovableClock
) -> None:
    meter = Meter(database, clock, "youtube", 102)
    assert [meter.spend(units) for units in (103, 100, 3, 1, 1, 1)] == [
        False,
        True,
        False,
        True,
        True,
        False,
    ]
    assert meter.used() == 102
    other = Meter(database, clock, "youtube", 105)
    assert other.spend(3)
    assert not other.spend(1)
    before = quota_day(clock.now())
    clock.move(clock.now().replace(hour=23) - clock.now())
    assert quota_day(clock.now()) > before
    with database.reading() as session:
        assert used(session, "youtube", clock.now()) == 0
    assert meter.spend(100)
