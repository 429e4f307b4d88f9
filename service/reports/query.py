"""What a report is asked for: the month, the kind of period and the unit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, get_args

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from jobs.periods import Period, month_of, quarter_of, year_of, year_to_date_of
from jobs.recipients import in_tree_order, unit_ids
from models import Unit
from rules.indicators import PeriodKind
from service.access import Actor, NotFound
from service.web.numbers import row_id

_PERIODS: dict[PeriodKind, Callable[[date], Period]] = {
    "month": month_of,
    "quarter": quarter_of,
    "year_to_date": year_to_date_of,
    "year": year_of,
}
_FIRST_YEAR = 2000
_ALL = select(Unit)
_SEEN = _ALL.where(col(Unit.id).in_(bindparam("units", expanding=True)))


@dataclass(frozen=True)
class Asked:
    """One report. `month` is a month's first day; the period is the one it lies in."""

    month: date
    kind: PeriodKind
    unit: Unit

    @property
    def period(self) -> Period:
        """The days that are reported."""
        return _PERIODS[self.kind](self.month)

    @property
    def args(self) -> dict[str, Any]:
        """The parts of the address that ask for this report."""
        return {"month": f"{self.month:%Y-%m}", "period": self.kind, "unit": self.unit.id or 0}


def read(session: Session, actor: Actor, args: Mapping[str, str], today: date) -> Asked:
    """The report that an address or a form asks for; the present month where it does not say.

    Raises NotFound for a month, a period or a unit that cannot be reported to this person.
    """
    month, kind = _month(args.get("month"), today), _kind(args.get("period"))
    return Asked(month, kind, _unit(session, actor, args.get("unit")))


def unreadable(args: Mapping[str, str], today: date) -> list[str]:
    """The parts of an address that name no month or no period of which there is a report."""
    found = []
    for name, ask in (("month", lambda one: _month(one, today)), ("period", _kind)):
        try:
            ask(args.get(name))
        except NotFound:
            found.append(name)
    return found


def _kind(text: str | None) -> PeriodKind:
    kind = text or "month"
    if kind not in get_args(PeriodKind):
        raise NotFound("period")
    return cast("PeriodKind", kind)


def _month(text: str | None, today: date) -> date:
    try:
        month = date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError:
        raise NotFound("month") from None
    if not month.year >= _FIRST_YEAR or month > today:
        raise NotFound("month")
    return month


def _unit(session: Session, actor: Actor, text: str | None) -> Unit:
    try:
        unit = session.get(Unit, row_id(text)) if text else default_unit(session, actor)
    except ValueError:
        raise NotFound("unit") from None
    if unit is None or not _reports_to(actor, unit):
        raise NotFound("unit")
    return unit


def default_unit(session: Session, actor: Actor) -> Unit:
    """The person's own unit; for an auditor, who sees all, the one at the top."""
    own = session.get_one(Unit, actor.unit_id)
    if actor.role != "auditor":
        return own
    return session.get_one(Unit, unit_ids(own.path)[0])


def _reports_to(actor: Actor, unit: Unit) -> bool:
    return actor.role == "auditor" or unit.path.startswith(actor.unit_path)


def units_below(session: Session, actor: Actor) -> list[Unit]:
    """The units a report can be asked for, in the order of the tree."""
    if actor.role == "auditor":
        return in_tree_order(session.exec(_ALL))
    return in_tree_order(session.exec(_SEEN, params={"units": actor.unit_ids}))


def children(units: list[Unit], parent: Unit) -> list[Unit]:
    """The units directly below `parent`."""
    return [unit for unit in units if unit.parent_id == parent.id]
