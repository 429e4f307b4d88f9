"""Which due days of a list rest on a year whose holidays are not published yet."""

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from models import Case, Deadline, plain_rows

_PROVISIONAL = (
    select(Deadline.case_id)
    .join(Case, col(Case.id) == col(Deadline.case_id))
    .where(
        col(Deadline.case_id).in_(bindparam("ids", expanding=True)),
        col(Deadline.provisional),
        Deadline.state == "running",
        Deadline.rule == Case.next_rule,
        Deadline.due_on == Case.next_due_on,
    )
)


def provisional_cases(session: Session, ids: Sequence[int]) -> set[int]:
    """Of these cases (by id, already seen through the gate), those whose next due day may
    still move when the calendar of its year is entered; one query."""
    if not ids:
        return set()
    return {case_id for (case_id,) in plain_rows(session, _PROVISIONAL, {"ids": ids})}
