"""What stands around digits and says that they are a number to call, or something else."""

import re

_BEFORE = 48
_AFTER = 16
_PLUS = re.compile(r"\(?\+\s?\(?\s?$")
#: Words behind which digits are a number to call, even without a zero or a plus.
_CALLED = re.compile(
    r"(?:(?<!\w)(?:zalo|zl|za\s?lo|zalo\s?id|viber|wh?ats?app|wa|tele|telegram|sđt|sdt|đt|dt|sđ|phone|fone"
    r"|tel|hotline|hl|call|gọi|goi|alo|lh|liên\s?hệ|lien\s?he|ll|ib|inbox|số|so|số\s+máy|so\s+may"
    r"|điện\s+thoại|dien\s+thoai|di\s+động|di\s+dong|tổng\s+đài|tong\s+dai|mobile|ms|mr|sms|nhắn|nhan)"
    r"|[☎📞📱📲☏✆🤙])[\s:;.,\-–=>→👉)/(]{0,4}$",
    re.IGNORECASE,
)
#: Words behind which digits are anything but a number to call.
_NOT_CALLED = re.compile(
    r"(?<!\w)(?:cccd|cmnd|cmt|cmtnd|căn\s+cước|can\s+cuoc|chứng\s+minh(?:\s+thư)?|chung\s+minh(?:\s+thu)?"
    r"|hộ\s+chiếu|ho\s+chieu|passport|mst|mã\s+số\s+thuế|ma\s+so\s+thue|mã\s+số|ma\s+so|tax"
    r"|đơn\s+hàng|don\s+hang|mã\s+đơn|ma\s+don|vận\s+đơn|van\s+don|mã|order|đkkd|gpkd|đkdn|giấy\s+phép"
    r"|giay\s+phep|hợp\s+đồng|hop\s+dong|imei|seri|serial|barcode|isbn|bhxh|bhyt|số\s+thẻ|so\s+the|sbd"
    r"|biển\s+số|bien\s+so|stk|số\s+tk|so\s+tk|số\s+tài\s+khoản|so\s+tai\s+khoan|tài\s+khoản|tai\s+khoan"
    r"|lương|luong|giá|gia|thu\s+nhập|thu\s+nhap|visa\s+card|thẻ|otp|vin|cvv|pin)"
    r"(?:\s+(?:số|so|của|cua|là|la|no|em|mình|minh|đơn|don|hàng|hang|cty|công\s+ty|gpkd|thuế|thue"
    r"|kinh|doanh|lao|động|của\s+tôi))*[\s:#.№\-–=(]{0,4}$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r":[0-5]\d(?!\d)|\s?(?:đ|đồng|dong|vnđ|vnd|k|tr|triệu|trieu|nghìn|nghin|ngàn|ngan|usd|usdt|\$|€|₫|%|tệ|cc|ml|kg)(?!\w)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:năm|nam|từ|tu|giai\s+đoạn|niên|thế\s+kỷ)\s{0,2}$", re.IGNORECASE)
#: A code such as SP0900000123: capital letters that are glued to the digits and are no word for a number.
_CODE = re.compile(r"(?<![^\W_])[A-Z]{1,5}[-_/]?$")
_CODE_WORDS = re.compile(
    r"(?<![^\W_])(?:ZALO|ZL|SDT|SĐT|DT|ĐT|LH|TEL|HL|IB|CALL|ALO|MR|MS|A|C|E|SMS|VIBER|P|T|M)$"
)
_DATE = re.compile(
    r"[0-3]?\d\s?[./ -]\s?[01]?\d\s?[./ -]\s?(?:19|20)\d\d(?!\d)|[0-3]\d[01]\d(?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d[./-][01]?\d[./-][0-3]?\d"
)
_TIMES = re.compile(r"[0-2]?\d[.:h][0-5]\d\s?[-–]\s?[0-2]?\d[.:h][0-5]\d")


def plus_before(text: str, start: int) -> int | None:
    """Where the plus stands that belongs to the digits at `start`, as in "+84" or "(+ 84"."""
    match = _PLUS.search(text, max(0, start - 4), start)
    return match.start() if match else None


def opening(text: str, start: int, end: int) -> int:
    """Where a number begins that has a plus or the bracket of its area code in front."""
    plus = plus_before(text, start)
    if plus is not None:
        return plus
    bracketed = ")" in text[start:end] and start and text[start - 1] == "("
    return start - 1 if bracketed else start


def is_called_number(text: str, start: int) -> bool:
    """Whether the word or sign right before calls what follows a number."""
    return bool(_CALLED.search(text, max(0, start - 24), start))


def is_year(text: str, start: int) -> bool:
    return bool(_YEAR.search(text, max(0, start - 12), start))


def is_sum(text: str, end: int) -> bool:
    """Whether a currency or a measure stands right behind."""
    return bool(_UNIT.match(text, end, end + _AFTER))


def is_something_else(text: str, start: int, end: int) -> bool:
    """Whether digits at [start, end) are a sum, a date, a time, a code, a card, an account."""
    before = max(0, start - _BEFORE)
    if is_sum(text, end) or _DATE.match(text, start) or _TIMES.match(text, start, end + 3):
        return True
    if _CODE.search(text, before, start) and not _CODE_WORDS.search(text, before, start):
        return True
    return bool(_NOT_CALLED.search(text, before, start))
