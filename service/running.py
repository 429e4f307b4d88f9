"""Whether a server or a scheduler works on this data, so that nothing is replaced under it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK_FILE = "running.lock"


class RunningError(RuntimeError):
    """A server or a scheduler of this machine works on the data."""


@contextmanager
def in_use(data_dir: Path) -> Iterator[None]:
    """Held by whatever serves or schedules on this data; any number may."""
    with _locked(data_dir, fcntl.LOCK_SH):
        yield


@contextmanager
def at_rest(data_dir: Path) -> Iterator[None]:
    """Held while the data are replaced. Raises RunningError where something works on them."""
    with _locked(data_dir, fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def _locked(data_dir: Path, how: int) -> Iterator[None]:
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data_dir / _LOCK_FILE).open("a") as lock:
        try:
            fcntl.flock(lock, how)
        except BlockingIOError as error:
            raise RunningError(f"Anqi is running on {data_dir}; stop it first") from error
        yield
