"""Fixtures every test may use, and the rules of a test session."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from models.encryption import Keyring, use_keyring
from service.config import Settings
from service.db import engine_for, migrate, open_session
from tests.support.chromium import find_chromium
from tests.support.postgres import PostgresServer, file_lock
from tests.support.postgres_guard import debian_binaries, packaged_binaries

TEST_KEYRING = Keyring(keys={"k1": b"1" * 32}, current="k1", index_key=b"2" * 32)
_SHARED = pytest.StashKey[tuple[Path, int]]()


def pytest_configure(config: pytest.Config) -> None:
    """Give all workers of the session one directory, which its first process removes."""
    # A child of the tests must not read the settings of whoever runs them.
    for name in [name for name in os.environ if name.startswith("ANQI_")]:
        if name != "ANQI_NO_SKIPS":
            del os.environ[name]
    given = getattr(config, "workerinput", {}).get("anqi_shared")
    if given:
        config.stash[_SHARED] = (Path(given[0]), given[1])
    else:
        directory = Path(tempfile.mkdtemp(prefix="anqi-tests-"))
        directory.chmod(0o755)
        config.stash[_SHARED] = (directory, os.getpid())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell an xdist worker the session's directory and its first process."""
    directory, pid = node.config.stash[_SHARED]  # type: ignore[attr-defined]
    node.workerinput["anqi_shared"] = (str(directory), pid)  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the directory; the PostgreSQL server ends with this process."""
    directory, pid = config.stash.get(_SHARED, (None, None))
    if pid == os.getpid():
        shutil.rmtree(directory, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With ANQI_NO_SKIPS, a skipped test fails the session: it has proved nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("ANQI_NO_SKIPS") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why a session without failures failed."""
    skipped = terminalreporter.stats.get("skipped")
    if os.environ.get("ANQI_NO_SKIPS") and skipped:
        terminalreporter.write_line(f"ANQI_NO_SKIPS: {len(skipped)} skipped", red=True)


@pytest.fixture(autouse=True)
def keyring() -> Iterator[Keyring]:
    """Personal data are encrypted with the same known keys in every test."""
    use_keyring(TEST_KEYRING)
    yield TEST_KEYRING
    use_keyring(TEST_KEYRING)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation in a directory of its own, on SQLite."""
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture(scope="session")
def shared_dir(pytestconfig: pytest.Config) -> Path:
    """A directory that all workers of the session share."""
    return pytestconfig.stash[_SHARED][0]


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[PostgresServer]:
    """The session's PostgreSQL server; it starts when first asked for a URL."""
    # Client programs of the server's own version: pg_dump refuses a newer server.
    binaries = debian_binaries() or packaged_binaries()
    os.environ["PATH"] = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    directory, pid = pytestconfig.stash[_SHARED]
    server = PostgresServer(directory / "pg", pid)
    yield server
    server.close()


def _migrate(url: str) -> None:
    engine = engine_for(url)
    migrate(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(shared_dir: Path) -> Path:
    """A SQLite file with the schema, migrated once a session."""
    template = shared_dir / "template.sqlite"
    with file_lock(shared_dir / "template.lock"):
        if not template.exists():
            making = shared_dir / "making.sqlite"
            _migrate(f"sqlite:///{making}")
            making.rename(template)
    return template


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other; parametrize it to choose one."""
    return str(request.param)


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Path
) -> Iterator[str]:
    """The URL of a fresh database with the schema and no rows."""
    if database_kind == "sqlite":
        path = tmp_path / "anqi.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    server.prepare_template(_migrate)
    with server.database(template=True) as url:
        yield url


@pytest.fixture
def empty_database_url(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Path
) -> Iterator[str]:
    """The URL of a fresh database without any table."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    with request.getfixturevalue("postgres").database(template=False) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh database with the schema."""
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a fresh database with the schema."""
    with open_session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser; the test is skipped where there is none."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium")
    return found
