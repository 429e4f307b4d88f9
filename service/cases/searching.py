"""Finding cases: by number, name, company, ID number or phone, with filters, in pages.

How it stays fast at a million cases, on both databases:

- A number, ID number, phone or credit code is an exact look-up in an index (`number`,
  `party.*_index`, `party.credit_code`), then the party's few cases.
- A name is looked up in `name_gram`: the grams are in its primary key, the rarest are
  intersected, and at most `_MOST_PARTIES` parties are followed to their cases.
- Without a text, the order decides the index: by day of receipt `ix_case_record_received_on`
  is read from its end until the page is full; by due day, the open cases of the units seen
  are read from `ix_case_record_unit_state_due` and sorted, which costs what is open.
- The count stops at `COUNT_LIMIT`, and pages end there: nobody turns to page 500.
- Unit and handler come in the same query; no row asks anything by itself.
"""

from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any, Generic, Literal, TypeVar

import sqlalchemy
from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, func, select

from jobs.indicators_sql import Part
from models import Case, Unit, User
from models.case import CaseKind, CaseState
from service import audit
from service.access import Actor, require, sees_personal_data, visible_cases
from service.cases.filters import conditions

PAGE_SIZE = 50
COUNT_LIMIT = 10_000
Due = Literal["overdue", "today", "week", "later"]
Sort = Literal["received", "-received", "due", "-due", "number", "-number", "closed", "-closed"]
T = TypeVar("T")


@dataclass(frozen=True)
class CaseFilter:
    """What is looked for; filters stack, and none is all the cases somebody sees.

    `unit_id` includes the units below it. `indicator`, `part`, `period_from` and `period_to`
    (first and last day) are the cases behind a number of the report. `sort` goes downwards
    with a "-"; cases with no due day come last.
    """

    text: str = ""
    kind: CaseKind | None = None
    state: CaseState | None = None
    unit_id: int | None = None
    handler_id: int | None = None
    due: Due | None = None
    received_from: date | None = None
    received_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    indicator: str | None = None
    period_from: date | None = None
    period_to: date | None = None
    part: Part | None = None
    sort: Sort = "-received"
    page: int = 1


@dataclass(frozen=True)
class CaseRow:
    """One line of a list of cases."""

    id: int
    number: str
    kind: CaseKind
    procedure: str
    title: str
    state: CaseState
    unit_id: int
    unit_name_zh: str
    unit_name_en: str
    handler_id: int
    handler_name: str
    received_on: date
    accepted_on: date | None
    closed_on: date | None
    outcome: str | None
    paused: bool
    next_due_on: date | None
    next_rule: str | None
    worker_count: int
    revision: int


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page. `total` counts up to `COUNT_LIMIT`; `more` says that it stopped there."""

    rows: list[T]
    page: int
    total: int
    more: bool = False
    size: int = field(default=PAGE_SIZE)

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, ceil(self.total / self.size))

    @property
    def has_next(self) -> bool:
        """Is there a page after this one?"""
        return self.page < self.pages


def find_cases(
    session: Session, actor: Actor, wanted: CaseFilter, today: date, *, size: int = PAGE_SIZE
) -> Page[CaseRow]:
    """The cases this person may see and looks for, one page of them.

    A search by text is written to the audit log (that it was made, not for what), because it
    reads personal data; the caller commits.
    """
    require(actor, "case.read")
    where = [visible_cases(actor), *conditions(session, actor, wanted, today)]
    total = _count(session, where)
    page = min(max(1, wanted.page), max(1, ceil(min(total, COUNT_LIMIT) / size)))
    query = row_query().where(*where).order_by(*_order(wanted.sort))
    rows = session.execute(query.limit(size).offset((page - 1) * size))
    if wanted.text.strip():
        audit.record(session, actor.user_id, "case.search", found=min(total, COUNT_LIMIT))
    found = [as_row(actor, row) for row in rows.mappings()]
    return Page(found, page, min(total, COUNT_LIMIT), total > COUNT_LIMIT, size)


def _count(session: Session, where: list[ColumnElement[bool]]) -> int:
    some = select(Case.id).where(*where).limit(COUNT_LIMIT + 1).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


_CASE_COLUMNS = tuple(
    name
    for name in CaseRow.__dataclass_fields__
    if name not in ("unit_name_zh", "unit_name_en", "handler_name")
)


def row_query() -> Select[Any]:
    """Selects what a `CaseRow` holds; `as_row` reads it. Add conditions and order."""
    columns = [getattr(Case, name) for name in _CASE_COLUMNS]
    query = sqlalchemy.select(
        *columns,
        col(Unit.name_zh).label("unit_name_zh"),
        col(Unit.name_en).label("unit_name_en"),
        col(User.name).label("handler_name"),
    )
    joined = query.join(Unit, col(Unit.id) == Case.unit_id)
    return joined.join(User, col(User.id) == Case.handler_id)


def as_row(actor: Actor, row: Any) -> CaseRow:
    """A row of `row_query`; titles hold names, so analysts get none."""
    values = dict(row)
    if not sees_personal_data(actor):
        values["title"] = ""
    return CaseRow(**values)


def _order(sort: str) -> list[Any]:
    name = sort.removeprefix("-")
    column: Any = {
        "received": col(Case.received_on),
        "due": col(Case.next_due_on),
        "number": col(Case.number),
        "closed": col(Case.closed_on),
    }[name]
    down = sort.startswith("-")
    ordered = column.desc() if down else column.asc()
    if name in ("due", "closed"):
        ordered = ordered.nulls_last()
    return [ordered, col(Case.id).desc() if down else col(Case.id).asc()]
