"""Official documents: what they say, how they look, and that they are the same every time."""

import io
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest

from casework.documents.build_templates import build
from casework.documents.renderer import (
    SHIPPED,
    DocumentError,
    DocumentKind,
    context_as_json,
    read_context,
    render,
)
from tests.casework import document_samples as samples

KINDS = list(DocumentKind)
REPORT = DocumentKind.PERIOD_REPORT


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All text of the body in order, tables included, one paragraph a line."""
    body = opened(content).element.body
    word = f"{{{body.nsmap['w']}}}"
    return "\n".join(
        "".join(each.text or "" for each in paragraph.iter(f"{word}t"))
        for paragraph in body.iter(f"{word}p")
    )


def made(kind: DocumentKind, **changes: Any) -> str:
    return text_of(render(kind, {**samples.SAMPLES[kind](), **changes}))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_made_without_a_tag_left_over(kind: DocumentKind) -> None:
    text = text_of(render(kind, samples.SAMPLES[kind]()))
    assert "{%" not in text
    assert "None" not in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_context_gives_the_same_bytes(kind: DocumentKind) -> None:
    first, second = (render(kind, samples.SAMPLES[kind]()) for _ in range(2))
    assert first == second
    changed = samples.SAMPLES[kind]()
    changed["letterhead"]["number"] = 99
    assert render(kind, changed) != first


@pytest.mark.parametrize("kind", KINDS)
def test_no_time_of_the_machine_is_in_the_file(kind: DocumentKind) -> None:
    content = render(kind, samples.SAMPLES[kind]())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"
    properties = opened(content).core_properties
    assert properties.created.replace(tzinfo=None) == datetime(2026, 2, 5)  # noqa: DTZ001
    assert properties.created == properties.modified
    assert properties.author == "Rà Soát"


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_that_of_the_decree_on_official_documents(kind: DocumentKind) -> None:
    document = opened(render(kind, samples.SAMPLES[kind]()))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm) <= 25
    assert 20 <= round(section.bottom_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert 13 <= document.styles["Normal"].font.size.pt <= 14


def test_the_shipped_templates_are_what_the_script_builds(tmp_path: Path) -> None:
    for path in build(tmp_path):
        assert path.read_bytes() == (SHIPPED / path.name).read_bytes(), path.name


def test_number_and_date_are_written_as_the_decree_says() -> None:
    text = made(REPORT)
    assert "Số: 05/BC-SVHTTDL" in text
    assert "Bắc Sơn, ngày 05 tháng 02 năm 2026" in text


def test_a_draft_has_room_for_number_and_day() -> None:
    head = {**samples.letterhead("BC-SVHTTDL", None), "day": None, "year": 2026}
    text = made(REPORT, letterhead=head)
    assert "Số:         /BC-SVHTTDL" in text
    assert "ngày      tháng      năm 2026" in text


def test_the_report_has_the_four_sections_of_the_officials_in_order() -> None:
    text = made(REPORT)
    heads = [
        "I. CÔNG TÁC CHỈ ĐẠO",
        "II. KẾT QUẢ THỰC HIỆN",
        "III. KHÓ KHĂN, VƯỚNG MẮC",
        "IV. PHƯƠNG HƯỚNG NHIỆM VỤ 6 THÁNG CUỐI NĂM 2026",
    ]
    places = [text.index(head) for head in heads]
    assert places == sorted(places)
    assert "từ ngày 15/12/2025 đến hết ngày 14/06/2026" in text


def test_the_report_writes_figures_as_officials_do() -> None:
    text = made(REPORT)
    assert "rà soát 1.250 bài đăng" in text
    assert "Gửi 07 yêu cầu gỡ bỏ đối với 16 đường dẫn; đã gỡ bỏ 14 đường dẫn (đạt 87,5%)" in text
    assert "đối với 06 tổ chức, cá nhân (02 tổ chức, 04 cá nhân)" in text
    assert "tổng số tiền là 19,5 triệu đồng" in text
    assert "Nhắc nhở 03 trường hợp (không phải hình thức xử phạt)" in text
    assert "Công tác kiểm tra" not in text


def test_the_count_of_directives_and_their_list_come_from_the_same_rows() -> None:
    text = made(REPORT)
    assert "ban hành 02 văn bản chỉ đạo:" in text
    assert "- Công văn số 152/SVHTTDL-QLTTBC ngày 31/01/2026 về tuyên truyền" in text
    assert text.count("- Kế hoạch số 37/KH-SVHTTDL") == 1


def test_a_period_without_anything_gives_the_nil_sentences() -> None:
    text = made(REPORT, figures=samples.nothing(), directives=[])
    assert (
        "Trong kỳ báo cáo, chưa phát hiện trường hợp lợi dụng mạng xã hội để thực hiện hành vi mua "
        "bán người." in text
    )
    assert "chưa phát sinh trường hợp phải yêu cầu gỡ bỏ" in text
    assert "chưa phát sinh trường hợp bị xử phạt vi phạm hành chính" in text
    assert "chưa phát sinh trường hợp phải chuyển hồ sơ" in text
    assert "chưa ban hành văn bản chỉ đạo riêng" in text
    assert "không phát sinh khó khăn, vướng mắc" in text
    assert "00" not in text.split("I. CÔNG TÁC")[1]


def test_the_period_before_stands_beside() -> None:
    text = made(
        REPORT,
        previous=samples.figures(posts_flagged=20, fines_total=25_000_000),
        previous_period="6 tháng cuối năm 2025",
    )
    assert "So sánh với 6 tháng cuối năm 2025:" in text
    assert "tăng 16" in text
    assert "giảm 5.500.000" in text
    assert "không đổi" in text


def test_a_restatement_says_openly_what_it_replaces() -> None:
    text = made(REPORT, restates="Báo cáo số 05/BC-SVHTTDL ngày 15/6/2026")
    assert "đính chính, thay thế Báo cáo số 05/BC-SVHTTDL" in text


def test_recipients_and_signature_close_the_document() -> None:
    text = made(REPORT)
    tail = text[text.index("Nơi nhận:") :]
    assert "- Công an tỉnh;\n- Lãnh đạo Sở;\n- Lưu: VT, QLTTBC." in tail
    assert "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC" in tail
    assert tail.rstrip().endswith("Trần Văn Mẫu")
    assert "tổng hợp./." in text


def test_a_takedown_request_names_address_basis_and_hours() -> None:
    text = made(DocumentKind.TAKEDOWN_REQUEST)
    assert "V/v yêu cầu gỡ bỏ thông tin vi phạm pháp luật" in text
    assert "Kính gửi: Chủ tài khoản “Việc Làm Biên Giới 000”" in text
    assert "Căn cứ Luật An ninh mạng số 116/2025/QH15;" in text
    assert "https://mang.example/bai/1" in text
    assert "08 giờ 30 phút, ngày 20/11/2026" in text
    assert "Gỡ bỏ 01 đường dẫn nêu trên chậm nhất 24 giờ" in text
    assert f"Chứng cứ (SHA-256): {'ab' * 32}" in text


def test_a_renotice_says_what_went_before() -> None:
    text = made(DocumentKind.TAKEDOWN_REQUEST, renotice_of="Công văn số 734 ngày 20/11/2026")
    assert "Sau khi gửi Công văn số 734 ngày 20/11/2026" in text


def test_several_addressees_stand_in_a_list() -> None:
    text = made(DocumentKind.TAKEDOWN_REQUEST, addressees=["Bên A", "Bên B"])
    assert "Kính gửi:\n" in text
    assert "- Bên A;\n- Bên B." in text


def test_text_of_posts_stays_text() -> None:
    text = made(DocumentKind.TAKEDOWN_REQUEST)
    assert "“Cần tuyển <gấp> & đi ngay {{ 7 * 7 }}”" in text


def test_characters_that_a_docx_may_not_hold_are_taken_out() -> None:
    context = samples.takedown()
    context["items"][0]["quote"] = "vie\u0323\u0302c\x0b nhẹ\x00 lương\ncao\ud800"
    text = text_of(render(DocumentKind.TAKEDOWN_REQUEST, context))
    assert "“việc nhẹ lương cao”" in text


def test_the_record_follows_its_form() -> None:
    text = made(DocumentKind.VIOLATION_RECORD)
    assert "Vi phạm hành chính về chia sẻ thông tin trên mạng xã hội" in text
    assert "Hôm nay, hồi 08 giờ 30 phút, ngày 20/11/2026" in text
    assert "Họ và tên: Nguyễn Thị Mẫu. Giới tính: Nữ" in text
    assert "trực tiếp trong thời hạn 02 ngày làm việc" in text
    assert "giải trình trong thời hạn 05 ngày làm việc" in text
    assert "NGƯỜI LẬP BIÊN BẢN" in text
    assert "Biên bản lập xong hồi 10 giờ 30 phút" in text


def test_a_record_without_the_right_to_explain_says_so() -> None:
    text = made(DocumentKind.VIOLATION_RECORD, explanation_right=False)
    assert "không thuộc diện giải trình" in text
    assert "có quyền gửi văn bản yêu cầu" not in text


def test_the_decision_writes_the_fine_in_figures_and_words() -> None:
    text = made(DocumentKind.SANCTION_DECISION)
    assert "12.500.000 đồng (Bằng chữ: Mười hai triệu năm trăm nghìn đồng)" in text
    assert "Các tình tiết tăng nặng (nếu có): không." in text
    assert "Thành thật hối lỗi; Tự nguyện gỡ bỏ." in text
    assert "trong thời hạn 10 ngày, kể từ ngày nhận được Quyết định này" in text
    assert "GIÁM ĐỐC SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH" in text


def test_several_acts_are_fined_one_by_one_and_summed() -> None:
    acts = [samples.act(12_500_000), samples.act(20_000_000)]
    text = made(DocumentKind.SANCTION_DECISION, acts=acts)
    assert "- Hành vi thứ 01: 12.500.000 đồng" in text
    assert "Mức phạt: 32.500.000 đồng" in text


def test_a_warning_carries_no_fine_and_no_payment() -> None:
    text = made(DocumentKind.SANCTION_DECISION, acts=[samples.act()], warning_only=True)
    assert "Phạt cảnh cáo." in text
    assert "nộp tiền phạt" not in text
    assert "2. Gửi cho Sở Văn hóa" in text


@pytest.mark.parametrize("kind", [DocumentKind.VIOLATION_RECORD, DocumentKind.SANCTION_DECISION])
def test_an_organisation_is_named_with_its_representative(kind: DocumentKind) -> None:
    text = made(kind, party=samples.organisation())
    assert "Tên của tổ chức: Công ty TNHH Việc Làm Mẫu" in text
    assert "Người đại diện theo pháp luật: Lý Văn Thí Dụ" in text
    assert "đối với tổ chức có tên sau đây" in text


def test_a_household_is_named_by_its_owner() -> None:
    text = made(DocumentKind.SANCTION_DECISION, party={**samples.party(), "kind": "household"})
    assert "Chủ hộ kinh doanh: Nguyễn Thị Mẫu" in text


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (REPORT, "subject"),
        (REPORT, "letterhead.place"),
        (REPORT, "figures.referrals"),
        (REPORT, "signature.heading"),
        (DocumentKind.TAKEDOWN_REQUEST, "hours"),
        (DocumentKind.TAKEDOWN_REQUEST, "items[0].url"),
        (DocumentKind.VIOLATION_RECORD, "officers[0].name"),
        (DocumentKind.SANCTION_DECISION, "party.name"),
        (DocumentKind.SANCTION_DECISION, "acts[0].provision"),
    ],
)
def test_a_missing_field_is_named(kind: DocumentKind, path: str) -> None:
    context = samples.SAMPLES[kind]()
    place: Any = context
    *steps, last = path.replace("[0]", ".0").split(".")
    for step in steps:
        place = place[int(step)] if step == "0" else place[step]
    del place[last]
    with pytest.raises(DocumentError) as told:
        render(kind, context)
    assert told.value.problems == (f"{path} is missing",)


@pytest.mark.parametrize(
    ("kind", "changes", "complaint"),
    [
        (REPORT, {"colour": "red"}, "colour is not a known field"),
        (REPORT, {"first": "15/12/2025"}, r"first must be a day"),
        (REPORT, {"last": date(2025, 1, 1)}, "last is before first"),
        (REPORT, {"subject": " "}, "subject is empty"),
        (REPORT, {"figures": samples.figures(urls_removed=17)}, "urls_removed is above"),
        (REPORT, {"figures": samples.figures(reminders=-1)}, "reminders is negative"),
        (REPORT, {"figures": samples.figures(posts_flagged=999)}, "more than those reviewed"),
        (
            REPORT,
            {
                "figures": samples.figures(sanctioned_organisations=0, sanctioned_individuals=0),
            },
            "fines without anybody",
        ),
        (DocumentKind.TAKEDOWN_REQUEST, {"items": []}, "items is empty"),
        (DocumentKind.TAKEDOWN_REQUEST, {"hours": 0}, "hours must be above 0"),
        (DocumentKind.VIOLATION_RECORD, {"written_days": 0}, "explanation_right needs"),
        (DocumentKind.SANCTION_DECISION, {"warning_only": True}, "warning_only and no fine"),
        (DocumentKind.SANCTION_DECISION, {"acts": [samples.act()]}, "a fine for each act"),
    ],
)
def test_nonsense_is_refused_with_a_reason(
    kind: DocumentKind, changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(DocumentError, match=complaint):
        render(kind, {**samples.SAMPLES[kind](), **changes})


def test_a_capture_without_a_time_zone_is_refused() -> None:
    context = samples.takedown()
    context["items"][0]["captured_at"] = datetime(2026, 11, 20, 8, 30)  # noqa: DTZ001
    with pytest.raises(DocumentError, match="needs a time zone"):
        render(DocumentKind.TAKEDOWN_REQUEST, context)


def test_a_context_may_be_given_as_its_dataclass_and_kept_as_json() -> None:
    context = read_context(REPORT, samples.report())
    assert render(REPORT, context) == render(REPORT, samples.report())
    kept = context_as_json(context)
    assert kept["figures"]["fines_total"] == 19_500_000
    assert kept["first"] == "2025-12-15"


def template(folder: Path, text: str) -> Path:
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(folder / "period_report.docx"))
    return folder


def test_an_office_may_bring_its_own_template(tmp_path: Path) -> None:
    folder = template(tmp_path, "Mẫu riêng: {{ subject }}")
    text = text_of(render(REPORT, samples.report(), template_dir=folder))
    assert text.startswith("Mẫu riêng: Công tác phòng, chống mua bán người")
    other = render(DocumentKind.SANCTION_DECISION, samples.decision(), template_dir=folder)
    assert other == render(DocumentKind.SANCTION_DECISION, samples.decision())


def test_a_template_that_asks_for_what_is_not_there_is_named(tmp_path: Path) -> None:
    folder = template(tmp_path, "{{ subjekt }}")
    with pytest.raises(DocumentError, match="template fails: 'subjekt' is undefined"):
        render(REPORT, samples.report(), template_dir=folder)


def test_a_template_can_not_reach_into_the_program(tmp_path: Path) -> None:
    folder = template(tmp_path, "{{ letterhead.__class__.__mro__ }}")
    with pytest.raises(DocumentError, match="template fails"):
        render(REPORT, samples.report(), template_dir=folder)


def test_law_domain_and_documents_import_neither_database_nor_web() -> None:
    program = (
        "import sys, casework.documents.renderer, casework.domain.sanctions,"
        " casework.domain.accounts\n"
        "print([m for m in ('sqlalchemy', 'flask', 'requests', 'rq') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
