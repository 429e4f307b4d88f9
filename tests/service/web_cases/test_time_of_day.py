"""Where hours count: the time of day is asked for, kept, shown, and stands beside the day."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from jobs import recompute
from jobs.deriving import derived, event_of
from models import Deadline
from rules.deadlines import derive
from rules.event_types import FieldUse
from rules.matter import Matter
from rules.rulebook import builtin_rulebook
from service.casepages import deadlines
from tests.service.web_cases.cases import fresh
from tests.service.web_cases.conftest import Person
from tests.support.office import Office


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Acceptance of an arbitration takes a time of day, and whatever is due is due at 17:30."""
    known = builtin_rulebook().policy.events
    changed = known["case_accepted"].model_copy(update={"fields": FieldUse(at="optional")})
    monkeypatch.setitem(known, "case_accepted", changed)

    def timed(matter: Matter, *more: Any) -> Any:
        found = derive(matter, *more)
        return found._replace(clocks=tuple(one._replace(due_at="17:30") for one in found.clocks))

    for module in (deadlines, recompute):
        monkeypatch.setattr(module, "derive", timed)


def test_it_is_asked_for_kept_and_shown(hourly: None, chen: Person, office: Office) -> None:
    number = office.register("arbitration", received_on=date(2026, 3, 2)).number
    address = f"/cases/{number}/record?type=case_accepted"
    assert "Time of day" in chen.get(address).text
    wrong = chen.post(address, {"on": "2026-03-04", "at": "half past nine"})
    assert wrong.status_code == 422
    assert "is not a time of day" in wrong.text
    assert chen.post(address, {"on": "2026-03-04", "at": "9:05"}).status_code == 302
    page = chen.get(f"/cases/{number}").text
    assert "at 09:05" in page
    assert "17:30</span>" in page


def test_the_derived_row_keeps_it(hourly: None, office: Office) -> None:
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    recompute.refresh(office.session, fresh(office, case.number), builtin_rulebook(), office.today)
    office.session.commit()
    rows = office.session.exec(select(Deadline).where(Deadline.case_id == case.id)).all()
    assert {row.due_at for row in rows} == {"17:30"}


def test_it_is_corrected_as_it_was_typed(hourly: None, chen: Person, office: Office) -> None:
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    event = office.record(case, "case_accepted", date(2026, 3, 4), at="09:05")
    form = chen.get(f"/cases/{case.number}/events/{event.id}/correct").text
    assert 'value="09:05"' in form


def test_a_stored_time_reaches_the_rules() -> None:
    event = event_of("transfer_approved", date(2026, 3, 4), {"at": "09:05"})
    assert event.at == "09:05"


def test_no_time_is_stored_where_none_counts(office: Office) -> None:
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    matter = recompute.matter_of(office.session, case)
    book = builtin_rulebook()
    rows = derived("arbitration", matter, derive(matter, book, office.today), book).deadlines
    assert rows
    assert {row["due_at"] for row in rows} == {None}
