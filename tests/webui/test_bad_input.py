"""Nonsense in every field of every route: it is refused or taken, and never a fault of ours (500)."""

import io
from collections.abc import Iterator
from typing import Any

import pytest

from foundation.database import Database
from tests.webui.building import Building, build, form_fields, rows_named

ENDLESS = "9" * 5000
NASTY = {
    "text": "a\x00b\x01\x1f\x7f\ufffe\u202eevil\u2066 %_\\% '\";-- %(x)s {0} {{7*7}} %n <script>",
    "beyond 63 bits": str(2**63),
    "endless": ENDLESS,
    "no digits": "²٣",
    "minus": "-1",
    "the first moment": "0001-01-01T00:00",
    "the last day": "31/12/9999",
    "bracket address": "http://[::1",
    "query": 'a:(b OR "c AND [* TO *] ^~ from:99/99/9999 level:x day:- source:" \\',
    "nothing": " \u00a0\u200b\t\n ",
}
LONG = "ă" * 5_000
FILES = ("file", "picture", "proof_file", "screenshot")
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where what comes in is refused before any database could."""
LONG_FIELDS = ("title", "name", "text", "note", "reason", "url", "address", "phone")
LEAVES = {"security.logout", "account.end_sessions"}


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Building]:
    database = Database(database_url)
    database.create_all()
    yield build(tmp_path_factory.mktemp("nonsense"), database)
    database.dispose()


def routes(building: Building, method: str) -> Iterator[tuple[str, str, set[str]]]:
    """Endpoint, address with our own ids, and the words of the address that can be anything."""
    app = building.office.app
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if method not in (rule.methods or ()) or rule.endpoint in LEAVES | {"static"}:
            continue
        area = rule.endpoint.partition(".")[0]
        building.ours.ids |= {"user_id": building.ours.worker.user_id}
        building.ours.ids |= {"unit_id": building.theirs.unit.id if building.theirs.unit else 0}
        yield rule.endpoint, building.address(area, rule, building.ours), rule.arguments


def faults(building: Building, asked: Iterator[tuple[str, dict[str, Any]]]) -> list[str]:
    """What was answered with a fault of ours."""
    found = []
    for path, more in asked:
        method = "POST" if "data" in more else "GET"
        answer = building.intruder.open(path, method=method, **more)
        answer.close()
        if answer.status_code >= 500:
            found.append(f"{method} {path[:80]} {str(more)[:60]} {answer.status_code}")
    return found


@pytest.mark.parametrize(
    "kind", ["text", "beyond 63 bits", "endless", "the first moment", "the last day"]
)
def test_no_field_of_any_form_breaks_us(building: Building, kind: str) -> None:
    fields = dict.fromkeys(form_fields(), NASTY[kind])

    def asked() -> Iterator[tuple[str, dict[str, Any]]]:
        for _, path, _ in routes(building, "POST"):
            yield path, {"data": fields}

    assert faults(building, asked()) == []


@ONE_DATABASE
@pytest.mark.parametrize("kind", NASTY)
def test_no_argument_of_any_page_breaks_us(building: Building, kind: str) -> None:
    fields = dict.fromkeys(form_fields() | {"day", "level", "state", "group"}, NASTY[kind])

    def asked() -> Iterator[tuple[str, dict[str, Any]]]:
        for _, path, _ in routes(building, "GET"):
            yield path, {"query_string": fields}

    assert faults(building, asked()) == []


def test_a_very_long_text_breaks_nothing(building: Building) -> None:
    def asked() -> Iterator[tuple[str, dict[str, Any]]]:
        for _, path, _ in routes(building, "POST"):
            yield path, {"data": dict.fromkeys(LONG_FIELDS, LONG) | {"role": "suspect"}}

    assert faults(building, asked()) == []


@ONE_DATABASE
@pytest.mark.parametrize("number", [str(2**63), ENDLESS])
def test_ids_that_no_row_can_have_lead_nowhere(building: Building, number: str) -> None:
    def asked() -> Iterator[tuple[str, dict[str, Any]]]:
        for rule in building.office.app.url_map.iter_rules():
            path = str(rule)
            for name in rows_named(rule):
                path = path.replace(f"<int:{name}>", number).replace(f"<{name}>", "x")
            if "<" not in path and rule.arguments and "GET" in (rule.methods or ()):
                yield path, {}
            elif "<" not in path and rule.arguments:
                yield path, {"data": {}}

    assert faults(building, asked()) == []


@ONE_DATABASE
@pytest.mark.parametrize("word", ["%00", "%ff%fe%E2%80%AE", "..%2f..%2fetc"])
def test_words_in_addresses_break_nothing(building: Building, word: str) -> None:
    def asked() -> Iterator[tuple[str, dict[str, Any]]]:
        for rule in building.office.app.url_map.iter_rules():
            path = str(rule)
            area = rule.endpoint.partition(".")[0]
            if not rule.arguments - rows_named(rule) and "digest" not in rule.arguments:
                continue
            for name in rule.arguments:
                known = building.ours.ids.get(name, 1)
                path = path.replace(f"<int:{name}>", str(known))
                path = path.replace(f"<path:{name}>", word).replace(f"<{name}>", word)
            if rule.endpoint not in LEAVES and area:
                yield (
                    path,
                    ({} if "GET" in (rule.methods or ()) else {"data": {"reason": "x" * 20}}),
                )

    assert faults(building, asked()) == []


@ONE_DATABASE
@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n", b"RIFF", b"PK\x03\x04" * 9, b"\xff\xfe\x00\x01", b"a,b\n\x00"]
)
def test_broken_files_break_nothing(building: Building, data: bytes) -> None:
    def asked() -> Iterator[tuple[str, dict[str, Any]]]:
        for _, path, _ in routes(building, "POST"):
            name = "tên\u202e\x00../../x.png"
            files = {field: (io.BytesIO(data), name) for field in FILES}
            form = {"note": "x", "title": "x", **files}
            yield path, {"data": form, "content_type": "multipart/form-data"}

    assert faults(building, asked()) == []


@ONE_DATABASE
@pytest.mark.parametrize(
    "referrer", ["http://[", "//evil.example", "http://localhost//evil", "\xff"]
)
def test_a_strange_page_before_breaks_nothing(building: Building, referrer: str) -> None:
    client = building.office.app.test_client()
    for path in ("/language/vi", "/theme/dark", "/cases/1/edit"):
        answer = client.post(path, data={}, headers={"Referer": referrer})
        assert answer.status_code < 500
        assert "evil" not in answer.headers.get("Location", "").partition("?")[0]
