"""Changing the parties of a case that stands: some stay, some are mended, some go."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, func, select

from models import Case, CaseParty, Party
from service.cases.inputs import PartyInput
from service.cases.parties import (
    CheckedParty,
    change_party,
    check_parties,
    link,
    save_parties,
    with_known_numbers,
)
from service.cases.problems import InvalidInput, Problem

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


def replace_parties(session: Session, case: Case, given: Sequence[PartyInput], today: date) -> None:
    """Make these the parties of the case.

    A party that other cases share keeps its name and numbers there: changing them here
    links this case to the party so described. Raises InvalidInput with what is wrong.
    """
    present = {party.id: party for _, party in linked(session, case)}
    strangers = [
        Problem(f"parties-{index}-name", "party_unknown")
        for index, one in enumerate(given)
        if one.party_id is not None and one.party_id not in present
    ]
    complete = [
        with_known_numbers(one, present[one.party_id]) if one.party_id in present else one
        for one in given
    ]
    checked, problems = check_parties(case.kind, complete, today)
    if any(problem.level == "error" for problem in problems + strangers):
        raise InvalidInput(problems + strangers)
    shared = _shared(session, case, present)
    session.exec(delete(CaseParty).where(col(CaseParty.case_id) == case.id))
    for one in checked:
        _put(session, case, one, present, shared)
    session.flush()


def _put(
    session: Session,
    case: Case,
    one: CheckedParty,
    present: dict[int | None, Party],
    shared: set[int],
) -> None:
    party = present.get(one.given.party_id)
    if party is None:
        save_parties(session, case.id or 0, [one])
    elif party.id in shared and _identity(one) != (party.name, party.id_number, party.credit_code):
        anew = CheckedParty(_detached(one.given), one.id_number, one.phone, one.credit_code)
        save_parties(session, case.id or 0, [anew])
    else:
        change_party(session, party, one)
        link(session, case.id or 0, [(party, one.given.role)])


def _identity(one: CheckedParty) -> tuple[str, str | None, str | None]:
    return (one.name, one.id_number, one.credit_code)


def _detached(given: PartyInput) -> PartyInput:
    return PartyInput(given.kind, given.role, given.name, address=given.address)


def _shared(session: Session, case: Case, present: dict[int | None, Party]) -> set[int]:
    """Which of these parties appear in other cases too."""
    query = (
        select(CaseParty.party_id)
        .where(col(CaseParty.party_id).in_(present), CaseParty.case_id != case.id)
        .group_by(col(CaseParty.party_id))
        .having(func.count() > 0)
    )
    return set(session.exec(query))
