"""The database session of a request.

A request that only reads (GET) gets a session that waits for no writer. What is written all
the same, the audit entry of a read, goes into a short transaction of its own at the flush.
Any other request writes in one transaction, committed when it succeeds.

On SQLite one transaction writes at a time, so a view that reads much before it writes is
marked `@reads_first`: its session reads until it asks to write by `begin_writing`.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine, event
from sqlmodel import Session

from models import insert_row
from service.config import Settings
from service.db import create_engine, open_notes, open_session

View = TypeVar("View", bound=Callable[..., Any])

_ENGINE = "anqi_engine"
_READING = ("GET", "HEAD", "OPTIONS")


def engine() -> Engine:
    """The engine of this process, made on first use: after the server has forked."""
    found = current_app.extensions.get(_ENGINE)
    if found is None:
        found = create_engine(cast("Settings", current_app.config["SETTINGS"]))
        current_app.extensions[_ENGINE] = found
    return cast("Engine", found)


def session() -> Session:
    """The session of this request."""
    if "db_session" not in g:
        reading = request.method in _READING or _reads_first()
        g.db_stack = ExitStack()
        g.db_session = g.db_stack.enter_context(open_session(engine(), read_only=reading))
        if reading:
            g.db_session.autoflush = False
            event.listen(g.db_session, "before_flush", _write_apart)
    return cast("Session", g.db_session)


def reads_first(view: View) -> View:
    """Mark a view that calls `begin_writing` before the first thing it changes."""
    view.reads_first = True  # type: ignore[attr-defined]
    return view


def _reads_first() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "reads_first", False)


def begin_writing() -> Session:
    """The session of this request, from now on in a transaction that writes.

    What was read so far stays as it was: ask again for what must not have changed since.
    """
    found = session()
    if event.contains(found, "before_flush", _write_apart):
        found.commit()  # ends the reading; objects stay readable
        event.remove(found, "before_flush", _write_apart)
        found.bind, found.autoflush = engine(), True
    return found


def _write_apart(reading: Session, _context: Any, _instances: Any) -> None:
    """Write what was added to a reading session in a transaction beside it."""
    added: list[Any] = list(reading.new)
    for row in added:
        reading.expunge(row)
    if added:
        # As plain rows: a second session for an entry that nobody looks at costs more than it.
        with open_notes(engine()) as writing:
            for row in added:
                insert_row(writing, row)


def _settle(response: Response) -> Response:
    """Commit what a successful request did; anything else is rolled back."""
    if "db_session" in g and response.status_code < 400:
        session().commit()
    return response


def _close(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("db_stack", None)
    g.pop("db_session", None)
    if stack is not None:
        stack.close()


def use(app: Flask, given: Engine | None) -> None:
    """Work on an engine that is there already, as tests do."""
    if given is not None:
        app.extensions[_ENGINE] = given


def init_app(app: Flask) -> None:
    """Attach to the application."""
    app.after_request(_settle)
    app.teardown_appcontext(_close)
