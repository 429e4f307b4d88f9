"""An installation that is ready to work on: keys read, database there and up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from models.encryption import use_keyring
from service.backups import back_up, new_archive_path
from service.config import Settings
from service.db import (
    DatabaseError,
    create_engine,
    current_revision,
    latest_revision,
    migrate,
    open_session,
    sqlite_path,
)
from service.keys import KeysError, ensure_keys, read_keys


def today(settings: Settings) -> date:
    """The day it is where the bureau is."""
    return datetime.now(ZoneInfo(settings.time_zone)).date()


def load_keyring(settings: Settings) -> None:
    """Give this process the keys for personal data. Raises KeysError where there are none."""
    use_keyring(read_keys(settings.keys_file).keyring)


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """The engine of an installation that is set up.

    Raises DatabaseError or KeysError, which name the command that sets it up.
    """
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        raise DatabaseError(
            f"there is no database {path}; say where the data are with ANQI_DATA "
            "(`make run` keeps them in ./data), or make a new installation with: anqi init"
        )
    engine = create_engine(settings)
    try:
        revision = current_revision(engine)
        if revision is None:
            raise DatabaseError("the database is empty; set it up with: anqi init")
        if revision != latest_revision():
            raise DatabaseError("the database is of another version; run: anqi migrate")
        load_keyring(settings)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def opened_session(settings: Settings) -> Iterator[Session]:
    """A session of an installation that is set up."""
    with opened(settings) as engine, open_session(engine) as session:
        yield session


def set_up(settings: Settings) -> Path | None:
    """Make what is missing: keys, database, tables. Changes nothing that is there already.

    A database that is behind is backed up before it is migrated; returns that backup.
    Raises KeysError when a filled database has lost its keys: new ones would not open it.
    """
    engine = create_engine(settings)
    try:
        revision = current_revision(engine)
        if revision is not None and not settings.keys_file.exists():
            raise KeysError(
                f"the database has data but its keys {settings.keys_file} are missing; "
                "restore both with: anqi restore"
            )
        use_keyring(ensure_keys(settings.keys_file).keyring)
        if revision == latest_revision():
            return None
        archive = None
        if revision is not None:
            archive = new_archive_path(settings, "before-upgrade")
            back_up(settings, archive)
        migrate(engine)
        return archive
    finally:
        engine.dispose()


def has_people(engine: Engine) -> bool:
    """Does anybody have an account? A fresh database has nobody."""
    from sqlmodel import select

    from models import User

    with open_session(engine, read_only=True) as session:
        return session.exec(select(User.id).limit(1)).first() is not None
