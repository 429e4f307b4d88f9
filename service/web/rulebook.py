"""The rulebook in force: the policy with the administrator's holiday years."""

from typing import TYPE_CHECKING, cast

from flask import g

from service.web.database import session

if TYPE_CHECKING:
    from rules.rulebook import Rulebook


def current() -> "Rulebook":
    """The rulebook of this request, read once."""
    from jobs import rulebooks

    if "rulebook" not in g:
        g.rulebook = rulebooks.current(session())
    return cast("Rulebook", g.rulebook)
