"""Demo bureaus of any size to measure on, on SQLite and PostgreSQL."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from service import installation
from service.config import Settings
from service.db import engine_for, migrate, open_session
from service.demo.loading import fill
from tests.support.postgres import PostgresServer

TODAY = date(2026, 11, 20)


def sqlite_settings(directory: Path, cases: int) -> tuple[Settings, float]:
    """An installation with so many cases, and the seconds it took; one there is used again."""
    settings = Settings(data_dir=directory / f"sqlite-{cases}", demo=True, log_level="WARNING")
    installation.set_up(settings)
    with installation.opened(settings) as engine:
        return settings, _filled(engine, cases)


@contextmanager
def postgres_engine(directory: Path, cases: int) -> Iterator[tuple[Engine, float]]:
    """A database on a PostgreSQL server that ends with this process."""
    server = PostgresServer(directory / "pg", os.getpid())
    with server.database(template=False) as url:
        engine = engine_for(url)
        migrate(engine)
        yield engine, _filled(engine, cases)
        engine.dispose()


def _filled(engine: Engine, cases: int) -> float:
    if installation.has_people(engine):
        return 0.0
    started = time.perf_counter()
    with open_session(engine) as session:
        fill(session, TODAY, cases)
    return time.perf_counter() - started
