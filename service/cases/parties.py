"""Parties of a case: checked, found again when already known, saved, and found by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import insert
from sqlmodel import Session, col, delete, select

from models import CaseParty, NameGram, Party, table_of
from models.case import CaseKind
from models.encryption import blind_index
from models.party import PartyRole
from service.cases.identities import check_credit_code, check_id, check_phone
from service.cases.inputs import PartyInput
from service.cases.problems import Problem

NAME_LIMIT = 120
ADDRESS_LIMIT = 200
# The parts that a case of each kind must have, then those it may have besides.
REQUIRED: dict[CaseKind, tuple[PartyRole, ...]] = {
    "complaint": ("complainant", "employer"),
    "report": ("employer",),
    "arbitration": ("applicant", "respondent"),
    "mediation": ("applicant", "respondent"),
    "person": ("person",),
    "household": ("household_head",),
    "petition": ("petitioner",),
    "work_injury": ("injured_worker", "employer"),
    "wage_arrears": ("employer",),
}
OPTIONAL: dict[CaseKind, tuple[PartyRole, ...]] = {
    "household": ("member",),
    "petition": ("employer",),
    "wage_arrears": ("worker",),
}
# As rows alone: nobody uses these as objects.
_GRAMS = insert(table_of(NameGram))
_LINKS = insert(table_of(CaseParty))


@dataclass(frozen=True)
class CheckedParty:
    """A party as it will be stored: numbers in their normal form."""

    given: PartyInput
    id_number: str | None
    phone: str | None
    credit_code: str | None

    @property
    def name(self) -> str:
        """The name without superfluous blanks."""
        return normal_name(self.given.name)


def normal_name(name: str) -> str:
    """A name without blanks at the ends and double ones inside."""
    return " ".join(name.split())


def check_parties(
    kind: CaseKind, parties: Sequence[PartyInput], today: date
) -> tuple[list[CheckedParty], list[Problem]]:
    """The parties in normal form and what is wrong with them, field by field."""
    checked, problems = [], []
    for index, party in enumerate(parties):
        one, wrong = _check_party(kind, party, f"parties-{index}-", today)
        checked.append(one)
        problems += wrong
    present = {party.role for party in parties}
    missing = [role for role in REQUIRED[kind] if role not in present]
    problems += [Problem("parties", "party_missing", {"role": role}) for role in missing]
    return checked, problems + _repeated(checked)


def _check_party(
    kind: CaseKind, party: PartyInput, prefix: str, today: date
) -> tuple[CheckedParty, list[Problem]]:
    id_number, id_problems = check_id(party.id_number, f"{prefix}id_number", today)
    phone, phone_problems = check_phone(party.phone, f"{prefix}phone")
    code, code_problems = check_credit_code(party.credit_code, f"{prefix}credit_code")
    problems = id_problems + phone_problems + code_problems
    name = normal_name(party.name)
    if not name:
        problems.append(Problem(f"{prefix}name", "party_name"))
    if len(name) > NAME_LIMIT:
        problems.append(Problem(f"{prefix}name", "party_name_long", {"limit": NAME_LIMIT}))
    if len(party.address) > ADDRESS_LIMIT:
        problems.append(Problem(f"{prefix}address", "address_long", {"limit": ADDRESS_LIMIT}))
    if party.role not in REQUIRED[kind] + OPTIONAL.get(kind, ()):
        problems.append(Problem(f"{prefix}role", "party_role"))
    return CheckedParty(party, id_number, phone, code), problems


def _repeated(checked: Iterable[CheckedParty]) -> list[Problem]:
    seen: set[tuple[PartyRole, int | str]] = set()
    problems = []
    for index, one in enumerate(checked):
        known_by = (one.given.party_id, one.id_number, one.credit_code)
        keys = {(one.given.role, number) for number in known_by if number}
        if keys & seen:
            problems.append(Problem(f"parties-{index}-name", "party_twice"))
        seen |= keys
    return problems


def other_names(known: Sequence[Party], checked: Sequence[CheckedParty]) -> list[Problem]:
    """Warnings for numbers that these known parties have with another name."""
    problems = []
    for index, one in enumerate(checked):
        found = _matching(known, one)
        if found and all(party.name != one.name for party in found):
            field, code = (
                ("id_number", "id_other_name")
                if one.id_number
                else ("credit_code", "credit_other_name")
            )
            problems.append(Problem(f"parties-{index}-{field}", code, {}, "warning"))
    return problems


def _matching(known: Iterable[Party], one: CheckedParty) -> list[Party]:
    """Those with the same ID number or credit code."""
    index = blind_index(one.id_number) if one.id_number else None
    return [
        party
        for party in known
        if (index and party.id_number_index == index)
        or (one.credit_code and party.credit_code == one.credit_code)
    ]


def save_parties(
    session: Session,
    case_id: int,
    checked: Sequence[CheckedParty],
    own: Mapping[int | None, Party] | None = None,
) -> list[Party]:
    """Link the parties to the case, in input order: its own rows, those that say the same
    already, and new ones.

    A row that other cases share is never changed here, so that no case shows what was entered
    in another one.
    """
    standing, parties, new = own or {}, [], []
    alike = _candidates(session, checked)
    for one in checked:
        party = standing.get(one.given.party_id) or _same(alike, one)
        if party is None:
            party = _new_party(one)
            new.append(party)
            alike.append(party)
        parties.append(party)
    session.add_all(new)
    session.flush()
    _note_grams(session, new)
    roles = [one.given.role for one in checked]
    link(session, case_id, zip(parties, roles, strict=True))
    return parties


def _candidates(session: Session, checked: Sequence[CheckedParty]) -> list[Party]:
    """Rows that may say the same, the newest first; none changes until the transaction ends."""
    chosen = [one.given.party_id for one in checked if one.given.party_id is not None]
    indexes = [blind_index(one.id_number) for one in checked if one.id_number]
    codes = [one.credit_code for one in checked if one.credit_code]
    if not chosen and not indexes and not codes:
        return []
    which = (
        col(Party.id).in_(chosen)
        | col(Party.id_number_index).in_(indexes)
        | col(Party.credit_code).in_(codes)
    )
    query = select(Party).where(which).order_by(col(Party.id).desc()).with_for_update(read=True)
    return list(session.exec(query.execution_options(populate_existing=True)))


def _same(candidates: Iterable[Party], one: CheckedParty) -> Party | None:
    """The row that says all of this and nothing else; without a number, only the one chosen."""
    numbered = bool(one.id_number or one.credit_code)
    return next(
        (
            party
            for party in candidates
            if (numbered or (party.id is not None and party.id == one.given.party_id))
            and says(party, one)
        ),
        None,
    )


def says(party: Party, one: CheckedParty) -> bool:
    """Does a row say what was entered, all of it?"""
    return (
        party.kind,
        party.name,
        party.id_number,
        party.phone,
        party.credit_code,
        party.address,
    ) == (
        one.given.kind,
        one.name,
        one.id_number,
        one.phone,
        one.credit_code,
        one.given.address.strip(),
    )


def _new_party(one: CheckedParty) -> Party:
    """A party that was not known before."""
    return Party(
        kind=one.given.kind,
        name=one.name,
        id_number=one.id_number,
        id_number_index=blind_index(one.id_number) if one.id_number else None,
        phone=one.phone,
        phone_index=blind_index(one.phone) if one.phone else None,
        credit_code=one.credit_code,
        address=one.given.address.strip(),
    )


def _note_grams(session: Session, saved: Iterable[Party]) -> None:
    """Store what the names of saved parties are found by."""
    rows = [{"gram": gram, "party_id": party.id} for party in saved for gram in grams(party.name)]
    if rows:
        session.execute(_GRAMS, rows)


def change_parties(session: Session, changes: Sequence[tuple[Party, CheckedParty]]) -> None:
    """Give parties what was entered, their numbers and names included."""
    renamed = [party for party, one in changes if party.name != one.name]
    for party, one in changes:
        _take_over(party, one)
    if renamed:
        ids = [party.id for party in renamed]
        session.exec(delete(NameGram).where(col(NameGram.party_id).in_(ids)))
        _note_grams(session, renamed)


def _take_over(party: Party, one: CheckedParty) -> None:
    party.name = one.name
    party.kind = one.given.kind
    party.id_number = one.id_number
    party.id_number_index = blind_index(one.id_number) if one.id_number else None
    party.phone = one.phone
    party.phone_index = blind_index(one.phone) if one.phone else None
    party.credit_code = one.credit_code
    party.address = one.given.address.strip()


def link(session: Session, case_id: int, parts: Iterable[tuple[Party, PartyRole]]) -> None:
    """The parts that saved parties have in a saved case, in their order."""
    rows = [{"case_id": case_id, "party_id": party.id, "role": role} for party, role in parts]
    if rows:
        session.execute(_LINKS, rows)


def grams(name: str) -> list[str]:
    """What a name is found by: each character and each two neighbours, sorted.

    One gram is compared for equality only, since databases order Chinese differently.
    """
    text = search_form(name)
    pairs = {text[index : index + 2] for index in range(len(text) - 1)}
    return sorted(pairs | set(text))


def search_form(name: str) -> str:
    """A name as it is compared: small letters, no blanks."""
    return "".join(name.lower().split())


def with_known_numbers(given: PartyInput, party: Party) -> PartyInput:
    """An input that names a known party, with the numbers it left out (they were masked)."""
    return replace(
        given,
        name=given.name or party.name,
        id_number=given.id_number or party.id_number,
        phone=given.phone or party.phone,
        credit_code=given.credit_code or party.credit_code,
        address=given.address or party.address,
    )
