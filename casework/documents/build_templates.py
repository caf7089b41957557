"""Builds the shipped templates: `python -m casework.documents.build_templates`.

The built files are part of the project; an office may copy one, change it in a word processor, and
keep it in its own template folder under the same name.
"""

from collections.abc import Callable
from pathlib import Path

from casework.documents.layout import CENTER, LEFT, RIGHT, Page, letterhead, signature, title
from casework.documents.renderer import SHIPPED, DocumentKind
from casework.documents.sanction_templates import sanction_decision, violation_record


def period_report() -> Page:
    """Báo cáo: I chỉ đạo, II kết quả, III khó khăn, IV phương hướng."""
    page = Page()
    letterhead(page)
    title(page, "BÁO CÁO", "{{ subject }}")
    page.logic("if restates")
    page.text("(Báo cáo này đính chính, thay thế {{ restates }}.)", italic=True)
    page.logic("endif")
    page.logic("if request")
    page.text(
        "Thực hiện {{ request }}, {{ letterhead.issuer }} báo cáo kết quả {{ period }} (số liệu từ "
        "ngày {{ first | short_date }} đến hết ngày {{ last | short_date }}) như sau:"
    )
    page.logic("else")
    page.text(
        "{{ letterhead.issuer }} báo cáo kết quả {{ period }} (số liệu từ ngày "
        "{{ first | short_date }} đến hết ngày {{ last | short_date }}) như sau:"
    )
    page.logic("endif")
    page.heading("I. CÔNG TÁC CHỈ ĐẠO")
    page.each("line in direction_lines", "{{ line | string }}")
    page.each("line in direction", "{{ line }}")
    page.heading("II. KẾT QUẢ THỰC HIỆN")
    _results(page)
    page.heading("III. KHÓ KHĂN, VƯỚNG MẮC")
    page.logic("if not difficulties")
    page.text("Trong kỳ báo cáo, không phát sinh khó khăn, vướng mắc.")
    page.logic("endif")
    page.each("line in difficulties", "- {{ line | listed(loop.last) }}")
    page.heading("IV. PHƯƠNG HƯỚNG NHIỆM VỤ {{ next_period | upper }}")
    page.each("line in tasks", "- {{ line | listed(loop.last) }}")
    page.text(
        "Trên đây là báo cáo kết quả {{ period }} của {{ letterhead.issuer }}, kính gửi "
        "{{ addressee }} tổng hợp./.",
        before=6,
        keep=True,
    )
    signature(page)
    return page


def _results(page: Page) -> None:
    page.logic("for part in results")
    page.text("{{ loop.index }}. {{ part.title }}", bold=True, keep=True)
    page.logic("for line in part.lines")
    page.text("{{ line | string }}")
    page.logic("endfor")
    page.logic("endfor")
    page.logic("if notable")
    page.text("Tiêu biểu một số vụ việc như:", keep=True)
    page.each("line in notable", "- {{ line | listed(loop.last) }}")
    page.logic("endif")
    page.logic("if comparison")
    page.text("So sánh với {{ previous_period }}:", keep=True)
    table = page.table((12, 62, 29, 29, 32))
    page.row(table, ("TT", "Chỉ tiêu", "Kỳ này", "Kỳ trước", "Tăng, giảm"), bold=True)
    page.row(table, ("{%tr for row in comparison %}", "", "", "", ""))
    cells = (
        "{{ loop.index }}",
        "{{ row.name }}",
        "{{ row.now }}",
        "{{ row.before }}",
        "{{ row.change }}",
    )
    page.row(table, cells, aligns=(CENTER, LEFT, RIGHT, RIGHT, LEFT))
    page.row(table, ("{%tr endfor %}", "", "", "", ""))
    page.text("", indent=0, after=0)
    page.logic("endif")


def takedown_request() -> Page:
    """Công văn yêu cầu gỡ bỏ thông tin vi phạm."""
    page = Page()
    letterhead(page, summary=True)
    page.text(
        "Kính gửi:{% if addressees | length == 1 %} {{ addressees[0] }}{% endif %}",
        align=CENTER,
        before=6,
    )
    page.logic("if addressees | length > 1")
    page.logic("for line in addressees")
    page.text("- {{ line }}{{ '.' if loop.last else ';' }}", indent=50, after=0)
    page.logic("endfor")
    page.logic("endif")
    page.text("", indent=0, after=0, size=6)
    page.each("line in basis", "Căn cứ {{ line }};", italic=True)
    page.logic("if renotice_of")
    page.text(
        "Sau khi gửi {{ renotice_of }}, đến nay thông tin dưới đây vẫn chưa được gỡ bỏ hoàn toàn; "
        "{{ letterhead.issuer }} đôn đốc và yêu cầu như sau:"
    )
    page.logic("endif")
    page.text("{{ findings }}")
    page.text("1. Thông tin vi phạm", bold=True, keep=True)
    table = page.table((12, 58, 48, 45))
    heads = (
        "TT",
        "Đường dẫn, tài khoản",
        "Trích nội dung",
        "Thời điểm ghi nhận; quy định bị vi phạm",
    )
    page.row(table, heads, bold=True, size=11)
    page.row(table, ("{%tr for item in items %}", "", "", ""))
    page.row(
        table,
        (
            "{{ loop.index }}",
            "{{ item.url }}{% if item.account %} (tài khoản: {{ item.account }}){% endif %}",
            "“{{ item.quote }}”",
            (
                "{{ item.captured_at | hour_minute }}, ngày {{ item.captured_at | short_date }}; "
                "{{ item.violation }}{% if item.evidence_sha256 %}. Chứng cứ (SHA-256): "
                "{{ item.evidence_sha256 }}{% endif %}"
            ),
        ),
        size=11,
        aligns=(CENTER, LEFT, LEFT, LEFT),
    )
    page.row(table, ("{%tr endfor %}", "", "", ""))
    page.text("2. Nội dung yêu cầu", bold=True, keep=True, before=6)
    page.text(
        "Gỡ bỏ {{ items | length | count }} đường dẫn nêu trên chậm nhất {{ hours | count }} giờ kể "
        "từ khi nhận được yêu cầu này, theo {{ deadline_basis }}."
    )
    page.logic("if lock_request")
    page.text("{{ lock_request }}")
    page.logic("endif")
    page.text(
        "Kết quả thực hiện đề nghị thông báo về {{ letterhead.issuer }}; đầu mối liên hệ: "
        "{{ contact }}./.",
        keep=True,
    )
    signature(page)
    return page


BUILDERS: dict[DocumentKind, Callable[[], Page]] = {
    DocumentKind.PERIOD_REPORT: period_report,
    DocumentKind.TAKEDOWN_REQUEST: takedown_request,
    DocumentKind.VIOLATION_RECORD: violation_record,
    DocumentKind.SANCTION_DECISION: sanction_decision,
}


def build(folder: Path = SHIPPED) -> list[Path]:
    """All templates into a folder; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, make in BUILDERS.items():
        path = folder / f"{kind.value}.docx"
        make().save(path)
        written.append(path)
    return written


if __name__ == "__main__":
    build()
