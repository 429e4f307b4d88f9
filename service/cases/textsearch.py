"""From what somebody typed into the search box to parties and cases."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, or_
from sqlmodel import col, func, select

from models import Case, CaseParty, NameGram, Party
from models.encryption import blind_index
from service.cases.identities import compact, looks_like_id, normal_phone, upgrade_id
from service.cases.parties import search_form

# A common surname names thousands; following more of them finds no one.
_MOST_PARTIES = 2_000
_CASE_NUMBER = re.compile(r"^[A-Z0-9]{1,12}-[A-Z]{2,5}(-[0-9]*)*$")
_WHOLE_NUMBER = re.compile(r"^.*-[0-9]{4}-[0-9]{5,}$")
_PHONE = re.compile(r"^\+?[0-9]{5,15}$")
_CREDIT_CODE = re.compile(r"^[0-9A-Z]{18}$")
_SHORT_ID = 15


def text_condition(text: str) -> ColumnElement[bool]:
    """The condition on `Case` for a search text: its number, or a party's number or name."""
    number = text.strip().upper()
    if _CASE_NUMBER.match(number):
        return _number_condition(number)
    parties = exact_parties(text) or [parties_named(text)]
    ids: Any = or_(*(col(CaseParty.party_id).in_(query) for query in parties))
    return col(Case.id).in_(select(CaseParty.case_id).where(ids))


def _number_condition(number: str) -> ColumnElement[bool]:
    """A whole number by its index; how one begins by reading along the list's order."""
    if _WHOLE_NUMBER.match(number):
        return col(Case.number) == number
    return col(Case.number).startswith(number, autoescape=True)


def exact_parties(text: str) -> list[Select[Any]]:
    """Queries for the parties with this ID number, phone or credit code; none for a name."""
    number, phone = compact(text), normal_phone(text)
    queries: list[Any] = []
    if looks_like_id(number):
        full = upgrade_id(number) if len(number) == _SHORT_ID and number.isdecimal() else number
        queries.append(select(Party.id).where(Party.id_number_index == blind_index(full)))
    if _CREDIT_CODE.match(number):
        queries.append(select(Party.id).where(Party.credit_code == number))
    if _PHONE.match(phone):
        queries.append(select(Party.id).where(Party.phone_index == blind_index(phone)))
    return queries


def parties_named(text: str) -> Select[Any]:
    """The ids of parties whose name contains the text, at most `_MOST_PARTIES`.

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
    return query.limit(_MOST_PARTIES)  # type: ignore[no-any-return]
