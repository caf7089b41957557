"""The Vietnamese words of a package's pages for what is kept of a capture in short words."""

from collections.abc import Mapping
from typing import Any

NOTES = {
    "navigation": "Trang không tải xong trong {seconds} giây.",
    "hangs": "Mã lệnh của trang không còn phản hồi.",
    "scripts_stopped": "Mã lệnh của trang đã bị dừng.",
    "not_scrolled": "Trang chưa được cuộn; có thể thiếu ảnh ở phía dưới.",
    "scrolling": "Trang dài ra không dứt; đã theo đến {height} điểm ảnh.",
    "images": "{count} ảnh không tải kịp.",
    "never_rests": "Trang tải liên tục; đã chụp đúng như lúc đó.",
    "crashed": "Trang đã bị đóng do trình duyệt hoặc do chiếm quá nhiều bộ nhớ.",
    "memory": "Trang chiếm {mb} MB bộ nhớ; mã lệnh của trang đã bị dừng.",
    "navigations": "Trang tự chuyển hướng quá {most} lần; đã giữ lại ở đó.",
    "pictures": "Không có ảnh chụp các hàng điểm ảnh từ {from_px} đến {to_px}.",
    "no_html": "Không đọc được trang như đang hiển thị.",
    "no_text": "Văn bản lấy từ HTML; trang không kịp đưa ra văn bản đang hiển thị.",
    "html_as_received": "HTML và văn bản là bản đã nhận, không phải bản đang hiển thị.",
    "traffic": "Trang tải quá {mb} MB; phần còn lại đã bị cắt.",
    "resources": "Trang tải quá {most} tài nguyên; {dropped} tài nguyên không có trong bản lưu.",
    "video": "Không lưu được một video: {why}",
    "video_off": "Không lưu video, theo thiết lập.",
}
WALLS = {
    "login_wall": "Trang yêu cầu đăng nhập: người ngoài không xem được nội dung.",
    "blocked": "Trang chặn hoặc đòi xác minh: không hiển thị nội dung.",
    "consent": "Trang xin đồng ý trước: chưa nhìn thấy nội dung.",
}
BRINGERS = {
    "citizen": "người dân",
    "officer": "cán bộ",
    "authority": "cơ quan khác",
    "platform": "nền tảng, nhà cung cấp dịch vụ",
}


def told_of(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How a capture was made and what is not in it, as pairs of a word and a sentence; only what was kept."""
    told = []
    if detail.get("asked_by"):
        told.append(("Người yêu cầu", str(detail["asked_by"])))
    if detail.get("bringer"):
        bringer = str(detail["bringer"])
        told.append(("Người cung cấp", BRINGERS.get(bringer, bringer)))
    if detail.get("login") is False:
        told.append(("Cách xem", "không đăng nhập, không cookie"))
    if isinstance(wall := detail.get("wall"), Mapping):
        told.append(("Nội dung hiển thị", WALLS.get(str(wall.get("kind")), str(wall.get("kind")))))
    if banners := detail.get("banners"):
        told.append(("Thông báo che trang", "; ".join(str(one) for one in banners)))
    notes = [_note(one) for one in detail.get("notes", ()) if isinstance(one, Mapping)]
    if notes:
        told.append(("Lưu ý khi chụp", " ".join(notes)))
    if count := detail.get("left_out_count"):
        told.append(
            ("Không có trong bản lưu", f"{count} tài nguyên của trang, kê trong package.json")
        )
    return told


def _note(one: Mapping[str, Any]) -> str:
    """A note in a sentence; one that nobody has a sentence for stands as it is."""
    what = str(one.get("what", ""))
    values = {
        name: round(value) if isinstance(value, float) else value for name, value in one.items()
    }
    try:
        return NOTES.get(what, what).format_map(values)
    except (KeyError, ValueError, IndexError):
        return what
