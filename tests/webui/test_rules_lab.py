"""The rule lab in the pages: from a draft to live by two persons, tests, shadow, history, export and import."""

import io
import json
import re
import zipfile

import pytest
import yaml
from sqlalchemy import select

from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.lab.models import LabRun, RulePackRevision
from search.post import Post
from search.rules.pack import shipped_packs, shipped_text
from tests.search.test_lab_forms import fields_of
from tests.search.test_lab_rules import HIT
from tests.search.test_pack import SOUND
from tests.support.office import Browser, Office, open_office
from tests.support.posts import Posts

BASIS = "nd174-2026.95.1.b"


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


@pytest.fixture
def sound(office: Office) -> str:
    """A pack whose legal basis the catalogue knows."""
    known = sorted(office.wiring.catalogue.basis_ids())
    return SOUND if BASIS in known else SOUND.replace(BASIS, known[0])


@pytest.fixture
def writer(office: Office) -> Browser:
    return office.logged_in(Role.INSPECTOR)


@pytest.fixture
def administrator(office: Office) -> Browser:
    return office.logged_in(Role.ADMINISTRATOR)


def row(office: Office, number: int = 1, pack: str = "sample") -> RulePackRevision:
    with office.wiring.database.reading() as session:
        query = select(RulePackRevision).where(
            RulePackRevision.pack == pack, RulePackRevision.number == number
        )
        return session.scalars(query).one()


def begin(browser: Browser, office: Office, text: str, pack: str = "sample") -> str:
    """A draft of a pack of our own with this text; its address."""
    browser.get("/rules/new")
    answer = browser.post("/rules/new", {"pack": pack})
    assert answer.status_code == 302, answer.text
    address = answer.location
    browser.get(address)
    saved = browser.post(f"{address}/text", {"text": text, "seen": row(office, pack=pack).digest})
    assert saved.status_code == 303, saved.text
    return str(address)


def propose(browser: Browser, address: str) -> int:
    browser.get(address)
    return browser.post(f"{address}/propose", {"reason": "Nơi đến mới"}).status_code


def approve(browser: Browser, office: Office, address: str) -> int:
    browser.get(address)
    return browser.post(f"{address}/approve", {"seen": row(office).digest}).status_code


def live(writer: Browser, administrator: Browser, office: Office, text: str) -> str:
    address = begin(writer, office, text)
    assert propose(writer, address) == 303
    assert approve(administrator, office, address) == 303
    return address


def words_only(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


class TestDrafts:
    def test_from_a_draft_to_live_by_two_persons(
        self, office: Office, writer: Browser, administrator: Browser, sound: str
    ) -> None:
        address = begin(writer, office, sound)
        page = writer.get(address).text
        assert "Văn bản hoàn chỉnh" in page
        assert "phải là quản trị" in page, "a new pack is a new purpose"
        assert propose(writer, address) == 303
        assert approve(writer, office, address) == 403, "an inspector lets nothing go live"
        assert approve(office.logged_in(Role.APPROVER), office, address) == 403, "no administrator"
        assert office.wiring.matcher.match(HIT) is None
        assert approve(administrator, office, address) == 303
        assert office.wiring.matcher.match(HIT) is not None, "at once in this process"
        assert 'href="/rules/sample"' in administrator.get("/rules").text

    def test_who_wrote_it_is_told_why_the_last_step_is_closed(
        self, office: Office, administrator: Browser, sound: str
    ) -> None:
        address = begin(administrator, office, sound)
        assert propose(administrator, address) == 303
        assert "phải do người thứ hai duyệt áp dụng" in administrator.get(address).text
        assert approve(administrator, office, address) == 403
        assert row(office).state == "proposed"

    def test_a_broken_text_is_kept_and_told_line_by_line(
        self, office: Office, writer: Browser, sound: str
    ) -> None:
        broken = sound.replace("weight: 30", "weight: heavy").replace("version: 3", "version: 0")
        address = begin(writer, office, broken)
        page = words_only(writer.get(address).text)
        assert "dòng 2 : 0 nhỏ hơn 1" in page
        assert "dòng 12 : heavy không thuộc kiểu integer" in page
        assert propose(writer, address) == 422
        assert row(office).text == broken

    @pytest.mark.parametrize("text", ["pack: [", "{{ 7*7 }}", "<script>alert(1)</script>", "- 1"])
    def test_nonsense_is_kept_and_shown_as_text(
        self, office: Office, writer: Browser, text: str
    ) -> None:
        address = begin(writer, office, text)
        page = writer.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert row(office).text == text
        assert writer.post(f"{address}/try", {"try": HIT}).status_code == 200
        assert writer.post(f"{address}/backtest", {"stored": "1"}).status_code == 422

    def test_what_somebody_else_saved_meanwhile_is_not_overwritten(
        self, office: Office, writer: Browser, sound: str
    ) -> None:
        address = begin(writer, office, sound)
        answer = writer.post(f"{address}/text", {"text": sound + "# Của tôi\n", "seen": "0" * 64})
        assert answer.status_code == 409
        assert row(office).text == sound
        assert "# Của tôi" in answer.text, "what was typed is still there"
        assert "Chưa lưu" in words_only(answer.text)
        seen = row(office).digest
        assert f'value="{seen}"' in answer.text, "saving again is a decision, not an accident"

    def test_a_form_of_an_earlier_text_is_not_mixed_with_a_later_one(
        self, office: Office, writer: Browser, sound: str
    ) -> None:
        address = begin(writer, office, sound)
        seen, form = row(office).digest, fields_of(yaml.safe_load(sound))
        start = sound.index("  - id: there")
        shorter = sound[:start] + sound[sound.index("  - id: pays") :]
        assert writer.post(f"{address}/text", {"text": shorter, "seen": seen}).status_code == 303
        form |= {"seen": seen, "signals-1-owner": "Tổ riêng"}
        answer = writer.post(f"{address}/form", form)
        assert answer.status_code == 409
        assert row(office).text == shorter
        assert "Tổ riêng" in answer.text
        assert "amounts:" in answer.text, "the second signal kept what the form does not show"

    def test_the_form_changes_the_text(self, office: Office, writer: Browser, sound: str) -> None:
        import yaml

        address = begin(writer, office, sound)
        page = writer.get(address).text
        for name in (
            "signals-0-phrases",
            "signals-1-weight",
            "signals-2-id",
            "combinations-0-near",
        ):
            assert f'name="{name}"' in page
        fields = fields_of(yaml.safe_load(sound)) | {
            "signals-0-weight": "31",
            "seen": row(office).digest,
        }
        assert writer.post(f"{address}/form", fields).status_code == 303
        assert yaml.safe_load(row(office).text)["signals"][0]["weight"] == 31
        assert "Văn bản hoàn chỉnh" in writer.get(address).text

    def test_every_shipped_pack_can_be_changed_in_a_draft(
        self, office: Office, writer: Browser
    ) -> None:
        for pack in shipped_packs()[:3]:
            writer.get("/rules/new")
            address = writer.post("/rules/new", {"pack": pack.id}).location
            page = writer.get(address).text
            assert f'value="{pack.signals[0].id}"' in page
            assert "Không có gì: hai văn bản giống hệt nhau." in page
        assert row(office, pack=shipped_packs()[0].id).text == shipped_text(shipped_packs()[0].id)

    def test_a_text_is_tried_with_the_draft(
        self, office: Office, writer: Browser, sound: str
    ) -> None:
        address = begin(writer, office, sound)
        writer.get(address)
        page = writer.post(f"{address}/try", {"try": HIT}, headers={"HX-Request": "true"}).text
        assert "<html" not in page
        assert "<mark" in page
        assert "xứ lạ" in words_only(page)

    def test_the_difference_to_what_counts_is_shown(
        self, office: Office, writer: Browser, administrator: Browser, sound: str
    ) -> None:
        live(writer, administrator, office, sound)
        answer = writer.post("/rules/new", {"pack": "sample"})
        digest = row(office, 2).digest
        writer.post(
            f"{answer.location}/text",
            {"text": sound.replace("weight: 30", "weight: 33"), "seen": digest},
        )
        page = words_only(writer.get(answer.location).text)
        assert "thêm 1 dòng, bớt 1 dòng" in page
        assert "weight: 33" in page

    def test_ids_that_no_pack_can_have_are_refused(self, writer: Browser) -> None:
        writer.get("/rules/new")
        for pack in ("", "Ab c", "../x", "a" * 200, "1a"):
            assert writer.post("/rules/new", {"pack": pack}).status_code == 422, pack

    def test_a_reader_sees_drafts_and_changes_nothing(
        self, office: Office, writer: Browser, sound: str
    ) -> None:
        address = begin(writer, office, sound)
        reader = office.logged_in(Role.REPORT_WRITER)
        page = reader.get(address)
        assert page.status_code == 200
        assert 'name="text"' not in page.text
        for act in ("text", "form", "propose", "approve", "backtest", "step/shadow"):
            assert reader.post(f"{address}/{act}", {}).status_code == 403, act


class TestTests:
    def test_a_back_test_runs_and_stands_on_the_page_of_who_approves(
        self,
        office: Office,
        writer: Browser,
        administrator: Browser,
        sound: str,
        clock: MovableClock,
    ) -> None:
        posts = Posts(office.wiring.database, clock)
        posts(HIT, state="kept")
        posts("Hôm nay trời đẹp")
        address = begin(writer, office, sound)
        writer.get(address)
        sample = {"id": "m1", "text": "mai sang xứ lạ, ngày 500k", "label": "lure"}
        samples = f"{json.dumps(sample)}\n{{\n".encode()
        answer = writer.client.post(
            f"{address}/backtest",
            data={
                "csrf_token": writer.token,
                "stored": "1",
                "samples": (io.BytesIO(samples), "mau.jsonl"),
                "texts": (io.BytesIO("Lớp học tối nay\n".encode()), "bai.txt"),
            },
        )
        assert answer.status_code == 303
        assert propose(writer, address) == 303
        page = words_only(administrator.get(address).text)
        assert "Chỉ biết được các bài đã lưu" in page
        assert "Bài đã lưu 2" in page
        assert "Mẫu có nhãn 1" in page
        assert "100,0 %" in page
        assert "1 dòng không đọc được" in page
        assert "mai sang xứ lạ" in page
        with office.wiring.database.reading() as session:
            run = session.scalars(select(LabRun)).one()
        assert run.state == "done"
        fragment = administrator.get(f"/rules/runs/{run.id}", headers={"HX-Request": "true"}).text
        assert "hx-get" not in fragment, "a run that is over is not asked for again"
        assert administrator.post(f"/rules/runs/{run.id}/cancel", {}).status_code == 409

    def test_posts_of_another_unit_are_not_shown(
        self, office: Office, writer: Browser, sound: str, clock: MovableClock
    ) -> None:
        unit, other = office.people.unit("Một"), office.people.unit("Hai")
        Posts(office.wiring.database, clock)(HIT + " bí mật", unit_id=unit.id)
        address = begin(writer, office, sound)
        writer.get(address)
        writer.post(f"{address}/backtest", {"stored": "1"})
        assert "bí mật" in writer.get(address).text
        stranger = office.people(Role.INSPECTOR, unit=other, password=None)
        with office.wiring.database.writing() as session:
            from foundation.people import User
            from tests.support.office import password_hash

            session.get_one(User, stranger.id).password = password_hash()
        assert "bí mật" not in office.logged_in(stranger).get(address).text

    def test_shadow_is_counted_and_shown(
        self, office: Office, writer: Browser, sound: str, clock: MovableClock
    ) -> None:
        address = begin(writer, office, sound)
        propose(writer, address)
        writer.get(address)
        assert writer.post(f"{address}/step/shadow").status_code == 303
        assert "Từ đó chưa có bài nào đến" in writer.get(address).text
        source = Posts(office.wiring.database, clock).source()
        ingested = office.wiring.ingestor.ingest(
            [Post(url="https://x.example/1", text=HIT)], source_id=source
        )
        assert ingested.kept == ()
        page = words_only(writer.get(address).text)
        assert "Tất cả các ngày 1 0 1 0" in page
        assert "Chạy thầm" in page

    def test_stored_posts_are_judged_again_after_a_count_and_a_confirmation(
        self,
        office: Office,
        writer: Browser,
        administrator: Browser,
        sound: str,
        clock: MovableClock,
    ) -> None:
        posts = Posts(office.wiring.database, clock)
        hit = posts(HIT, verdict_kind="other", level="low", score=0, groups=[])
        live(writer, administrator, office, sound)
        page = administrator.get("/rules/rejudge").text
        assert "Đếm xem thay đổi bao nhiêu" in page
        assert administrator.post("/rules/rejudge/count").status_code == 303
        page = administrator.get("/rules/rejudge").text
        assert "1 bài sẽ được xét khác đi." in page
        assert posts.load(hit.id).verdict_kind == "other"
        with office.wiring.database.reading() as session:
            counted = session.scalars(select(LabRun.id)).one()
        assert administrator.post(f"/rules/rejudge/{counted}").status_code == 303
        assert posts.load(hit.id).verdict_kind == "lure"
        assert "1 trên 1 bài đã thay đổi" in words_only(administrator.get("/rules/rejudge").text)
        assert writer.post("/rules/rejudge/count").status_code == 403


class TestFiles:
    def test_the_history_tells_who_did_what_and_leads_to_each_difference(
        self, office: Office, writer: Browser, administrator: Browser, sound: str
    ) -> None:
        live(writer, administrator, office, sound)
        page = writer.get("/rules/sample/history").text
        assert "Nơi đến mới" in page
        assert "Nguyễn Kiểm Tra" in page
        assert "Vũ Quản Trị" in page
        link = re.search(r'href="(/rules/sample/diff\?[^"]*text[^"]*)"', page)
        assert link
        changed = writer.get(link[1].replace("&amp;", "&"))
        assert changed.status_code == 200
        assert "diff-added" in changed.text
        assert "vẫn như khi cài đặt" in writer.get("/rules/organ/history").text
        assert writer.get("/rules/absent/history").status_code == 404

    @pytest.mark.parametrize("a", ["shipped", "live", "1", "base:1"])
    def test_any_two_texts_are_compared(self, writer: Browser, a: str) -> None:
        writer.get("/rules/new")
        writer.post("/rules/new", {"pack": "organ"})
        assert writer.get(f"/rules/organ/diff?a={a}&b=1").status_code == 200

    @pytest.mark.parametrize("a", ["9", "text:1", "base:9", "x", "text:99999999999999999999", "-1"])
    def test_texts_that_are_not_there_are_not_found(self, writer: Browser, a: str) -> None:
        assert writer.get(f"/rules/organ/diff?a={a}&b=live").status_code == 404

    def test_packs_are_brought_out(self, office: Office, writer: Browser) -> None:
        one = writer.get("/rules/organ/export")
        assert one.data.decode() == shipped_text("organ")
        assert 'filename="organ.yaml"' in one.headers["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(writer.get("/rules/export").data)) as archive:
            assert len(archive.namelist()) == len(shipped_packs())
        with office.wiring.database.reading() as session:
            told = session.scalars(
                select(AuditEvent).where(AuditEvent.action == "rule:export")
            ).all()
        assert [event.subject_id for event in told] == ["organ", "*"]

    def test_good_files_become_drafts_and_bad_ones_are_told(
        self, office: Office, writer: Browser, sound: str
    ) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("a/sample.yaml", sound)
            archive.writestr("bad.yaml", sound.replace("weight: 30", "weight: heavy"))
            archive.writestr("organ.yaml", shipped_text("organ"))
        writer.get("/rules/import")
        answer = writer.client.post(
            "/rules/import",
            data={
                "csrf_token": writer.token,
                "files": [
                    (io.BytesIO(content.getvalue()), "packs.zip"),
                    (io.BytesIO(b"\xff\xfe"), "x.yaml"),
                    (io.BytesIO(b"PK\x03\x04broken"), "y.zip"),
                ],
            },
        )
        page = words_only(answer.text)
        assert "sample, bản soạn 1" in page
        assert "bộ organ đang áp dụng đúng như vậy" in page
        assert "dòng 12: heavy không thuộc kiểu integer" in page
        assert "tệp không phải UTF-8" in page
        assert "không đọc được tệp zip này" in page
        assert row(office).origin == "import"
        assert row(office).text == sound

    def test_without_a_file_nothing_is_imported(self, writer: Browser) -> None:
        writer.get("/rules/import")
        assert writer.post("/rules/import").status_code == 422


class TestWhatIsShipped:
    def test_a_newer_shipped_pack_is_told_and_overwrites_nothing(
        self, office: Office, writer: Browser, administrator: Browser
    ) -> None:
        writer.get("/rules/new")
        address = writer.post("/rules/new", {"pack": "organ"}).location
        digest = row(office, pack="organ").digest
        text = shipped_text("organ").replace("owner: ", "owner: Tổ ", 1)
        writer.post(f"{address}/text", {"text": text, "seen": digest})
        propose(writer, address)
        administrator.get(address)
        digest = row(office, pack="organ").digest
        assert administrator.post(f"{address}/approve", {"seen": digest}).status_code == 303
        assert "Chương trình đã có bản khác" not in writer.get("/rules/organ").text
        with office.wiring.database.writing() as session:
            session.get_one(RulePackRevision, row(office, pack="organ").id).base = "older: text\n"
        page = writer.get("/rules/organ").text
        assert "Chương trình đã có bản khác" in page
        assert "chương trình có bản mới" in writer.get("/rules").text
        assert "older: text" in writer.get("/rules/organ/diff?a=base:1&b=shipped").text
        assert office.wiring.rules.office.of("organ").text == text  # type: ignore[union-attr]

    def test_a_revision_that_cannot_be_used_is_told_on_the_pages(
        self, office: Office, writer: Browser, administrator: Browser, sound: str
    ) -> None:
        live(writer, administrator, office, sound)
        with office.wiring.database.writing() as session:
            session.get_one(RulePackRevision, row(office).id).text = "pack: ["
            session.get_one(RulePackRevision, row(office).id).digest = "f" * 64
        office.wiring.rules.refresh()
        assert "không dùng được" in writer.get("/rules").text
        from webui.doctor import content

        finding = content.rules(office.wiring)
        assert finding.status == "fail"
        assert "sample 1" in str(finding.what)
