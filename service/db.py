"""Engine, sessions and migrations, the same for SQLite and PostgreSQL.

A session writes by default: on SQLite its transaction takes the write lock at once (BEGIN
IMMEDIATE), because one that reads first and writes later may find that another has written
in between. A page that only reads asks for `read_only=True` and waits for nobody; the
database then refuses its writes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session

from service.config import Settings

BUSY_SECONDS = 15
# Any number, but the same in every process that migrates one PostgreSQL database.
_MIGRATION_LOCK = 4_170_201


class DatabaseError(RuntimeError):
    """The database cannot be used as it is; the message says what to do."""


def create_engine(settings: Settings) -> Engine:
    """The engine for the configured database. Make one per process, after any fork."""
    return engine_for(settings.database_url)


def engine_for(url: str) -> Engine:
    """The engine for a database URL."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return sqlalchemy.create_engine(
        url, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"}
    )


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite database; None for any other kind."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def _sqlite_engine(url: str) -> Engine:
    path = sqlite_path(url)
    if path is None:
        raise DatabaseError("a SQLite database must be a file; give sqlite:////path/to/file")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = sqlalchemy.create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not begin transactions by itself; _begin_sqlite does.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "mmap_size=1073741824",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    read_only = options.get("anqi_read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    if not read_only:
        kept = "NORMAL" if options.get("anqi_notes", False) else "FULL"
        connection.exec_driver_sql(f"PRAGMA synchronous={kept}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def open_session(engine: Engine, *, read_only: bool = False) -> Iterator[Session]:
    """A session, closed at the end; what was not committed is rolled back.

    Objects stay readable after a commit.
    """
    bind = engine
    if read_only:
        bind = engine.execution_options(anqi_read_only=True, postgresql_readonly=True)
    with Session(bind, expire_on_commit=False) as session:
        yield session


@contextmanager
def open_notes(engine: Engine) -> Iterator[Connection]:
    """A short transaction for entries that say who read what, committed at the end.

    On SQLite its commit does not wait for the disk, so that when the power fails the last of
    them may be gone; all that was changed by anybody is kept.
    """
    with engine.execution_options(anqi_notes=True).begin() as connection:
        yield connection


def _alembic_config(connection: Connection | None = None) -> Any:
    from alembic.config import Config

    import models

    config = Config()
    config.set_main_option("script_location", str(Path(models.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def latest_revision() -> str | None:
    """The revision this version of the code needs."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_alembic_config()).get_current_head()


def current_revision(engine: Engine) -> str | None:
    """The revision the database is at; None when it is empty."""
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine) -> None:
    """Bring the database to the latest revision, or change nothing.

    Several processes may call it at once: the first migrates, the others wait and find
    nothing to do.
    """
    with engine.connect() as connection, _foreign_keys_off(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(
                sqlalchemy.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
            )
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.util.exc import CommandError

    try:
        command.upgrade(_alembic_config(connection), "head")
    except CommandError as error:
        raise DatabaseError(
            f"the database does not fit this version of Anqi ({error}); install the newer one"
        ) from error


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """SQLite rebuilds a table to alter it, which must not cascade into the tables beside it."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def check_schema(engine: Engine) -> list[str]:
    """How the tables of the database differ from the models; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from models import metadata

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, metadata)]
