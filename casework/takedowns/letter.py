"""The letter of a request (công văn yêu cầu gỡ bỏ), as it will print."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.channels.letter import number_of
from casework.documents import contexts
from casework.documents.contexts import Letterhead, Recipients, Signature
from casework.documents.renderer import DocumentKind, render
from casework.law.catalogue import Catalogue
from casework.takedowns.accounts import names_to_lock
from casework.takedowns.captures import capture_of
from casework.takedowns.models import TakedownItem, TakedownRequest
from casework.takedowns.quotes import without_victims
from foundation.clock import office_time
from foundation.people import User
from foundation.settings import Settings

DIVISION = "QLTTBC"
FINDINGS = (
    "Qua rà soát thông tin công khai trên mạng, cơ quan chúng tôi phát hiện các nội dung sau:"
)
_SMALL_WORDS = {"và", "của"}


def letter(
    session: Session,
    request: TakedownRequest,
    catalogue: Catalogue,
    settings: Settings,
    *,
    document_number: str = "",
    day: date | None = None,
    renotice: bool = False,
) -> bytes:
    """The .docx. Without a number and a day it is the draft that an approver reads."""
    context = letter_context(
        session,
        request,
        catalogue,
        settings,
        document_number=document_number,
        day=day,
        renotice=renotice,
    )
    return render(DocumentKind.TAKEDOWN_REQUEST, context)


def letter_context(
    session: Session,
    request: TakedownRequest,
    catalogue: Catalogue,
    settings: Settings,
    *,
    document_number: str = "",
    day: date | None = None,
    renotice: bool = False,
) -> contexts.TakedownRequest:
    """What the letter says: the page shows it, the document prints it."""
    issuer = catalogue.agency(request.sender).vi
    if request.sender.startswith("so-"):
        issuer = settings.agency_name
    lock = _lock(request, names_to_lock(session, request, catalogue), catalogue)
    return contexts.TakedownRequest(
        letterhead=Letterhead(
            superior=settings.agency_parent,
            issuer=issuer,
            symbol=f"{symbol_of(issuer)}-{DIVISION}",
            place=settings.agency_place or "……",
            number=number_of(document_number),
            day=day,
            year=day.year if day else None,
        ),
        summary=_summary(with_lock=bool(lock), renotice=renotice),
        addressees=(request.recipient,),
        basis=_basis(request, catalogue),
        findings=without_victims(session, request.case, request.findings or FINDINGS),
        items=tuple(
            _printed(session, item, request, catalogue)
            for item in _items(request, renotice=renotice)
        ),
        hours=request.hours,
        deadline_basis=_uncapitalised(request.deadline_source),
        lock_request=lock,
        renotice_of=_first_notice(request) if renotice else "",
        contact=settings.contact.removeprefix("mailto:") or issuer,
        recipients=Recipients(lines=("Như trên", "Công an tỉnh (PA05)", "Lãnh đạo Sở")),
        signature=_signature(session, request, catalogue),
    )


def symbol_of(agency: str) -> str:
    """SVHTTDL of `Sở Văn hóa, Thể thao và Du lịch`."""
    words = agency.replace(",", " ").split()
    return "".join(word[0].upper() for word in words if word.casefold() not in _SMALL_WORDS)


def _items(request: TakedownRequest, *, renotice: bool) -> Sequence[TakedownItem]:
    """A re-notice names only what is still to be removed."""
    left = [item for item in request.items if item.state not in {"removed", "gone"}]
    return left if renotice and left else request.items


def _summary(*, with_lock: bool, renotice: bool) -> str:
    what = "gỡ bỏ thông tin vi phạm pháp luật"
    if with_lock:
        what += ", khóa tài khoản"
    return f"đôn đốc {what}" if renotice else f"yêu cầu {what}"


def _basis(request: TakedownRequest, catalogue: Catalogue) -> tuple[str, ...]:
    """The instruments of the regime and of every provision, each once."""
    cited = [catalogue.regime(request.regime_id).instrument]
    cited += [catalogue.provision(basis).instrument for basis in request.legal_basis]
    return tuple(catalogue.instrument(each).cite_vi for each in dict.fromkeys(cited))


def _printed(
    session: Session, item: TakedownItem, request: TakedownRequest, catalogue: Catalogue
) -> contexts.TakedownItem:
    before = capture_of(session, item).before
    return contexts.TakedownItem(
        url=item.url,
        account=item.account,
        quote=without_victims(session, request.case, item.quote),
        captured_at=before.at if before else item.post.last_seen_at,
        violation="; ".join(catalogue.cite(basis) for basis in request.legal_basis),
        evidence_sha256=before.screenshot if before else "",
    )


def _lock(request: TakedownRequest, names: Sequence[str], catalogue: Catalogue) -> str:
    lock = catalogue.regime(request.regime_id).lock
    if not names or lock is None:
        return ""
    return (
        f"khóa tài khoản {', '.join(names)} chậm nhất {lock.hours} giờ kể từ khi nhận được yêu cầu "
        f"theo {_uncapitalised(lock.source)}"
    )


def _first_notice(request: TakedownRequest) -> str:
    first = next((notice for notice in request.notices if notice.kind == "first"), None)
    if first is None or first.at is None:
        return request.number
    number = f"Công văn số {first.reference}" if first.channel == "letter" else request.number
    return f"{number} ngày {office_time(first.at):%d/%m/%Y}"


def _signature(session: Session, request: TakedownRequest, catalogue: Catalogue) -> Signature:
    """The approver's title and name; blank until somebody has approved."""
    person = (
        session.scalars(select(User).where(User.id == request.approved_by_id)).first()
        if request.approved_by_id
        else None
    )
    if person is None:
        return Signature(heading=("THỦ TRƯỞNG CƠ QUAN",))
    titles = {title.id: title.vi for title in catalogue.titles(request.law_day)}
    title = titles.get(person.signer_title) or person.position or "Thủ trưởng cơ quan"
    return Signature(heading=(title.upper(),), name=person.name)


def _uncapitalised(text: str) -> str:
    """Điểm b khoản … inside a sentence: điểm b khoản …"""
    return text[:1].lower() + text[1:]
