"""Words that a page shows in row after row are made once in a request."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TypeVar, cast

from flask import g, has_request_context

Asked = TypeVar("Asked", bound=Hashable)
Made = TypeVar("Made")


def once_a_request(make: Callable[[Asked], Made]) -> Callable[[Asked], Made]:
    """Keep what `make` returns for each argument until the request ends, and no longer: it
    may depend on the language, the day and the rulebook."""
    name = f"once {make.__module__}.{make.__qualname__}"

    @wraps(make)
    def kept(asked: Asked) -> Made:
        if not has_request_context():
            return make(asked)
        known: dict[Asked, Made] | None = g.get(name)
        if known is None:
            known = {}
            setattr(g, name, known)
        if asked not in known:
            known[asked] = make(asked)
        return known[asked]

    return cast("Callable[[Asked], Made]", kept)
