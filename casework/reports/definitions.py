"""What each figure of a report is called, and how it is counted, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """What a figure is called and how it is counted. `money`: the value is in đồng."""

    id: str
    vi: str
    en: str
    how_vi: str
    how_en: str
    money: bool = False


_ALL = (
    Definition(
        "posts_reviewed", "Bài đăng đã rà soát", "Posts reviewed",
        "Bài có quyết định trong kỳ, chưa bị rút lại trong kỳ.",
        "Posts decided about in the period, the decision not taken back in it.",
    ),
    Definition(
        "posts_flagged", "Bài đăng được gắn cờ", "Posts flagged",
        "Quyết định sau cùng trong kỳ là gắn cờ.", "The last decision of the period was to flag.",
    ),
    Definition(
        "posts_dismissed", "Bài đăng bị bỏ qua", "Posts dismissed",
        "Quyết định sau cùng trong kỳ là bỏ qua.",
        "The last decision of the period was to dismiss.",
    ),
    Definition(
        "cases_opened", "Vụ việc đã mở", "Cases opened",
        "Vụ việc có ngày mở trong kỳ.", "Cases opened in the period.",
    ),
    Definition(
        "cases_closed", "Vụ việc đã kết thúc", "Cases closed",
        "Vụ việc kết thúc trong kỳ và chưa mở lại.",
        "Cases closed in the period and not opened again.",
    ),
    Definition(
        "cases_open", "Vụ việc đang xử lý đến ngày chốt", "Cases open at the cut-off",
        "Vụ việc mở trước ngày chốt số liệu và chưa kết thúc đến ngày đó.",
        "Cases opened before the cut-off and not closed by then.",
    ),
    Definition(
        "takedown_requests", "Yêu cầu gỡ bỏ đã gửi", "Takedown requests sent",
        "Yêu cầu gửi lần đầu trong kỳ.", "Requests first sent in the period.",
    ),
    Definition(
        "urls_requested", "Đường dẫn yêu cầu gỡ bỏ", "Addresses requested",
        "Đường dẫn trong các yêu cầu gửi trong kỳ.",
        "Addresses of the requests sent in the period.",
    ),
    Definition(
        "urls_removed", "Đường dẫn đã gỡ bỏ", "Addresses removed",
        "Trong số đó, đã chứng minh được việc gỡ bỏ trước ngày chốt (hai lần kiểm tra, bản chụp trước và sau).",
        "Of these, proven gone before the cut-off (two sightings, captures before and after).",
    ),
    Definition(
        "urls_removed_on_time", "Đường dẫn gỡ bỏ đúng thời hạn", "Addresses removed on time",
        "Trong số đã gỡ bỏ, lần đầu không còn thấy là trong thời hạn.",
        "Of those removed, first seen gone by the deadline.",
    ),
    Definition(
        "renotices", "Lượt đôn đốc", "Re-notices",
        "Lượt đôn đốc đã gửi trong kỳ.", "Re-notices sent in the period.",
    ),
    Definition(
        "account_locks_requested", "Yêu cầu khóa tài khoản", "Account locks requested",
        "Yêu cầu gửi trong kỳ có nội dung khóa tài khoản.",
        "Requests sent in the period that ask for a lock.",
    ),
    Definition(
        "reminders", "Trường hợp nhắc nhở", "Reminders",
        "Hồ sơ kết thúc bằng nhắc nhở trong kỳ (không phải hình thức xử phạt).",
        "Files that ended with a reminder in the period (not a form of sanction).",
    ),
    Definition(
        "sanctioned_organisations", "Tổ chức bị xử phạt", "Organisations sanctioned",
        "Tổ chức có quyết định xử phạt ban hành trong kỳ, không bị hủy.",
        "Organisations with a decision of the period that was not cancelled.",
    ),
    Definition(
        "sanctioned_individuals", "Cá nhân bị xử phạt", "Individuals sanctioned",
        "Cá nhân, hộ kinh doanh có quyết định xử phạt ban hành trong kỳ, không bị hủy.",
        "Individuals and households with a decision of the period that was not cancelled.",
    ),
    Definition(
        "fines_total", "Tổng tiền phạt", "Sum of fines",
        "Tiền phạt theo các quyết định ban hành trong kỳ.", "Fines of the period's decisions.",
        money=True,
    ),
    Definition(
        "fines_collected", "Tiền phạt đã nộp", "Fines collected",
        "Tiền phạt nộp trong kỳ theo biên lai, kể cả cho quyết định của kỳ trước; không gồm tiền chậm nộp.",
        "Fines paid in the period by receipt, also on earlier decisions; without late interest.",
        money=True,
    ),
    Definition(
        "remedies_ordered", "Biện pháp khắc phục hậu quả", "Remedies ordered",
        "Biện pháp trong các quyết định ban hành trong kỳ.",
        "Remedies in the period's decisions.",
    ),
    Definition(
        "fined_elsewhere", "Trường hợp do cơ quan khác xử phạt", "Fined by another body",
        "Cơ quan khác xử phạt trong kỳ; không tính vào số liệu của cơ quan.",
        "Fined by another body in the period; never counted as the office's own.",
    ),
    Definition(
        "fined_elsewhere_total", "Tiền phạt của cơ quan khác", "Fines of other bodies",
        "Chỉ để biết, không cộng vào tổng tiền phạt.", "For information, in no sum.", money=True,
    ),
    Definition(
        "referrals", "Hồ sơ đã chuyển", "Files referred",
        "Hồ sơ đã chuyển cơ quan có thẩm quyền trong kỳ.",
        "Files handed to the competent body in the period.",
    ),
)  # fmt: skip
DEFINITIONS: dict[str, Definition] = {each.id: each for each in _ALL}
