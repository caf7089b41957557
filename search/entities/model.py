"""What is found in a post: how it is called, its normal form, and where it stands."""

from dataclasses import dataclass
from enum import StrEnum


class EntityKind(StrEnum):
    """A contact (đầu mối liên hệ) leads to a person, a fact only tells about the offer."""

    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    ZALO = "zalo"
    TELEGRAM = "telegram"
    FACEBOOK = "facebook"
    TIKTOK = "tiktok"
    WECHAT = "wechat"
    WHATSAPP = "whatsapp"
    VIBER = "viber"
    LINE = "line"
    INSTAGRAM = "instagram"
    BANK_ACCOUNT = "bank_account"
    WALLET = "wallet"

    HOTLINE = "hotline"
    PHONE_PARTIAL = "phone_partial"
    PLACE = "place"
    WAGE = "wage"
    AGE = "age"
    DEPARTURE = "departure"


#: What is told about an offer; two posts that share it need not come from the same person.
FACT_KINDS = frozenset(
    {
        EntityKind.HOTLINE,
        EntityKind.PHONE_PARTIAL,
        EntityKind.PLACE,
        EntityKind.WAGE,
        EntityKind.AGE,
        EntityKind.DEPARTURE,
    }
)
#: What can lead to the same person in another post: kept with the post, and what makes campaigns.
CONTACT_KINDS = frozenset(EntityKind) - FACT_KINDS


@dataclass(frozen=True, slots=True)
class Entity:
    """`value` is the normal form, `raw` the original text at [start, end).

    `short` says of a link that it is a shortened one: where it leads only an officer may look up.
    """

    kind: EntityKind
    value: str
    raw: str
    start: int
    end: int
    short: bool = False
