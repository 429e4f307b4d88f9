"""Logging a matter: everything is saved together, or nothing is."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, func, select

from jobs import recompute
from models import (
    AuditEntry,
    Case,
    CaseCounter,
    CaseParty,
    Claim,
    Deadline,
    Dispute,
    EmploymentDetails,
    Event,
    InspectionDetails,
    MediationDetails,
    NameGram,
    Party,
    PetitionDetails,
    WageArrearsDetails,
    WorkInjuryDetails,
)
from models.case import KINDS
from rules.rulebook import Rulebook
from service.access import Forbidden
from service.cases import registering
from service.cases.inputs import ClaimInput, PartyInput
from service.cases.problems import InvalidInput
from service.cases.registering import preview, problems_of, register_case
from tests.support.office import TODAY, Office, credit_code, employer, resident_id, worker


def _count(session: Session, table: type) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def _codes(raised: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {problem.field: problem.code for problem in raised.value.problems}


@pytest.mark.parametrize(
    ("kind", "opening", "details"),
    [
        ("complaint", "complaint_received", InspectionDetails),
        ("report", "report_received", InspectionDetails),
        ("arbitration", "arb_application_received", MediationDetails),
        ("mediation", "mediation_application_received", MediationDetails),
        ("person", "recognised", EmploymentDetails),
        ("household", "household_confirmed", EmploymentDetails),
        ("petition", "petition_received", PetitionDetails),
        ("work_injury", "injury_application_received", WorkInjuryDetails),
        ("wage_arrears", "clue_assigned", WageArrearsDetails),
    ],
)
def test_each_kind_is_opened_by_its_event(office: Office, kind: str, opening: str, details: type):
    case = office.register(kind)
    event = office.session.exec(select(Event).where(Event.case_id == case.id)).one()
    assert (event.type, event.on, event.recorded_by_id) == (
        opening,
        TODAY,
        office.users["chen"].id,
    )
    assert office.session.get(details, case.id) is not None
    assert (case.state, case.received_on) == ("open", TODAY)
    assert case.derived_with is not None


def test_a_complaint_gets_its_deadline_at_once(office: Office):
    # Monday 9 March 2026 + 5 working days = Monday 16 March.
    case = office.register("complaint")
    row = office.session.exec(select(Deadline).where(Deadline.case_id == case.id)).one()
    assert (row.rule, row.due_on, row.alertable) == (
        "insp_complaint_decision",
        date(2026, 3, 16),
        True,
    )
    assert (case.next_due_on, case.next_rule) == (date(2026, 3, 16), "insp_complaint_decision")


def test_a_tip_off_starts_no_clock(office: Office):
    case = office.register("report")
    assert _count(office.session, Deadline) == 0
    assert case.next_due_on is None


def test_the_preview_shows_what_saving_would_start(office: Office, rulebook: Rulebook):
    shown = preview(office.entry("complaint"), rulebook, TODAY)
    case = office.register("complaint")
    saved = office.session.exec(select(Deadline).where(Deadline.case_id == case.id)).all()
    assert [(one.rule, one.due_on) for one in shown.clocks] == [
        (one.rule, one.due_on) for one in saved
    ]


def test_numbers_count_up_by_unit_procedure_and_year(office: Office):
    numbers = [
        office.register("complaint").number,
        office.register("report").number,
        office.register("arbitration").number,
        office.register("complaint", received_on=date(2025, 12, 31)).number,
        office.register(
            "complaint",
            by="wang",
            unit_id=office.other_town.id,
            handler_id=office.users["wang"].id,
        ).number,
    ]
    assert numbers == [
        "CQ-INS-2026-00001",
        "CQ-INS-2026-00002",
        "CQ-ARB-2026-00001",
        "CQ-INS-2025-00001",
        "BZ-INS-2026-00001",
    ]


def test_parties_claims_and_details_are_kept(office: Office):
    case = office.register(
        "arbitration",
        claims=[ClaimInput("wages", Decimal("12345.60"), " March to May ")],
        details={"cause": "wages", "premediation_offered_on": date(2026, 3, 2)},
        worker_count=12,
    )
    claim = office.session.exec(select(Claim).where(Claim.case_id == case.id)).one()
    assert (claim.kind, claim.amount, claim.note) == ("wages", Decimal("12345.60"), "March to May")
    details = office.session.get_one(MediationDetails, case.id)
    assert (details.cause, details.premediation_offered_on) == ("wages", date(2026, 3, 2))
    assert case.title == "李明 – 上海东滩物流有限公司"


def test_every_field_says_what_is_wrong_with_it(office: Office, rulebook: Rulebook):
    entry = office.entry(
        "complaint",
        received_on=TODAY + timedelta(days=1),
        worker_count=0,
        title="x" * 121,
        facts={"weather": "fine"},
        jurisdiction="atlantis",
        parties=[
            PartyInput("person", "complainant", " ", id_number="110105194912310021"),
            PartyInput("employer", "respondent", "甲公司", phone="12"),
        ],
        claims=[ClaimInput("gold", Decimal("1.234"))],
        details={"channel": "pigeon", "cause": "wages"},
    )
    with pytest.raises(InvalidInput) as raised:
        register_case(office.session, office.actor("chen"), entry, rulebook, TODAY)
    assert _codes(raised) == {
        "received_on": "received_future",
        "worker_count": "worker_count",
        "title": "title_long",
        "facts-weather": "facts_unknown",
        "jurisdiction": "jurisdiction",
        "parties-0-id_number": "id_check_digit",
        "parties-0-name": "party_name",
        "parties-1-role": "party_role",
        "parties-1-phone": "phone_number",
        "parties": "party_missing",
        "claims-0-kind": "claim_kind",
        "claims-0-amount": "claim_amount",
        "details-channel": "choice",
        "details-cause": "detail_unknown",
    }
    assert all(problem.message for problem in raised.value.problems)
    assert _count(office.session, Case) == 0


def test_unit_and_handler_must_fit(office: Office, rulebook: Rulebook):
    actor = office.actor("chen")
    cases = [
        ({"unit_id": office.other_town.id}, {"unit_id": "unit_choice"}),
        ({"handler_id": office.users["wang"].id}, {"handler_id": "handler_choice"}),
        ({"handler_id": office.users["auditor"].id}, {"handler_id": "handler_choice"}),
        ({"dispute_id": 77}, {"dispute_id": "dispute_choice"}),
    ]
    for values, expected in cases:
        entry = office.entry("arbitration", **values)
        with pytest.raises(InvalidInput) as raised:
            register_case(office.session, actor, entry, rulebook, TODAY)
        assert _codes(raised) == expected


@pytest.mark.parametrize("name", ["analyst", "admin", "auditor"])
def test_only_caseworkers_and_supervisors_register(office: Office, rulebook: Rulebook, name: str):
    with pytest.raises(Forbidden):
        register_case(office.session, office.actor(name), office.entry(), rulebook, TODAY)


def test_a_failure_at_the_end_leaves_nothing(
    office: Office, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(registering.audit, "record", fail)
        with pytest.raises(RuntimeError):
            office.register("arbitration")
    tables = (Case, Event, Deadline, Party, CaseParty, NameGram, Dispute, CaseCounter, Claim)
    assert {table.__name__: _count(office.session, table) for table in tables} == {
        table.__name__: 0 for table in tables
    }
    assert office.register("arbitration").number == "CQ-ARB-2026-00001"


def _derived_rows(session: Session) -> list[dict[str, object]]:
    session.expire_all()
    return [
        row.model_dump()
        for table in (Case, Deadline, Dispute)
        for row in session.exec(select(table))
    ]


def test_what_a_new_case_derives_is_what_recomputing_gives(office: Office, rulebook: Rulebook):
    first = office.register("mediation", received_on=date(2026, 3, 3))
    office.register("arbitration", dispute_id=first.dispute_id, facts={"track": "simplified"})
    for kind in KINDS:
        office.register(kind, received_on=date(2026, 3, 4), worker_count=12)
    before = _derived_rows(office.session)
    cases = office.session.exec(select(Case)).all()
    recompute.refresh_many(office.session, cases, rulebook, TODAY)
    office.session.commit()
    assert _derived_rows(office.session) == before
    assert any(row.get("due_on") for row in before)


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        ({}, {"med_conclude_any"}),
        ({"mediation_body": "other"}, {"med_conclude_any"}),
        (
            {"mediation_body": "enterprise_committee"},
            {"med_conclude_any", "med_enterprise_acceptance"},
        ),
    ],
)
def test_only_an_enterprise_committee_has_its_three_days(
    office: Office, facts: dict[str, str], rules: set[str]
):
    case = office.register("mediation", facts=facts)
    rows = office.session.exec(select(Deadline).where(Deadline.case_id == case.id)).all()
    assert {row.rule for row in rows} == rules


def test_mediation_and_arbitration_of_one_quarrel_share_a_dispute(office: Office):
    mediation = office.register("mediation")
    arbitration = office.register("arbitration", dispute_id=mediation.dispute_id)
    assert arbitration.dispute_id == mediation.dispute_id
    dispute = office.session.exec(select(Dispute)).one()
    assert (dispute.received_on, dispute.closed_on) == (TODAY, None)


def test_a_dispute_out_of_sight_is_not_joined(office: Office, rulebook: Rulebook):
    theirs = office.register("mediation").dispute_id
    wang = office.users["wang"].id
    entry = office.entry(
        "arbitration", unit_id=office.other_town.id, handler_id=wang, dispute_id=theirs
    )
    found = problems_of(office.session, office.actor("wang"), entry, rulebook, TODAY)
    assert [(one.field, one.code) for one in found] == [("dispute_id", "dispute_choice")]


def test_applying_to_a_mediation_organisation_is_mediating_first(office: Office):
    mediation = office.register("mediation", received_on=date(2026, 3, 3))
    office.register("arbitration", dispute_id=mediation.dispute_id)
    dispute = office.session.exec(select(Dispute)).one()
    assert dispute.premediation_offered_on == date(2026, 3, 3)


def test_registering_is_in_the_audit_log_without_personal_data(office: Office):
    case = office.register("complaint")
    entry = office.session.exec(
        select(AuditEntry).where(AuditEntry.action == "case.register")
    ).one()
    assert (entry.case_id, entry.user_id) == (case.id, office.users["chen"].id)
    assert "李明" not in f"{entry.subject}{entry.detail}"


def test_a_reporter_is_no_party_and_not_in_the_title(office: Office):
    case = office.register(
        "report", details={"reporter_name": "赵一", "reporter_contact": "13900139000"}
    )
    assert "赵一" not in case.title
    details = office.session.get_one(InspectionDetails, case.id)
    assert details.reporter_name == "赵一"


def test_personal_numbers_are_ciphertext_in_the_database(office: Office):
    office.register(
        "complaint",
        parties=[worker("complainant", phone="13800138000"), employer("employer")],
    )
    office.register("report", details={"reporter_name": "赵一"})
    connection = office.session.connection()
    secrets = (resident_id(), "13800138000", "赵一")
    stored = ""
    for table in ("party", "inspection_details", "case_record", "audit_entry", "event"):
        stored += str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
    assert credit_code() in stored
    assert not [secret for secret in secrets if secret in stored]


def test_no_message_repeats_a_personal_number(office: Office, rulebook: Rulebook):
    number = resident_id()[:-1] + ("0" if resident_id()[-1] != "0" else "1")
    entry = office.entry(
        "complaint",
        parties=[replace(worker("complainant"), id_number=number), employer("employer")],
    )
    with pytest.raises(InvalidInput) as raised:
        register_case(office.session, office.actor("chen"), entry, rulebook, TODAY)
    said = f"{raised.value}" + "".join(problem.message for problem in raised.value.problems)
    assert not re.search(r"\d{15}", said)


def test_the_kinds_are_those_of_the_policy(rulebook: Rulebook):
    known = {
        kind for procedure in rulebook.policy.procedures.values() for kind in procedure.opening
    }
    assert known == set(KINDS)
