"""Changing the parties of a case that stands: some stay, some are mended, some go."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, func, select

from models import Case, CaseParty, Party
from service.access import Actor
from service.cases.inputs import PartyInput
from service.cases.known import completed
from service.cases.parties import change_parties, check_parties, save_parties
from service.cases.problems import InvalidInput

_LINKED = (
    select(CaseParty.role, Party)
    .join(Party, col(Party.id) == CaseParty.party_id)
    .where(CaseParty.case_id == bindparam("case_id"))
    .order_by(col(CaseParty.id))
)


def parties_as_dicts(session: Session, case: Case) -> list[dict[str, Any]]:
    """The parties with all their numbers, for the encrypted copy of what stood before."""
    fields = ("kind", "name", "id_number", "phone", "credit_code", "address")
    return [
        {"role": role, **{name: getattr(party, name) for name in fields}}
        for role, party in linked(session, case)
    ]


def linked(session: Session, case: Case) -> list[tuple[str, Party]]:
    """The parties of a case with their parts, in the order they were entered."""
    found = session.exec(_LINKED, params={"case_id": case.id})
    return [(role, party) for role, party in found]


def replace_parties(
    session: Session, actor: Actor, case: Case, given: Sequence[PartyInput], today: date
) -> None:
    """Make these the parties of the case.

    A party that other cases share stays there as it is, whatever changes: changing it here
    links this case to the party so described. Raises InvalidInput with what is wrong.
    """
    present = _locked(session, case)
    entered = completed(session, actor, given, present)
    checked, problems = check_parties(case.kind, entered.parties, today)
    problems += entered.problems
    if any(problem.level == "error" for problem in problems):
        raise InvalidInput(problems)
    shared = _shared(session, case, present)
    own = {key: party for key, party in present.items() if key not in shared}
    changes = [(own[one.given.party_id], one) for one in checked if one.given.party_id in own]
    change_parties(session, changes)
    session.exec(delete(CaseParty).where(col(CaseParty.case_id) == case.id))
    save_parties(session, case.id or 0, checked, own)


def _locked(session: Session, case: Case) -> dict[int | None, Party]:
    """The parties of the case by id, which no other case begins to share until we are done."""
    mine = select(CaseParty.party_id).where(CaseParty.case_id == case.id)
    query = select(Party).where(col(Party.id).in_(mine)).order_by(col(Party.id))
    query = query.with_for_update().execution_options(populate_existing=True)
    return {party.id: party for party in session.exec(query)}


def _shared(session: Session, case: Case, present: dict[int | None, Party]) -> set[int]:
    """Which of these parties appear in other cases too."""
    query = (
        select(CaseParty.party_id)
        .where(col(CaseParty.party_id).in_(present), CaseParty.case_id != case.id)
        .group_by(col(CaseParty.party_id))
        .having(func.count() > 0)
    )
    return set(session.exec(query))
