"""How much: from bracket and circumstances to the amounts that the law allows."""

from dataclasses import dataclass
from datetime import date

from casework.domain.figures import dong
from casework.domain.findings import Sentence
from casework.law.catalogue import Catalogue
from casework.law.model import Amounts, Bracket, OtherKind, Rule, SubjectKind

KIND_VI = {
    SubjectKind.INDIVIDUAL: "cá nhân",
    SubjectKind.ORGANISATION: "tổ chức",
    SubjectKind.HOUSEHOLD: "hộ kinh doanh",
}


@dataclass(frozen=True)
class Assessment:
    """What the bracket and the circumstances allow, in đồng, and how it was reached.

    `min` to `max` is the bracket for this kind of subject, `lower` to `upper` what is left after
    the circumstances, `proposed` the figure offered to the officer.
    """

    provision: str
    subject_kind: SubjectKind
    mitigating: int
    aggravating: int
    min: int
    max: int
    average: int
    proposed: int
    lower: int
    upper: int
    steps: tuple[Sentence, ...]


def assess(
    provision: str,
    subject_kind: SubjectKind,
    mitigating: int,
    aggravating: int,
    on: date,
    *,
    catalogue: Catalogue,
    age: int | None = None,
) -> Assessment:
    """The fine by khoản 4 Điều 23 of the Law and khoản 1 Điều 9 of Decree 118/2021.

    `on` is the day of the decision, whose rule of circumstances applies. `age` at the time of the
    act halves the amounts from 16 to under 18 (Điều 135). Raises ValueError for negative counts,
    UnknownLaw for a provision without a fine.
    """
    if mitigating < 0 or aggravating < 0:
        raise ValueError("circumstances are counted from 0")
    steps = [_bracket_step(provision, subject_kind, catalogue)]
    bracket = catalogue.bracket(provision, subject_kind)
    bracket = _for_age(bracket, subject_kind, age, catalogue.rule("minors", on), steps)
    rule = catalogue.rule("amount.circumstances", on)
    net = mitigating - aggravating
    steps.append(_average_step(bracket, rule))
    lower, upper = _allowed(bracket, net, int(rule.values["net_for_bound"]))
    steps.append(_circumstances_step(mitigating, aggravating, lower, upper, rule))
    return Assessment(
        provision, subject_kind, mitigating, aggravating, bracket.min, bracket.max,
        bracket.average, (lower + upper) // 2, lower, upper, tuple(steps),
    )  # fmt: skip


def _allowed(bracket: Amounts, net: int, net_for_bound: int) -> tuple[int, int]:
    """The lowest and highest amount after cancelling circumstances; `net` above 0 is in favour."""
    if net >= net_for_bound:
        return bracket.min, bracket.min
    if net <= -net_for_bound:
        return bracket.max, bracket.max
    if net > 0:
        return bracket.min, bracket.average
    if net < 0:
        return bracket.average, bracket.max
    return bracket.average, bracket.average


def _for_age(
    bracket: Amounts, kind: SubjectKind, age: int | None, rule: Rule, steps: list[Sentence]
) -> Amounts:
    if age is None or kind is not SubjectKind.INDIVIDUAL or age >= rule.values["adult_from"]:
        return bracket
    share = int(rule.values["share_percent"])
    halved = Amounts(bracket.min * share // 100, bracket.max * share // 100)
    steps.append(
        Sentence(
            f"Người vi phạm {age} tuổi: không quá {share}% mức của người thành niên, "
            f"từ {dong(halved.min)} đến {dong(halved.max)}.",
            f"The violator was {age}: at most {share} % of the adult amounts, "
            f"{dong(halved.min)} to {dong(halved.max)}.",
            rule.source,
        )
    )
    return halved


def _bracket_step(provision_id: str, kind: SubjectKind, catalogue: Catalogue) -> Sentence:
    provision = catalogue.provision(provision_id)
    amounts = catalogue.bracket(provision_id, kind)
    span_vi = f"từ {dong(amounts.min)} đến {dong(amounts.max)}"
    how_vi, how_en = _how(provision.bracket, catalogue.subject_as(provision_id, kind))
    return Sentence(
        f"Khung tiền phạt đối với {KIND_VI[kind]}: {span_vi} ({how_vi}).",
        f"Bracket for the {kind.value}: {dong(amounts.min)} to {dong(amounts.max)} ({how_en}).",
        provision.source,
    )


def _how(printed: Bracket | None, counted_as: SubjectKind) -> tuple[str, str]:
    if printed is None or printed.base is counted_as:
        return f"mức ghi cho {KIND_VI[counted_as]}", f"as printed for the {counted_as.value}"
    base_vi, base_en = KIND_VI[printed.base], printed.base.value
    if printed.other is OtherKind.HALF:
        return f"bằng 1/2 mức ghi cho {base_vi}", f"half of what is printed for the {base_en}"
    return f"bằng 02 lần mức ghi cho {base_vi}", f"double what is printed for the {base_en}"


def _average_step(bracket: Amounts, rule: Rule) -> Sentence:
    return Sentence(
        f"Mức trung bình của khung: {dong(bracket.average)}.",
        f"Average of the bracket: {dong(bracket.average)}.",
        rule.source,
    )


def _circumstances_step(
    mitigating: int, aggravating: int, lower: int, upper: int, rule: Rule
) -> Sentence:
    left = mitigating - aggravating
    if left == 0:
        left_vi, left_en = "không còn tình tiết nào", "nothing is left"
    else:
        left_vi = f"còn {abs(left):02d} tình tiết {'giảm nhẹ' if left > 0 else 'tăng nặng'}"
        left_en = f"{abs(left)} {'mitigating' if left > 0 else 'aggravating'} left"
    one = lower == upper
    span_vi = f"mức phạt {dong(lower)}" if one else f"mức phạt từ {dong(lower)} đến {dong(upper)}"
    span_en = f"the fine is {dong(lower)}" if one else f"between {dong(lower)} and {dong(upper)}"
    choose_vi = "" if one else "; người có thẩm quyền quyết định, hệ thống gợi ý mức giữa"
    choose_en = "" if one else "; the signer decides, the middle is only offered"
    return Sentence(
        f"Giảm nhẹ {mitigating:02d}, tăng nặng {aggravating:02d}: {left_vi}, {span_vi}{choose_vi}.",
        f"{mitigating} mitigating, {aggravating} aggravating: {left_en}, {span_en}{choose_en}.",
        rule.source,
    )
