"""Which clocks are ours: alerted, and ended with the case; what is others' goes on."""

from datetime import date

import pytest
from sqlmodel import Session, select

from jobs import recompute
from jobs.deriving import derived
from models import Deadline
from rules.closing import shown_clocks
from rules.deadlines import derive
from rules.matter import Clock, Derivation, Event, Matter
from rules.rulebook import builtin_rulebook
from tests.support.office import open_office

CLOSED_ON = date(2026, 3, 6)


def _matter(*, closed: bool) -> Matter:
    events = [
        Event("complaint_received", date(2026, 3, 2)),
        Event("complaint_accepted", date(2026, 3, 3)),
        Event("case_filed", date(2026, 3, 3)),
        Event("investigation_completed", date(2026, 3, 5)),
    ]
    if closed:
        events.append(Event("case_closed", CLOSED_ON))
    return Matter("inspection", "chongming", events)


def _clock(kind: str) -> Clock:
    day = date(2026, 3, 5)
    due_on = date(2026, 4, 30)
    return Clock("insp_investigation", 1, day, kind, "running", day, "case_filed", due_on, due_on)


@pytest.mark.parametrize("kind", ["duty", "target", "service_target", "recurring", "commitment"])
def test_ours_are_alerted_and_end_with_the_case(kind: str) -> None:
    book, derivation = builtin_rulebook(), Derivation((_clock(kind),))
    still_open = derived("complaint", _matter(closed=False), derivation, book)
    assert [row["alertable"] for row in still_open.deadlines] == [True]
    assert still_open.columns["next_due_on"] == date(2026, 4, 30)
    (ended,) = shown_clocks(_matter(closed=True), derivation, book)
    assert (ended.state, ended.ended_on, ended.ended_by) == ("cancelled", CLOSED_ON, "case_closed")


def test_what_advises_us_is_not_alerted_and_ends_with_the_case() -> None:
    book, derivation = builtin_rulebook(), Derivation((_clock("advisory"),))
    still_open = derived("complaint", _matter(closed=False), derivation, book)
    assert [row["alertable"] for row in still_open.deadlines] == [False]
    (ended,) = shown_clocks(_matter(closed=True), derivation, book)
    assert (ended.state, ended.ended_on) == ("cancelled", CLOSED_ON)


@pytest.mark.parametrize("kind", ["party", "authority", "bar", "earliest", "term", "retention"])
def test_others_are_never_alerted_and_outlive_the_case(kind: str) -> None:
    book, derivation = builtin_rulebook(), Derivation((_clock(kind),))
    still_open = derived("complaint", _matter(closed=False), derivation, book)
    assert [row["alertable"] for row in still_open.deadlines] == [False]
    assert still_open.columns["next_due_on"] is None
    (left,) = shown_clocks(_matter(closed=True), derivation, book)
    assert left.state == "running"


def test_a_decision_is_still_to_be_served_after_the_case_was_revoked(session: Session) -> None:
    office = open_office(session)
    case = office.register("arbitration", received_on=date(2026, 2, 2))
    for event, day in (("case_accepted", 3), ("revocation_decided", 10), ("case_revoked", 10)):
        office.record(case, event, date(2026, 2, day))
    asked = select(Deadline).where(Deadline.case_id == case.id)
    rows = {row.rule: row for row in session.exec(asked)}
    notice = rows["arb_revocation_notice"]
    assert (notice.state, notice.due_on, notice.alertable) == ("running", date(2026, 2, 24), True)
    assert rows["arb_serve_application"].state == "cancelled"
    office.record(case, "revocation_served", date(2026, 2, 12))
    session.refresh(notice)
    assert (notice.state, notice.alertable) == ("met", False)


def test_after_a_penalty_the_partys_limits_outlive_the_case(session: Session) -> None:
    office = open_office(session)
    case = office.register("complaint", received_on=date(2026, 2, 2))
    for event, day in (
        ("complaint_accepted", 3),
        ("investigation_completed", 10),
        ("penalty_decided", 11),
        ("decision_served", 12),
        ("case_closed", 13),
    ):
        office.record(case, event, date(2026, 2, day))
    query = select(Deadline.rule, Deadline.state).where(Deadline.case_id == case.id)
    assert dict(session.exec(query).all()) == {
        "insp_complaint_decision": "met",
        "insp_file_on_acceptance": "met",
        "insp_investigation": "met",
        "insp_serve_decision": "met",
        "insp_reconsideration": "running",
        "insp_litigation": "running",
    }
    assert case.next_due_on is None


def test_a_penalty_not_served_is_due_until_the_case_ends(session: Session) -> None:
    office = open_office(session)
    case = office.register("report", received_on=date(2026, 2, 25))
    for event, on in (
        ("case_filed", date(2026, 2, 26)),
        ("investigation_completed", date(2026, 3, 3)),
        ("penalty_decided", date(2026, 3, 4)),
    ):
        office.record(case, event, on)
    # March 5-6 = 2, 9-13 = 7.
    assert (case.next_rule, case.next_due_on) == ("insp_serve_decision", date(2026, 3, 13))
    office.record(case, "case_closed", date(2026, 3, 9))
    query = select(Deadline.state).where(
        Deadline.case_id == case.id, Deadline.rule == "insp_serve_decision"
    )
    assert session.exec(query).one() == "cancelled"


@pytest.mark.parametrize(("kind", "told"), [("complaint", True), ("report", False)])
def test_in_zhejiang_only_a_complaint_has_a_complainant_to_tell(
    session: Session, kind: str, told: bool
) -> None:
    office = open_office(session)
    case = office.register(kind, received_on=date(2026, 2, 25), jurisdiction="quzhou")
    if kind == "complaint":
        office.record(case, "complaint_accepted", date(2026, 2, 26))
    else:
        office.record(case, "case_filed", date(2026, 2, 26))
    matter = recompute.matter_of(session, case)
    extended = Event("extension_approved", date(2026, 3, 4), days=5)
    matter = Matter(matter.procedure, matter.jurisdiction, (*matter.events, extended), matter.facts)
    clocks = derive(matter, builtin_rulebook(), office.today).clocks
    assert ("insp_ext_notice_zj" in {clock.rule for clock in clocks}) is told
