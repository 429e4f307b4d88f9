"""A fresh database while it is filled: one transaction, and indexes made after the rows."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Index, inspect
from sqlmodel import Session

# While a new file is filled and nobody reads it: a journal of its old (few) pages is enough to
# undo everything, no row has to be written twice, and sorting may use the disk.
_FILLING = (
    "journal_mode=DELETE",
    "foreign_keys=OFF",
    "cache_size=-131072",
    "temp_store=FILE",
    "mmap_size=0",
)
_AFTERWARDS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "cache_size=-2000",
    "temp_store=MEMORY",
    "mmap_size=1073741824",
)


@contextmanager
def filling(session: Session, models: Sequence[type[Any]]) -> Iterator[Session]:
    """A session of its own that fills the tables of these models, empty so far; commits at the end.

    All that is written stands or, when it is stopped by whatever, nothing does: a transaction of
    millions of rows costs nothing more, since none of the pages it writes has been there before.
    """
    session.commit()
    indexes = [index for model in models for index in _indexes(model)]
    with (
        session.get_bind().engine.connect() as connection,
        _quick_file(connection),
        Session(connection, expire_on_commit=False) as own,
    ):
        for index in indexes:
            index.drop(own.connection())
        yield own
        for index in indexes:
            index.create(own.connection())
        own.commit()


def _indexes(model: type[Any]) -> list[Index]:
    """Those that do not come with a key, in an order of their own."""
    return sorted(inspect(model).local_table.indexes, key=lambda index: index.name or "")


@contextmanager
def _quick_file(connection: Connection) -> Iterator[None]:
    """SQLite's settings for a file that is filled; PostgreSQL needs none."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    for setting in _FILLING:
        driver.execute(f"PRAGMA {setting}")
    try:
        yield
    finally:
        connection.rollback()
        for setting in _AFTERWARDS:
            driver.execute(f"PRAGMA {setting}")
