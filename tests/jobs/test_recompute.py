"""Derived rows follow from the events: recomputing gives the same, a new calendar moves them."""

import random
from datetime import date
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

from jobs import deliver, recompute, rulebooks, sweep
from jobs.settings import JobSettings
from models import (
    Alert,
    AlertReceipt,
    CalendarYear,
    Case,
    Deadline,
    Dispute,
    MediationDetails,
    Message,
)
from service.cases.editing import void_case
from service.db import _alembic_config, _foreign_keys_off, check_schema, migrate
from tests.support.office import TODAY, Office, open_office

_DERIVED = (
    "state",
    "received_on",
    "accepted_on",
    "closed_on",
    "outcome",
    "paused",
    "next_due_on",
    "next_rule",
    "limit_rule",
    "limit_due_on",
    "limit_settled_on",
    "limit_kept",
    "changes_on",
    "derived_with",
)


@pytest.fixture
def office(session: Session) -> Office:
    """Five matters, each at another point of its course."""
    office = open_office(session)
    complaint = office.register("complaint", received_on=date(2026, 2, 2))
    office.record(complaint, "complaint_accepted", date(2026, 2, 4))
    office.register("report", received_on=date(2026, 2, 3))
    arbitration = office.register("arbitration", received_on=date(2026, 1, 5))
    office.record(arbitration, "case_accepted", date(2026, 1, 8))
    office.record(arbitration, "award_issued", date(2026, 3, 5))
    office.register("mediation", received_on=date(2026, 3, 2))
    voided = office.register("person", received_on=date(2026, 2, 9))
    void_case(session, office.actor("chief"), voided, "entered twice")
    return office


def _rows(session: Session) -> dict[str, Any]:
    cases = session.exec(select(Case).order_by(col(Case.id))).all()
    deadlines = session.exec(select(Deadline).order_by(col(Deadline.id))).all()
    return {
        "cases": [{name: getattr(case, name) for name in _DERIVED} for case in cases],
        "deadlines": [row.model_dump() for row in deadlines],
        "disputes": [row.model_dump() for row in session.exec(select(Dispute).order_by("id"))],
    }


def _run(session: Session, today: date = TODAY) -> int:
    done = recompute.run(session, today, JobSettings())["recomputed"]
    session.expire_all()
    return done


def test_recomputing_all_gives_the_same_rows(office: Office):
    session = office.session
    before = _rows(session)
    cases = session.exec(select(Case)).all()
    recompute.refresh_many(session, cases, rulebooks.current(session), TODAY)
    session.commit()
    session.expire_all()
    assert _rows(session) == before


def test_an_older_database_is_brought_to_the_same_rows(office: Office, engine: Engine):
    """What a migration fills in is what deriving would write: nothing has to be recomputed. What
    was said to people stays, once."""
    session, later = office.session, date(2026, 4, 10)
    office.users["chen"].email = "chen@bureau.example"
    sweep.run(session, later, JobSettings())
    deliver.run(session, later, JobSettings())
    before, told = _rows(session), _told(session)
    session.close()
    with engine.connect() as connection, _foreign_keys_off(connection), connection.begin():
        command.downgrade(_alembic_config(connection), "0007")
    migrate(engine)
    assert check_schema(engine) == []
    assert any(row["settled_on"] for row in before["deadlines"])
    assert all(told.values())
    assert (_rows(session), _told(session)) == (before, told)
    assert sweep.run(session, later, JobSettings())["overdue"] == 0


def _told(session: Session) -> dict[str, Any]:
    tables = (Alert, AlertReceipt, Message)
    return {
        table.__name__: [row.model_dump() for row in session.exec(select(table).order_by("id"))]
        for table in tables
    }


def test_rows_that_are_right_are_not_written_again(office: Office, engine: Engine):
    session = office.session
    cases = session.exec(select(Case)).all()
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    recompute.refresh_many(session, cases, rulebooks.current(session), TODAY)
    session.commit()
    assert written == []


def test_lost_rows_come_back(office: Office):
    session = office.session
    before = _rows(session)
    for row in session.exec(select(Deadline)).all():
        session.delete(row)
    for case in session.exec(select(Case).where(Case.state != "voided")).all():
        case.next_due_on, case.limit_rule, case.derived_with = date(2001, 1, 1), "nonsense", None
    session.commit()
    _run(session)
    after = _rows(session)
    for rows in (before, after):
        for row in rows["deadlines"]:
            row.pop("id")
    # A voided case was not touched, so its clocks are gone for good.
    voided = session.exec(select(Case.id).where(Case.state == "voided")).one()
    before["deadlines"] = [row for row in before["deadlines"] if row["case_id"] != voided]
    assert sorted(map(str, after["deadlines"])) == sorted(map(str, before["deadlines"]))
    assert after["cases"] == before["cases"]


def test_nothing_is_done_when_nothing_changed(office: Office):
    assert _run(office.session) == 0


def test_a_new_holiday_year_recomputes_and_moves_what_it_concerns(office: Office):
    session = office.session
    case = office.register("complaint", received_on=TODAY)
    assert case.next_due_on == date(2026, 3, 16)
    builtin = rulebooks.current(session).fingerprint
    days_off = ["2026-03-12", "2026-03-13"]
    session.add(CalendarYear(year=2026, notice="test", days_off=days_off, make_up_workdays=[]))
    session.commit()
    assert rulebooks.current(session).fingerprint != builtin
    assert _run(session) == 6
    case = session.get_one(Case, case.id)
    assert case.next_due_on == date(2026, 3, 18)
    assert _run(session) == 0


def test_a_changed_holiday_year_is_noticed(office: Office):
    session = office.session
    year = CalendarYear(year=2026, notice="test", days_off=[], make_up_workdays=[])
    session.add(year)
    session.commit()
    first = rulebooks.current(session).fingerprint
    year.days_off = ["2026-03-12"]
    session.commit()
    assert rulebooks.current(session).fingerprint != first


def test_a_stopped_run_is_taken_up(office: Office, monkeypatch: pytest.MonkeyPatch):
    session = office.session
    for case in session.exec(select(Case)).all():
        case.derived_with = None
    session.commit()
    monkeypatch.setattr(recompute, "CHUNK", 2)
    chunks = []

    def stop_in_the_second(*given: Any) -> None:
        chunks.append(given)
        if len(chunks) == 2:
            raise KeyboardInterrupt
        original(*given)

    original = recompute.refresh_many
    with monkeypatch.context() as stopping:
        stopping.setattr(recompute, "refresh_many", stop_in_the_second)
        with pytest.raises(KeyboardInterrupt):
            _run(session)
    session.rollback()
    assert _run(session) == 3
    assert _run(session) == 0


def test_service_by_public_notice_changes_the_rows_by_itself(office: Office):
    session = office.session
    case = office.register("arbitration", received_on=date(2026, 1, 5))
    office.record(case, "case_accepted", date(2026, 1, 8))
    office.record(case, "notice_published", date(2026, 2, 20))
    assert case.paused
    assert case.changes_on is not None
    due = case.changes_on
    assert _run(session, due) == 1
    case = session.get_one(Case, case.id)
    assert not case.paused
    assert case.changes_on is None or case.changes_on > due


def test_recording_in_any_order_ends_in_the_same_rows(session: Session):
    office = open_office(session)
    steps = [
        ("case_accepted", date(2026, 1, 12)),
        ("application_served", date(2026, 1, 14)),
        ("tribunal_notice_served", date(2026, 1, 15)),
        ("defence_filed", date(2026, 1, 22)),
        ("defence_served", date(2026, 1, 26)),
    ]
    seen = set()
    for seed in range(4):
        order = steps[1:]
        random.Random(seed).shuffle(order)
        case = office.register("arbitration", received_on=date(2026, 1, 8))
        for name, on in [steps[0], *order]:
            try:
                office.record(case, name, on)
            except ValueError:  # served before the defence was filed: recorded again below
                office.session.refresh(case)
        for name, on in order:
            matter = recompute.matter_of(session, case)
            if (name, on) not in {(one.type, one.on) for one in matter.events}:
                office.record(case, name, on)
        rows = session.exec(select(Deadline).where(Deadline.case_id == case.id)).all()
        clocks = {(r.rule, r.seq, r.state, r.due_on, r.ended_on, r.alertable) for r in rows}
        seen.add((frozenset(clocks), case.next_due_on, case.limit_due_on))
    assert len(seen) == 1


class TestDisputes:
    """One quarrel, however many cases."""

    @pytest.fixture
    def office(self, session: Session) -> Office:
        return open_office(session)

    def _dispute(self, office: Office) -> Dispute:
        office.session.expire_all()
        return office.session.exec(select(Dispute)).one()

    def test_an_agreement_resolves_it_at_the_grassroots(self, office: Office):
        case = office.register("mediation", received_on=date(2026, 3, 2))
        office.record(case, "mediation_agreement_reached", date(2026, 3, 6))
        dispute = self._dispute(office)
        assert (dispute.closed_on, dispute.outcome) == (date(2026, 3, 6), "grassroots_mediation")

    def test_after_a_failed_mediation_it_stays_open_until_the_arbitration_closes(
        self, office: Office
    ):
        mediation = office.register("mediation", received_on=date(2026, 1, 5))
        office.record(mediation, "mediation_failed", date(2026, 1, 15))
        assert self._dispute(office).outcome == "other"
        arbitration = office.register(
            "arbitration", received_on=date(2026, 1, 20), dispute_id=mediation.dispute_id
        )
        assert (self._dispute(office).closed_on, self._dispute(office).outcome) == (None, None)
        office.record(arbitration, "case_accepted", date(2026, 1, 22))
        office.record(arbitration, "award_issued", date(2026, 3, 4))
        dispute = self._dispute(office)
        assert (dispute.closed_on, dispute.outcome) == (date(2026, 3, 4), "award")
        assert dispute.received_on == date(2026, 1, 5)

    @pytest.mark.parametrize(
        ("ending", "outcome"),
        [
            ("award_issued", "award"),
            ("mediation_statement_signed", "arbitral_mediation"),
            ("withdrawn", "other"),
        ],
    )
    def test_an_arbitration_ends_it_by_how_it_ended(
        self, office: Office, ending: str, outcome: str
    ):
        case = office.register("arbitration", received_on=date(2026, 1, 5))
        office.record(case, "case_accepted", date(2026, 1, 7))
        office.record(case, ending, date(2026, 2, 4))
        assert self._dispute(office).outcome == outcome

    def test_an_application_withdrawn_after_an_agreement_is_resolved_by_it(self, office: Office):
        mediation = office.register("mediation", received_on=date(2026, 1, 5))
        arbitration = office.register("arbitration", dispute_id=mediation.dispute_id)
        office.record(arbitration, "case_accepted", TODAY)
        office.record(mediation, "mediation_agreement_reached", date(2026, 3, 6))
        assert self._dispute(office).outcome is None
        office.record(arbitration, "withdrawn", TODAY)
        dispute = self._dispute(office)
        assert (dispute.closed_on, dispute.outcome) == (TODAY, "grassroots_mediation")

    def test_the_first_offer_of_mediation_counts(self, office: Office):
        case = office.register("arbitration", received_on=date(2026, 3, 2))
        assert self._dispute(office).premediation_offered_on is None
        details = office.session.get_one(MediationDetails, case.id)
        details.premediation_offered_on = date(2026, 3, 4)
        recompute.refresh(office.session, case, rulebooks.current(office.session), TODAY)
        office.session.commit()
        assert self._dispute(office).premediation_offered_on == date(2026, 3, 4)
