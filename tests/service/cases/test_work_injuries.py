"""Work injury matters kept as cases: findings and appraisals, with what is personal in them."""

from datetime import date

import pytest
from sqlmodel import select, text

from models import Case, Deadline, Event
from rules.rulebook import Rulebook
from service.cases import records
from service.cases.editing import CaseEdit, edit_case
from service.cases.inputs import Registration
from service.cases.problems import InvalidInput, Unlawful
from service.cases.recording import EventInput, correct_event
from service.cases.registering import preview
from tests.support.office import TODAY, Office

INJURED = date(2026, 2, 10)


def _deadlines(office: Office, case: Case) -> dict[str, Deadline]:
    rows = office.session.exec(select(Deadline).where(Deadline.case_id == case.id))
    return {row.rule: row for row in rows}


def _codes(raised: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {one.field: one.code for one in raised.value.problems}


def test_the_day_of_the_injury_is_an_event_and_counts_the_parties_limits(office: Office):
    case = office.register("work_injury", injured_on=INJURED, facts={"applied_by": "employer"})
    events = office.session.exec(select(Event).where(Event.case_id == case.id)).all()
    assert [(one.type, one.on) for one in events] == [
        ("injury_occurred", INJURED),
        ("injury_application_received", TODAY),
    ]
    found = _deadlines(office, case)
    assert found.keys() == {"inj_employer_apply", "inj_worker_apply", "inj_accept"}
    # Thirty days from 10 February 2026 end on 12 March.
    assert (found["inj_employer_apply"].state, found["inj_employer_apply"].due_on) == (
        "met",
        date(2026, 3, 12),
    )
    assert (case.received_on, case.next_rule) == (TODAY, "inj_accept")


def test_the_preview_shows_what_saving_would_start(office: Office, rulebook: Rulebook):
    entry: Registration = office.entry("work_injury", injured_on=INJURED)
    shown = {clock.rule for clock in preview(entry, rulebook, TODAY).clocks}
    assert shown == {"inj_employer_apply", "inj_worker_apply", "inj_accept"}


def test_a_day_that_cannot_be_is_refused_at_its_field(office: Office):
    with pytest.raises(InvalidInput) as raised:
        office.register("work_injury", injured_on=date(2026, 3, 8), received_on=date(2026, 3, 2))
    assert _codes(raised) == {"injured_on": "injured_after"}
    with pytest.raises(InvalidInput) as raised:
        office.register("work_injury", injured_on=INJURED, opening="appraisal_application_received")
    assert _codes(raised) == {"injured_on": "injured_elsewhere"}


def test_an_injury_after_the_application_is_neither_recorded_nor_corrected_to(
    office: Office, rulebook: Rulebook
):
    received, later = date(2026, 3, 2), date(2026, 3, 3)
    case = office.register("work_injury", received_on=received)
    with pytest.raises(Unlawful):
        office.record(case, "injury_occurred", later)
    told = office.record(case, "injury_occurred", INJURED)
    wrong = EventInput("injury_occurred", later)
    with pytest.raises(Unlawful):
        correct_event(
            office.session,
            office.actor("chen"),
            case,
            told.id or 0,
            "stamp",
            wrong,
            rulebook,
            TODAY,
        )
    assert _deadlines(office, case)["inj_worker_apply"].started_on == INJURED


@pytest.mark.parametrize(
    ("track", "rule"), [("ordinary", "inj_decide"), ("simplified", "inj_decide_simple")]
)
def test_a_finding_from_application_to_service(office: Office, track: str, rule: str):
    case = office.register("work_injury", received_on=date(2026, 3, 2), facts={"track": track})
    office.record(case, "injury_application_accepted", date(2026, 3, 3))
    assert (case.next_rule, case.accepted_on) == (rule, date(2026, 3, 3))
    office.record(case, "injury_decided", date(2026, 3, 6))
    assert (case.limit_rule, case.limit_kept) == (rule, True)
    # The parties are still to be told: only then it ends.
    assert (case.state, case.next_rule) == ("open", "inj_serve")
    office.record(case, "decision_served", TODAY)
    assert (case.state, case.outcome) == ("closed", "decision_served")
    assert _deadlines(office, case)["inj_serve"].state == "met"


@pytest.mark.parametrize(
    ("complete", "rules"),
    [(True, {"inj_appraisal"}), (False, {"inj_appraisal", "inj_appraisal_correction"})],
)
def test_an_appraisal_from_application_to_service(office: Office, complete: bool, rules: set[str]):
    case = office.register(
        "work_injury",
        opening="appraisal_application_received",
        received_on=date(2026, 3, 2),
        facts={"appraisal_materials_complete": complete},
    )
    assert _deadlines(office, case).keys() == rules
    office.record(case, "appraisal_concluded", date(2026, 3, 6))
    assert case.state == "open"
    assert _deadlines(office, case)["inj_appraisal_serve"].state == "running"
    office.record(case, "appraisal_served", TODAY)
    assert (case.state, case.outcome) == ("closed", "appraisal_served")
    found = _deadlines(office, case)
    assert found["inj_appraisal_serve"].state == "met"
    assert (found["inj_reappraisal_apply"].kind, found["inj_reappraisal_apply"].state) == (
        "party",
        "running",
    )


def test_what_was_injured_is_stored_encrypted_and_read_by_few(office: Office):
    case = office.register("work_injury", details={"diagnosis": "右手食指骨折"})
    stored = office.session.connection().execute(text("SELECT diagnosis FROM work_injury_details"))
    assert "骨折" not in stored.scalar_one()
    for name, sees in (("chen", True), ("chief", True), ("analyst", False), ("auditor", False)):
        shown = records.load(office.session, office.actor(name), case).details
        assert ("diagnosis" in shown) is sees, name


def test_an_edit_keeps_the_old_details(office: Office, rulebook: Rulebook):
    case = office.register("work_injury", details={"injury_kind": "commuting"})
    edit = CaseEdit(1, "asked again", details={"injury_kind": "other", "diagnosis": "左踝骨折"})
    edit_case(office.session, office.actor("chen"), case, edit, rulebook, TODAY)
    now = records.load(office.session, office.actor("chen"), case).details
    assert (now["injury_kind"], now["diagnosis"]) == ("other", "左踝骨折")
    (before,) = records.revisions(office.session, office.actor("chen"), case)
    assert before.before["details"]["injury_kind"] == "commuting"


def test_the_limits_follow_who_applied_when_that_is_changed(office: Office, rulebook: Rulebook):
    late = date(2026, 1, 5)
    case = office.register("work_injury", injured_on=late, facts={"applied_by": "worker"})

    def states() -> tuple[str, str]:
        found = _deadlines(office, case)
        return found["inj_employer_apply"].state, found["inj_worker_apply"].state

    # The employer's thirty days ended on 4 February; nobody has met them.
    assert states() == ("running", "met")
    for facts, expected in (
        ({"applied_by": "employer"}, ("met_late", "running")),
        ({}, ("running", "running")),
        ({"applied_by": "union"}, ("running", "met")),
    ):
        edit = CaseEdit(case.revision, "asked again", facts=facts)
        edit_case(office.session, office.actor("chen"), case, edit, rulebook, TODAY)
        assert states() == expected
    # It is the employer's own to keep: never alerted, and no day on which the case is due.
    assert not _deadlines(office, case)["inj_employer_apply"].alertable
    assert case.next_rule == "inj_accept"


def test_accepting_the_employers_application_cancels_the_workers_limit(office: Office):
    case = office.register("work_injury", injured_on=INJURED, facts={"applied_by": "employer"})
    assert _deadlines(office, case)["inj_worker_apply"].state == "running"
    office.record(case, "injury_application_accepted", TODAY)
    found = _deadlines(office, case)["inj_worker_apply"]
    assert (found.state, found.ended_by) == ("cancelled", "injury_application_accepted")
