"""Consent banners and their like: noted with the words found, never clicked away."""

import re
from collections.abc import Iterable

_CONSENT = re.compile(
    r"cookies?\b|quyền riêng tư|dữ liệu cá nhân|chấp nhận tất cả|we value your privacy|"
    r"before you continue|trước khi (?:bạn )?tiếp tục|\bgdpr\b|consent|"
    r"accept all|đồng ý (?:và tiếp tục|tất cả)|chính sách bảo mật",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
LONGEST = 300


def consent_banners(overlays: Iterable[str]) -> list[str]:
    """The beginnings of those texts lying over the page that ask for consent; one inside another once."""
    flat = sorted({_SPACE.sub(" ", text).strip() for text in overlays}, key=len)
    asking = [text for text in flat if len(text) <= 1400 and _CONSENT.search(text)]
    outer = [
        text
        for number, text in enumerate(asking)
        if not any(text in longer for longer in asking[number + 1 :])
    ]
    return [text[:LONGEST] for text in outer[:5]]
