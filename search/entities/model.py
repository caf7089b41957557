"""A contact found in a post: how it is called, its normal form, and where it stands."""

from dataclasses import dataclass
from enum import StrEnum


class EntityKind(StrEnum):
    """What can lead to the same person in another post (đầu mối liên hệ)."""

    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    ZALO = "zalo"
    TELEGRAM = "telegram"
    FACEBOOK = "facebook"
    TIKTOK = "tiktok"
    WECHAT = "wechat"
    WHATSAPP = "whatsapp"
    BANK_ACCOUNT = "bank_account"
    WALLET = "wallet"


@dataclass(frozen=True, slots=True)
class Entity:
    """`value` is the normal form, `raw` the original text at [start, end)."""

    kind: EntityKind
    value: str
    raw: str
    start: int
    end: int
