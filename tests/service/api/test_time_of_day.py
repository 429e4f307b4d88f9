"""The API gives the time of day beside the due day, and takes one where an event has it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from models import Deadline, Event
from rules.event_types import FieldUse
from rules.rulebook import builtin_rulebook
from tests.service.api.conftest import Program
from tests.support.office import Office

Make = Callable[[str | None], Program]


def test_a_deadline_has_its_time(program: Make, office: Office) -> None:
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    for row in office.session.exec(select(Deadline).where(Deadline.case_id == case.id)):
        row.due_at = "17:30"
    office.session.commit()
    answer = program("chen").get(f"/cases/{case.number}")
    assert {one["due_at"] for one in answer.json["deadlines"]} == {"17:30"}


@pytest.mark.parametrize(("at", "status"), [("17:30", 201), ("5 pm", 422), ("24:00", 422)])
def test_an_event_is_recorded_with_its_time(
    program: Make, office: Office, monkeypatch: pytest.MonkeyPatch, at: str, status: int
) -> None:
    known: Any = builtin_rulebook().policy.events
    changed = known["case_accepted"].model_copy(update={"fields": FieldUse(at="optional")})
    monkeypatch.setitem(known, "case_accepted", changed)
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    body = {"type": "case_accepted", "on": "2026-03-04", "at": at}
    answer = program("chen").post(f"/cases/{case.number}/events", body)
    assert answer.status_code == status
    query = select(Event).where(Event.case_id == case.id, Event.type == "case_accepted")
    stored = [row.details.get("at") for row in office.session.exec(query)]
    assert stored == (["17:30"] if status == 201 else [])
