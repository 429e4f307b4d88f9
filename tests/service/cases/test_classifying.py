"""What a case is in law follows from its facts, or from somebody's decision with a reason."""

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from jobs import recompute
from models import AuditEntry, Case, CaseRevision, Claim, ClassificationDecision, Deadline
from rules.rulebook import Rulebook
from service.access import Forbidden, NotFound
from service.cases import classifying
from service.cases.classifying import Classified
from service.cases.editing import CaseEdit, edit_case, void_case
from service.cases.inputs import ClaimInput
from service.cases.problems import Conflict, InvalidInput
from tests.support.office import TODAY, Office

NOTICE = "arb_collective_one_off_notice"


def _all(
    office: Office, case: Case, rulebook: Rulebook, today: date = TODAY
) -> dict[str, Classified]:
    claims = office.session.exec(select(Claim).where(Claim.case_id == case.id)).all()
    matter = recompute.matter_of(office.session, case)
    found = classifying.of_case(office.session, case, claims, rulebook, today, matter)
    return {one.found.code: one for one in found}


def _holds(office: Office, case: Case, rulebook: Rulebook) -> dict[str, str]:
    return {code: one.found.holds for code, one in _all(office, case, rulebook).items()}


def _decide(
    office: Office,
    case: Case,
    rulebook: Rulebook,
    *,
    holds: bool,
    reason: str = "Two claims differ.",
) -> ClassificationDecision:
    return classifying.decide(
        office.session,
        office.actor("chen"),
        case,
        "collective_case",
        holds,
        reason,
        rulebook,
        TODAY,
    )


def _take_back(office: Office, case: Case, rulebook: Rulebook) -> ClassificationDecision:
    return classifying.take_back(
        office.session,
        office.actor("chen"),
        case,
        "collective_case",
        "Wrong file.",
        rulebook,
        TODAY,
    )


def _rules(office: Office, case: Case) -> set[str]:
    rows = office.session.exec(select(Deadline).where(Deadline.case_id == case.id)).all()
    return {row.rule for row in rows}


def _wrong(raised: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in raised.value.problems]


@pytest.fixture
def twelve(office: Office) -> Case:
    """An arbitration of twelve workers, accepted today."""
    case = office.register("arbitration", worker_count=12)
    office.record(case, "case_accepted", TODAY)
    return case


def test_a_decision_moves_the_deadlines_and_taking_it_back_restores_them(
    office: Office, rulebook: Rulebook, twelve: Case
):
    assert NOTICE in _rules(office, twelve)
    _decide(office, twelve, rulebook, holds=False)
    assert NOTICE not in _rules(office, twelve)
    assert _holds(office, twelve, rulebook)["collective_case"] == "no"
    _take_back(office, twelve, rulebook)
    assert NOTICE in _rules(office, twelve)
    assert _holds(office, twelve, rulebook)["collective_case"] == "yes"


def test_what_rests_on_a_decided_one_follows_it(office: Office, rulebook: Rulebook, twelve: Case):
    assert _holds(office, twelve, rulebook)["panel_of_three"] == "yes"
    _decide(office, twelve, rulebook, holds=False)
    found = _holds(office, twelve, rulebook)
    assert found["panel_of_three"] == "no"
    assert "collective_representatives" not in found


def test_a_decision_is_kept_with_what_the_facts_said_and_audited(
    office: Office, rulebook: Rulebook, twelve: Case
):
    _decide(office, twelve, rulebook, holds=False, reason="  Each has another claim. ")
    shown = _all(office, twelve, rulebook)["collective_case"]
    assert shown.decision is not None
    assert (shown.decision.holds, shown.decision.by_rules) == (False, "yes")
    assert (shown.decision.reason, shown.decision.decided_by) == ("Each has another claim.", "chen")
    assert shown.found.by_rules == "yes"
    entry = office.session.exec(
        select(AuditEntry).where(AuditEntry.action == "case.classify")
    ).one()
    assert entry.detail == {"code": "collective_case", "holds": False, "by_rules": "yes"}
    _take_back(office, twelve, rulebook)
    row = office.session.exec(select(ClassificationDecision)).one()
    assert (row.taken_back_because, row.taken_back_by_id) == (
        "Wrong file.",
        office.users["chen"].id,
    )


@pytest.mark.parametrize(
    ("holds", "reason", "wrong"),
    [
        (True, "They agree.", ("holds", "classified_so")),
        (False, "  ", ("reason", "reason")),
        (False, "x" * 501, ("reason", "reason_long")),
    ],
)
def test_what_cannot_be_decided_is_refused(
    office: Office,
    rulebook: Rulebook,
    twelve: Case,
    holds: bool,
    reason: str,
    wrong: tuple[str, str],
):
    with pytest.raises(InvalidInput) as raised:
        _decide(office, twelve, rulebook, holds=holds, reason=reason)
    assert _wrong(raised) == [wrong]
    assert office.session.exec(select(ClassificationDecision)).all() == []


def test_a_second_decision_needs_the_first_taken_back(
    office: Office, rulebook: Rulebook, twelve: Case
):
    _decide(office, twelve, rulebook, holds=False)
    with pytest.raises(InvalidInput) as raised:
        _decide(office, twelve, rulebook, holds=True)
    assert _wrong(raised) == [("holds", "classified_already")]
    _take_back(office, twelve, rulebook)
    with pytest.raises(NotFound):
        _take_back(office, twelve, rulebook)
    _decide(office, twelve, rulebook, holds=False)
    assert NOTICE not in _rules(office, twelve)


def test_only_those_who_edit_the_case_decide(office: Office, rulebook: Rulebook, twelve: Case):
    for name in ("analyst", "wang"):
        with pytest.raises(Forbidden):
            classifying.decide(
                office.session,
                office.actor(name),
                twelve,
                "collective_case",
                False,
                "Because.",
                rulebook,
                TODAY,
            )


def test_a_voided_case_is_not_decided(office: Office, rulebook: Rulebook, twelve: Case):
    void_case(office.session, office.actor("chief"), twelve, "Twice.")
    with pytest.raises((Conflict, Forbidden)):
        _decide(office, twelve, rulebook, holds=False)


def test_what_cannot_matter_is_not_decided(office: Office, rulebook: Rulebook):
    case = office.register("complaint")
    with pytest.raises(NotFound):
        _decide(office, case, rulebook, holds=True)


def test_an_edit_leaves_the_decision_in_force(office: Office, rulebook: Rulebook, twelve: Case):
    _decide(office, twelve, rulebook, holds=False)
    edit = CaseEdit(twelve.revision, "More.", worker_count=30, facts=dict(twelve.facts))
    edit_case(office.session, office.actor("chen"), twelve, edit, rulebook, TODAY)
    assert NOTICE not in _rules(office, twelve)


def test_the_fact_a_decision_settles_cannot_be_entered_without_one(
    office: Office, rulebook: Rulebook, twelve: Case
):
    with pytest.raises(InvalidInput) as raised:
        office.register("arbitration", facts={"collective": True})
    assert _wrong(raised) == [("facts-collective", "facts_decided")]
    edit = CaseEdit(twelve.revision, "Sly.", facts={**twelve.facts, "collective": False})
    with pytest.raises(InvalidInput) as raised:
        edit_case(office.session, office.actor("chen"), twelve, edit, rulebook, TODAY)
    assert _wrong(raised) == [("facts-collective", "facts_decided")]


def test_a_collective_contract_makes_three_workers_collective(office: Office, rulebook: Rulebook):
    case = office.register("arbitration", worker_count=3, facts={"collective_contract": True})
    office.record(case, "case_accepted", TODAY)
    assert NOTICE in _rules(office, case)
    assert _holds(office, case, rulebook)["collective_case"] == "yes"


def test_what_is_entered_decides_and_an_edit_keeps_what_stood_there(
    office: Office, rulebook: Rulebook
):
    case = office.register("arbitration", circumstances={"both_agree": True})
    assert _holds(office, case, rulebook)["simplified_procedure"] == "ask"
    known = {"both_agree": True, "public_interest": True, "minimum_wage": Decimal("2740.00")}
    edit = CaseEdit(case.revision, "Learned more.", circumstances=known)
    edit_case(office.session, office.actor("chen"), case, edit, rulebook, TODAY)
    assert _holds(office, case, rulebook)["simplified_procedure"] == "no"
    before = json.loads(office.session.exec(select(CaseRevision)).one().before)
    assert before["circumstances"] == {"both_agree": True}


@pytest.mark.parametrize(
    ("kind", "circumstances", "wrong"),
    [
        ("arbitration", {"both_agree": "perhaps"}, "answer_flag"),
        ("arbitration", {"representatives": -1}, "answer_count"),
        ("arbitration", {"representatives": True}, "answer_count"),
        ("arbitration", {"minimum_wage_tier": 0}, "answer_count"),
        ("arbitration", {"minimum_wage": Decimal(-1)}, "answer_yuan"),
        ("arbitration", {"minimum_wage": Decimal("NaN")}, "answer_yuan"),
        ("arbitration", {"colour": True}, "detail_unknown"),
        ("complaint", {"both_agree": True}, "detail_unknown"),
    ],
)
def test_a_wrong_answer_names_its_field(
    office: Office, kind: str, circumstances: dict[str, object], wrong: str
):
    with pytest.raises(InvalidInput) as raised:
        office.register(kind, circumstances=circumstances)
    name = next(iter(circumstances))
    assert _wrong(raised) == [(f"circumstances-{name}", wrong)]


def test_wages_claimed_are_what_is_owed_until_something_else_is_entered(
    office: Office, rulebook: Rulebook
):
    """法释 2013 §3: ten workers, 30,000 to 100,000 yuan in all; Shanghai's number is not known."""
    claims = [
        ClaimInput("wages", Decimal(120_000)),
        ClaimInput("social_insurance", Decimal(90_000)),
    ]
    case = office.register("complaint", worker_count=10, claims=claims)
    assert _holds(office, case, rulebook)["crime_amount"] == "yes"
    edit = CaseEdit(case.revision, "Paid in part.", circumstances={"unpaid_total": Decimal(20_000)})
    edit_case(office.session, office.actor("chen"), case, edit, rulebook, TODAY)
    assert _holds(office, case, rulebook)["crime_amount"] != "yes"


def test_claims_of_no_account_are_passed_over_and_keep_their_numbers(
    office: Office, rulebook: Rulebook
):
    """2,740 yuan a month in Shanghai from 2025-07-01: 32,880 are final, 32,881 are not."""
    claims = [
        ClaimInput("social_insurance", Decimal(1)),
        ClaimInput("wages", Decimal(32_880)),
        ClaimInput("compensation", Decimal(32_881)),
    ]
    case = office.register("arbitration", received_on=date(2026, 3, 2), claims=claims)
    found = _all(office, case, rulebook)["final_award"].found
    assert found.holds == "part"
    assert "Items 2 are within the ceiling, items 3 exceed it" in found.why.en


def test_injury_benefits_are_told_apart_before_they_make_an_award_final(
    office: Office, rulebook: Rulebook
):
    """调解仲裁法§47(1) names 工伤医疗费; other injury benefits are not among what is final."""

    def judged(*claims: ClaimInput) -> Classified | None:
        case = office.register("arbitration", received_on=date(2026, 3, 2), claims=claims)
        return _all(office, case, rulebook).get("final_award")

    wages = ClaimInput("wages", Decimal(1_000))
    medical = judged(wages, ClaimInput("injury_medical", Decimal(1_000)))
    assert medical is not None
    assert medical.found.holds == "yes"
    other = judged(wages, ClaimInput("injury_other", Decimal(90_000)))
    assert other is not None
    assert other.found.holds == "yes"
    assert judged(ClaimInput("injury_other", Decimal(1_000))) is None
    # As cases were recorded before the two were told apart.
    for claims in (
        (wages, ClaimInput("work_injury", Decimal(1_000))),
        (ClaimInput("work_injury"),),
    ):
        doubtful = judged(*claims)
        assert doubtful is not None
        assert (doubtful.found.holds, doubtful.found.asks) == ("ask", ("items_in_doubt",))
        assert f"Items {len(claims)} are injury benefits not told apart" in doubtful.found.why.en
        assert "工伤医疗费" in doubtful.found.why.zh


def test_the_final_award_is_judged_by_the_day_of_the_end_too(office: Office, rulebook: Rulebook):
    """Shanghai raised the minimum wage on 2023-07-01 from 2,590 to 2,690: 31,080, then 32,280."""
    claims = [ClaimInput("wages", Decimal(32_000))]
    case = office.register("arbitration", received_on=date(2023, 6, 20), claims=claims)
    office.record(case, "case_accepted", date(2023, 6, 26))
    office.record(case, "award_issued", date(2023, 8, 2))
    found = _all(office, case, rulebook)["final_award"]
    assert found.found.holds == "no"
    assert found.later is not None
    assert found.later.holds == "yes"
    assert "2023-08-02" in found.later.why.en


def test_whoever_gave_a_tip_is_not_counted_among_the_complainants(
    office: Office, rulebook: Rulebook
):
    complaint = office.register("complaint", worker_count=7, jurisdiction="quzhou")
    report = office.register("report", worker_count=7, jurisdiction="quzhou")
    assert "complaint_representatives" in _holds(office, complaint, rulebook)
    assert "complaint_representatives" not in _holds(office, report, rulebook)
