"""What is shown while a case is registered: known parties, and earlier cases of the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from models import AuditEntry, Case, CaseParty, Party
from models.base import utc_now
from models.encryption import blind_index
from models.party import PartyKind
from service import audit
from service.access import Actor, masked, require, visible_cases
from service.cases.identities import check_credit_code, full_id, normal_phone
from service.cases.inputs import PartyInput
from service.cases.known import known, known_parties
from service.cases.parties import normal_name
from service.cases.searching import ROWS, CaseRow, as_rows
from service.cases.textsearch import exact_parties, parties_named

_SUGGESTIONS = 8
# Of these the suggestions are made: one person may stand in several.
_ROWS = 64
_EARLIER = 10
_SHORTEST = 2
_NOTED_FOR = timedelta(hours=1)


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
    is; at most eight, and none for less than two characters.

    Who stands in several rows (with another phone, say) is suggested once: as they were last
    recorded where their numbers may be read. A search by a number is written to the audit log.
    """
    require(actor, "case.register")
    if len(text.strip()) < _SHORTEST:
        return []
    exact = exact_parties(text)
    found: list[Any] = exact or [parties_named(text)]
    matches = or_(*(col(Party.id).in_(query) for query in found))
    rows = known(session, actor, matches, _ROWS)
    rows.sort(key=lambda one: not one.readable)
    each = {_whose(one.party): one for one in reversed(rows)}
    named = sorted(each.values(), key=lambda one: (one.party.name, one.party.id))
    if exact:
        audit.record(session, actor.user_id, "case.search_number", found=len(named))
    return [_suggestion(one.party) for one in named[:_SUGGESTIONS]]


def _whose(party: Party) -> tuple[Any, ...]:
    """What is the same for two rows of one person or employer; a name alone for no person."""
    number = party.id_number_index or party.credit_code
    unnumbered = party.id if party.kind == "person" else None
    return (party.kind, party.name, number or unnumbered)


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
    name and phone. At most ten.
    """
    require(actor, "case.read")
    same = [condition for party in parties for condition in _same(party)]
    same += _same_as_chosen(session, actor, parties)
    if not same:
        return []
    cases = (
        select(CaseParty.case_id).join(Party, col(Party.id) == CaseParty.party_id).where(or_(*same))
    )
    query = ROWS.where(
        visible_cases(actor), col(Case.state) == "open", col(Case.id).in_(cases)
    ).order_by(col(Case.received_on).desc(), col(Case.id).desc())
    return as_rows(actor, session.execute(query.limit(_EARLIER)))


def note_earlier(session: Session, actor: Actor, found: Sequence[CaseRow]) -> None:
    """Write to the audit log that these cases were found by what was typed; commits.

    The form asks with every change, so each case is noted once an hour.
    """
    recent = select(AuditEntry.case_id).where(
        AuditEntry.user_id == actor.user_id,
        AuditEntry.action == "case.search_number",
        col(AuditEntry.case_id).in_([row.id for row in found]),
        col(AuditEntry.at) > utc_now() - _NOTED_FOR,
    )
    noted = set(session.exec(recent)) if found else set()
    for row in found:
        if row.id not in noted:
            audit.record(session, actor.user_id, "case.search_number", case_id=row.id)
    if found:
        session.commit()


def _same_as_chosen(
    session: Session, actor: Actor, parties: Sequence[PartyInput]
) -> list[ColumnElement[bool]]:
    """The rows of those who were chosen from the suggestions, and others with their numbers."""
    ids = [party.party_id for party in parties if party.party_id is not None]
    chosen = [one.party for one in known_parties(session, actor, ids)]
    if not chosen:
        return []
    indexes = [one.id_number_index for one in chosen if one.id_number_index]
    codes = [one.credit_code for one in chosen if one.credit_code]
    return [
        col(Party.id).in_([one.id for one in chosen]),
        col(Party.id_number_index).in_(indexes),
        col(Party.credit_code).in_(codes),
    ]


def _same(party: PartyInput) -> list[Any]:
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
