"""What the matcher says of one post: a suggestion to an officer, with its evidence; never a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Level(StrEnum):
    """How high the risk is, from the score (mức rủi ro)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @classmethod
    def of(cls, score: int) -> "Level":
        """The level of a score from 0 to 100."""
        if score >= 80:
            return cls.CRITICAL
        if score >= 60:
            return cls.HIGH
        return cls.MEDIUM if score >= 40 else cls.LOW


class Kind(StrEnum):
    """What the post is: all but LURE sink in the queue, HELP goes to the urgent lane."""

    LURE = "lure"
    WARNING = "warning"
    NEWS = "news"
    HELP = "help"
    LEGAL = "legal"
    SATIRE = "satire"
    OTHER = "other"


#: Evidence group -> its short label in both languages, as the queue shows it.
GROUPS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        group: MappingProxyType({"vi": vi, "en": en})
        for group, vi, en in (
            ("offer", "hứa hẹn", "promise"),
            ("no_requirements", "không yêu cầu", "no requirements"),
            ("recruiting", "tuyển, rủ người", "recruiting"),
            ("wage", "mức tiền công nêu ra", "pay named"),
            ("sum", "nêu số tiền", "sum of money"),
            ("destination", "điểm đến", "destination"),
            ("border_documents", "giấy tờ, qua biên giới", "papers, border crossing"),
            ("travel", "đưa đón, lo đường đi", "travel arranged"),
            ("money_advance", "ứng tiền", "money in advance"),
            ("deposit", "nộp tiền trước", "deposit asked for"),
            ("off_platform", "liên hệ kín", "contact off the platform"),
            ("work_type", "loại việc", "kind of work"),
            ("secrecy", "giữ kín", "secrecy"),
            ("urgency", "thúc giục", "urgency"),
            ("minor", "người chưa đủ 18 tuổi", "minor"),
            ("captivity", "giam giữ, ép buộc", "captivity, coercion"),
            ("online_task", "nhiệm vụ trên mạng", "online tasks"),
            ("brand", "mượn danh thương hiệu", "uses a brand's name"),
            ("remote", "làm tại nhà, qua mạng", "work from home"),
            ("organ_trade", "mua bán bộ phận cơ thể", "organ trade"),
            ("surrogacy", "mang thai hộ", "surrogacy"),
            ("marriage_brokerage", "môi giới hôn nhân", "marriage brokerage"),
            ("adoption", "cho nhận con", "adoption, sale of infants"),
            ("debt_ransom", "nợ, chuộc người", "debt, ransom"),
            ("help", "kêu cứu", "cry for help"),
            ("wording", "cách nói giống tin đã biết", "worded like known posts"),
        )
    }
)

#: Labels of all that a reason or hit can name as its group: evidence, what lowers it, and remarks.
LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        **GROUPS,
        "combination": MappingProxyType({"vi": "kết hợp dấu hiệu", "en": "several together"}),
        "innocent": MappingProxyType({"vi": "dấu hiệu phản bác", "en": "speaks against"}),
        "length": MappingProxyType({"vi": "bài quá dài", "en": "very long post"}),
    }
)

#: What can make a post urgent; the words are the interface's.
URGENT = ("help", "ransom", "missing", "minor", "departure")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a post besides its text; rules may be limited by it. Times in UTC.

    `seen_at` is when it was read; from `posted_at` to then it was `age_days` old, None where either lacks.
    """

    source: str = ""
    platform: str = ""
    language: str = "vi"
    posted_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def age_days(self) -> float | None:
        if self.posted_at is None or self.seen_at is None:
            return None
        return (self.seen_at - self.posted_at).total_seconds() / 86_400


@dataclass(frozen=True, slots=True)
class Hit:
    """One piece of evidence in the original text, at [start, end)."""

    signal: str
    group: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a signal or combination counts, in both languages; a negative weight speaks against.

    `group` is a key of `LABELS`; weight 0 is a remark on how the post was read.
    """

    signal: str
    group: str
    weight: int
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A flag. `score` is 0 to 100; `groups` are keys of `GROUPS`; `urgent` are items of `URGENT`."""

    score: int
    level: Level
    kind: Kind
    groups: tuple[str, ...]
    hits: tuple[Hit, ...]
    reasons: tuple[Reason, ...]
    urgent: tuple[str, ...]
    packs: tuple[str, ...]

    @classmethod
    def none(cls) -> "Judgement":
        """For posts kept without evidence, such as those entered by hand."""
        return cls(0, Level.LOW, Kind.OTHER, (), (), (), (), ())

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, strings and numbers, ready for JSON."""
        return {
            "score": self.score,
            "level": self.level.value,
            "kind": self.kind.value,
            "groups": list(self.groups),
            "hits": [[h.signal, h.group, h.start, h.end, h.text] for h in self.hits],
            "reasons": [[r.signal, r.group, r.weight, r.vi, r.en] for r in self.reasons],
            "urgent": list(self.urgent),
            "packs": list(self.packs),
        }

    def __reduce__(self) -> tuple[Any, ...]:
        """For other processes: as plain data, a tenth of the work of pickling each hit and reason."""
        return Judgement.from_dict, (self.to_dict(),)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Judgement":
        """The judgement that `to_dict` gave. Raises KeyError or ValueError on anything else."""
        return cls(
            score=int(stored["score"]),
            level=Level(stored["level"]),
            kind=Kind(stored["kind"]),
            groups=tuple(stored["groups"]),
            hits=tuple(Hit(*hit) for hit in stored["hits"]),
            reasons=tuple(Reason(*reason) for reason in stored["reasons"]),
            urgent=tuple(stored["urgent"]),
            packs=tuple(stored["packs"]),
        )
