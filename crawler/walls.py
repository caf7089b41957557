"""Login walls, captchas, blocks and consent pages: recognised, recorded, never parsed and never a removal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from crawler.sources.markup import Element, parse, plain_text

SHORT = 2500
"""A page with less text than this, in characters, may be nothing but a wall."""


class WallKind(StrEnum):
    """What stands between a stranger and the page; also the reason that is recorded."""

    LOGIN = "login_wall"
    BLOCK = "blocked"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall and the sign it was recognised by."""

    kind: WallKind
    sign: str


_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|dang-?nhap|wp-login\.php|checkpoint|accounts/login|user/login|auth/login)\b",
    re.IGNORECASE,
)
# Words are looked for in text in small letters: that is several times as fast as looking in letters of any case.
# What forums say below every thread, to who would answer it, is no wall before what stands above.
_TO_ANSWER = (
    r"(?!(?: hoặc đăng ký| or register| or sign up)? (?:để|to) "
    r"(?:trả lời|gửi|bình luận|đăng bài|viết|tham gia|reply|post|comment|vote))"
)
_LOGIN_WORDS = re.compile(
    rf"đăng nhập để (?:tiếp tục|xem)|(?:cần|phải|vui lòng|hãy) đăng nhập{_TO_ANSWER}|"
    r"chỉ (?:dành cho )?thành viên|log ?in to (?:continue|view|see)|sign in to (?:continue|view|see)|"
    rf"must (?:be logged in|log in|sign in){_TO_ANSWER}|you(?:'|’)?re temporarily blocked from logging|"
    rf"please (?:log|sign) in{_TO_ANSWER}",
)
_BLOCK_WORDS = re.compile(
    r"lưu lượng (?:truy cập )?bất thường|không phải (?:là )?(?:robot|người máy)|"
    r"truy cập (?:của bạn )?(?:đã )?bị chặn|xác minh bạn là (?:con )?người|"
    r"unusual traffic|are you (?:a )?(?:human|robot)|not a robot|verify you are human|"
    r"checking your browser|just a moment\.\.\.|attention required|access denied|request blocked|"
    r"too many requests|enable javascript and cookies to continue|ddos protection",
)
_BLOCK_MARKUP = re.compile(
    r"g-recaptcha|h-captcha|hcaptcha\.com|cf-challenge|challenge-platform|turnstile|captcha-delivery|px-captcha",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"before you continue|trước khi (?:bạn )?tiếp tục|we value your privacy|"
    r"(?:chấp nhận|đồng ý)[^.]{0,40}cookie|accept (?:all )?cookies",
)
_CONSENT_HOST = re.compile(r"^consent\.", re.IGNORECASE)


def find_wall(
    asked: str, final: str, status: int, headers: Mapping[str, str], html: str
) -> Wall | None:
    """The wall that this answer is, or None. `headers` have names in lower case."""
    if status in {401, 407}:
        return Wall(WallKind.LOGIN, str(status))
    if status == 429:
        return Wall(WallKind.BLOCK, "429")
    if "challenge" in headers.get("cf-mitigated", ""):
        return Wall(WallKind.BLOCK, "cf-mitigated")
    root = parse(html)
    text = plain_text(root, enough=SHORT).lower() if root is not None else ""
    return _block(status, html, text) or _login(asked, final, root, text) or _consent(final, text)


def asks_for_login(text: str) -> bool:
    """Whether a text says that a login is needed to go on."""
    return bool(_LOGIN_WORDS.search(text.lower()))


def _block(status: int, html: str, text: str) -> Wall | None:
    refused = status in {403, 405, 406, 418, 503}
    if len(text) > SHORT or not (refused or status == 200):
        return None
    if found := _BLOCK_WORDS.search(text):
        return Wall(WallKind.BLOCK, found.group(0))
    if (refused or len(text) < 400) and (found := _BLOCK_MARKUP.search(html)):
        return Wall(WallKind.BLOCK, found.group(0))
    return None


def _login(asked: str, final: str, root: Element | None, text: str) -> Wall | None:
    asked_path, final_path = (unquote(urlsplit(url).path) for url in (asked, final))
    if _LOGIN_PATH.search(final_path) and not _LOGIN_PATH.search(asked_path):
        return Wall(WallKind.LOGIN, final_path)
    if root is None or len(text) > SHORT:
        return None
    words = _LOGIN_WORDS.search(text)
    asks = any((node.get("type") or "").lower() == "password" for node in root.iter("input"))
    if words and (asks or len(text) < 600):
        return Wall(WallKind.LOGIN, words.group(0))
    if asks and len(text) < 300:
        return Wall(WallKind.LOGIN, "input[type=password]")
    return None


def _consent(final: str, text: str) -> Wall | None:
    if _CONSENT_HOST.match(urlsplit(final).hostname or ""):
        return Wall(WallKind.CONSENT, urlsplit(final).hostname or "")
    if len(text) < 800 and (found := _CONSENT_WORDS.search(text)):
        return Wall(WallKind.CONSENT, found.group(0))
    return None
