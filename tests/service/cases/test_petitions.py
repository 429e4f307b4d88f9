"""Petitions kept as cases: opened in one of several ways, alerted, closed, corrected."""

from datetime import date

import pytest
from sqlmodel import col, select

from jobs import sweep
from jobs.settings import JobSettings
from models import Alert, Case, Deadline, Event, PetitionDetails
from rules.rulebook import Rulebook
from service.cases.inputs import EventInput
from service.cases.problems import InvalidInput, Unlawful
from service.cases.recording import correct_event
from tests.support.office import TODAY, Office, employer, worker

SIXTH = {"matter_class": "§31(6)"}


def _deadlines(office: Office, case: Case) -> dict[str, Deadline]:
    rows = office.session.exec(select(Deadline).where(Deadline.case_id == case.id))
    return {row.rule: row for row in rows}


def _answered(office: Office) -> Case:
    case = office.register("petition", received_on=date(2026, 2, 2), facts=SIXTH)
    office.record(case, "petition_accepted", date(2026, 2, 3))
    office.record(case, "petitioner_notified", date(2026, 2, 4))
    office.record(case, "petition_opinion_issued", date(2026, 3, 2))
    office.record(case, "petition_opinion_received", date(2026, 3, 3))
    return case


@pytest.mark.parametrize(
    ("opening", "rules"),
    [
        (None, {"pet_notify_direct"}),
        ("petition_received", {"pet_notify_direct"}),
        ("petition_transfer_received", {"pet_notify_transferred", "pet_objection"}),
        ("petition_review_requested", {"pet_review"}),
        ("petition_recheck_requested", {"pet_recheck"}),
    ],
)
def test_it_begins_with_what_came_in(office: Office, opening: str | None, rules: set[str]):
    case = office.register("petition", opening=opening)
    assert _deadlines(office, case).keys() == rules
    assert case.received_on == TODAY
    assert case.number.startswith("CQ-PET-2026-")


def test_what_opens_no_petition_is_refused(office: Office):
    with pytest.raises(InvalidInput) as raised:
        office.register("petition", opening="complaint_received")
    assert (raised.value.problems[0].field, raised.value.problems[0].code) == ("opening", "choice")


def test_the_employer_is_a_party_only_where_it_is_named(office: Office):
    both = office.register("petition")
    alone = office.register("petition", parties=[worker("petitioner", name="王芳", serial=2)])
    assert both.title == "李明 – 上海东滩物流有限公司"
    assert alone.title == "王芳"
    with pytest.raises(InvalidInput):
        office.register("petition", parties=[employer("employer")])


def test_its_deadlines_are_alerted(office: Office):
    case = office.register("petition", received_on=date(2026, 2, 9))
    # 15 days from 9 February 2026 end on Tuesday the 24th.
    assert case.next_due_on == date(2026, 2, 24)
    sweep.run(office.session, date(2026, 2, 23), JobSettings())
    sweep.run(office.session, date(2026, 2, 25), JobSettings())
    query = select(Alert.stage).where(Alert.case_id == case.id).order_by(col(Alert.id))
    assert list(office.session.exec(query)) == ["due_soon_1", "overdue"]


def test_the_petitioners_own_limit_outlives_the_case(office: Office):
    case = _answered(office)
    assert (case.state, case.outcome, case.limit_kept) == (
        "closed",
        "petition_opinion_issued",
        True,
    )
    row = _deadlines(office, case)["pet_review_apply"]
    assert (row.state, row.due_on, row.alertable) == ("running", date(2026, 4, 2), False)


def test_a_review_elsewhere_is_not_ours_to_give(office: Office):
    case = _answered(office)
    office.record(case, "petition_review_requested", date(2026, 3, 6))
    row = _deadlines(office, case)["pet_review"]
    assert (row.kind, row.alertable) == ("authority", False)
    ours = office.register("petition", opening="petition_review_requested")
    assert _deadlines(office, ours)["pet_review"].kind == "duty"


def test_a_petition_is_not_led_elsewhere_before_the_petitioner_knows(office: Office):
    case = office.register("petition", facts={"matter_class": "§31(2)"})
    with pytest.raises(Unlawful, match="书面告知信访人"):
        office.record(case, "petition_redirected", TODAY)
    office.record(case, "petitioner_notified", TODAY)
    office.record(case, "petition_redirected", TODAY)
    assert (case.state, case.outcome) == ("closed", "petition_redirected")


def test_what_came_in_can_be_corrected(office: Office, rulebook: Rulebook):
    case = office.register("petition", received_on=date(2026, 3, 5))
    opening = office.session.exec(select(Event).where(Event.case_id == case.id)).one()

    def correct(replacement: EventInput) -> None:
        correct_event(
            office.session, office.actor("chen"), case, opening.id or 0, "passed on by the city",
            replacement, rulebook, TODAY,
        )  # fmt: skip

    with pytest.raises(InvalidInput):
        correct(EventInput("petitioner_notified", TODAY))
    correct(EventInput("petition_transfer_received", date(2026, 3, 4)))
    assert case.received_on == date(2026, 3, 4)
    assert _deadlines(office, case).keys() == {"pet_notify_transferred", "pet_objection"}


def test_a_request_that_opened_the_case_gets_another_day(office: Office, rulebook: Rulebook):
    case = office.register("petition", opening="petition_review_requested")
    opening = office.session.exec(select(Event).where(Event.case_id == case.id)).one()
    earlier = EventInput("petition_review_requested", date(2026, 3, 5))
    actor = office.actor("chen")
    correct_event(office.session, actor, case, opening.id or 0, "stamp", earlier, rulebook, TODAY)
    assert case.received_on == date(2026, 3, 5)


def test_details_are_checked(office: Office):
    details = {"subject": "weather", "reference": "崇" * 61}
    with pytest.raises(InvalidInput) as raised:
        office.register("petition", details=details)
    codes = {one.field: one.code for one in raised.value.problems}
    assert codes == {"details-subject": "choice", "details-reference": "text_long"}
    case = office.register("petition", details={"subject": "conduct", "passed_on_by": "区信访办"})
    row = office.session.get_one(PetitionDetails, case.id)
    assert (row.subject, row.passed_on_by, row.channel) == ("conduct", "区信访办", "window")
