"""Finding cases: by number, name, company, ID number or phone, with filters, in pages.

How a page stays quick at a million cases is in `service.cases.paging`; here is what is looked
for and what is shown. Unit and handler come in the same query; no row asks by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil
from typing import Any, Generic, Literal, TypeVar

import sqlalchemy
from sqlalchemy import Select
from sqlmodel import Session, col

from jobs.indicators_sql import Part
from models import Case, Unit, User
from models.case import CaseKind, CaseState
from service import audit
from service.access import Actor, require, sees_personal_data
from service.cases.filters import conditions, hints, units_of
from service.cases.paging import Search, count, page_of
from service.cases.textsearch import exact_parties, match

PAGE_SIZE = 50
COUNT_LIMIT = 10_000
# A text that many names contain is asked case by case, so counting them takes longer.
_COMMON_TEXT_LIMIT = 1_000
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
    """Rows of one page. `total` counts up to a limit; `more` says that it stopped there."""

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
    text = match(session, wanted.text) if wanted.text.strip() else None
    search = Search(
        units=units_of(session, actor, wanted),
        everywhere=(actor.sees_all or actor.role == "auditor") and wanted.unit_id is None,
        conditions=[
            *conditions(session, wanted, today),
            *([text.condition] if text else []),
        ],
        hints=hints(wanted),
        voided=actor.role == "auditor",
        few=text is not None and text.few,
        open_only=wanted.due is not None or wanted.state == "open",
        sort=wanted.sort,
    )
    limit = _COMMON_TEXT_LIMIT if text is not None and not text.few else COUNT_LIMIT
    total = count(session, search, limit + 1)
    counted = min(total, limit)
    page = min(max(1, wanted.page), max(1, ceil(counted / size)))
    rows = page_of(session, ROWS, search.known_to_be(total), (page - 1) * size, size)
    if text is not None:
        by = "case.search_number" if exact_parties(wanted.text) else "case.search"
        audit.record(session, actor.user_id, by, found=counted)
    return Page(as_rows(actor, rows), page, counted, total > limit, size)


_JOINED: dict[str, Any] = {
    "unit_name_zh": Unit.name_zh,
    "unit_name_en": Unit.name_en,
    "handler_name": User.name,
}
# Selects what a `CaseRow` holds, in its order; `as_rows` reads it. Add conditions and order.
ROWS: Select[Any] = (
    sqlalchemy.select(
        *(_JOINED.get(name) or getattr(Case, name) for name in CaseRow.__dataclass_fields__)
    )
    .join(Unit, col(Unit.id) == Case.unit_id)
    .join(User, col(User.id) == Case.handler_id)
)


def as_rows(actor: Actor, rows: Iterable[Sequence[Any]]) -> list[CaseRow]:
    """What was found by `ROWS`; titles hold names, so analysts get none."""
    found = [CaseRow(*row) for row in rows]
    return found if sees_personal_data(actor) else [replace(row, title="") for row in found]
