"""The named conditions of `rules/policy/indicators.yaml` as SQL: the one place they are.

A voided case has none of the days that a condition asks for, and a dispute whose cases are
all voided none either (`jobs.recompute`): they are in no count. So the counts read the
indexes alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy
from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, true
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from jobs.periods import Period
from models import Case, Dispute, Unit
from rules.indicators import Condition, Indicator, Indicators, builtin_indicators

# The difference is what is in the denominator and not in the numerator: the ones to look at.
Part = Literal["numerator", "denominator", "difference"]
PARTS: tuple[Part, ...] = ("numerator", "denominator", "difference")
# By unit, for each period: numerator and denominator.
Counts = dict[int, list[tuple[int, int]]]


@dataclass(frozen=True)
class _Asked:
    """What the conditions are asked about."""

    indicator: Indicator
    starts_on: date
    ends_on: date
    today: date

    def within(self, column: Mapped[date | None]) -> ColumnElement[bool]:
        return column.between(self.starts_on, self.ends_on)


def _on_hand(asked: _Asked) -> ColumnElement[bool]:
    """Accepted by the end of the period and not closed before its start."""
    still_open = or_(col(Case.closed_on).is_(None), col(Case.closed_on) >= asked.starts_on)
    return and_(col(Case.accepted_on) <= asked.ends_on, still_open)


def _limit_decided(asked: _Asked) -> ColumnElement[bool]:
    """Due today and open has not failed yet; it may still be kept."""
    decided = or_(col(Case.limit_kept).is_not(None), col(Case.limit_settled_on) < asked.today)
    return and_(asked.within(col(Case.limit_settled_on)), decided)


def _limit_run_out(asked: _Asked) -> ColumnElement[bool]:
    due_on = col(Case.limit_due_on)
    return and_(asked.within(due_on), due_on < asked.today)


def _limit_applied_throughout(asked: _Asked) -> ColumnElement[bool]:
    still_there = or_(col(Case.closed_on).is_(None), col(Case.closed_on) > col(Case.limit_due_on))
    return or_(still_there, col(Case.outcome).in_(asked.indicator.outcomes))


_OF_CASES: Mapping[Condition, Callable[[_Asked], ColumnElement[bool]]] = {
    "accepted": lambda _: col(Case.accepted_on).is_not(None),
    "accepted_in_period": lambda asked: asked.within(col(Case.accepted_on)),
    "closed_in_period": lambda asked: asked.within(col(Case.closed_on)),
    "on_hand_in_period": _on_hand,
    "limit_kept": lambda _: col(Case.limit_kept).is_(True),
    "limit_decided_in_period": _limit_decided,
    "limit_run_out_in_period": _limit_run_out,
    "limit_applied_throughout": _limit_applied_throughout,
    "ended_by_outcome": lambda asked: col(Case.outcome).in_(asked.indicator.outcomes),
}
_OF_DISPUTES: Mapping[Condition, Callable[[_Asked], ColumnElement[bool]]] = {
    "received_in_period": lambda asked: asked.within(col(Dispute.received_on)),
    "closed_in_period": lambda asked: asked.within(col(Dispute.closed_on)),
    "premediation_offered": lambda _: col(Dispute.premediation_offered_on).is_not(None),
    "ended_by_outcome": lambda asked: col(Dispute.outcome).in_(asked.indicator.outcomes),
}


def condition(
    indicator_id: str,
    part: Part,
    starts_on: date,
    ends_on: date,
    today: date,
    *,
    unit_path: str | None = None,
    indicators: Indicators | None = None,
) -> ColumnElement[bool]:
    """A condition on `Case`: the cases behind a number, as the report counts them on `today`.

    For an indicator that counts disputes these are the cases of the disputes it counts, which
    may be more. `unit_path` keeps to what was counted for the unit and those below it. Raises
    KeyError for an unknown indicator.
    """
    indicator = (indicators or builtin_indicators())[indicator_id]
    asked = _Asked(indicator, starts_on, ends_on, today)
    found = _part(asked, part)
    if indicator.subject == "case":
        return and_(_scope(indicator), found, _below(col(Case.unit_id), unit_path))
    disputes = select(col(Dispute.id)).where(found, _below(col(Dispute.unit_id), unit_path))
    return and_(col(Case.dispute_id).in_(disputes), col(Case.state) != "voided")


def count(session: Session, indicator: Indicator, periods: Sequence[Period], today: date) -> Counts:
    """Numerator and denominator by unit, for each period, in one scan or two.

    One of the periods spans all the others (the year); units where nothing counts are left out.
    """
    counts: Counts = {}
    parts: list[tuple[Part, ...]] = [("numerator", "denominator")]
    if not indicator.is_share:
        parts = [("numerator",), ("denominator",)]
    for scanned in parts:
        for unit_id, *sums in session.execute(_scan(indicator, scanned, periods, today)):
            figures = counts.setdefault(unit_id, [(0, 0)] * len(periods))
            _take(figures, scanned, sums)
    return counts


def _take(figures: list[tuple[int, int]], scanned: tuple[Part, ...], sums: list[int]) -> None:
    for index in range(len(figures)):
        numerator, denominator = figures[index]
        found = sums[index * len(scanned) : (index + 1) * len(scanned)]
        values = {"numerator": numerator, "denominator": denominator}
        values.update(zip(scanned, found, strict=True))
        figures[index] = (values["numerator"], values["denominator"])


def _scan(
    indicator: Indicator, parts: tuple[Part, ...], periods: Sequence[Period], today: date
) -> Select[*tuple[Any, ...]]:
    starts_on = min(period.starts_on for period in periods)
    ends_on = max(period.ends_on for period in periods)
    widest = _part(_Asked(indicator, starts_on, ends_on, today), parts[-1])
    sums = [
        func.sum(case((_part(asked, part), 1), else_=0))
        for period in periods
        for asked in [_Asked(indicator, period.starts_on, period.ends_on, today)]
        for part in parts
    ]
    unit_id = col(Case.unit_id if indicator.subject == "case" else Dispute.unit_id)
    return sqlalchemy.select(unit_id, *sums).where(_scope(indicator), widest).group_by(unit_id)


def _part(asked: _Asked, part: Part) -> ColumnElement[bool]:
    if part == "difference":
        return and_(
            _part(asked, "denominator"), not_(func.coalesce(_part(asked, "numerator"), False))
        )
    names = asked.indicator.numerator if part == "numerator" else asked.indicator.denominator
    conditions = _OF_CASES if asked.indicator.subject == "case" else _OF_DISPUTES
    return and_(*(conditions[name](asked) for name in names))


def _scope(indicator: Indicator) -> ColumnElement[bool]:
    if indicator.limit_rules:
        return col(Case.limit_rule).in_(indicator.limit_rules)
    if indicator.procedure is not None:
        return col(Case.procedure) == indicator.procedure
    return true()


def _below(column: Mapped[int], unit_path: str | None) -> ColumnElement[bool]:
    if unit_path is None:
        return true()
    inside = col(Unit.path).startswith(unit_path, autoescape=True)
    return column.in_(select(col(Unit.id)).where(inside))
