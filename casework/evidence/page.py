"""The pages of a package for people, in Vietnamese: index, record of capture, how to check.

They stand alone: no script, nothing that is fetched, and they print on A4.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, Environment, StrictUndefined, select_autoescape

from casework.evidence.page_words import told_of
from foundation.clock import office_time

if TYPE_CHECKING:
    from casework.evidence.package import Head

ACTS = {
    "captured": "Chụp trang",
    "brought": "Tiếp nhận tệp",
    "put_to_case": "Đưa vào vụ việc",
    "taken_from_case": "Đưa ra khỏi vụ việc",
    "viewed": "Xem",
    "exported": "Kết xuất",
    "handed_over": "Bàn giao",
    "hash_checked": "Kiểm tra mã băm",
    "seen_unchanged": "Thấy lại, không thay đổi",
    "stamped": "Gắn dấu thời gian",
}
SEEN = {
    "online": "Còn hiển thị",
    "edited": "Đã sửa",
    "removed": "Không còn",
    "restricted": "Bị hạn chế xem",
    "login_wall": "Đòi đăng nhập",
    "blocked": "Máy chủ chặn",
    "unreachable": "Không truy cập được",
    "moved": "Chuyển sang địa chỉ khác",
}
ORIGINS = {
    "crawler": "Hệ thống chụp, không đăng nhập, nội dung công khai",
    "officer": "Cán bộ hoặc người dân cung cấp",
    "citizen": "Người dân cung cấp, cơ quan không tự chụp",
    "agency": "Cơ quan khác cung cấp, cơ quan không tự chụp",
}
ROLES = {
    "screenshot": "Ảnh chụp toàn trang",
    "html": "Mã trang sau khi hiển thị",
    "raw": "Mã trang như máy chủ gửi",
    "text": "Chữ trên trang",
    "headers": "Tiêu đề trả lời của máy chủ",
    "metadata": "Thông tin của trang",
    "tls": "Chứng thư của máy chủ",
    "wacz": "Bản lưu WACZ (mở bằng ReplayWeb.page)",
    "ocr": "Chữ đọc từ ảnh",
    "document": "Tài liệu",
    "media": "Ảnh trong bài",
    "video": "Video trong bài",
    "record": "Bản ghi của lần chụp",
}
_FILES = re.compile(r"(\d+) files")
_ROBOTS = {"allowed": "cho phép", "": "không ghi"}
_TEMPLATES = ("base.html", "index.html", "record.html", "instructions.txt")


def index(head: "Head", count: int, items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """MUC-LUC.html in pieces: the case, what is in the package, how to check it."""
    pieces = _pages().get_template("index.html").stream(head=head, count=count, items=items)
    pieces.enable_buffering(500)
    yield from pieces


def record(head: "Head", item: Mapping[str, Any]) -> str:
    """The record of one capture (phiếu ghi nhận bản chụp), to be printed and signed."""
    return _pages().get_template("record.html").render(head=head, item=item)


def instructions() -> str:
    """HUONG-DAN.txt."""
    return _pages().get_template("instructions.txt").render()


@lru_cache(maxsize=1)
def _pages() -> Environment:
    folder = resources.files("casework.evidence") / "pages"
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in _TEMPLATES}
    pages = Environment(
        loader=DictLoader(texts),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.filters.update(
        moment=_moment, size=_size, robots=_robots, role=_role, told=_told, told_of=told_of
    )
    pages.globals.update(ACTS=ACTS, SEEN=SEEN, ORIGINS=ORIGINS)
    return pages


def _moment(value: datetime | str | None) -> str:
    """23/11/2026 09:05:03, time of Viet Nam."""
    if not value:
        return "không ghi"
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return office_time(moment).strftime("%d/%m/%Y %H:%M:%S")


def _size(size: int) -> str:
    """1.234.567 bytes, as officials write figures."""
    return f"{size:,} byte".replace(",", ".")


def _robots(value: str) -> str:
    return _ROBOTS.get(value, value)


def _told(detail: str) -> str:
    """What a row of custody adds, where the program wrote it."""
    if found := _FILES.fullmatch(detail):
        return f"{found[1]} tệp"
    return "nguyên vẹn" if detail == "ok" else detail


def _role(value: str) -> str:
    name = value.rstrip("0123456789-_")
    return ROLES.get(value) or ROLES.get(name) or value
