"""Personal numbers and reporters in full: to those who may, each time on record.

Everything else that reads a case masks the numbers and leaves the reporter out.
"""

from dataclasses import dataclass

from sqlmodel import Session

from models import Case
from service import audit
from service.access import Actor, Forbidden, NotFound, sees_numbers, sees_reporter
from service.cases import details as case_details
from service.cases.partychanges import linked
from service.transactions import one_transaction


@dataclass(frozen=True)
class Numbers:
    """A party's ID number and phone in full; empty where none is known."""

    id_number: str
    phone: str


@dataclass(frozen=True)
class Reporter:
    """Who gave a tip; empty where they stayed unknown."""

    name: str
    contact: str


@one_transaction
def reveal_numbers(session: Session, actor: Actor, case: Case, party_id: int) -> Numbers:
    """The numbers of a party of the case, for its handler and supervisors.

    Raises Forbidden for others, NotFound for no such party.
    """
    if not sees_numbers(actor, case):
        raise Forbidden("case.read")
    party = next((one for _, one in linked(session, case) if one.id == party_id), None)
    if party is None:
        raise NotFound("party")
    audit.record(session, actor.user_id, "case.reveal", case=case, subject=f"party:{party_id}")
    return Numbers(party.id_number or "", party.phone or "")


@one_transaction
def reveal_reporter(session: Session, actor: Actor, case: Case) -> Reporter:
    """Who gave the tip, for the handler and the handler's supervisors. Raises Forbidden."""
    if case.kind != "report" or not sees_reporter(session, actor, case):
        raise Forbidden("case.read")
    row = case_details.as_dict(case.kind, case_details.row_of(session, case))
    audit.record(session, actor.user_id, "case.reveal", case=case, subject="reporter")
    return Reporter(row["reporter_name"] or "", row["reporter_contact"] or "")
