"""Database and keys together in one archive, and back.

The archive is a gzipped tar: `manifest.json` (what it is, digests), `database` and
`keys.json`. It holds the keys to personal data: guard it like the installation itself.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from service.config import Settings
from service.db import current_revision, engine_for, sqlite_path
from service.keys import read_keys
from service.running import RunningError, at_rest

_FORMAT = 1
_MEMBERS = ("manifest.json", "database", "keys.json")


class BackupError(RuntimeError):
    """A backup cannot be made or restored; the message says why."""


def new_archive_path(settings: Settings, label: str) -> Path:
    """A name for a backup in the data directory: label and moment."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return settings.backups_dir / f"anqi-{label}-{moment}.tar.gz"


def back_up(settings: Settings, archive: Path) -> None:
    """Write database and keys, as they are at one moment, to a new archive.

    The application may go on working. Raises BackupError when the archive exists already.
    """
    if archive.exists():
        raise BackupError(f"{archive} exists already; choose another name")
    read_keys(settings.keys_file)
    archive.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _work_directory(archive.parent) as work:
        _dump(settings.database_url, work / "database")
        shutil.copyfile(settings.keys_file, work / "keys.json")
        (work / "manifest.json").write_text(json.dumps(_manifest(settings, work), indent=2))
        packed = work / "archive"
        with tarfile.open(packed, "w:gz", compresslevel=3) as tar:
            for name in _MEMBERS:
                tar.add(work / name, arcname=name)
        packed.chmod(0o600)
        try:
            archive.hardlink_to(packed)
        except FileExistsError:
            raise BackupError(f"{archive} exists already; choose another name") from None


@contextmanager
def _work_directory(parent: Path) -> Iterator[Path]:
    """On the same disk as the result, which can then be moved into place in one step."""
    try:
        with tempfile.TemporaryDirectory(prefix=".anqi-", dir=parent) as name:
            yield Path(name)
    except OSError as error:
        raise BackupError(f"cannot write in {parent}: {error.strerror or error}") from error


def _manifest(settings: Settings, work: Path) -> dict[str, Any]:
    engine = engine_for(settings.database_url)
    try:
        revision = current_revision(engine)
    finally:
        engine.dispose()
    return {
        "format": _FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": make_url(settings.database_url).get_backend_name(),
        "revision": revision,
        "sha256": {name: _digest(work / name) for name in _MEMBERS[1:]},
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(url: str, target: Path) -> None:
    source = sqlite_path(url)
    if source is None:
        _postgres(url, "pg_dump", "--format=custom", f"--file={target}")
        return
    if not source.exists():
        raise BackupError(f"there is no database {source}")
    with closing(sqlite3.connect(source)) as database, closing(sqlite3.connect(target)) as copy:
        database.backup(copy)
        _check_sqlite(copy)


def _check_sqlite(database: sqlite3.Connection) -> None:
    try:
        found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BackupError(f"the database is damaged: {found}")


def _postgres(url: str, program: str, *arguments: str) -> None:
    """Run a client program of PostgreSQL on the database; its password stays out of `ps`."""
    if shutil.which(program) is None:
        raise BackupError(
            f"{program} is needed; install it with: apt-get install postgresql-client"
        )
    parsed = make_url(url)
    environment = os.environ | {
        name: value
        for name, value in (
            ("PGHOST", str(parsed.query.get("host") or parsed.host or "")),
            ("PGPORT", str(parsed.port or "")),
            ("PGUSER", parsed.username or ""),
            ("PGPASSWORD", str(parsed.password or "")),
        )
        if value
    }
    command = [program, f"--dbname={parsed.database}", "--no-password", *arguments]
    done = subprocess.run(  # noqa: S603  # a fixed program; the arguments are ours
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise BackupError(f"{program} failed: {lines[-1]}")


def restore(settings: Settings, archive: Path, *, force: bool = False) -> str:
    """Put database and keys of an archive in place; returns when it was made.

    Everything is checked before anything is replaced. Raises BackupError for a damaged
    archive, one of another kind of database, while a server or scheduler of this machine
    works on the data, or, without `force`, where data or keys are in the way.
    """
    if not archive.is_file():
        raise BackupError(f"there is no file {archive}")
    try:
        with at_rest(settings.data_dir), _work_directory(settings.data_dir) as work:
            return _restore_from(settings, archive, work, force=force)
    except RunningError as error:
        raise BackupError(str(error)) from error


def _restore_from(settings: Settings, archive: Path, work: Path, *, force: bool) -> str:
    manifest = _unpack(archive, work)
    kind = make_url(settings.database_url).get_backend_name()
    if manifest["database"] != kind:
        raise BackupError(f"the backup is of {manifest['database']}, this database is {kind}")
    read_keys(work / "keys.json")
    if not force:
        _refuse_to_overwrite(settings)
    _put_database(settings.database_url, work / "database")
    _put_file(work / "keys.json", settings.keys_file)
    return str(manifest["made_at"])


def _unpack(archive: Path, work: Path) -> dict[str, Any]:
    """Unpack exactly the files that belong in an archive and compare their digests."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for name in _MEMBERS:
                tar.extract(tar.getmember(name), work, filter="data")
        manifest: dict[str, Any] = json.loads((work / "manifest.json").read_text())
        intact = manifest["format"] == _FORMAT and all(
            _digest(work / name) == manifest["sha256"][name] for name in _MEMBERS[1:]
        )
    except (tarfile.TarError, EOFError, OSError, KeyError, ValueError):
        intact = False
    if not intact:
        raise BackupError(f"{archive} is not an intact backup of Anqi")
    (work / "keys.json").chmod(0o600)
    return manifest


def _refuse_to_overwrite(settings: Settings) -> None:
    path = sqlite_path(settings.database_url)
    if path is not None:
        taken = path.exists()
    else:
        engine = engine_for(settings.database_url)
        try:
            taken = current_revision(engine) is not None
        finally:
            engine.dispose()
    if taken or settings.keys_file.exists():
        raise BackupError(
            "there is a database or keys file already; stop Anqi and say --force to replace it"
        )


def _put_database(url: str, dump: Path) -> None:
    path = sqlite_path(url)
    if path is None:
        _postgres(
            url, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
            str(dump),
        )  # fmt: skip
        return
    with closing(sqlite3.connect(dump)) as database:
        _check_sqlite(database)
    # A journal left beside the file would be applied to the restored one.
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _put_file(dump, path)


def _put_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = target.with_name(f".{target.name}.restored")
    shutil.copyfile(source, beside)
    beside.chmod(0o600)
    beside.replace(target)
