"""Contexts with made-up data, one for each kind of document."""

from datetime import UTC, date, datetime
from typing import Any

from casework.documents.renderer import DocumentKind

SEEN = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
ISSUER = "Sở Văn hóa, Thể thao và Du lịch"


def letterhead(symbol: str, number: int | None = 5) -> dict[str, Any]:
    return {
        "superior": "Ủy ban nhân dân tỉnh Bắc Sơn",
        "issuer": ISSUER,
        "symbol": symbol,
        "place": "Bắc Sơn",
        "number": number,
        "day": date(2026, 2, 5),
    }


def recipients() -> dict[str, Any]:
    return {"lines": ["Công an tỉnh", "Lãnh đạo Sở"], "archive": "VT, QLTTBC"}


def signature() -> dict[str, Any]:
    return {"heading": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "name": "Trần Văn Mẫu"}


def figures(**changes: int | None) -> dict[str, Any]:
    return {
        "posts_reviewed": 1250,
        "posts_flagged": 36,
        "posts_dismissed": 1180,
        "cases_opened": 9,
        "takedown_requests": 7,
        "urls_requested": 16,
        "urls_removed": 14,
        "urls_removed_on_time": 11,
        "reminders": 3,
        "sanctioned_organisations": 2,
        "sanctioned_individuals": 4,
        "fines_total": 19_500_000,
        "referrals": 2,
        **changes,
    }


def nothing() -> dict[str, Any]:
    return dict.fromkeys(figures(), 0)


def report() -> dict[str, Any]:
    return {
        "letterhead": letterhead("BC-SVHTTDL"),
        "subject": "Công tác phòng, chống mua bán người 6 tháng đầu năm 2026",
        "period": "6 tháng đầu năm 2026",
        "first": date(2025, 12, 15),
        "last": date(2026, 6, 14),
        "request": "Công văn số 2101/CAT-PA05 ngày 05/6/2026 của Công an tỉnh",
        "directives": [
            {
                "kind": "Công văn",
                "number": "152/SVHTTDL-QLTTBC",
                "day": date(2026, 1, 31),
                "subject": "về tuyên truyền phòng, chống mua bán người",
            },
            {
                "kind": "Kế hoạch",
                "number": "37/KH-SVHTTDL",
                "day": date(2026, 3, 20),
                "subject": "rà soát thông tin tuyển dụng",
            },
        ],
        "figures": figures(),
        "next_period": "6 tháng cuối năm 2026",
        "tasks": ["Tiếp tục rà soát thông tin tuyển dụng", "Phối hợp với Công an tỉnh"],
        "addressee": "Công an tỉnh",
        "recipients": recipients(),
        "signature": signature(),
    }


def takedown() -> dict[str, Any]:
    return {
        "letterhead": letterhead("SVHTTDL-QLTTBC", 734),
        "summary": "yêu cầu gỡ bỏ thông tin vi phạm pháp luật",
        "addressees": ["Chủ tài khoản “Việc Làm Biên Giới 000”"],
        "basis": ["Luật An ninh mạng số 116/2025/QH15"],
        "findings": "Qua rà soát, Sở phát hiện các thông tin sau đây:",
        "items": [
            {
                "url": "https://mang.example/bai/1",
                "account": "Việc Làm Biên Giới 000",
                "quote": "Cần tuyển <gấp> & đi ngay {{ 7 * 7 }}",
                "captured_at": SEEN,
                "violation": "điểm b khoản 1 Điều 95 Nghị định số 174/2026/NĐ-CP",
                "evidence_sha256": "ab" * 32,
            }
        ],
        "hours": 24,
        "deadline_basis": "khoản 7 Điều 36 Nghị định số 147/2024/NĐ-CP",
        "contact": "Phòng Quản lý thông tin, điện thoại 0900 000 101",
        "recipients": recipients(),
        "signature": signature(),
    }


def party() -> dict[str, Any]:
    return {
        "kind": "individual",
        "name": "Nguyễn Thị Mẫu",
        "gender": "Nữ",
        "born": date(1995, 2, 3),
        "nationality": "Việt Nam",
        "address": "thôn Mẫu, xã Mẫu, tỉnh Bắc Sơn",
    }


def organisation() -> dict[str, Any]:
    return {
        "kind": "organisation",
        "name": "Công ty TNHH Việc Làm Mẫu",
        "address": "số 00 đường Mẫu, tỉnh Bắc Sơn",
        "registration_number": "0000000000",
        "representative": "Lý Văn Thí Dụ",
        "representative_position": "Giám đốc",
    }


def act(fine: int = 0) -> dict[str, Any]:
    return {
        "text": "Chia sẻ thông tin cổ súy mua bán người",
        "provision": "điểm b khoản 1 Điều 95 Nghị định số 174/2026/NĐ-CP",
        "fine": fine,
    }


def record() -> dict[str, Any]:
    return {
        "letterhead": letterhead("BB-VPHC", 12),
        "field": "chia sẻ thông tin trên mạng xã hội",
        "started_at": SEEN,
        "held_at": "trụ sở Sở",
        "basis": ["Luật Xử lý vi phạm hành chính số 15/2012/QH13"],
        "officers": [{"name": "Lê Văn Thử", "position": "Chuyên viên", "agency": ISSUER}],
        "party": party(),
        "acts": [act()],
        "explanation_right": True,
        "explanation_to": "Giám đốc Sở",
        "oral_request_days": 2,
        "written_days": 5,
        "ended_at": datetime(2026, 11, 20, 3, 30, tzinfo=UTC),
        "sheets": 2,
        "copies": 2,
    }


def decision() -> dict[str, Any]:
    return {
        "letterhead": letterhead("QĐ-XPHC", 3),
        "authority": f"Giám đốc {ISSUER}",
        "basis": ["Nghị định số 174/2026/NĐ-CP", "Biên bản số 12/BB-VPHC"],
        "party": party(),
        "acts": [act(12_500_000)],
        "mitigating": ["Thành thật hối lỗi", "Tự nguyện gỡ bỏ"],
        "remedies": [{"text": "Buộc gỡ bỏ thông tin vi phạm", "days": 10}],
        "effective_on": date(2026, 2, 5),
        "pay_to": "Kho bạc Nhà nước khu vực",
        "compliance_days": 10,
        "carried_out_by": ISSUER,
        "recipients": recipients(),
        "signature": signature(),
    }


SAMPLES = {
    DocumentKind.PERIOD_REPORT: report,
    DocumentKind.TAKEDOWN_REQUEST: takedown,
    DocumentKind.VIOLATION_RECORD: record,
    DocumentKind.SANCTION_DECISION: decision,
}
