"""Who may sign what: limits, fields and remedies of a title (thẩm quyền xử phạt)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from casework.domain.figures import dong
from casework.domain.findings import Finding, Severity, blocks
from casework.law.catalogue import Catalogue
from casework.law.model import Competence, Provision, SubjectKind, Title


@dataclass(frozen=True)
class Signer:
    """A title that may sign on a day, with what still needs a look."""

    title: Title
    competence: Competence
    findings: tuple[Finding, ...]


def check_competence(
    amount: int,
    provision_id: str,
    subject_kind: SubjectKind,
    competence: Competence | None,
    *,
    remedies: Sequence[str] = (),
    catalogue: Catalogue,
) -> tuple[Finding, ...]:
    """Whether a title may sign this fine with these remedies; empty when nothing speaks against."""
    provision = catalogue.provision(provision_id)
    if competence is None:
        return (_no_competence(provision, catalogue),)
    kind = catalogue.subject_as(provision_id, subject_kind)
    return (
        *_field(provision, competence),
        *_limit(amount, kind, competence),
        *_remedies(provision, competence, remedies, catalogue),
    )


def who_may_sign(
    amount: int,
    provision_id: str,
    subject_kind: SubjectKind,
    on: date,
    *,
    remedies: Sequence[str] = (),
    catalogue: Catalogue,
) -> tuple[Signer, ...]:
    """The titles that may sign on a day, lowest limit first; titles that are blocked are left out."""
    provision = catalogue.provision(provision_id)
    signers = []
    for title in catalogue.titles(on):
        competence = catalogue.competence(title.id, provision.instrument, on, field=provision.field)
        if competence is None:
            continue
        findings = check_competence(
            amount, provision_id, subject_kind, competence, remedies=remedies, catalogue=catalogue
        )
        if not blocks(findings):
            signers.append(Signer(title, competence, findings))
    return tuple(sorted(signers, key=lambda each: each.competence.max_organisation))


def _no_competence(provision: Provision, catalogue: Catalogue) -> Finding:
    number = catalogue.instrument(provision.instrument).number
    return Finding(
        "no_competence",
        Severity.BLOCK,
        f"Chức danh này không có thẩm quyền xử phạt theo {number} vào ngày quyết định.",
        f"This title has no competence under {number} on the day of the decision.",
        provision.source,
    )


def _field(provision: Provision, competence: Competence) -> Iterator[Finding]:
    if competence.fields and provision.field not in competence.fields:
        yield Finding(
            "field_outside_competence",
            Severity.BLOCK,
            f"{provision.place_vi} ngoài lĩnh vực mà chức danh này được xử phạt; chuyển hồ sơ.",
            f"{provision.source} is outside the field of this title; transfer the file.",
            competence.source,
        )


def _limit(amount: int, kind: SubjectKind, competence: Competence) -> Iterator[Finding]:
    limit = competence.limit(kind)
    if amount > limit:
        yield Finding(
            "above_signers_limit",
            Severity.BLOCK,
            f"Mức phạt {dong(amount)} vượt thẩm quyền của người ký ({dong(limit)}).",
            f"The fine of {dong(amount)} is above the signer's limit ({dong(limit)}).",
            competence.source,
        )


def _remedies(
    provision: Provision, competence: Competence, remedies: Sequence[str], catalogue: Catalogue
) -> Iterator[Finding]:
    for remedy_id in remedies:
        remedy = catalogue.remedy(remedy_id)
        if remedy_id not in provision.remedies:
            yield Finding(
                "remedy_not_for_provision",
                Severity.BLOCK,
                f"Điều khoản áp dụng không quy định biện pháp: {remedy.vi}.",
                f"The provision does not order this remedy: {remedy.en}.",
                provision.source,
            )
        if remedy_id in competence.remedies_arguable:
            yield _arguable(remedy.vi, remedy.en, competence)
        elif remedy_id not in competence.remedies:
            yield Finding(
                "remedy_outside_competence",
                Severity.BLOCK,
                f"Người ký không có thẩm quyền áp dụng biện pháp: {remedy.vi}.",
                f"The signer may not order this remedy: {remedy.en}.",
                competence.source,
            )


def _arguable(remedy_vi: str, remedy_en: str, competence: Competence) -> Finding:
    return Finding(
        "remedy_competence_arguable",
        Severity.WARN,
        f"Thẩm quyền áp dụng biện pháp “{remedy_vi}” cần cán bộ pháp chế xác nhận.",
        f"Competence for the remedy “{remedy_en}” is for the legal officer to confirm.",
        competence.source,
    )
