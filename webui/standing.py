"""The sources that stand without anybody adding them: for posts entered by hand and for files brought along."""

from datetime import datetime

from sqlalchemy.orm import Session

from crawler.service_posts import CITIZENS, named_source, standing_source
from crawler.service_sources import SourceInput
from foundation.people import Actor, Unit
from search.models import Source

PURPOSE = "Phát hiện tin tuyển dụng lừa đảo, dụ dỗ và mua bán người trên mạng"
BASIS = ("law116-2025.7.2.d", "law116-2025.7.2.dd")
"""Luật An ninh mạng số 116/2025/QH15, điểm d và điểm đ khoản 2 Điều 7: mua bán người, lừa đảo."""
NAMES = {"manual": "Nhập bằng tay", "file": "Tệp nhập vào"}


def by_hand(session: Session, actor: Actor, *, at: datetime) -> Source:
    """Where the unit's posts entered by hand belong (bài nhập bằng tay)."""
    return _standing(session, actor, "manual", at=at)


def by_file(session: Session, actor: Actor, *, at: datetime) -> Source:
    """Where the unit's imported files belong when no other source is named."""
    return _standing(session, actor, "file", at=at)


def by_citizens(session: Session, _actor: Actor, *, at: datetime) -> Source:
    """Where tips of citizens belong (tin báo của người dân): one source for the whole office."""
    given = SourceInput(name=CITIZENS, kind="manual", purpose=PURPOSE, legal_basis=BASIS)
    return named_source(session, given, at=at)


def _standing(session: Session, actor: Actor, kind: str, *, at: datetime) -> Source:
    unit = session.get(Unit, actor.unit_id) if actor.unit_id else None
    name = f"{NAMES[kind]} ({unit.name})" if unit else NAMES[kind]
    given = SourceInput(name=name[:200], kind=kind, purpose=PURPOSE, legal_basis=BASIS)
    return standing_source(session, actor, given, at=at)
