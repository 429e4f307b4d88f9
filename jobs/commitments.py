"""Counts how often commitments were kept, from the stored clocks, beside the legal limits.

Clocks are counted, not cases: a case with two hearings has two notices to give in time. Those
of voided cases count no more than those that a restart or the end of the case discarded.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, text
from sqlmodel import Session, col, select

from jobs.figures import Figure, FigureTable
from jobs.indicators_sql import Counts, Part, below
from jobs.periods import Period
from models import Case, Deadline
from rules.amendments import beside_of
from rules.commitments import COUNTING, Commitment, Kept, commitments, definition, lengths
from rules.common import Text
from rules.policy import Policy
from rules.schema import Period as RulePeriod
from rules.schema import Rule

# As the partial index has it: SQLite uses the index only for the very same words.
_SETTLED = text("deadline.settled_on IS NOT NULL")
_TAKEN_BACK = Text(zh="承诺，后已撤回", en="A commitment, taken back since")


class Limit(NamedTuple):
    """One side of a line: the name of its figures, and its rule where the policy knows it."""

    id: str
    rule: Rule | None

    def lengths(self, figure: Figure | None, period: Period) -> list[RulePeriod]:
        """How long it was in the period, by the definition of the figure; two where it changed."""
        if self.rule is None or not self.rule.versions:
            return []
        found = figure.definition if figure else definition(self.rule, *period[1:])
        return lengths(found, self.rule)


class Line(NamedTuple):
    """A commitment in a report, the legal limit beside it, and whether it was taken back since."""

    promised: Limit
    legal: Limit | None
    taken_back: bool = False

    @property
    def sides(self) -> tuple[Limit, ...]:
        """Both limits, or the one."""
        return (self.promised, self.legal) if self.legal else (self.promised,)

    def label(self, language: str) -> str:
        """What was promised."""
        rule = self.promised.rule
        return rule.obligation[language] if rule else self.promised.id

    def note(self, language: str) -> str:
        """That it is no law, and whether it still stands."""
        if self.taken_back:
            return _TAKEN_BACK[language]
        rule = self.promised.rule
        return rule.label[language] if rule and rule.label else ""


def in_force(policy: Policy, place: str, period: Period) -> list[Commitment]:
    """The commitments of a place that are in force on some day of the period."""
    return commitments(policy, place, period.starts_on, period.ends_on)


def count(session: Session, kept: Kept, periods: Sequence[Period], today: date) -> Counts:
    """By unit, for each period: how many clocks ended by their due day, and how many were
    settled; in one scan along the index of settled clocks."""
    rows = session.execute(_sums(kept, periods, today))
    return {
        unit_id: [(int(sums[at]), int(sums[at + 1])) for at in range(0, len(sums), 2)]
        for unit_id, *sums in rows
    }


def _sums(kept: Kept, periods: Sequence[Period], today: date) -> Select[*tuple[Any, ...]]:
    first, last = min(one.starts_on for one in periods), max(one.ends_on for one in periods)
    day = col(Deadline.settled_on)
    sums = [
        func.sum(case((and_(day.between(one.starts_on, one.ends_on), found), 1), else_=0))
        for one in periods
        for found in (_in_time(), sqlalchemy.true())
    ]
    return (
        sqlalchemy.select(col(Case.unit_id), *sums)
        .join(Deadline, col(Deadline.case_id) == col(Case.id))
        .where(_settled(kept, first, last, today), col(Case.state) != "voided")
        .group_by(col(Case.unit_id))
    )


def condition(
    kept: Kept,
    part: Part,
    starts_on: date,
    ends_on: date,
    today: date,
    *,
    unit_path: str | None = None,
) -> ColumnElement[bool]:
    """A condition on `Case`: the cases of the clocks behind a number; a case with several of
    them is one."""
    found = _settled(kept, starts_on, ends_on, today)
    if part != "denominator":
        found = and_(found, _in_time() if part == "numerator" else ~_in_time())
    cases = select(col(Deadline.case_id)).where(found)
    return and_(
        col(Case.id).in_(cases), col(Case.state) != "voided", below(col(Case.unit_id), unit_path)
    )


def _settled(kept: Kept, starts_on: date, ends_on: date, today: date) -> ColumnElement[bool]:
    """Settled in the period: ended, or fallen due before today; due today it may still be kept."""
    day = col(Deadline.settled_on)
    return and_(
        col(Deadline.rule) == kept.rule.id,
        _SETTLED,
        day.between(starts_on, ends_on),
        col(Deadline.started_on) >= kept.since,
        or_(col(Deadline.ended_on).is_not(None), day < today),
    )


def _in_time() -> ColumnElement[bool]:
    """Ended by its due day; a clock that is open has none of it, and that is a no."""
    ended = col(Deadline.ended_on)
    return func.coalesce(or_(col(Deadline.due_on).is_(None), ended <= col(Deadline.due_on)), False)


def lines(policy: Policy, place: str, periods: Sequence[Period], table: FigureTable) -> list[Line]:
    """The commitments that a report of these periods shows: those in force in one of them, and
    those that figures were kept of before they were taken back."""
    found: dict[str, Line] = {}
    for period in periods:
        for one in in_force(policy, place, period):
            found.setdefault(one.kept.id, _standing(one))
    shown = {limit.id for line in found.values() for limit in line.sides}
    counting = COUNTING.partition("@")[0]
    kept = {name for period in periods for name in table.counted_by(counting, period)}
    return [*found.values(), *_taken_back(policy, kept - shown)]


def _standing(one: Commitment) -> Line:
    promised, *legal = (Limit(kept.id, kept.rule) for kept in one.counted)
    return Line(promised, legal[0] if legal else None)


def _taken_back(policy: Policy, names: Collection[str]) -> Iterator[Line]:
    """The commitments that figures are left of, each with the legal limit beside it."""
    beside = {name: beside_of(name) for name in sorted(names)}
    for name, legal in beside.items():
        # The others are the legal limits of these.
        if name not in beside.values():
            law = policy.rules.get(legal or "")
            promised = Limit(name, policy.rules.get(name, law))
            yield Line(promised, Limit(legal, law) if legal else None, taken_back=True)
