"""The operations of `/api/v1` that show a number or a reporter in full, each time on record."""

from pydantic import BaseModel

from service.access import NotFound, get_case
from service.api.operations import Operation, Operations
from service.cases import revealing
from service.web import identity
from service.web.database import session
from service.web.numbers import row_id_or_none


class NumbersOut(BaseModel):
    """A party's numbers in full; empty where none is known."""

    id_number: str
    phone: str


class ReporterOut(BaseModel):
    """Who gave a tip-off; empty where they stayed unknown."""

    name: str
    contact: str


def attach(operations: Operations) -> None:
    """Add them to the API."""
    operations.add(
        Operation(
            "reveal_numbers",
            "POST",
            "/cases/{number}/parties/{party}/reveal",
            "case.read",
            "A party's ID number and phone in full, for the case's handler and supervisors;"
            " each time is an entry of the audit log",
            answer=NumbersOut,
        )
    )(reveal_numbers)
    operations.add(
        Operation(
            "reveal_reporter",
            "POST",
            "/cases/{number}/reporter",
            "case.read",
            "Who gave a tip-off, for its handler and the handler's supervisors; each time is an"
            " entry of the audit log",
            answer=ReporterOut,
        )
    )(reveal_reporter)


def reveal_numbers(number: str, party: str) -> NumbersOut:
    """`party` is the party's `id` in the case."""
    case = get_case(session(), identity.actor(), number, for_change=True)
    party_id = row_id_or_none(party)
    if party_id is None:
        raise NotFound("party")
    found = revealing.reveal_numbers(session(), identity.actor(), case, party_id)
    return NumbersOut(id_number=found.id_number, phone=found.phone)


def reveal_reporter(number: str) -> ReporterOut:
    """Empty where the reporter stayed unknown."""
    case = get_case(session(), identity.actor(), number, for_change=True)
    found = revealing.reveal_reporter(session(), identity.actor(), case)
    return ReporterOut(name=found.name, contact=found.contact)
