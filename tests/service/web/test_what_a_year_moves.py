"""What a holiday year would move, before it is entered and before it is taken back."""

from datetime import date

import pytest
from sqlmodel import Session, select

from jobs.rulebooks import current
from models import CalendarYear, Deadline
from service.admin import years
from tests.support.office import open_office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


def test_the_preview_lists_the_open_cases_that_move(session: Session) -> None:
    office = open_office(session)
    office.today = date(2026, 12, 25)
    case = office.register("complaint")
    year = years.HolidayYear(
        2027, "n", frozenset({date(2027, 1, 1)}), frozenset({date(2027, 1, 2)})
    )
    changed = current(session).with_years([year])
    found = years.preview(session, changed, 2027, date(2026, 12, 28))
    assert [(move.number, move.rule) for move in found.moves] == [
        (case.number, "insp_complaint_decision")
    ]
    move = found.moves[0]
    # Five working days after a Friday: 28 to 31 December, then 4 January; now Saturday the 2nd.
    assert (move.old, move.new) == (date(2027, 1, 4), date(2027, 1, 2))
    assert session.get(CalendarYear, 2027) is None


def test_the_removal_lists_the_open_cases_that_move_back(session: Session) -> None:
    office = open_office(session)
    days = [date(2027, 1, day).isoformat() for day in (1, 2, 3, 4)]
    session.add(CalendarYear(year=2027, notice="n", days_off=days))
    session.commit()
    office.today = date(2026, 12, 25)
    case = office.register("complaint")
    changed = years.without(session, 2027)
    found = years.preview(session, changed, 2027, date(2026, 12, 28))
    assert [(move.number, move.old) for move in found.moves] == [(case.number, date(2027, 1, 5))]
    assert not changed.calendar.published(2027)
    assert current(session).calendar.published(2027)


def test_a_deadline_before_new_year_moves_where_its_days_are_counted_back_over_it(
    session: Session,
) -> None:
    office = open_office(session)
    office.today = date(2026, 11, 2)
    case = office.register("arbitration")
    office.record(case, "case_accepted", office.today)
    office.record(case, "hearing_date", date(2027, 1, 6))
    assert max(session.exec(select(Deadline.due_on))) == date(2026, 12, 31)
    days = frozenset(date(2027, 1, day) for day in (1, 2, 3, 4))
    changed = current(session).with_years([years.HolidayYear(2027, "n", days, frozenset())])
    found = years.preview(session, changed, 2027, office.today)
    # Five and three working days before Wednesday 6 January; the 4th is none any more.
    assert {(move.rule, move.old, move.new) for move in found.moves} == {
        ("arb_hearing_notice", date(2026, 12, 29), date(2026, 12, 28)),
        ("arb_postpone_request", date(2026, 12, 31), date(2026, 12, 30)),
    }
