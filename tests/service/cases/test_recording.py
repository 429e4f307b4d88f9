"""What happened is appended, never changed; what the law forbids is refused with its article."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from jobs import recompute
from models import AuditEntry, Case, Deadline, Event
from rules.rulebook import Rulebook
from service.access import Forbidden, NotFound
from service.cases.approving import decide, request_approval
from service.cases.editing import void_case
from service.cases.inputs import EventInput
from service.cases.problems import Conflict, InvalidInput, Unlawful
from service.cases.recording import correct_event, record_event
from tests.support.office import TODAY, Office

ACCEPTED_ON = date(2026, 3, 4)


@pytest.fixture
def accepted(office: Office) -> Case:
    """A complaint received on 2 March and accepted on 4 March."""
    case = office.register("complaint", received_on=date(2026, 3, 2))
    office.record(case, "complaint_accepted", ACCEPTED_ON)
    return case


def _events(session: Session, case: Case) -> list[Event]:
    query = select(Event).where(Event.case_id == case.id).order_by(col(Event.id))
    return list(session.exec(query))


def _deadlines(session: Session, case: Case) -> dict[str, Deadline]:
    return {row.rule: row for row in session.exec(select(Deadline).filter_by(case_id=case.id))}


def test_accepting_a_complaint_files_the_case_the_same_day(office: Office, accepted: Case):
    assert [(event.type, event.on) for event in _events(office.session, accepted)] == [
        ("complaint_received", date(2026, 3, 2)),
        ("complaint_accepted", ACCEPTED_ON),
        ("case_filed", ACCEPTED_ON),
    ]
    clocks = _deadlines(office.session, accepted)
    assert clocks["insp_complaint_decision"].state == "met"
    assert clocks["insp_file_on_acceptance"].state == "met"
    assert clocks["insp_investigation"].state == "running"
    assert accepted.accepted_on == ACCEPTED_ON
    assert accepted.next_rule == "insp_investigation"


def test_the_order_of_recording_does_not_matter(office: Office):
    """Late entries: each day counts as it happened, not as it was typed in."""
    steps = [
        ("case_accepted", date(2026, 1, 12), {}),
        ("claim_change_accepted", date(2026, 1, 20), {}),
        ("application_served", date(2026, 1, 14), {}),
        ("defence_filed", date(2026, 1, 22), {}),
    ]

    def rows(order: list[int]) -> list[tuple[object, ...]]:
        case = office.register("arbitration", received_on=date(2026, 1, 8))
        for index in order:
            event, on, more = steps[index]
            office.record(case, event, on, **more)
        found = office.session.exec(
            select(Deadline).filter_by(case_id=case.id).order_by(Deadline.rule, Deadline.seq)
        )
        return [
            (one.rule, one.seq, one.state, one.due_on, one.ended_on, one.alertable) for one in found
        ]

    assert rows([0, 1, 2, 3]) == rows([0, 2, 1, 3]) == rows([0, 2, 3, 1])


def test_late_recording_keeps_both_days(office: Office, accepted: Case):
    event = office.record(accepted, "investigation_completed", date(2026, 3, 5), note="by phone")
    assert event.on == date(2026, 3, 5)
    assert event.recorded_at.date() >= date(2026, 3, 5)
    assert event.details == {"note": "by phone"}


@pytest.mark.parametrize(
    ("event", "on", "field"),
    [
        ("investigation_completed", TODAY + timedelta(days=1), "on"),
        ("investigation_completed", date(2026, 2, 1), "on"),
        ("complaint_accepted", date(2026, 3, 5), "type"),
    ],
)
def test_what_the_law_does_not_allow_now_is_refused(
    office: Office, accepted: Case, event: str, on: date, field: str
):
    before = len(_events(office.session, accepted))
    with pytest.raises(Unlawful) as raised:
        office.record(accepted, event, on)
    assert raised.value.field == field
    assert raised.value.message
    assert len(_events(office.session, accepted)) == before


def test_an_award_before_acceptance_is_refused_with_the_article(office: Office):
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    with pytest.raises(Unlawful) as raised:
        office.record(case, "award_issued", date(2026, 3, 4))
    assert raised.value.article
    assert case.state == "open"


def test_an_extension_is_not_simply_recorded(office: Office, accepted: Case):
    with pytest.raises(InvalidInput) as raised:
        office.record(accepted, "extension_approved", TODAY, days=30)
    assert raised.value.problems[0].code == "event_needs_approval"


@pytest.mark.parametrize(
    ("on", "more", "code"),
    [
        (date(9999, 12, 31), {}, "day_uncountable"),
        (TODAY + timedelta(days=9), {"note": "x" * 4001}, "text_long"),
    ],
)
def test_what_cannot_be_counted_or_kept_is_refused(
    office: Office, on: date, more: dict[str, str], code: str
):
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    with pytest.raises(InvalidInput) as raised:
        office.record(case, "hearing_date", on, **more)
    assert raised.value.problems[0].code == code


def test_an_event_of_another_procedure_is_refused(office: Office, accepted: Case):
    for event in ("award_issued", "no_such_event"):
        with pytest.raises(InvalidInput) as raised:
            office.record(accepted, event, TODAY)
        assert raised.value.problems[0].code == "event_type"


def test_closing_ends_what_was_still_open(office: Office):
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    office.record(case, "case_accepted", date(2026, 3, 4))
    office.record(case, "withdrawn", date(2026, 3, 6))
    clocks = _deadlines(office.session, case)
    assert (case.state, case.closed_on, case.outcome) == ("closed", date(2026, 3, 6), "withdrawn")
    assert (case.next_due_on, case.next_rule) == (None, None)
    assert (case.limit_rule, case.limit_settled_on, case.limit_kept) == (
        "arb_award",
        date(2026, 3, 6),
        True,
    )
    served = clocks["arb_serve_application"]
    assert (served.state, served.ended_on, served.ended_by) == (
        "cancelled",
        date(2026, 3, 6),
        "withdrawn",
    )
    assert not any(clock.alertable for clock in clocks.values())


def test_a_duty_overdue_before_the_closing_stays_so(office: Office):
    case = office.register("arbitration", received_on=date(2026, 2, 2))
    office.record(case, "case_accepted", date(2026, 2, 4))
    office.record(case, "withdrawn", date(2026, 3, 6))
    served = _deadlines(office.session, case)["arb_serve_application"]
    assert served.due_on is not None
    assert served.due_on < date(2026, 3, 6)
    assert (served.state, served.ended_on, served.alertable) == ("running", None, False)


def test_a_party_s_own_limit_goes_on_after_the_closing(office: Office):
    case = office.register("arbitration", received_on=date(2026, 2, 2))
    office.record(case, "case_accepted", date(2026, 2, 4))
    office.record(case, "award_issued", date(2026, 3, 5))
    office.record(case, "award_received", date(2026, 3, 6))
    clock = _deadlines(office.session, case)["arb_sue_after_award"]
    assert (clock.kind, clock.state, clock.alertable) == ("party", "running", False)


def test_a_correction_is_an_event_and_both_stay(office: Office, accepted: Case, rulebook: Rulebook):
    wrong = _events(office.session, accepted)[1]
    correction = correct_event(
        office.session,
        office.actor("chen"),
        accepted,
        wrong.id,
        "the stamp says 5 March",
        EventInput("complaint_accepted", date(2026, 3, 5)),
        rulebook,
        TODAY,
    )
    rows = _events(office.session, accepted)
    assert [row.type for row in rows] == [
        "complaint_received",
        "complaint_accepted",
        "case_filed",
        "correction",
        "correction",
        "complaint_accepted",
        "case_filed",
    ]
    assert (correction.corrects_id, correction.details["replacement_id"]) == (wrong.id, rows[5].id)
    assert accepted.accepted_on == date(2026, 3, 5)
    assert _deadlines(office.session, accepted)["insp_investigation"].started_on == date(2026, 3, 5)
    matter = recompute.matter_of(office.session, accepted)
    assert [event.type for event in matter.events] == [
        "complaint_received",
        "complaint_accepted",
        "case_filed",
    ]


def test_taking_back_an_acceptance_takes_back_the_filing(
    office: Office, accepted: Case, rulebook: Rulebook
):
    wrong = _events(office.session, accepted)[1]
    correct_event(
        office.session,
        office.actor("chen"),
        accepted,
        wrong.id,
        "other case",
        None,
        rulebook,
        TODAY,
    )
    assert (accepted.accepted_on, accepted.next_rule) == (None, "insp_complaint_decision")
    assert set(_deadlines(office.session, accepted)) == {"insp_complaint_decision"}


def test_the_opening_event_gets_another_day_but_is_not_taken_back(
    office: Office, accepted: Case, rulebook: Rulebook
):
    opening = _events(office.session, accepted)[0]

    def correct(replacement: EventInput | None) -> None:
        correct_event(
            office.session,
            office.actor("chen"),
            accepted,
            opening.id,
            "stamp",
            replacement,
            rulebook,
            TODAY,
        )

    with pytest.raises(InvalidInput) as raised:
        correct(None)
    assert raised.value.problems[0].code == "event_opening"
    correct(EventInput("complaint_received", date(2026, 2, 27)))
    assert accepted.received_on == date(2026, 2, 27)


def test_nothing_is_corrected_twice_or_without_a_reason(
    office: Office, accepted: Case, rulebook: Rulebook
):
    wrong = _events(office.session, accepted)[1].id
    actor = office.actor("chen")
    with pytest.raises(InvalidInput):
        correct_event(office.session, actor, accepted, wrong, "  ", None, rulebook, TODAY)
    correct_event(office.session, actor, accepted, wrong, "typo", None, rulebook, TODAY)
    with pytest.raises(InvalidInput):
        correct_event(office.session, actor, accepted, wrong, "typo", None, rulebook, TODAY)
    with pytest.raises(NotFound):
        correct_event(office.session, actor, accepted, 9999, "typo", None, rulebook, TODAY)


def test_what_was_approved_is_corrected_by_those_who_approve(office: Office, rulebook: Rulebook):
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    office.record(case, "case_accepted", date(2026, 3, 4))
    chen, chief = office.actor("chen"), office.actor("chief")
    extension = EventInput("extension_approved", TODAY, days=10)
    request = (case, extension, "complex", rulebook, TODAY)
    asked = request_approval(office.session, chen, *request).id or 0
    decide(office.session, chief, asked, True, "", TODAY, rulebook, TODAY)
    event = _events(office.session, case)[-1].id or 0
    due = _deadlines(office.session, case)["arb_award"].due_on
    correction = (case, event, "not agreed", None, rulebook, TODAY)
    with pytest.raises(Forbidden):
        correct_event(office.session, chen, *correction)
    assert _deadlines(office.session, case)["arb_award"].due_on == due
    correct_event(office.session, chief, *correction)
    assert _deadlines(office.session, case)["arb_award"].due_on != due


def test_nothing_is_recorded_in_a_voided_case(office: Office, accepted: Case, rulebook: Rulebook):
    void_case(office.session, office.actor("chief"), accepted, "entered twice")
    with pytest.raises((Conflict, Forbidden)):
        office.record(accepted, "investigation_completed", TODAY)


@pytest.mark.parametrize("name", ["wang", "analyst", "auditor", "admin"])
def test_others_do_not_record(office: Office, accepted: Case, rulebook: Rulebook, name: str):
    entry = EventInput("investigation_completed", TODAY)
    with pytest.raises(Forbidden):
        record_event(office.session, office.actor(name), accepted, entry, rulebook, TODAY)


def test_each_event_is_in_the_audit_log(office: Office, accepted: Case):
    entries = office.session.exec(
        select(AuditEntry).where(AuditEntry.case_id == accepted.id).order_by(col(AuditEntry.id))
    ).all()
    assert [entry.action for entry in entries] == ["case.register", "case.event"]
    assert entries[1].detail["type"] == "complaint_accepted"


def test_a_failing_use_case_leaves_nothing(
    office: Office, accepted: Case, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_given: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(recompute, "refresh_disputes", fail)
        with pytest.raises(RuntimeError):
            office.record(accepted, "investigation_completed", TODAY)
    office.session.expire_all()
    assert [event.type for event in _events(office.session, accepted)][-1] == "case_filed"
    assert _deadlines(office.session, accepted)["insp_investigation"].state == "running"
