"""Wage arrears kept as cases: leads, orders to pay, what runs out by itself, when it closes."""

from datetime import date

import pytest
from sqlmodel import col, select

from jobs import recompute, sweep
from jobs.settings import JobSettings
from models import Alert, Case, Deadline, Event
from rules.rulebook import Rulebook
from service.cases import approving
from service.cases.inputs import EventInput
from service.cases.problems import InvalidInput, Unlawful
from service.cases.recording import correct_event
from tests.support.office import TODAY, Office, worker

SERVED, PAY_BY = date(2026, 2, 9), date(2026, 2, 26)
ORDER = {"opening": "order_to_pay_served", "received_on": SERVED, "pay_by": PAY_BY}


def _deadlines(office: Office, case: Case) -> dict[str, Deadline]:
    office.session.expire_all()
    rows = office.session.exec(select(Deadline).where(Deadline.case_id == case.id))
    return {row.rule: row for row in rows}


def _swept(office: Office, today: date) -> None:
    office.today = today
    sweep.run(office.session, today, JobSettings())


def test_a_lead_starts_no_clock_and_is_closed_as_one(office: Office):
    case = office.register("wage_arrears", parties=[*_parties(office), worker("worker")])
    assert _deadlines(office, case) == {}
    assert case.title == "上海东滩物流有限公司"
    office.record(case, "wages_settled", TODAY)
    office.record(case, "clue_closed", TODAY)
    assert (case.state, case.outcome) == ("closed", "clue_closed")


def _parties(office: Office) -> list[object]:
    return list(office.entry("wage_arrears").parties)


def test_an_order_needs_its_day(office: Office):
    def codes(**values: object) -> dict[str, str]:
        with pytest.raises(InvalidInput) as raised:
            office.register("wage_arrears", **values)
        return {one.field: one.code for one in raised.value.problems}

    order = {"opening": "order_to_pay_served"}
    assert codes(**order) == {"pay_by": "pay_by_missing"}
    assert codes(**order, pay_by=date(2026, 3, 8)) == {"pay_by": "pay_by_before"}
    assert codes(**order, pay_by=date(9999, 1, 1)) == {"pay_by": "day_uncountable"}
    assert codes(pay_by=date(2026, 3, 20)) == {"pay_by": "pay_by_elsewhere"}


def test_the_order_runs_out_by_itself_at_the_sweep_and_is_alerted(office: Office):
    office.today = SERVED
    case = office.register("wage_arrears", **ORDER)
    assert _deadlines(office, case).keys() == {"wage_order_deadline"}
    assert (case.changes_on, case.next_due_on) == (date(2026, 2, 27), None)
    _swept(office, PAY_BY)
    assert _deadlines(office, case).keys() == {"wage_order_deadline"}
    _swept(office, date(2026, 2, 27))
    # From 26 February: the 27th = 1, the make-up Saturday 28th = 2, then five a week: 25 March.
    found = _deadlines(office, case)["wage_blacklist_decision"]
    assert (found.started_on, found.due_on, found.alertable) == (PAY_BY, date(2026, 3, 25), True)
    assert (case.next_rule, case.changes_on) == ("wage_blacklist_decision", None)
    _swept(office, date(2026, 3, 26))
    query = select(Alert.stage).where(Alert.case_id == case.id).order_by(col(Alert.id))
    assert "overdue" in office.session.exec(query).all()
    # Nothing was written into the history for it.
    events = office.session.exec(select(Event.type).where(Event.case_id == case.id)).all()
    assert events == ["order_to_pay_served"]


def test_who_pays_in_time_is_not_put_before_a_decision(office: Office):
    office.today = PAY_BY
    case = office.register("wage_arrears", **ORDER)
    office.record(case, "arrears_paid", PAY_BY)
    _swept(office, date(2026, 3, 20))
    assert _deadlines(office, case).keys() == {"wage_order_deadline"}


def test_a_payment_recorded_late_takes_the_decision_back(office: Office):
    case = office.register("wage_arrears", **ORDER)
    assert case.next_rule == "wage_blacklist_decision"
    office.record(case, "arrears_paid", date(2026, 2, 25))
    assert (case.next_rule, _deadlines(office, case).keys()) == (None, {"wage_order_deadline"})


def test_it_closes_when_the_listing_is_decided(office: Office):
    case = office.register("wage_arrears", **ORDER)
    with pytest.raises(Unlawful, match="失信联合惩戒名单的决定"):
        office.record(case, "case_closed", TODAY)
    office.record(case, "blacklist_listed", TODAY)
    assert (case.limit_rule, case.limit_kept) == ("wage_blacklist_decision", True)
    office.record(case, "case_closed", TODAY)
    assert (case.state, case.outcome) == ("closed", "case_closed")


def test_the_removal_from_the_list_is_owed_after_the_case_has_closed(office: Office):
    case = office.register("wage_arrears", **ORDER)
    office.record(case, "blacklist_listed", TODAY)
    office.record(case, "case_closed", TODAY)
    # Three years from 9 March 2026.
    assert case.changes_on == date(2029, 3, 10)
    _swept(office, date(2029, 3, 10))
    removal = _deadlines(office, case)["wage_blacklist_removal"]
    assert (removal.kind, removal.started_on, removal.alertable) == (
        "duty",
        date(2029, 3, 9),
        True,
    )
    office.record(case, "blacklist_removed", date(2029, 3, 10))
    assert _deadlines(office, case)["wage_blacklist_removal"].state == "met"


def test_what_was_handed_on_is_decided_elsewhere(office: Office):
    office.today = date(2026, 2, 20)
    case = office.register("wage_arrears", **ORDER)
    office.record(case, "transferred_out", date(2026, 2, 20))
    _swept(office, date(2026, 3, 2))
    found = _deadlines(office, case)["wage_blacklist_decision"]
    assert (found.kind, found.alertable) == ("authority", False)


def test_the_decision_is_extended_on_approval(office: Office, rulebook: Rulebook):
    case = office.register("wage_arrears", **ORDER)
    entry = EventInput("extension_approved", TODAY, days=20)
    asked = approving.request_approval(
        office.session, office.actor("chen"), case, entry, "complicated", rulebook, TODAY
    )
    chief = office.actor("chief")
    approving.decide(office.session, chief, asked.id or 0, True, "", TODAY, rulebook, TODAY)
    found = _deadlines(office, case)["wage_blacklist_decision"]
    assert found.extended_days == 20


def test_a_lead_turns_out_to_be_an_order(office: Office, rulebook: Rulebook):
    case = office.register("wage_arrears", received_on=SERVED)
    opening = office.session.exec(select(Event).where(Event.case_id == case.id)).one()
    order = EventInput("order_to_pay_served", SERVED, pay_by=PAY_BY)
    actor = office.actor("chen")
    correct_event(office.session, actor, case, opening.id or 0, "mixed up", order, rulebook, TODAY)
    assert case.next_rule == "wage_blacklist_decision"
    assert recompute.matter_of(office.session, case).events[0].pay_by == PAY_BY
