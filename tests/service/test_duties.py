"""Recording that a duty of the bureau was done: who may, when, and what is kept."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select

from jobs import sweep
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import AuditEntry, BureauDuty, DutyEvent
from service import duties
from service.access import Forbidden, NotFound
from service.cases.problems import Conflict, InvalidInput, Unlawful
from tests.support.office import TODAY, Office, open_office

RULE = "insp_public_disclosure"


@pytest.fixture
def office(session: Session) -> Office:
    """An installation since August 2025: the third quarter's duty is overdue on 9 March 2026."""
    office = open_office(session)
    office.users["admin"].created_at = datetime(2025, 8, 15, tzinfo=UTC)
    session.commit()
    sweep.run(session, TODAY, JobSettings())
    return office


def third_quarter(session: Session) -> BureauDuty:
    query = select(BureauDuty).where(
        BureauDuty.rule == RULE, BureauDuty.ended_on == date(2025, 9, 30)
    )
    return session.exec(query.execution_options(populate_existing=True)).one()


def record(
    office: Office, on: date = date(2025, 12, 30), by: str = "director", note: str = ""
) -> DutyEvent:
    session = office.session
    duty_id = third_quarter(session).id or 0
    rulebook = current(session)
    return duties.record_done(session, office.actor(by), duty_id, on, note, rulebook, TODAY)


def take_back(office: Office, event: DutyEvent, reason: str = "wrong quarter") -> None:
    session = office.session
    actor, rulebook = office.actor("director"), current(session)
    duties.take_back(session, actor, event.duty_id, event.id or 0, reason, rulebook, TODAY)


def give(office: Office, place: str, handler: str | None = None) -> None:
    unit = {"town": office.town, "district": office.district}[place]
    handler_id = office.users[handler].id if handler else None
    duties.give_charge(office.session, office.actor("admin"), RULE, unit.id or 0, handler_id)


def seen_by(office: Office, name: str) -> int:
    found = duties.seen(office.session, office.actor(name))
    return len([one for one in found if one.duty.rule == RULE])


@pytest.mark.parametrize(
    ("on", "state"), [(date(2025, 12, 31), "met"), (date(2026, 1, 1), "met_late")]
)
def test_it_may_be_recorded_late_and_counts_by_the_day_it_was_done(
    office: Office, on: date, state: str
):
    record(office, on)
    duty = third_quarter(office.session)
    assert (duty.state, duty.done_on, duty.alertable) == (state, on, False)


@pytest.mark.parametrize(
    ("on", "error"),
    [(date(2025, 9, 29), InvalidInput), (date(2026, 3, 10), Unlawful)],
)
def test_a_day_before_the_period_ended_or_in_the_future_is_refused(
    office: Office, on: date, error: type[Exception]
):
    with pytest.raises(error, match="on"):
        record(office, on)
    assert office.session.exec(select(DutyEvent)).all() == []


def test_it_is_recorded_once(office: Office):
    record(office)
    with pytest.raises(Conflict, match="duty_done"):
        record(office)
    assert len(office.session.exec(select(DutyEvent)).all()) == 1


def test_what_was_taken_back_stays_with_its_reason_and_the_right_day_can_follow(office: Office):
    event = record(office, note="notice 12")
    take_back(office, event)
    assert third_quarter(office.session).state == "running"
    with pytest.raises(Conflict, match="duty_taken_back"):
        take_back(office, event)
    record(office, date(2026, 1, 4))
    assert third_quarter(office.session).state == "met_late"
    kept = office.session.exec(select(DutyEvent).order_by(col(DutyEvent.id))).all()
    assert [(one.type, one.details.get("note")) for one in kept] == [
        ("violation_published", "notice 12"),
        ("correction", "wrong quarter"),
        ("violation_published", None),
    ]


def test_taking_back_needs_a_reason(office: Office):
    with pytest.raises(InvalidInput, match="duty_reason"):
        take_back(office, record(office), "  ")
    assert third_quarter(office.session).state == "met"


def test_who_did_what_is_in_the_audit_log(office: Office):
    take_back(office, record(office))
    give(office, "town", "chen")
    query = select(AuditEntry).where(col(AuditEntry.action).startswith("duty."))
    entries = office.session.exec(query.order_by(col(AuditEntry.id))).all()
    director, admin = office.users["director"].id, office.users["admin"].id
    assert [(one.action, one.user_id) for one in entries] == [
        ("duty.done", director),
        ("duty.take_back", director),
        ("duty.charge", admin),
    ]
    assert entries[0].detail["period"] == "2025-09-30"


@pytest.mark.parametrize(
    ("name", "sees"),
    [("director", 2), ("analyst", 2), ("auditor", 2), ("chief", 0), ("chen", 0), ("lin", 0)],
)
def test_without_a_choice_it_is_the_top_units(office: Office, name: str, sees: int):
    assert seen_by(office, name) == sees


def test_an_administrator_sees_none(office: Office):
    with pytest.raises(Forbidden):
        seen_by(office, "admin")


@pytest.mark.parametrize("name", ["analyst", "auditor"])
def test_who_sees_it_without_having_charge_may_not_record_it(office: Office, name: str):
    with pytest.raises(Forbidden):
        record(office, by=name)


@pytest.mark.parametrize("name", ["chen", "chief", "director"])
def test_who_has_charge_and_supervisors_from_there_up_record_it(office: Office, name: str):
    give(office, "town", "chen")
    record(office, by=name)
    assert third_quarter(office.session).state == "met"


@pytest.mark.parametrize(("name", "error"), [("wang", NotFound), ("boss", NotFound)])
def test_others_know_nothing_of_it(office: Office, name: str, error: type[Exception]):
    give(office, "town", "chen")
    assert seen_by(office, name) == 0
    with pytest.raises(error):
        record(office, by=name)


def test_a_colleague_of_the_unit_sees_it_and_does_not_record_it(office: Office):
    give(office, "town")
    assert seen_by(office, "chen") == 2
    with pytest.raises(Forbidden):
        record(office, by="chen")


@pytest.mark.parametrize(
    ("values", "field"),
    [({"place": "town", "handler": "wang"}, "handler_id"), ({"place": "town", "handler": "admin"},
     "handler_id")],
)  # fmt: skip
def test_only_somebody_who_works_there_can_have_charge(
    office: Office, values: dict[str, Any], field: str
):
    with pytest.raises(InvalidInput, match=field):
        give(office, **values)


def test_only_an_administrator_gives_charge(office: Office):
    with pytest.raises(Forbidden):
        duties.give_charge(
            office.session, office.actor("director"), RULE, office.town.id or 0, None
        )
