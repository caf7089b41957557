"""This period beside the one before, row by row."""

from dataclasses import dataclass

from casework.documents.contexts import ReportFigures
from casework.domain import figures as fig


@dataclass(frozen=True)
class Row:
    """One row of the comparison with the period before."""

    name: str
    key: str
    now: str
    before: str
    change: str


ROWS = (
    ("Bài đăng đã rà soát", "posts_reviewed"),
    ("Bài đăng được gắn cờ", "posts_flagged"),
    ("Vụ việc đã mở", "cases_opened"),
    ("Yêu cầu gỡ bỏ đã gửi", "takedown_requests"),
    ("Đường dẫn đã gỡ bỏ", "urls_removed"),
    ("Đường dẫn gỡ bỏ đúng thời hạn", "urls_removed_on_time"),
    ("Trường hợp nhắc nhở", "reminders"),
    ("Tổ chức bị xử phạt", "sanctioned_organisations"),
    ("Cá nhân bị xử phạt", "sanctioned_individuals"),
    ("Tổng tiền phạt (đồng)", "fines_total"),
    ("Hồ sơ đã chuyển", "referrals"),
)


def comparison(now: ReportFigures, before: ReportFigures | None) -> tuple[Row, ...]:
    """This period beside the one before; empty when there is none."""
    return () if before is None else tuple(_row(name, key, now, before) for name, key in ROWS)


def _row(name: str, key: str, now: ReportFigures, before: ReportFigures) -> Row:
    new, old = getattr(now, key), getattr(before, key)
    change = (
        "không đổi"
        if new == old
        else f"{'tăng' if new > old else 'giảm'} {_shown(key, abs(new - old))}"
    )
    return Row(name, key, _shown(key, new), _shown(key, old), change)


def _shown(key: str, value: int) -> str:
    return fig.grouped(value) if key == "fines_total" else fig.count(value)
