"""Demo bureaus of any size to measure on, on SQLite and PostgreSQL."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from service import installation
from service.config import Settings
from service.db import engine_for, migrate, open_session
from service.demo.loading import fill
from tests.bench.measures import Measured
from tests.support.postgres import PostgresServer

TODAY = date(2026, 11, 20)


class Loading(NamedTuple):
    """How long filling a database took: in all, and of this process's processor time."""

    seconds: float
    processor_seconds: float

    def measured(self, cases: int, kind: str) -> list[Measured]:
        """Lines of the table; on a machine with other work the second says more."""
        return [
            Measured("demo", f"cases loaded ({kind})", cases / self.seconds, "cases/s"),
            Measured(
                "demo",
                f"cases loaded a second of our processor time ({kind})",
                cases / self.processor_seconds,
                "cases/s",
            ),
        ]


def sqlite_settings(directory: Path, cases: int) -> tuple[Settings, Loading | None]:
    """An installation with so many cases, and what it took; one that is there is used again."""
    settings = Settings(data_dir=directory / f"sqlite-{cases}", demo=True, log_level="WARNING")
    installation.set_up(settings)
    with installation.opened(settings) as engine:
        return settings, _filled(engine, cases)


@contextmanager
def postgres_engine(directory: Path, cases: int) -> Iterator[tuple[Engine, Loading | None]]:
    """A database on a PostgreSQL server that ends with this process."""
    server = PostgresServer(directory / "pg", os.getpid())
    with server.database(template=False) as url:
        engine = engine_for(url)
        migrate(engine)
        yield engine, _filled(engine, cases)
        engine.dispose()


def _filled(engine: Engine, cases: int) -> Loading | None:
    if installation.has_people(engine):
        return None
    started, worked = time.perf_counter(), time.process_time()
    with open_session(engine) as session:
        fill(session, TODAY, cases)
    return Loading(time.perf_counter() - started, time.process_time() - worked)
