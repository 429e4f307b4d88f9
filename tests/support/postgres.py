"""One PostgreSQL server for a test session, however many worker processes share it."""

import fcntl
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 60
_TEMPLATE = "anqi_template"
_numbers = itertools.count()


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Let one worker process at a time go on."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class PostgresServer:
    """The session's server, started when the first test asks for it."""

    def __init__(self, directory: Path, owner_pid: int) -> None:
        self.directory = directory
        self.owner_pid = owner_pid
        self._connection: psycopg.Connection | None = None

    def url(self, database: str) -> str:
        """SQLAlchemy's URL of one of its databases. Starts the server when need be."""
        if not (self.directory / "url").exists():
            with file_lock(self.directory.with_suffix(".lock")):
                self._start()
        return (
            make_url((self.directory / "url").read_text())
            .set(database=database)
            .render_as_string(hide_password=False)
        )

    def _start(self) -> None:
        if (self.directory / "url").exists():
            return
        self.directory.mkdir(mode=0o755, exist_ok=True)
        guard = [sys.executable, "-m", "tests.support.postgres_guard"]
        subprocess.Popen(
            [*guard, str(self.directory), str(self.owner_pid)],
            cwd=_ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ).returncode = 0  # it outlives us; nobody waits for it
        for _attempt in range(_START_SECONDS * 20):
            if (self.directory / "url").exists():
                return
            if (self.directory / "error").exists():
                raise RuntimeError((self.directory / "error").read_text())
            time.sleep(0.05)
        raise TimeoutError(f"PostgreSQL did not start within {_START_SECONDS} seconds")

    def execute(self, statement: sql.Composable) -> None:
        """Run an administrative statement, outside any transaction."""
        if self._connection is None:
            plain = self.url("postgres").replace("+psycopg", "", 1)
            self._connection = psycopg.connect(plain, autocommit=True)
        self._connection.execute(statement)

    def close(self) -> None:
        """End our connection; the server ends with the session."""
        if self._connection is not None:
            self._connection.close()

    def prepare_template(self, fill: Callable[[str], None]) -> None:
        """Make the template database once a session; `fill` gets its URL."""
        self.url("postgres")
        done = self.directory.with_suffix(".template")
        with file_lock(self.directory.with_suffix(".lock")):
            if done.exists():
                return
            self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
            fill(self.url(_TEMPLATE))
            done.touch()

    @contextmanager
    def database(self, *, template: bool) -> Iterator[str]:
        """The URL of a database of one's own, empty or with the schema; dropped at the end."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        source = sql.Identifier(_TEMPLATE if template else "template0")
        # Copying files is twice as fast as writing a log of them, where nothing is synced.
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self.execute(create.format(sql.Identifier(name), source))
        try:
            yield self.url(name)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            self.execute(drop)
