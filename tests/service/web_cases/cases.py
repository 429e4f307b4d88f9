"""Cases as the tests of the case pages begin with them, and how they look afterwards."""

from datetime import date

from sqlmodel import select

from models import Case, Event
from tests.support.office import Office


def accepted(office: Office, on: date = date(2026, 3, 2)) -> str:
    """An accepted arbitration; its number."""
    case = office.register("arbitration", received_on=on)
    office.record(case, "case_accepted", on)
    return case.number


def fresh(office: Office, number: str) -> Case:
    office.session.rollback()
    return office.session.exec(
        select(Case).where(Case.number == number).execution_options(populate_existing=True)
    ).one()


def events(office: Office, number: str) -> list[str]:
    case = fresh(office, number)
    rows = office.session.exec(select(Event).where(Event.case_id == case.id).order_by(Event.id))
    return [row.type for row in rows]
