"""The open cases of one handler, by when they are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement
from sqlalchemy import case as sql_case
from sqlmodel import Session, col, func, select

from models import Approval, Case
from service.access import Actor, visible_cases
from service.cases.filters import last_day_soon

Bucket = Literal["overdue", "today", "week", "later", "paused", "quiet"]
BUCKETS: tuple[Bucket, ...] = ("overdue", "today", "week", "later", "paused", "quiet")
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Work:
    """One page of somebody's open cases, and how many there are in each bucket."""

    rows: Sequence[tuple[Bucket, Case]]
    counts: dict[Bucket, int]
    page: int
    has_next: bool


def bucket_of(today: date) -> ColumnElement[str]:
    """The bucket of an open case: by its due day; stopped or with nothing due otherwise."""
    due: Any = col(Case.next_due_on)
    return sql_case(
        (due < today, "overdue"),
        (due == today, "today"),
        (due <= last_day_soon(today), "week"),
        (due.is_not(None), "later"),
        (col(Case.paused), "paused"),
        else_="quiet",
    )


def work_of(session: Session, actor: Actor, today: date, bucket: Bucket | None, page: int) -> Work:
    """The cases this person handles, the most urgent first, in two queries."""
    mine: list[Any] = [
        visible_cases(actor),
        Case.handler_id == actor.user_id,
        col(Case.state) == "open",
    ]
    found: Any = bucket_of(today)
    counted: Any = select(found, func.count()).where(*mine).group_by(found)
    counts = dict.fromkeys(BUCKETS, 0) | dict(session.exec(counted).all())
    query: Any = select(found, Case).where(*mine)
    if bucket is not None:
        query = query.where(found == bucket)
    query = query.order_by(
        col(Case.next_due_on).asc().nulls_last(), col(Case.paused).desc(), col(Case.id)
    )
    rows = session.exec(query.limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)).all()
    listed = [(row[0], row[1]) for row in rows[:PAGE_SIZE]]
    return Work(listed, counts, page, len(rows) > PAGE_SIZE)


def my_requests(session: Session, actor: Actor) -> list[tuple[Approval, Case]]:
    """What this person asked for and nobody has decided yet."""
    query = (
        select(Approval, Case)
        .join(Case, col(Case.id) == col(Approval.case_id))
        .where(
            Approval.state == "waiting",
            Approval.requested_by_id == actor.user_id,
            visible_cases(actor),
        )
        .order_by(col(Approval.requested_at))
    )
    return [(row[0], row[1]) for row in session.exec(query)]
