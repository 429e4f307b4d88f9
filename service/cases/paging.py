"""One page of a long list, without reading the list: which index each order is read along.

- By day of receipt or number: the index on it is read from its end until the page is full.
  Most cases are somebody's to see, so skipping the others is cheap; what would be dear is to
  collect all cases of some units and sort them. SQLite would do that, and is kept from it by
  `_unindexed`.
- By due day, or open cases alone: `unit, state, next_due_on` gives the open cases of the units;
  sorting them costs what is open, not what there is. Cases with no due day follow behind, as a
  stretch of their own.
- By day of closing: `procedure, closed_on` is read for each procedure, and the few merged.
- With a search text, what the text leads to is few (`service.cases.textsearch`).
- A count stops at its limit; of what a text, which many names contain, leads to, sooner.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select, union_all
from sqlmodel import Session, col, func

from models import Case, plain_rows
from service.cases.inputs import PROCEDURES

_FEW = 1_000


@dataclass(frozen=True)
class Search:
    """What is looked for. `units` are those whose cases count, and `everywhere` says that these
    are all; `few` that the conditions lead to few cases; `open_only` that they ask for open ones.
    `hints` follow from the conditions and name an index to count by.
    """

    units: tuple[int, ...]
    everywhere: bool
    conditions: Sequence[ColumnElement[bool]]
    hints: Sequence[ColumnElement[bool]]
    voided: bool
    few: bool
    open_only: bool
    sort: str

    def known_to_be(self, total: int) -> "Search":
        """The same, once it is known how many there are: few are best collected and sorted."""
        if total > _FEW:
            return self
        return replace(self, few=True, conditions=[*self.conditions, *self.hints])


@dataclass(frozen=True)
class _Stretch:
    """A part of the list that is read along one index."""

    where: list[ColumnElement[bool]]
    order: list[Any]


def count(session: Session, search: Search, limit: int) -> int:
    """How many cases there are, counted up to `limit`."""
    by_unit = search.open_only or not (search.conditions or search.everywhere)
    where = [*_seen(session, search, by_unit=by_unit), *search.conditions, *search.hints]
    return _count(session, where, limit)


def _count(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> int:
    some = select(literal_column("1")).select_from(Case).where(*where).limit(limit).subquery()
    ((found,),) = plain_rows(session, select(func.count()).select_from(some))
    return int(found)


def page_of(
    session: Session, query: Select[Any], search: Search, offset: int, size: int
) -> list[Any]:
    """The rows of `query` from `offset` on, at most `size`, in the order asked for."""
    rows: list[Any] = []
    for stretch in _stretches(session, search, offset + size):
        # First which, by indexes alone; only those of the page are read and joined.
        part = select(col(Case.id)).where(*stretch.where).order_by(*stretch.order)
        ids = part.limit(size - len(rows)).offset(offset).correlate(None)
        page = query.where(col(Case.id).in_(ids)).order_by(*stretch.order)
        found = plain_rows(session, page)
        rows += found
        if len(rows) == size:
            break
        # The next stretch begins where this one ended.
        if not found and offset:
            offset = max(0, offset - _count(session, stretch.where, offset))
        else:
            offset = 0
    return rows


def _stretches(session: Session, search: Search, reach: int) -> list[_Stretch]:
    name, down = search.sort.removeprefix("-"), search.sort.startswith("-")
    if name == "due":
        return _by_due_day(session, search, down=down)
    if name == "closed":
        return _by_closing(session, search, reach, down=down)
    column = col(Case.received_on) if name == "received" else col(Case.number)
    where = [*_seen(session, search, by_unit=search.open_only), *search.conditions]
    return [_Stretch(where, _order(column, down=down))]


def _by_due_day(session: Session, search: Search, *, down: bool) -> list[_Stretch]:
    """First what is due some day, which is open; then the rest, the newest first."""
    due_on = col(Case.next_due_on)
    due = [
        *_seen(session, search, by_unit=not search.few),
        *search.conditions,
        col(Case.state) == "open",
        due_on.is_not(None),
    ]
    rest = [*_seen(session, search, by_unit=search.open_only), *search.conditions]
    received_on = col(Case.received_on)
    return [
        _Stretch(due, _order(due_on, down=down)),
        _Stretch([*rest, due_on.is_(None)], _order(received_on, down=True)),
    ]


def _by_closing(session: Session, search: Search, reach: int, *, down: bool) -> list[_Stretch]:
    """First the closed ones, merged from each procedure; then the open, the newest first."""
    closed_on, received_on = col(Case.closed_on), col(Case.received_on)
    order = _order(closed_on, down=down)
    where = [*_seen(session, search, by_unit=False), *search.conditions]
    closed = [*where, closed_on.is_not(None)]
    if not search.few:
        parts = [
            select(col(Case.id)).where(col(Case.procedure) == procedure, *closed)
            for procedure in sorted(set(PROCEDURES.values()))
        ]
        firsts = [part.order_by(*order).limit(reach).subquery() for part in parts]
        closed = [col(Case.id).in_(union_all(*(select(first.c.id) for first in firsts)))]
    return [
        _Stretch(closed, order),
        _Stretch([*where, closed_on.is_(None)], _order(received_on, down=True)),
    ]


def _order(column: Any, *, down: bool) -> list[Any]:
    """By a column, then by id, so that pages never overlap."""
    if down:
        return [column.desc(), col(Case.id).desc()]
    return [column.asc(), col(Case.id).asc()]


def _seen(session: Session, search: Search, *, by_unit: bool) -> list[ColumnElement[bool]]:
    """The cases of the units; read along the units' index, or checked while reading another."""
    found: list[ColumnElement[bool]] = []
    if not search.voided:
        found.append(col(Case.state) != "voided")
    if by_unit:
        found.append(col(Case.unit_id).in_(search.units))
    elif not search.everywhere:
        found.append(_unindexed(session, col(Case.unit_id)).in_(search.units))
    return found


def _unindexed(session: Session, column: Any) -> Any:
    """A column whose indexes SQLite leaves alone; PostgreSQL weighs by its statistics."""
    if session.get_bind().dialect.name == "sqlite":
        return column + literal_column("0")
    return column
