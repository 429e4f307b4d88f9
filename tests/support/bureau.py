"""A small bureau for tests of jobs and reports: units, people, cases, clocks."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from sqlmodel import Session, select

from models import Alert, Case, Deadline, Dispute, RuleChange, Unit, User

_PROCEDURES = {
    "complaint": "inspection",
    "report": "inspection",
    "arbitration": "arbitration",
    "mediation": "mediation",
    "person": "employment",
    "household": "employment",
    "petition": "petition",
    "work_injury": "work_injury",
    "wage_arrears": "wage_arrears",
}


@dataclass
class Bureau:
    """Builds rows in a session and flushes each; what a test does not say is ordinary."""

    session: Session
    numbers: Any = field(default_factory=lambda: count(1))

    def add(self, row: Any) -> Any:
        """Store a row and give it its id."""
        self.session.add(row)
        self.session.flush()
        return row

    def unit(self, name: str, above: Unit | None = None, kind: str = "section") -> Unit:
        """A unit below another; `name` is also its code."""
        unit = self.add(
            Unit(
                parent_id=above.id if above else None,
                path="",
                code=name[:12],
                name_zh=f"{name}（中）",
                name_en=name,
                kind=kind,  # type: ignore[arg-type]
            )
        )
        unit.path = f"{above.path if above else '/'}{unit.id}/"
        return self.add(unit)

    def user(self, name: str, unit: Unit, role: str = "caseworker", **values: Any) -> User:
        """A person with a mail address made of the name."""
        values = {"email": f"{name}@bureau.example", "password_hash": "x", **values}
        return self.add(
            User(username=name, name=name.title(), unit_id=unit.id, role=role, **values)
        )

    def case(self, handler: User, kind: str = "complaint", **values: Any) -> Case:
        """A case in its handler's unit, with the derived columns given."""
        number = next(self.numbers)
        values = {"received_on": date(2026, 1, 5), "unit_id": handler.unit_id, **values}
        state = "closed" if values.get("closed_on") else "open"
        return self.add(
            Case(
                number=f"T-2026-{number:04}",
                kind=kind,
                procedure=_PROCEDURES[kind],
                jurisdiction="chongming",
                handler_id=handler.id,
                created_by_id=handler.id,
                title=f"case {number}",
                **{"state": state, "derived_with": "f" * 32, **values},
            )
        )

    def clock(self, case: Case, due_on: date | None, **values: Any) -> Deadline:
        """One of our own running clocks of a case."""
        values = {"rule": "insp_investigation", "kind": "duty", "state": "running", **values}
        alertable = values["kind"] != "party" and values["state"] == "running"
        settled = [day for day in (due_on, values.get("ended_on")) if day is not None]
        if values["kind"] != "party" and values["state"] != "cancelled":
            values = {"settled_on": min(settled, default=None), **values}
        return self.add(
            Deadline(
                case_id=case.id,
                version=date(2020, 1, 1),
                due_on=due_on,
                raw_due_on=due_on,
                **{"alertable": alertable, "started_on": date(2026, 1, 5), **values},
            )
        )

    def due(self, handler: User, due_on: date | None, **values: Any) -> Case:
        """An open case with one clock of ours."""
        case = self.case(handler)
        self.clock(case, due_on, **values)
        return case

    def promise(self, rule: str, length: int, **values: Any) -> RuleChange:
        """A promise to be quicker than the law, entered by nobody in particular."""
        values = {"from_on": date(2026, 1, 1), "place": "chongming", **values}
        entered_by = self.session.exec(select(User)).first()
        return self.add(
            RuleChange(
                kind="promise",
                rule=rule,
                length=length,
                instrument="service commitment",
                article="1",
                verified="V1",
                entered_by_id=entered_by.id if entered_by else 0,
                **values,
            )
        )

    def dispute(self, unit: Unit, **values: Any) -> Dispute:
        """A dispute with the derived columns given."""
        return self.add(Dispute(unit_id=unit.id, **values))

    def alert(self, case: Case, stage: str = "overdue", **values: Any) -> Alert:
        """An alert that nobody received yet."""
        values = {"rule": "insp_investigation", "seq": 1, "due_on": date(2026, 3, 2), **values}
        return self.add(Alert(case_id=case.id, stage=stage, **values))
