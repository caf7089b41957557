"""rasoat evidence: a case's evidence as a package, and the check of a package or of everything stored."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foundation.errors import InvalidInput, NotFound, Unavailable
from webui.commands.opening import Progress, opened

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from casework.cases.models import Case
    from foundation.people import Actor
    from webui.wiring import Wiring


@click.group("evidence")
def evidence_command() -> None:
    """Evidence: export a case's package, verify a package, check what is stored."""


@evidence_command.command("export")
@click.argument("case")
@click.option("--out", type=click.Path(path_type=Path), help="File or folder; here by default.")
@click.option("--recipient", default="", help="Who receives it, as the package will say.")
@click.option("--purpose", default="", help="What for.")
@click.option("--by", default="", metavar="EMAIL", help="The person who asks for it.")
@click.option("--unmasked", is_flag=True, help="Show victims: wants --by and --reason.")
@click.option("--reason", default="", help="Why the recipient may see victims.")
def evidence_export(
    case: str,
    out: Path | None,
    recipient: str,
    purpose: str,
    by: str,
    reason: str,
    *,
    unmasked: bool,
) -> None:
    """Write the evidence package of CASE (its number or id). Prints the digest for the record of handover."""
    from casework.documents.office import Office
    from casework.evidence import packages
    from casework.evidence.models_packages import EvidencePackage, PackageState

    wiring = opened("evidence")
    asked = packages.Asked(recipient or "chưa ghi", purpose, unmasked=unmasked, reason=reason)
    with wiring.database.writing() as session:
        who = _actor(session, wiring, by, unmasked=unmasked)
        row = packages.ask_package(session, who, _case(session, case), asked, at=wiring.clock.now())
        package_id = row.id
    progress = Progress()
    progress.show("packing ...")
    packages.work(wiring.database, wiring.files, wiring.clock, Office.of(wiring.settings))
    progress.end()
    with wiring.database.reading() as session:
        done = session.get_one(EvidencePackage, package_id)
    if done.state != PackageState.DONE:
        raise Unavailable(f"the package could not be made: {done.error}", about=case)
    target = _target(out, done.filename)
    with wiring.files.open(done.digest) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, 2**20)
    click.echo(f"{target}: {done.items} items, {done.files} files, {done.size} bytes")
    if done.withheld:
        click.echo(f"{done.withheld} items without their files: they show a victim")
    click.echo(f"digest of the package: {done.root}")


@evidence_command.command("verify")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--digest", default="", help="The digest in the record of handover.")
def evidence_verify(file: Path, digest: str) -> None:
    """Check a package: FILE is a .zip or the folder it was unpacked to. Ends with 1 when it was changed."""
    from casework.evidence import checker

    sys.exit(checker.main([str(file), *(["--digest", digest] if digest else [])]))


@evidence_command.command("check")
def evidence_check() -> None:
    """Read every stored file again and compare it with its digest. Ends with 1 when something was changed."""
    from casework.evidence import checking
    from casework.evidence.models_packages import EvidenceCheck
    from foundation.people import SYSTEM

    wiring = opened("evidence")
    with wiring.database.writing() as session:
        check_id = checking.ask_check(session, SYSTEM, at=wiring.clock.now()).id
    checking.work(wiring.database, wiring.files, wiring.clock)
    with wiring.database.reading() as session:
        done = session.get_one(EvidenceCheck, check_id)
    click.echo(f"{done.checked} items, {done.files} files, {done.broken} with a problem")
    for problem in done.problems:
        click.echo(f"evidence {problem['item']}: {problem['what']}", err=True)
    sys.exit(1 if done.broken else 0)


def _case(session: "Session", named: str) -> "Case":
    from sqlalchemy import or_, select

    from casework.cases.models import Case

    number = int(named) if named.isdigit() else 0
    found = session.scalars(
        select(Case).where(or_(Case.number == named, Case.id == number))
    ).first()
    if found is None:
        raise NotFound(f"no case {named}", about=named, remedy="give its number or its id")
    return found


def _actor(session: "Session", wiring: "Wiring", email: str, *, unmasked: bool) -> "Actor":
    """The person who asks; SYSTEM where nobody is named and nobody is shown."""
    from sqlalchemy import func, select

    from foundation.people import SYSTEM, User

    if not email:
        if unmasked:
            raise InvalidInput("--unmasked wants --by: a person answers for it", about="by")
        return SYSTEM
    user = session.scalars(select(User).where(func.lower(User.email) == email.lower())).first()
    if user is None or not user.active:
        raise NotFound(f"nobody has the address {email}", about=email)
    who = user.actor()
    act = "evidence.export_unmasked" if unmasked else "evidence.export"
    wiring.permissions.require(who, act)
    return who


def _target(out: Path | None, name: str) -> Path:
    target = out or Path()
    if target.is_dir():
        target = target / name
    if target.exists():
        raise InvalidInput(f"{target} is there already", about=str(target))
    return target
