"""Engines, sessions and migrations behave the same on SQLite and PostgreSQL."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from models import Unit
from service.config import Settings
from service.db import (
    DatabaseError,
    check_schema,
    create_engine,
    current_revision,
    engine_for,
    latest_revision,
    migrate,
    open_notes,
    open_session,
)


def _unit(code: str) -> Unit:
    return Unit(path="/1/", code=code, name_zh=code, name_en=code, kind="district")


def test_an_empty_database_is_brought_to_the_latest_revision(empty_database_url: str) -> None:
    engine = engine_for(empty_database_url)
    assert current_revision(engine) is None
    migrate(engine)
    assert current_revision(engine) == latest_revision()
    assert check_schema(engine) == []
    migrate(engine)
    engine.dispose()


def test_several_processes_may_migrate_at_once(empty_database_url: str) -> None:
    engines = [engine_for(empty_database_url) for _number in range(3)]
    errors: list[Exception] = []

    def start(engine: Engine) -> None:
        try:
            migrate(engine)
        except Exception as error:  # noqa: BLE001  # the main thread fails on it
            errors.append(error)

    threads = [threading.Thread(target=start, args=[engine]) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert current_revision(engines[0]) == latest_revision()
    for engine in engines:
        engine.dispose()


def test_a_database_of_a_newer_version_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(DatabaseError, match="install the newer one"):
        migrate(engine)
    assert current_revision(engine) == "from_the_future"


def test_what_is_not_committed_is_rolled_back(engine: Engine) -> None:
    with open_session(engine) as session:
        session.add(_unit("A"))
        session.flush()
    with open_session(engine, read_only=True) as session:
        assert session.exec(select(Unit)).all() == []


def test_objects_stay_readable_after_the_commit(engine: Engine) -> None:
    with open_session(engine) as session:
        unit = _unit("A")
        session.add(unit)
        session.commit()
    assert unit.code == "A"


def test_a_reading_session_cannot_write(engine: Engine) -> None:
    with open_session(engine, read_only=True) as session:
        session.add(_unit("A"))
        with pytest.raises(DBAPIError):
            session.flush()
    with open_session(engine) as session:
        session.add(_unit("A"))
        session.commit()


def test_a_reader_waits_for_no_writer(engine: Engine) -> None:
    with open_session(engine) as writer:
        writer.add(_unit("A"))
        writer.flush()
        with open_session(engine, read_only=True) as reader:
            assert reader.exec(select(Unit)).all() == []


def test_foreign_keys_are_enforced(engine: Engine) -> None:
    with open_session(engine) as session:
        orphan = _unit("A")
        orphan.parent_id = 4711
        session.add(orphan)
        with pytest.raises(DBAPIError):
            session.commit()


def test_writers_that_read_first_do_not_overtake_each_other(settings: Settings) -> None:
    engine = create_engine(settings)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (value integer)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def count_up() -> None:
        for _number in range(25):
            with engine.begin() as connection:
                value = connection.execute(text("SELECT value FROM counter")).scalar_one()
                connection.execute(text("UPDATE counter SET value = :v"), {"v": value + 1})

    threads = [threading.Thread(target=count_up) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM counter")).scalar_one() == 100
    engine.dispose()


def test_sqlite_writes_ahead_and_survives_a_power_cut(settings: Settings) -> None:
    engine = create_engine(settings)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


def test_the_data_directory_is_made_and_private(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    engine = create_engine(settings)
    engine.connect().close()
    engine.dispose()
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_only_notes_do_not_wait_for_the_disk(engine: Engine) -> None:
    """A change outlives a power cut (2: FULL), also on a connection that wrote notes before."""
    asked = text("PRAGMA synchronous")
    with open_notes(engine) as connection:
        assert connection.execute(asked).scalar_one() == 1
    with open_session(engine) as session:
        assert session.execute(asked).scalar_one() == 2
