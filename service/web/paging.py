"""Pages of a long list, by number; the links keep every other part of the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select
from sqlmodel import Session

Item = TypeVar("Item")
# Nobody turns this many pages; a filter finds it sooner.
_LAST_PAGE = 1000


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list; `more` says whether another follows."""

    items: Sequence[Item]
    number: int
    more: bool


def page_number() -> int:
    """The page asked for by `?page=`; 1 where it is missing or no number."""
    given = request.args.get("page", 1, type=int)
    return min(max(given, 1), _LAST_PAGE)


def read_page(session: Session, statement: Select[Any], number: int, size: int) -> Page[Any]:
    """One page of what `statement` finds, read with one row more to know if another follows."""
    rows = session.execute(statement.offset((number - 1) * size).limit(size + 1)).all()
    items = [row[0] if len(row) == 1 else row for row in rows[:size]]
    return Page(items, number, len(rows) > size)


def page_url(number: int) -> str:
    """This address with another page number."""
    kept: dict[str, Any] = {name: found for name, found in request.args.lists() if name != "page"}
    kept |= request.view_args or {}
    return url_for(str(request.endpoint), **kept, page=number)
