"""What is shown while a case is registered: known parties, and earlier cases of the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, or_, select

from models import Case, CaseParty, Party
from models.encryption import blind_index
from models.party import PartyKind
from service.access import Actor, masked, require, visible_cases
from service.cases.identities import check_credit_code, full_id, normal_phone
from service.cases.inputs import PartyInput
from service.cases.parties import normal_name
from service.cases.searching import ROWS, CaseRow, as_rows
from service.cases.textsearch import exact_parties, parties_named

_SUGGESTIONS = 8
_EARLIER = 10
_SHORTEST = 2


@dataclass(frozen=True)
class PersonSuggestion:
    """A known party; numbers are masked, choosing it passes on its `party_id`."""

    party_id: int
    kind: PartyKind
    name: str
    id_number: str
    phone: str
    credit_code: str
    address: str


def people_like(session: Session, actor: Actor, text: str) -> list[PersonSuggestion]:
    """Persons and employers of visible cases whose name contains the text, or whose number it
    is; at most eight, and none for less than two characters."""
    require(actor, "case.register")
    if len(text.strip()) < _SHORTEST:
        return []
    found: list[Any] = exact_parties(text) or [parties_named(text)]
    matches = or_(*(col(Party.id).in_(query) for query in found))
    seen = (
        select(CaseParty.party_id)
        .join(Case, col(Case.id) == CaseParty.case_id)
        .where(CaseParty.party_id == Party.id, visible_cases(actor))
        .exists()
    )
    query = select(Party).where(matches, seen).order_by(col(Party.name), col(Party.id))
    return [_suggestion(party) for party in session.exec(query.limit(_SUGGESTIONS))]


def _suggestion(party: Party) -> PersonSuggestion:
    return PersonSuggestion(
        party_id=party.id or 0,
        kind=party.kind,
        name=party.name,
        id_number=masked(party.id_number),
        phone=masked(party.phone),
        credit_code=party.credit_code or "",
        address=party.address,
    )


def earlier_open_cases(
    session: Session, actor: Actor, parties: Sequence[PartyInput]
) -> list[CaseRow]:
    """Open cases that this person may see with one of these parties, the newest first.

    A party is the same by its id, ID number or credit code; a person without a number by
    name and phone. At most ten, in one query.
    """
    require(actor, "case.read")
    same = [condition for party in parties for condition in _same(party)]
    if not same:
        return []
    cases = (
        select(CaseParty.case_id).join(Party, col(Party.id) == CaseParty.party_id).where(or_(*same))
    )
    query = ROWS.where(
        visible_cases(actor), col(Case.state) == "open", col(Case.id).in_(cases)
    ).order_by(col(Case.received_on).desc(), col(Case.id).desc())
    return as_rows(actor, session.execute(query.limit(_EARLIER)))


def _same(party: PartyInput) -> list[Any]:
    if party.party_id is not None:
        return [col(Party.id) == party.party_id]
    id_number, code = full_id(party.id_number), check_credit_code(party.credit_code, "")[0]
    if id_number:
        return [col(Party.id_number_index) == blind_index(id_number)]
    if code:
        return [col(Party.credit_code) == code]
    phone = normal_phone(party.phone)
    if phone and party.name.strip():
        return [
            (col(Party.phone_index) == blind_index(phone))
            & (col(Party.name) == normal_name(party.name))
        ]
    return []
