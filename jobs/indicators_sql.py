"""The named conditions of `rules/policy/indicators.yaml` as SQL: the one place they are.

A voided case has none of the days that a condition asks for, and a dispute whose cases are
all voided none either (`jobs.recompute`): they are in no count. So the counts read the
indexes alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy
from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, not_, or_, true
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from jobs.periods import Period
from models import Case, Dispute, Unit
from rules.indicators import Condition, Indicator

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


_ON_HAND: Condition = "on_hand_in_period"
# The day by which a condition counts; what is on hand is counted in two pieces.
_DAYS_OF_CASES: Mapping[Condition, Mapped[date | None]] = {
    "accepted_in_period": col(Case.accepted_on),
    "closed_in_period": col(Case.closed_on),
    "limit_decided_in_period": col(Case.limit_settled_on),
    "limit_run_out_in_period": col(Case.limit_due_on),
}
_DAYS_OF_DISPUTES: Mapping[Condition, Mapped[date | None]] = {
    "received_in_period": col(Dispute.received_on),
    "closed_in_period": col(Dispute.closed_on),
}


def condition(
    indicator: Indicator,
    part: Part,
    starts_on: date,
    ends_on: date,
    today: date,
    *,
    unit_path: str | None = None,
) -> ColumnElement[bool]:
    """A condition on `Case`: the cases behind a number, as the report counts them on `today`.

    For an indicator that counts disputes these are the cases of the disputes it counts, which
    may be more. `unit_path` keeps to what was counted for the unit and those below it.
    """
    asked = _Asked(indicator, starts_on, ends_on, today)
    found = _part(asked, part)
    if indicator.subject == "case":
        return and_(_scope(indicator), found, below(col(Case.unit_id), unit_path))
    disputes = select(col(Dispute.id)).where(found, below(col(Dispute.unit_id), unit_path))
    return and_(col(Case.dispute_id).in_(disputes), col(Case.state) != "voided")


def count(session: Session, indicator: Indicator, periods: Sequence[Period], today: date) -> Counts:
    """Numerator and denominator by unit, for each period; units where nothing counts are left out.

    What counts by one day (closed on, fell due on …) is summed by day and unit, in the order
    of an index, in one scan for all periods.
    """
    counts: Counts = {}
    for parts in _scans(indicator):
        for unit_id, *sums in session.execute(_sums(indicator, parts, periods, today)):
            for index in range(len(periods)):
                found = sums[index * len(parts) : (index + 1) * len(parts)]
                _add(counts, unit_id, [index], len(periods), dict(zip(parts, found, strict=True)))
    if _ON_HAND in indicator.denominator:
        for ends_on in {period.ends_on for period in periods}:
            ending = [n for n, one in enumerate(periods) if one.ends_on == ends_on]
            for unit_id, number in _open_after(session, indicator, ends_on):
                _add(counts, unit_id, ending, len(periods), {"denominator": number})
    return counts


def _open_after(session: Session, indicator: Indicator, on: date) -> Iterator[tuple[int, int]]:
    """What was accepted by a day and not closed on it: by unit, in two searches of an index."""
    for still_open in (col(Case.closed_on).is_(None), col(Case.closed_on) > on):
        query = (
            sqlalchemy.select(col(Case.unit_id), func.count())
            .where(_scope(indicator), col(Case.accepted_on) <= on, still_open)
            .group_by(col(Case.unit_id))
        )
        yield from ((unit_id, number) for unit_id, number in session.execute(query))


def _scans(indicator: Indicator) -> list[tuple[Part, ...]]:
    """Both parts in one scan where the numerator lies within the denominator."""
    if indicator.is_share:
        return [("denominator", "numerator")]
    return [("denominator",), ("numerator",)]


def _sums(
    indicator: Indicator, parts: tuple[Part, ...], periods: Sequence[Period], today: date
) -> Select[*tuple[Any, ...]]:
    """By unit, for each period, how many of each part; the first part holds the other."""
    first, last = min(one.starts_on for one in periods), max(one.ends_on for one in periods)
    days = _daily(_Asked(indicator, first, last, today), parts)
    sums = [
        func.sum(case((days.c.on.between(one.starts_on, one.ends_on), days.c[part]), else_=0))
        for one in periods
        for part in parts
    ]
    return sqlalchemy.select(days.c.unit_id, *sums).group_by(days.c.unit_id)


def _daily(asked: _Asked, parts: tuple[Part, ...]) -> Subquery:
    """Unit and day with how many of each part, days first, as the indexes have them: nothing
    is sorted, and some thousands of rows are left to be summed."""
    unit_id = col(Case.unit_id if asked.indicator.subject == "case" else Dispute.unit_id)
    days = _DAYS_OF_CASES if asked.indicator.subject == "case" else _DAYS_OF_DISPUTES
    (day,) = {days[name] for name in _by_day(asked.indicator, parts[0]) if name in days}
    others = [_how_many(asked, one).label(one) for one in parts[1:]]
    return (
        sqlalchemy.select(
            unit_id.label("unit_id"), day.label("on"), func.count().label(parts[0]), *others
        )
        .where(_scope(asked.indicator), _all(asked, _by_day(asked.indicator, parts[0])))
        .group_by(day, unit_id)
        .subquery()
    )


def _how_many(asked: _Asked, part: Part) -> ColumnElement[int]:
    return func.sum(case((_all(asked, _by_day(asked.indicator, part)), 1), else_=0))


def _by_day(indicator: Indicator, part: Part) -> tuple[Condition, ...]:
    """What counts by one day. On hand is that which was closed in the period, counted here,
    and that which is open after it, counted by `_open_after`: no case is both."""
    names = _names(indicator, part)
    if _ON_HAND not in names:
        return names
    return (*(name for name in names if name != _ON_HAND), "closed_in_period", "accepted")


def _add(
    counts: Counts, unit_id: int, indexes: list[int], length: int, found: dict[Part, int]
) -> None:
    figures = counts.setdefault(unit_id, [(0, 0)] * length)
    for index in indexes:
        numerator, denominator = figures[index]
        figures[index] = (
            numerator + int(found.get("numerator", 0)),
            denominator + int(found.get("denominator", 0)),
        )


def _names(indicator: Indicator, part: Part) -> tuple[Condition, ...]:
    return indicator.numerator if part == "numerator" else indicator.denominator


def _part(asked: _Asked, part: Part) -> ColumnElement[bool]:
    if part == "difference":
        return and_(
            _part(asked, "denominator"), not_(func.coalesce(_part(asked, "numerator"), False))
        )
    return _all(asked, _names(asked.indicator, part))


def _all(asked: _Asked, names: Iterable[Condition]) -> ColumnElement[bool]:
    conditions = _OF_CASES if asked.indicator.subject == "case" else _OF_DISPUTES
    return and_(*(conditions[name](asked) for name in names))


def _scope(indicator: Indicator) -> ColumnElement[bool]:
    if indicator.limit_rules:
        return col(Case.limit_rule).in_(indicator.limit_rules)
    if indicator.procedure is not None:
        return col(Case.procedure) == indicator.procedure
    return true()


def below(column: Mapped[int], unit_path: str | None) -> ColumnElement[bool]:
    """Does this column name the unit of the path or one below it? Any unit without a path."""
    if unit_path is None:
        return true()
    inside = col(Unit.path).startswith(unit_path, autoescape=True)
    return column.in_(select(col(Unit.id)).where(inside))
