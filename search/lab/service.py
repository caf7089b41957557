"""What people do with revisions of rule packs: write, propose, watch, let them count, go back. Never commits.

Whatever changes the live rules needs two persons, a text that is whole in this office, and, where a pack is
new or its purpose or legal basis changes, an administrator among the two.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation import audit
from foundation.errors import Conflict, Forbidden, InvalidInput, NotAllowedInState, NotFound
from foundation.lifecycle import begin, history, perform
from foundation.people import SYSTEM, Actor, Role, User
from search.lab.drafts import LONGEST_ID, examine_draft
from search.lab.lifecycle import REVISION, WRITERS
from search.lab.models import IN_FORCE, RevisionState, RulePackRevision, RulePackText
from search.lab.office import OfficeRules
from search.lab.shadow import MOST_SHADOWS
from search.rules.model import Pack
from search.rules.pack import Examined, digest_of, shipped_text
from search.rules.reading import MAX_LENGTH


class NotWhole(InvalidInput):
    """A text with problems can be kept, but not proposed or go live; `examined` has them."""

    key = "error.rules.not_whole"

    def __init__(self, examined: Examined) -> None:
        first = str(examined.problems[0]) if examined.problems else ""
        super().__init__(f"the text is not whole: {first}", problems=len(examined.problems))
        self.examined = examined


REMEMBERED = 64
_LATELY: dict[tuple[str, str, str, bool], Examined] = {}


@dataclass(frozen=True, slots=True)
class Checked:
    """A text that was examined beside an office's rules: made before the writing begins, since it takes time."""

    examined: Examined
    office: OfficeRules

    @property
    def new_purpose(self) -> bool:
        """Whether the text is for something that the office's rules are not for yet."""
        pack = self.examined.pack
        return pack is not None and changes_purpose(pack, self.office)


def check(
    row: RulePackRevision, office: OfficeRules, basis: Container[str] | None = None
) -> Checked:
    """Everything that is wrong with a revision beside the rules of this moment.

    What was found lately is remembered: the same text beside the same rules is no better the second time.
    """
    key = (row.digest, row.pack, office.matcher.version, basis is None)
    examined = _LATELY.get(key)
    if examined is None:
        examined = examine_draft(row.text, row.pack, office, basis)
        while len(_LATELY) >= REMEMBERED:
            _LATELY.pop(next(iter(_LATELY)), None)
        _LATELY[key] = examined
    return Checked(examined, office)


def get(session: Session, revision_id: int) -> RulePackRevision:
    """The revision; NotFound when there is none. Rules are the whole office's: no unit keeps its own."""
    row = session.get(RulePackRevision, revision_id)
    if row is None:
        raise NotFound(f"no revision {revision_id}", about=f"rule:{revision_id}")
    return row


def numbered(session: Session, pack: str, number: int) -> RulePackRevision:
    """The revision of a pack by its number; NotFound when there is none."""
    query = select(RulePackRevision).where(
        RulePackRevision.pack == pack, RulePackRevision.number == number
    )
    row = session.scalars(query).first()
    if row is None:
        raise NotFound(f"no revision {number} of {pack}", about=f"rule:{pack}/{number}")
    return row


def revisions(session: Session, pack: str) -> list[RulePackRevision]:
    """All revisions of a pack, newest first."""
    query = select(RulePackRevision).where(RulePackRevision.pack == pack)
    return list(session.scalars(query.order_by(RulePackRevision.number.desc())))


def texts(session: Session, revision_id: int) -> list[RulePackText]:
    """Every saving of a revision, oldest first."""
    query = select(RulePackText).where(RulePackText.revision_id == revision_id)
    return list(session.scalars(query.order_by(RulePackText.id)))


def open_revisions(session: Session) -> list[RulePackRevision]:
    """What is being worked at: drafts, proposed, in shadow, or about to leave."""
    states = (
        RevisionState.DRAFT,
        RevisionState.PROPOSED,
        RevisionState.SHADOW,
        RevisionState.LEAVING,
    )
    query = select(RulePackRevision).where(RulePackRevision.state.in_(states))
    return list(session.scalars(query.order_by(RulePackRevision.pack, RulePackRevision.number)))


def create(
    session: Session,
    actor: Actor,
    pack: str,
    text: str,
    *,
    at: datetime,
    based_on: RulePackRevision | None = None,
    imported: bool = False,
) -> RulePackRevision:
    """A new draft of a pack, whole or not. InvalidInput for a text that no pack can be."""
    _may_write(actor)
    _check_size(pack, text)
    last = session.scalar(
        select(func.max(RulePackRevision.number)).where(RulePackRevision.pack == pack)
    )
    row = RulePackRevision(
        pack=pack,
        number=(last or 0) + 1,
        state=RevisionState.DRAFT,
        text=text,
        digest=digest_of(text),
        base=shipped_text(pack),
        based_on_id=based_on.id if based_on else None,
        unit_id=actor.unit_id,
        origin="import" if imported else "manual",
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("somebody else began a revision just now", about=f"rule:{pack}") from error
    act = "import" if imported else "create"
    begin(session, REVISION, row, actor, at=at, act=act)
    _keep_text(session, row, actor, at)
    _record(session, actor, act, row, at)
    return row


def edit(
    session: Session, actor: Actor, row: RulePackRevision, text: str, *, seen: str, at: datetime
) -> RulePackRevision:
    """Save another text of a draft; `seen` is the digest of the text that the writer began from.

    Conflict when somebody saved another meanwhile. A text that was once live is never changed:
    NotAllowedInState, and a new draft is begun from it instead.
    """
    _check_size(row.pack, text)
    if row.live_at is not None:
        raise NotAllowedInState("a text that was live is not changed", about=f"rule:{row.id}")
    if row.digest != seen:
        raise Conflict("the draft was changed meanwhile", about=f"rule:{row.id}")
    if digest_of(text) == row.digest:
        return row
    perform(session, REVISION, row, "edit", actor, at=at, data={"digest": digest_of(text)})
    row.text, row.digest = text, digest_of(text)
    session.flush()
    _keep_text(session, row, actor, at)
    _record(session, actor, "edit", row, at)
    return row


def propose(
    session: Session,
    actor: Actor,
    row: RulePackRevision,
    *,
    why: str,
    checked: Checked,
    at: datetime,
) -> RulePackRevision:
    """Ask that this text count, saying what it changes and why; also the way back to an older revision.

    `checked` is what `check` said of it a moment ago: NotWhole when anything is wrong, Conflict when the
    text is another one now.
    """
    _require_whole(row, checked)
    perform(session, REVISION, row, "propose", actor, at=at, reason=why)
    row.why = why
    _record(session, actor, "propose", row, at)
    return row


def approve(
    session: Session,
    actor: Actor,
    row: RulePackRevision,
    *,
    seen: str,
    checked: Checked,
    at: datetime,
) -> RulePackRevision:
    """Let a proposed text count from now on; what was live of this pack is replaced.

    `seen` is the digest of the text that the approver has read. FourEyesRequired for whoever wrote or
    proposed it; Forbidden (error.rules.administrator) where a pack is new, or its purpose or legal basis
    changes, and neither of the two is an administrator.
    """
    if row.digest != seen:
        raise Conflict("the text was changed meanwhile", about=f"rule:{row.id}")
    _require_whole(row, checked)
    if checked.new_purpose:
        _require_administrator(session, actor, row)
    _lock(session)
    before = session.scalars(
        select(RulePackRevision).where(
            RulePackRevision.pack == row.pack, RulePackRevision.state.in_(IN_FORCE)
        )
    ).all()
    perform(session, REVISION, row, "approve", actor, at=at)
    for other in before:
        perform(session, REVISION, other, "replace", SYSTEM, at=at, data={"by": row.number})
    row.live_at, row.approved_by_id = at, actor.user_id
    _record(session, actor, "approve", row, at, replaces=[other.number for other in before])
    return row


def step(
    session: Session,
    actor: Actor,
    row: RulePackRevision,
    act: str,
    *,
    at: datetime,
    reason: str = "",
) -> RulePackRevision:
    """Every other step of the table: recall, return, shadow, end_shadow, discard, restore, ask_retire ..."""
    if act in {"edit", "propose", "approve", "replace"}:
        raise NotAllowedInState(f"{act} is no step of its own", about=f"rule:{row.id}", act=act)
    if act == "shadow" and _in_shadow(session) >= MOST_SHADOWS:
        raise Conflict(
            "as many rules are in shadow as may be",
            about=f"rule:{row.id}",
            key="error.rules.too_many_shadows",
            most=MOST_SHADOWS,
        )
    perform(session, REVISION, row, act, actor, at=at, reason=reason)
    _record(session, actor, act, row, at)
    return row


def changes_purpose(pack: Pack, office: OfficeRules) -> bool:
    """Whether a text is for something that the office's rules are not for yet: a new pack, or another purpose."""
    now = office.of(pack.id)
    if now is None:
        return True
    wanted = {(pack.purpose, pack.legal_basis)}
    wanted |= {(signal.purpose, signal.legal_basis) for signal in pack.signals}
    known = {(now.pack.purpose, now.pack.legal_basis)}
    known |= {(signal.purpose, signal.legal_basis) for signal in now.pack.signals}
    return not wanted <= known


def _require_administrator(session: Session, actor: Actor, row: RulePackRevision) -> None:
    """An administrator and a second person: who approves, or who answers for the text as it stands.

    To have begun a draft is not enough: what others wrote into it since, its beginner has not seen.
    """
    if Role.ADMINISTRATOR in actor.roles:
        return
    users = (session.get(User, one) for one in _answering(session, row))
    if any(user is not None and Role.ADMINISTRATOR in user.roles for user in users):
        return
    raise Forbidden(
        "a new purpose needs an administrator",
        about=f"rule:{row.id}",
        key="error.rules.administrator",
        roles=[Role.ADMINISTRATOR],
    )


def _answering(session: Session, row: RulePackRevision) -> set[int]:
    """Who saved the text last, and who proposed it last."""
    proposals = [one for one in history(session, REVISION.kind, row.id) if one.act == "propose"]
    saved = session.scalar(
        select(RulePackText.saved_by_id)
        .where(RulePackText.revision_id == row.id)
        .order_by(RulePackText.id.desc())
        .limit(1)
    )
    found = {saved, *(one.actor_id for one in proposals[-1:])}
    return {one for one in found if one is not None}


def _require_whole(row: RulePackRevision, checked: Checked) -> None:
    if not checked.examined.whole:
        raise NotWhole(checked.examined)
    if checked.examined.pack is None or checked.examined.pack.digest != row.digest:
        raise Conflict("the text was changed meanwhile", about=f"rule:{row.id}")


def _check_size(pack: str, text: str) -> None:
    if not pack or len(pack) > LONGEST_ID:
        raise InvalidInput("the text names no pack", about="text", key="error.rules.no_pack")
    if len(text) > MAX_LENGTH or not text.strip():
        raise InvalidInput("no text of a pack", about="text", key="error.rules.no_pack")


def _may_write(actor: Actor) -> None:
    if not actor.is_system and not WRITERS & actor.roles:
        raise Forbidden(f"{actor.name} may not write rules", about="rule", roles=sorted(WRITERS))


def _in_shadow(session: Session) -> int:
    query = select(func.count()).select_from(RulePackRevision)
    return session.scalar(query.where(RulePackRevision.state == RevisionState.SHADOW)) or 0


def _lock(session: Session) -> None:
    """One going live at a time: SQLite has one writer anyway, under PostgreSQL the others wait here."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(7_260_561)))


def _keep_text(session: Session, row: RulePackRevision, actor: Actor, at: datetime) -> None:
    session.add(
        RulePackText(
            revision_id=row.id,
            text=row.text,
            digest=row.digest,
            saved_at=at,
            saved_by_id=actor.user_id,
        )
    )
    session.flush()


def _record(
    session: Session, actor: Actor, act: str, row: RulePackRevision, at: datetime, **more: Any
) -> None:
    detail = {"pack": row.pack, "number": row.number, "digest": row.digest, **more}
    audit.record(session, actor, f"rule:{act}", row.id, at=at, **detail)
