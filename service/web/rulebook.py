"""The rulebook in force: the policy with the administrator's holiday years."""

from flask import g

from jobs import rulebooks
from rules.rulebook import Rulebook
from service.web.database import session


def current() -> Rulebook:
    """The rulebook of this request, read once."""
    kept: Rulebook | None = g.get("rulebook")
    if kept is None:
        kept = g.rulebook = rulebooks.current(session())
    return kept
