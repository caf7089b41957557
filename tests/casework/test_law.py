"""The shipped catalogue says what law.md says, and an administrator can add to it and override it."""

import itertools
from datetime import date
from pathlib import Path

import pytest

from casework.law.catalogue import Catalogue, UnknownLaw
from casework.law.loading import CatalogueError
from casework.law.model import Amounts, Confidence, SubjectKind, Target

LAW = Catalogue.shipped()


def folder_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "office.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("provision", "kind", "expected"),
    [
        ("nd15-2020.101.1.a", SubjectKind.INDIVIDUAL, (5, 10)),
        ("nd15-2020.101.1.a", SubjectKind.ORGANISATION, (10, 20)),
        ("nd174-2026.95.1.b", SubjectKind.INDIVIDUAL, (10, 15)),
        ("nd174-2026.95.1.b", SubjectKind.ORGANISATION, (20, 30)),
        ("nd174-2026.95.1.b", SubjectKind.HOUSEHOLD, (10, 15)),
        ("nd174-2026.95.2.c", SubjectKind.INDIVIDUAL, (15, 25)),
        ("nd174-2026.94.3.b", SubjectKind.ORGANISATION, (50, 70)),
        ("nd330-2026.11.2.c", SubjectKind.INDIVIDUAL, (10, 20)),
        ("nd330-2026.11.2.c", SubjectKind.ORGANISATION, (20, 40)),
        ("nd330-2026.15.2.h", SubjectKind.HOUSEHOLD, (20, 30)),
    ],
)
def test_it_halves_or_doubles_the_printed_bracket_by_the_base_of_the_decree(
    provision: str, kind: SubjectKind, expected: tuple[int, int]
) -> None:
    low, high = expected
    assert LAW.bracket(provision, kind) == Amounts(low * 1_000_000, high * 1_000_000)


def test_the_old_network_article_ends_the_day_before_the_new_decree_begins() -> None:
    before = LAW.provisions_for("promote_trafficking", date(2026, 6, 30))
    after = LAW.provisions_for("promote_trafficking", date(2026, 7, 1))
    assert "nd15-2020.101.1.d" in [each.id for each in before]
    assert not [each for each in after if each.instrument == "nd15-2020"]
    assert "nd174-2026.95.1.b" in [each.id for each in after]


def test_the_cybersecurity_decree_is_not_offered_before_it_takes_effect() -> None:
    before = {each.instrument for each in LAW.provisions_for("trade_organs", date(2026, 8, 18))}
    after = {each.instrument for each in LAW.provisions_for("trade_organs", date(2026, 8, 19))}
    assert "nd330-2026" not in before
    assert "nd330-2026" in after


def test_an_account_lock_is_a_remedy_of_the_second_clause_only() -> None:
    assert LAW.provision("nd174-2026.95.1.b").remedies == ("remove_content",)
    assert LAW.provision("nd174-2026.95.2.c").remedies == ("remove_content", "lock_account")


@pytest.mark.parametrize(
    ("title", "instrument", "organisation", "individual"),
    [
        ("giam-doc-so-vhttdl", "nd174-2026", 160, 80),
        ("chu-tich-ubnd-xa", "nd174-2026", 100, 50),
        ("chu-tich-ubnd-tinh", "nd174-2026", 200, 100),
        ("chien-si-cong-an", "nd174-2026", 20, 10),
        ("truong-phong-cong-an-tinh", "nd174-2026", 160, 80),
        ("giam-doc-so-vhttdl", "nd330-2026", 160, 80),
        ("truong-cong-an-xa", "nd330-2026", 100, 50),
    ],
)
def test_competence_is_that_of_the_decree(
    title: str, instrument: str, organisation: int, individual: int
) -> None:
    found = LAW.competence(title, instrument, date(2026, 11, 2))
    assert found is not None
    assert found.max_organisation == organisation * 1_000_000
    assert found.max_individual == individual * 1_000_000


def test_competence_over_an_act_of_the_old_decree_is_that_of_the_day_of_decision() -> None:
    early = LAW.competence("giam-doc-so-vhttdl", "nd15-2020", date(2026, 6, 30))
    late = LAW.competence("giam-doc-so-vhttdl", "nd15-2020", date(2026, 11, 2))
    assert early is not None
    assert late is not None
    assert (early.id, late.id) == ("nd189.so-vhttdl", "nd174.so-vhttdl")


def test_the_chief_inspector_of_a_department_has_no_competence_any_more() -> None:
    assert LAW.competence("chanh-thanh-tra-so", "nd174-2026", date(2026, 11, 2)) is None
    assert "chanh-thanh-tra-so" not in [each.id for each in LAW.titles(date(2026, 11, 2))]
    assert "chanh-thanh-tra-so" in [each.id for each in LAW.titles(date(2025, 6, 30))]


def test_competence_of_the_technology_department_depends_on_the_field() -> None:
    day = date(2026, 11, 2)
    network = LAW.competence("giam-doc-so-khcn", "nd174-2026", day, field="network_information")
    post = LAW.competence("giam-doc-so-khcn", "nd174-2026", day, field="post")
    assert network is not None
    assert post is not None
    assert network.max_organisation == 160_000_000
    assert post.max_organisation == 64_000_000


def test_a_department_asks_owners_and_zalo_directly_but_facebook_only_as_a_locality() -> None:
    day = date(2026, 11, 2)
    owner = LAW.regimes_for(Target.ACCOUNT_OWNER, day, sender="so-vhttdl")
    zalo = LAW.regimes_for(Target.DOMESTIC_NETWORK, day, sender="so-vhttdl")
    facebook = LAW.regimes_for(Target.CROSS_BORDER, day, sender="so-vhttdl")
    assert [each.id for each in owner] == ["nd147-2024.36.7"]
    assert [each.id for each in zalo] == ["nd147-2024.35.5"]
    assert [each.id for each in facebook] == ["nd147-2024.23.5.a"]
    assert {each.hours for each in (*owner, *zalo)} == {24}


def test_the_police_route_has_its_own_clock_and_starts_with_its_decree() -> None:
    regime = LAW.regime("nd333-2026.16.4.b")
    assert (regime.hours, regime.urgent_hours) == (24, 6)
    assert regime.lock is not None
    assert [(each.count, each.days, each.up_to_days) for each in regime.lock.thresholds] == [
        (3, 30, 60),
        (10, 90, 180),
    ]
    before = LAW.regimes_for(Target.CROSS_BORDER, date(2026, 8, 18), sender="a05")
    assert "nd333-2026.16.4.b" not in [each.id for each in before]
    assert "nd53-2022.19" in [each.id for each in before]


@pytest.mark.parametrize(
    ("kind", "ref", "first", "last"),
    [
        ("half_year", "2026-1", date(2025, 12, 15), date(2026, 6, 14)),
        ("half_year", "2026-2", date(2026, 6, 15), date(2026, 12, 14)),
        ("quarter", "2026-1", date(2025, 12, 15), date(2026, 3, 14)),
        ("quarter", "2026-4", date(2026, 9, 15), date(2026, 12, 14)),
        ("year", "2026", date(2025, 12, 15), date(2026, 12, 14)),
        ("month", "2026-1", date(2025, 12, 15), date(2026, 1, 14)),
    ],
)
def test_periods_follow_the_cut_off_days(kind: str, ref: str, first: date, last: date) -> None:
    period = LAW.period(kind, ref)
    assert (period.first, period.last) == (first, last)


def test_the_months_of_a_year_leave_no_gap_and_do_not_overlap() -> None:
    months = LAW.periods.of_year("month", 2026)
    for earlier, later in itertools.pairwise(months):
        assert (later.first - earlier.last).days == 1
    assert (months[0].first, months[-1].last) == (date(2025, 12, 15), date(2026, 12, 14))


def test_it_finds_the_period_of_a_day_and_the_one_before() -> None:
    period = LAW.periods.containing("half_year", date(2025, 12, 20))
    assert period.ref == "2026-1"
    assert LAW.periods.previous(period).ref == "2025-2"
    assert period.previous_year_ref == "2025-1"


def test_the_electronic_information_report_is_due_on_27_november() -> None:
    assert LAW.period("electronic_information", "2026-2").due == date(2026, 11, 27)


def test_an_unknown_period_is_a_clear_error() -> None:
    with pytest.raises(Exception, match="half_year 2026-3"):
        LAW.period("half_year", "2026-3")
    with pytest.raises(Exception, match="written 2026-1"):
        LAW.period("half_year", "sáu tháng")


def test_rules_with_the_same_key_answer_by_day() -> None:
    assert LAW.rule("no_record", date(2025, 6, 30)).values["individual"] == 250_000
    assert LAW.rule("no_record", date(2025, 7, 1)).values["individual"] == 500_000


def test_it_cites_a_provision_as_a_document_does() -> None:
    assert LAW.cite("nd174-2026.95.1.dd") == "điểm đ khoản 1 Điều 95 Nghị định số 174/2026/NĐ-CP"
    assert LAW.cite("nd15-2020.101.2").startswith("khoản 2 Điều 101")
    assert "ngày 15 tháng 5 năm 2026" in LAW.cite("nd174-2026")


def test_every_fine_points_at_instruments_conducts_and_remedies_that_exist() -> None:
    fined = [each for each in LAW.provisions() if each.bracket]
    assert len(fined) > 35
    for each in fined:
        assert LAW.instrument(each.instrument).number.split()[-1] in each.source
        assert each.vi
        assert each.en


def test_every_uncertain_entry_is_listed_for_the_legal_officer() -> None:
    unsure = {each.id: each.confidence for each in LAW.unsure()}
    assert unsure["service"] is Confidence.LOW
    assert unsure["minors"] is Confidence.MEDIUM
    assert "decision.ordinary" not in unsure


def test_basis_ids_hold_instruments_provisions_and_regimes_only() -> None:
    ids = LAW.basis_ids()
    assert {"law53-2024", "law116-2025.7.2.d", "nd147-2024.36.7"} <= ids
    assert "service" not in ids


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(UnknownLaw, match=r"nd999\.1"):
        LAW.provision("nd999.1")
    with pytest.raises(UnknownLaw, match="sets no fine"):
        LAW.bracket("blhs-2015.150", SubjectKind.INDIVIDUAL)
    with pytest.raises(UnknownLaw):
        LAW.provisions_for("no_such_conduct", date(2026, 11, 2))


def test_an_administrator_overrides_single_fields_by_id(tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path,
        "deadlines:\n  - {id: service, amount: 3, confidence: H, source: Ý kiến pháp chế}\n",
    )
    office = Catalogue.load(folder)
    changed = office.deadline("service", date(2026, 11, 2))
    assert (changed.amount, changed.confidence, changed.key) == (3, Confidence.HIGH, "service")
    assert LAW.deadline("service", date(2026, 11, 2)).amount == 2


def test_an_administrator_adds_an_entry(tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path,
        "holidays:\n  - {id: flood, first: 2026-10-05, last: 2026-10-06, vi: Nghỉ bão,"
        " en: Storm, source: Công điện}\n",
    )
    office = Catalogue.load(folder)
    assert "flood" in [each.id for each in office.holidays]
    assert office.version != LAW.version


def test_the_version_is_the_same_for_the_same_words_and_pins_what_was_used() -> None:
    assert Catalogue.load().version == LAW.version
    pinned = LAW.pin("nd174-2026.95.1.b")
    assert pinned["catalogue"] == LAW.version
    assert pinned["entry"]["bracket"]["max"] == 30_000_000
    assert pinned["entry"]["in_force"] is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "deadlines:\n  - id: x\n    amount: 2\n",
            r"office\.yaml:2: deadlines x: unit: is missing",
        ),
        (
            "deadlines:\n  - id: service\n    amount: zwei\n",
            r"office\.yaml:3: deadlines service: amount: must be a whole number, not 'zwei'",
        ),
        (
            "deadlines:\n  - id: service\n    amuont: 2\n",
            r"office\.yaml:3: deadlines service: amuont: is not a known field",
        ),
        (
            "provisions:\n  - id: nd174-2026.95.1.b\n    instrument: nd175\n",
            r"office\.yaml:3: .*instrument: 'nd175' is not among instruments",
        ),
        (
            "provisions:\n  - id: nd174-2026.95.1.b\n    conducts: [trafficking]\n",
            r"office\.yaml:3: .*conducts: 'trafficking' is not among conducts",
        ),
        (
            (
                "provisions:\n  - id: nd174-2026.95.1.b\n"
                "    bracket: {base: organisation, min: 30, max: 20, other: half}\n"
            ),
            r"office\.yaml:3: .*bracket: min must be above 0 and not above max",
        ),
        (
            (
                "provisions:\n  - id: nd174-2026.95.1.b\n"
                "    bracket: {base: individual, min: 10, max: 20, other: half}\n"
            ),
            "of individual with double",
        ),
        (
            "instruments:\n  - id: nd174-2026\n    ended: 2020-01-01\n",
            r"office\.yaml:3: instruments nd174-2026: ended: is before in_force",
        ),
        (
            "conducts:\n  - {id: service, vi: Khác, en: Other, source: Ý kiến pháp chế}\n",
            "service: id: is already an id of",
        ),
        ("laws:\n  - id: x\n", "no such section; known are instruments"),
        ("deadlines:\n  - amount: 2\n", r"office\.yaml:2: deadlines: an entry without an id"),
        ("deadlines: 3\n", r"office\.yaml:1: deadlines must be a list"),
        ("deadlines:\n  - id: x\n    id: y\n", r"office\.yaml:3: .*id stands twice"),
        ("deadlines: [\n", "is not readable YAML"),
        ("- 3\n", "must hold sections"),
        (
            "deadlines:\n  - {id: service, amount: 2}\n  - {id: service, amount: 3}\n",
            "stands twice, first in office.yaml:2",
        ),
        (
            "deadlines:\n  - {id: service, in_force: morgen}\n",
            r"in_force: must be a day \(YYYY-MM-DD\)",
        ),
        (
            "deadlines:\n  - {id: service, unit: fortnight}\n",
            "unit: must be one of hour, working_day, day, month, year",
        ),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        Catalogue.load(folder_with(tmp_path, text))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = "deadlines:\n  - {id: service, amount: a, unit: b}\n  - {id: compliance, rolls: c}\n"
    with pytest.raises(CatalogueError) as told:
        Catalogue.load(folder_with(tmp_path, text))
    assert len(told.value.problems) == 3


def test_a_form_names_the_laws_that_it_always_cites() -> None:
    lines = LAW.form_basis("sanction_decision", date(2026, 11, 2))
    assert [each.split(" số ")[1].split()[0] for each in lines] == [
        "15/2012/QH13",
        "118/2021/NĐ-CP",
    ]
    assert LAW.form("violation_record", date(2026, 11, 2)).code == "MBB01"
