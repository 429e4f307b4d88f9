"""An office as the use cases know it: units, people, and cases logged in the ordinary way."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from jobs.rulebooks import current
from models import Case, Event, Unit, User
from service.access import Actor, actor_for
from service.cases.identities import id_check_digit
from service.cases.inputs import EventInput, PartyInput, Registration
from service.cases.recording import record_event
from service.cases.registering import register_case
from service.units import UnitInput, add_unit

TODAY = date(2026, 3, 9)


def resident_id(serial: int = 1) -> str:
    """A valid resident ID number; each serial (0–999) another person."""
    first17 = f"31023019850{1 + serial // 1000:01d}15{serial % 1000:03d}"
    return first17 + id_check_digit(first17)


def credit_code(serial: int = 1) -> str:
    """A valid unified credit code; each serial another employer."""
    from stdnum.cn import uscc

    first17 = f"91310230MA1J{serial:05d}"
    return first17 + uscc.calc_check_digit(first17)


def worker(role: str, name: str = "李明", serial: int = 1, **more: Any) -> PartyInput:
    """A person with a valid ID number."""
    return PartyInput("person", role, name, id_number=resident_id(serial), **more)  # type: ignore[arg-type]


def employer(role: str, name: str = "上海东滩物流有限公司", serial: int = 1) -> PartyInput:
    """An employer with a valid credit code."""
    return PartyInput("employer", role, name, credit_code=credit_code(serial))  # type: ignore[arg-type]


_PARTIES: dict[str, Any] = {
    "complaint": lambda: [worker("complainant"), employer("employer")],
    "report": lambda: [employer("employer")],
    "arbitration": lambda: [worker("applicant"), employer("respondent")],
    "mediation": lambda: [worker("applicant"), employer("respondent")],
    "person": lambda: [worker("person")],
    "household": lambda: [worker("household_head")],
    "petition": lambda: [worker("petitioner"), employer("employer")],
    "work_injury": lambda: [worker("injured_worker"), employer("employer")],
    "wage_arrears": lambda: [employer("employer")],
}


@dataclass
class Office:
    """A district with an arbitration section and two townships, and people in each."""

    session: Session
    district: Unit
    section: Unit
    town: Unit
    other_town: Unit
    users: dict[str, User]
    today: date = TODAY

    def actor(self, name: str) -> Actor:
        """What this person may see and do."""
        return actor_for(self.session, self.users[name])

    def entry(self, kind: str = "complaint", **values: Any) -> Registration:
        """An ordinary entry by the township's caseworker; name what differs."""
        values = {
            "unit_id": self.town.id,
            "handler_id": self.users["chen"].id,
            "received_on": self.today,
            "parties": _PARTIES[kind](),
            **values,
        }
        return Registration(kind=kind, **values)  # type: ignore[arg-type]

    def register(self, kind: str = "complaint", by: str = "chen", **values: Any) -> Case:
        """Log an ordinary case."""
        rulebook = current(self.session)
        entry = self.entry(kind, **values)
        return register_case(self.session, self.actor(by), entry, rulebook, self.today)

    def record(self, case: Case, event: str, on: date, by: str = "chen", **values: Any) -> Event:
        """Record an event."""
        rulebook = current(self.session)
        entry = EventInput(event, on, **values)
        return record_event(self.session, self.actor(by), case, entry, rulebook, self.today)


_PEOPLE = {
    "chen": ("caseworker", "town"),
    "chief": ("supervisor", "town"),
    "wang": ("caseworker", "other_town"),
    "boss": ("supervisor", "other_town"),
    "lin": ("caseworker", "section"),
    "director": ("supervisor", "district"),
    "analyst": ("analyst", "district"),
    "admin": ("administrator", "district"),
    "auditor": ("auditor", "district"),
}


def open_office(session: Session) -> Office:
    """Units and people in a fresh database."""
    district = _unit(session, "CM", None, "district")
    units = {
        "district": district,
        "section": _unit(session, "ARB", district, "section"),
        "town": _unit(session, "CQ", district, "township"),
        "other_town": _unit(session, "BZ", district, "township"),
    }
    users = {
        name: User(
            username=name, name=name, role=role, unit_id=units[place].id or 0, password_hash=""
        )
        for name, (role, place) in _PEOPLE.items()
    }
    session.add_all(users.values())
    session.commit()
    return Office(session=session, users=users, **units)


def _unit(session: Session, code: str, above: Unit | None, kind: str) -> Unit:
    return add_unit(
        session,
        None,
        UnitInput(code, f"{code}单位", f"Unit {code}", kind, above.id if above else None),  # type: ignore[arg-type]
    )
