"""A fresh database while it is filled: one transaction, and what searches and checks need only
when the rows stand."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    ExecutableDDLElement,
)
from sqlmodel import Session

from service.db import DatabaseError

# While a new file is filled and nobody reads it: a journal of its old (few) pages is enough to
# undo everything, no row has to be written twice, and sorting may use the disk.
_FILLING = (
    "journal_mode=DELETE",
    "foreign_keys=OFF",
    "cache_size=-131072",
    "temp_store=FILE",
    "mmap_size=0",
    # How many entries of an index ANALYZE looks at.
    "analysis_limit=1000",
)
_AFTERWARDS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "cache_size=-2000",
    "temp_store=MEMORY",
    "mmap_size=1073741824",
    "analysis_limit=0",
)


@contextmanager
def filling(session: Session, models: Iterable[type[Any]]) -> Iterator[Session]:
    """A session of its own that fills the tables of these models, empty so far; commits at the
    end, with fresh statistics for the planner.

    All that is written stands or, when it is stopped by whatever, nothing does: a transaction of
    millions of rows costs nothing more, since none of the pages it writes has been there before.
    """
    session.commit()
    engine = session.get_bind().engine
    tables = [inspect(model).local_table for model in models]
    away, back = _left_out(tables, references=engine.dialect.name == "postgresql")
    with (
        engine.connect() as connection,
        _quick_file(connection),
        Session(connection, expire_on_commit=False) as own,
    ):
        for statement in away:
            own.execute(statement)
        yield own
        for statement in back:
            own.execute(statement)
        own.execute(text("ANALYZE"))
        own.commit()


def _left_out(
    tables: Sequence[Table], *, references: bool
) -> tuple[list[ExecutableDDLElement], list[ExecutableDDLElement]]:
    """Statements that take away what no key needs, and that bring it back: indexes, and the
    `references` where these are constraints of their own."""
    indexes = [index for table in tables for index in table.indexes]
    indexes.sort(key=lambda index: str(index.name))
    keys = [key for table in tables for key in table.foreign_key_constraints if references]
    away: list[ExecutableDDLElement] = [DropIndex(index) for index in indexes]
    away += [DropConstraint(key) for key in keys]
    # Not "isolated": that would keep them out of tables made from these models later on.
    back: list[ExecutableDDLElement] = [CreateIndex(index) for index in indexes]
    back += [AddConstraint(key, isolate_from_table=False) for key in keys]
    return away, back


@contextmanager
def _quick_file(connection: Connection) -> Iterator[None]:
    """SQLite's settings for a file that is filled; PostgreSQL needs none. Raises DatabaseError
    where somebody else has it open."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    try:
        for setting in _FILLING:
            driver.execute(f"PRAGMA {setting}")
    except sqlite3.OperationalError as error:
        raise DatabaseError(
            f"the database could not be filled ({error}); stop whatever else works on it"
        ) from error
    try:
        yield
    finally:
        connection.rollback()
        for setting in _AFTERWARDS:
            driver.execute(f"PRAGMA {setting}")
