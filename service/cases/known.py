"""Parties known from other cases: who may know of them, and what a new case takes over.

A case takes over from a known party what whoever enters it may read in full, or types. So no
number becomes readable by registering, and none of another unit is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from models import Case, CaseParty, Party
from models.encryption import blind_index
from service.access import Actor, numbers_readable, visible_cases
from service.cases.identities import check_credit_code, full_id
from service.cases.inputs import PartyInput
from service.cases.parties import normal_name, with_known_numbers
from service.cases.problems import Problem


@dataclass(frozen=True)
class Known:
    """A party of a case that somebody sees; `readable` says that they may read its numbers in
    full, as the handler or a supervisor of such a case."""

    party: Party
    readable: bool


@dataclass(frozen=True)
class Completed:
    """Parties with what they take over, what is wrong with their ids, and the known parties
    with their ids, ID numbers or credit codes."""

    parties: list[PartyInput]
    problems: list[Problem]
    known: list[Known]


def known(
    session: Session, actor: Actor, which: ColumnElement[bool], limit: int | None = None
) -> list[Known]:
    """The parties of which this person may know, the newest first, in one query."""
    readable = _in_a_case(numbers_readable(actor)).label("readable")
    query: Any = (
        select(Party, readable)
        .where(which, _in_a_case(visible_cases(actor)))
        .order_by(col(Party.id).desc())
        .limit(limit)
    )
    return [Known(party, bool(one)) for party, one in session.exec(query)]


def _in_a_case(condition: ColumnElement[bool]) -> Any:
    return (
        select(CaseParty.party_id)
        .join(Case, col(Case.id) == CaseParty.case_id)
        .where(CaseParty.party_id == Party.id, condition)
        .exists()
    )


def known_parties(session: Session, actor: Actor, ids: Sequence[int]) -> list[Known]:
    """Those with these ids."""
    return known(session, actor, col(Party.id).in_(ids)) if ids else []


def same_numbers(parties: Sequence[PartyInput]) -> ColumnElement[bool]:
    """The condition on `Party` for those with one of these ID numbers or credit codes."""
    numbers = [number for one in parties if (number := full_id(one.id_number))]
    codes = [code for one in parties if (code := check_credit_code(one.credit_code, "")[0])]
    indexes = [blind_index(number) for number in numbers]
    return col(Party.id_number_index).in_(indexes) | col(Party.credit_code).in_(codes)


def completed(
    session: Session,
    actor: Actor,
    given: Sequence[PartyInput],
    present: Mapping[int | None, Party] | None = None,
) -> Completed:
    """The parties with what they left out and take over.

    A party of `present` (those of the case itself) keeps what it has, whoever enters it.
    """
    own = present or {}
    wanted = [one.party_id for one in given if one.party_id is not None and one.party_id not in own]
    found = known(session, actor, or_(col(Party.id).in_(wanted), same_numbers(given)))
    by_id = {one.party.id: one for one in found}
    parties, problems = [], []
    for index, one in enumerate(given):
        if one.party_id in own:
            parties.append(with_known_numbers(one, own[one.party_id]))
        elif one.party_id is not None and one.party_id not in by_id:
            problems.append(Problem(f"parties-{index}-name", "party_unknown"))
            parties.append(one)
        else:
            source = by_id.get(one.party_id) or _readable_twin(found, one)
            parties.append(_taken_over(one, source) if source else one)
    return Completed(parties, problems, found)


def _readable_twin(found: Sequence[Known], one: PartyInput) -> Known | None:
    """The newest with the same number and name, where all of it may be read."""
    number, code = full_id(one.id_number), check_credit_code(one.credit_code, "")[0]
    return next(
        (
            other
            for other in found
            if other.readable
            and other.party.name == normal_name(one.name)
            and (
                (number and other.party.id_number == number)
                or (code and other.party.credit_code == code)
            )
        ),
        None,
    )


def _taken_over(given: PartyInput, source: Known) -> PartyInput:
    """What is shown of a party anyway, and its numbers where they may be read."""
    party = source.party
    if source.readable:
        return with_known_numbers(given, party)
    return replace(
        given,
        name=given.name or party.name,
        credit_code=given.credit_code or party.credit_code,
        address=given.address or party.address,
    )
