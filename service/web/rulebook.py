"""The rulebook in force: the policy with the administrator's holiday years."""

from typing import cast

from flask import g

from jobs import rulebooks
from rules.rulebook import Rulebook
from service.web.database import session


def current() -> Rulebook:
    """The rulebook of this request, read once."""
    if "rulebook" not in g:
        g.rulebook = rulebooks.current(session())
    return cast("Rulebook", g.rulebook)
