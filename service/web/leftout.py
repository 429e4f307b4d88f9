"""Parts of an address that its page cannot use: left out, and said in a sentence."""

from collections.abc import Iterable

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict


def say(names: Iterable[str]) -> None:
    """Say which parts were left out, at the top of this page or the next."""
    named = _(", ").join(dict.fromkeys(names))
    if named:
        flash(
            _(
                "Left out of this address, because this page does not know it or cannot read"
                " it: %(names)s. All else it says holds; choose again from what this page offers.",
                names=named,
            ),
            "warning",
        )


def say_unless(*known: str, unreadable: Iterable[str] = ()) -> None:
    """Say it of every part but those known, and of those that could not be read."""
    say([*(name for name in request.args if name not in known), *unreadable])


def without(names: Iterable[str]) -> MultiDict[str, str]:
    """The address without these parts."""
    given = MultiDict(request.args)
    for name in names:
        given.poplist(name)
    return given
