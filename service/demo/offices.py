"""The demo bureau's units and people: a district, its sections, townships and committees."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from sqlmodel import Session

from models import Unit, User
from models.case import KINDS, CaseKind
from models.user import Role
from rules.origins import Jurisdiction
from service.demo.data import Weighted, bureau_data, one_of
from service.demo.moments import opening_of
from service.passwords import hash_password


@dataclass(eq=False)
class Office:
    """A unit with the people who work cases there; `weights` by kind of case."""

    unit_id: int
    code: str
    weights: Mapping[str, float]
    supervisor_id: int = 0
    caseworker_ids: list[int] = field(default_factory=list)


@dataclass
class Bureau:
    """All offices that take cases, and for each kind of case those that get it."""

    offices: list[Office]
    taking: Mapping[CaseKind, Weighted[Office]] = field(init=False)

    def __post_init__(self) -> None:
        self.taking = {
            kind: Weighted({one: one.weights[kind] for one in self.offices if kind in one.weights})
            for kind in KINDS
        }


# What a township gets: grassroots mediation, complaints and tip-offs, people without work.
_TOWNSHIP_KINDS = ("complaint", "report", "mediation", "person", "household")


class _Staff:
    """Hands out ids, names and log-ins."""

    def __init__(self, session: Session, rng: Random, opened_on: date) -> None:
        self.session, self.rng = session, rng
        self.created_at = opening_of(opened_on)
        data = bureau_data()
        self.given = {(one["unit"], one["role"], n): one for n, one in _numbered(data["logins"])}
        self.password_hash = hash_password(data["password"])
        self.units = 0
        self.users = 0

    def unit(self, above: Unit | None, kind: str, one: Mapping[str, Any]) -> Unit:
        self.units += 1
        unit = Unit(
            id=self.units,
            parent_id=above.id if above else None,
            path=f"{above.path if above else '/'}{self.units}/",
            code=one["code"],
            name_zh=one["zh"],
            name_en=one["en"],
            kind=kind,  # type: ignore[arg-type]
        )
        self.session.add(unit)
        return unit

    def person(self, unit: Unit, role: Role, number: int) -> int:
        """The `number`-th person of this role in the unit; those with a log-in come first."""
        self.users += 1
        known = self.given.get((unit.code, role, number), {})
        letter = {"caseworker": "", "supervisor": "s"}.get(role, role[:2])
        username = known.get("username") or f"{unit.code.lower()}{letter}{number + 1}"
        self.session.add(
            User(
                id=self.users,
                username=username,
                name=known.get("name") or person_name(self.rng),
                email=f"{username}@chongming.example",
                role=role,
                unit_id=unit.id or 0,
                password_hash=self.password_hash,
                receives_reports=unit.code == bureau_data()["district"]["code"]
                and role in ("supervisor", "analyst"),
                created_at=self.created_at,
            )
        )
        return self.users


def _numbered(logins: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The log-ins of a unit and role are its first people."""
    seen: dict[tuple[str, str], int] = {}
    for one in logins:
        key = (one["unit"], one["role"])
        yield seen.get(key, 0), one
        seen[key] = seen.get(key, 0) + 1


def person_name(rng: Random) -> str:
    """An invented name."""
    data = bureau_data()
    return f"{one_of(rng, data['surnames'])}{one_of(rng, data['given'])}"


def open_bureau(session: Session, rng: Random, pack: Jurisdiction, opened_on: date) -> Bureau:
    """Units and people, added to the session; nothing is committed."""
    data = bureau_data()
    staff = _Staff(session, rng, opened_on)
    district = staff.unit(None, "district", data["district"])
    for role in ("supervisor", "analyst", "administrator", "auditor"):
        staff.person(district, role, 0)
    offices = []
    for one in data["sections"]:
        unit = staff.unit(district, "section", one)
        offices.append(_staffed(staff, unit, one["takes"], one["caseworkers"]))
    offices += _townships(staff, district, pack)
    session.flush()
    return Bureau(offices)


def _townships(staff: _Staff, district: Unit, pack: Jurisdiction) -> list[Office]:
    data = bureau_data()
    offices, units = [], {}
    for town in pack.townships:
        unit = staff.unit(district, "township", {"code": town.code, "zh": town.zh, "en": town.en})
        units[town.code] = unit
        weight = data["township_weights"].get(town.code, 1)
        takes = dict.fromkeys(_TOWNSHIP_KINDS, weight)
        offices.append(_staffed(staff, unit, takes, data["township_caseworkers"]))
    for one in data["committees"]:
        unit = staff.unit(units[one["below"]], "committee", one)
        offices.append(_staffed(staff, unit, one["takes"], 1))
    return offices


def _staffed(staff: _Staff, unit: Unit, takes: Mapping[str, float], caseworkers: int) -> Office:
    office = Office(unit.id or 0, unit.code, takes)
    office.supervisor_id = staff.person(unit, "supervisor", 0)
    office.caseworker_ids = [staff.person(unit, "caseworker", n) for n in range(caseworkers)]
    return office
