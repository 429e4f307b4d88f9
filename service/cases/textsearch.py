"""From what somebody typed into the search box to parties and cases."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, func, select

from models import Case, CaseParty, NameGram, Party
from models.encryption import blind_index
from service.cases.identities import WIDE, compact, full_id, looks_like_id, normal_phone
from service.cases.parties import search_form

# From here on a name counts as one that many have.
_MOST_PARTIES = 2_000
_CASE_NUMBER = re.compile(r"^[A-Z0-9]{1,12}-[A-Z]{2,5}(-[0-9]*)*$")
_LONG_NUMBER = re.compile(r"[0-9]{6}")
_WHOLE_NUMBER = re.compile(r"^.*-[0-9]{4}-[0-9]{5,}$")
_PHONE = re.compile(r"^\+?[0-9]{5,15}$")
_CREDIT_CODE = re.compile(r"^[0-9A-Z]{18}$")


class TextMatch(NamedTuple):
    """A condition on `Case`, and whether it leads to few of them by itself."""

    condition: ColumnElement[bool]
    few: bool


def match(session: Session, text: str) -> TextMatch:
    """What a search text says of a case: its number, or a party's number or name.

    A name that few have is followed from its parties to their cases. One that many have (a
    surname, "limited company") would lead to most of the table: there each case asks for a
    party so named, which a page of the newest cases soon finds.
    """
    number = text.strip().upper()
    if _CASE_NUMBER.match(number):
        return TextMatch(_number_condition(session, number), few=True)
    exact = exact_parties(text)
    if exact:
        return _cases_of(one for query in exact for one in session.execute(query).scalars())
    rare = parties_named(text).limit(_MOST_PARTIES + 1)
    found = session.execute(rare).scalars().all()
    if len(found) <= _MOST_PARTIES:
        return _cases_of(found)
    named = parties_named(text).where(col(NameGram.party_id) == col(CaseParty.party_id))
    linked_to = select(CaseParty.id).where(CaseParty.case_id == Case.id, named.exists())
    return TextMatch(linked_to.exists(), few=False)


def _cases_of(party_ids: Iterable[int]) -> TextMatch:
    linked = select(CaseParty.case_id).where(col(CaseParty.party_id).in_(set(party_ids)))
    return TextMatch(col(Case.id).in_(linked), few=True)


def _number_condition(session: Session, number: str) -> ColumnElement[bool]:
    """A whole number, or how one begins.

    SQLite compares byte by byte, so that a beginning is a range of the index; PostgreSQL
    orders by language and reads along instead.
    """
    if _WHOLE_NUMBER.match(number):
        return col(Case.number) == number
    if session.get_bind().dialect.name == "sqlite":
        after = number[:-1] + chr(ord(number[-1]) + 1)
        return (col(Case.number) >= number) & (col(Case.number) < after)
    return col(Case.number).startswith(number, autoescape=True)


def exact_parties(text: str) -> list[Select[Any]]:
    """Queries for the parties with this ID number, phone or credit code; none for a name."""
    number, phone = compact(text), normal_phone(text)
    queries: list[Any] = []
    if looks_like_id(number):
        index = blind_index(full_id(number))
        queries.append(select(Party.id).where(Party.id_number_index == index))
    if _CREDIT_CODE.match(number):
        queries.append(select(Party.id).where(Party.credit_code == number))
    if _PHONE.match(phone):
        queries.append(select(Party.id).where(Party.phone_index == blind_index(phone)))
    return queries


def holds_personal_number(text: str) -> bool:
    """Is it, or does it hold beside other words, what may be an ID number or a phone?

    Case numbers have fewer digits in a row, so they may stand in an address.
    """
    return bool(exact_parties(text)) or _LONG_NUMBER.search(text.translate(WIDE)) is not None


def parties_named(text: str) -> Select[Any]:
    """Selects the ids of parties whose name contains the text.

    One or two characters are one gram. For more, the grams are intersected and the name
    itself is compared, because its pairs may stand apart.
    """
    wanted = search_form(text)
    pairs = sorted({wanted[index : index + 2] for index in range(len(wanted) - 1)}) or [wanted]
    query: Any = select(NameGram.party_id).where(NameGram.gram == pairs[0])
    for pair in pairs[1:]:
        same: Any = select(NameGram.party_id).where(NameGram.gram == pair)
        query = query.where(col(NameGram.party_id).in_(same))
    if len(pairs) > 1:
        name = func.replace(func.lower(Party.name), " ", "")
        query = query.join(Party, col(Party.id) == NameGram.party_id)
        query = query.where(name.contains(wanted, autoescape=True))
    return query  # type: ignore[no-any-return]
