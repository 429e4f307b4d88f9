"""Drafts: what somebody typed and has not sent yet. Each is read by its author alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, update
from sqlmodel import Session, col, select

from jobs.drafts import KEPT
from jobs.inserting import add
from models import Draft, table_of
from service.transactions import one_transaction

# So many of one person are kept; a further one takes the place of the oldest.
MOST = 20
_DRAFTS = table_of(Draft)
_FORGET = delete(_DRAFTS).where(
    _DRAFTS.c.user_id == bindparam("user_id"), _DRAFTS.c.key == bindparam("key")
)
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Typed:
    """A form as it was typed: the page it stands on, and its fields as browsers send them."""

    key: str
    path: str
    fields: Fields


@dataclass(frozen=True)
class Kept(Typed):
    """A form that was kept, and when."""

    saved_at: datetime


@one_transaction
def keep(session: Session, user_id: int, typed: Typed, now: datetime) -> None:
    """Save the draft, in place of what was saved of the same form before."""
    values = {"path": typed.path, "content": json.dumps(list(typed.fields)), "saved_at": now}
    if add(session, Draft, [{"user_id": user_id, "key": typed.key, **values}]):
        _make_room(session, user_id)
    else:
        session.execute(update(Draft).where(_named(user_id, typed.key)).values(**values))


def _named(user_id: int, key: str) -> ColumnElement[bool]:
    return (col(Draft.user_id) == user_id) & (col(Draft.key) == key)


def _make_room(session: Session, user_id: int) -> None:
    own = select(Draft.id).where(Draft.user_id == user_id)
    newest = own.order_by(col(Draft.saved_at).desc(), col(Draft.id).desc())
    surplus = session.exec(newest.offset(MOST)).all()
    if surplus:
        session.execute(delete(Draft).where(col(Draft.id).in_(surplus)))


def find(session: Session, user_id: int, key: str, now: datetime) -> Kept | None:
    """This person's draft; None when it was discarded, has expired or is somebody else's."""
    query = select(Draft).where(_named(user_id, key), col(Draft.saved_at) >= now - KEPT)
    row = session.exec(query).one_or_none()
    return _kept(row) if row is not None else None


def of_person(session: Session, user_id: int, below: str, now: datetime) -> list[Kept]:
    """This person's drafts of pages below a path (`/register/`), the latest first."""
    query = select(Draft).where(
        Draft.user_id == user_id,
        col(Draft.path).startswith(below, autoescape=True),
        col(Draft.saved_at) >= now - KEPT,
    )
    return [_kept(row) for row in session.exec(query.order_by(col(Draft.saved_at).desc()))]


def _kept(row: Draft) -> Kept:
    fields = [(name, value) for name, value in json.loads(row.content)]
    return Kept(row.key, row.path, fields, row.saved_at)


@one_transaction
def discard(session: Session, user_id: int, key: str) -> None:
    """Forget a draft, if there is one: it is not wanted any more."""
    forget(session, user_id, key)


def forget(session: Session, user_id: int, key: str) -> None:
    """The same for a form that is taken; the caller commits both together."""
    session.execute(_FORGET, {"user_id": user_id, "key": key})
