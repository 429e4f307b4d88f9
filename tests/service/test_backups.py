"""A backup holds database and keys of one moment; a restore checks before it replaces."""

import gzip
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from models import Party, Unit
from models.encryption import use_keyring
from service.backups import BackupError, back_up, new_archive_path, restore
from service.config import Settings
from service.db import DatabaseError, create_engine, migrate, open_session, sqlite_path
from service.installation import opened, opened_session, set_up
from service.keys import KeysError, read_keys
from service.running import in_use


@pytest.fixture
def installation(tmp_path: Path, empty_database_url: str) -> Settings:
    """A set-up installation with one party, whose ID number is encrypted."""
    settings = Settings(data_dir=tmp_path / "data", database=empty_database_url)
    set_up(settings)
    with opened_session(settings) as session:
        session.add(Party(kind="person", name="甲", id_number="11010519491231002X"))
        session.commit()
    return settings


def _id_numbers(settings: Settings) -> list[str | None]:
    use_keyring(read_keys(settings.keys_file).keyring)
    with opened_session(settings) as session:
        return [party.id_number for party in session.exec(select(Party))]


def _lose_everything(settings: Settings) -> None:
    with opened_session(settings) as session:
        for party in session.exec(select(Party)):
            session.delete(party)
        session.commit()
    settings.keys_file.unlink()


def test_database_and_keys_come_back_together(installation: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(installation, archive)
    _lose_everything(installation)
    restore(installation, archive, force=True)
    assert _id_numbers(installation) == ["11010519491231002X"]
    assert installation.keys_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_a_journal_left_beside_the_file_says_is_not_applied_to_what_comes_back(
    installation: Settings, tmp_path: Path
) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(installation, archive)
    path = sqlite_path(installation.database_url)
    assert path is not None
    journal = path.with_name(f"{path.name}-wal")
    with closing(sqlite3.connect(path)) as database:
        database.execute("DELETE FROM party")
        database.commit()
        left = journal.read_bytes()
    journal.write_bytes(left)
    restore(installation, archive, force=True)
    assert _id_numbers(installation) == ["11010519491231002X"]


def test_only_its_owner_may_read_a_backup(installation: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "deep" / "backup.tar.gz"
    back_up(installation, archive)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert list(archive.parent.iterdir()) == [archive]


def test_a_backup_overwrites_nothing(installation: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    archive.write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        back_up(installation, archive)
    assert archive.read_text() == "precious"


def test_restore_overwrites_nothing_without_being_told(
    installation: Settings, tmp_path: Path
) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(installation, archive)
    with pytest.raises(BackupError, match="--force"):
        restore(installation, archive)


def test_nothing_is_replaced_under_a_running_server(installation: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(installation, archive)
    with in_use(installation.data_dir), pytest.raises(BackupError, match="stop it first"):
        restore(installation, archive, force=True)
    assert _id_numbers(installation) == ["11010519491231002X"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_backup_moves_to_another_machine(installation: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(installation, archive)
    elsewhere = Settings(data_dir=tmp_path / "elsewhere")
    restore(elsewhere, archive)
    assert _id_numbers(elsewhere) == ["11010519491231002X"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("damage", ["cut", "changed", "not an archive"])
def test_a_damaged_backup_is_refused_and_changes_nothing(
    installation: Settings, tmp_path: Path, damage: str
) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(installation, archive)
    content = archive.read_bytes()
    if damage == "cut":
        archive.write_bytes(content[: len(content) // 2])
    elif damage == "changed":
        plain = bytearray(gzip.decompress(content))
        place = plain.index(b"SQLite format 3") + 5000
        plain[place] ^= 1
        archive.write_bytes(gzip.compress(bytes(plain)))
    else:
        archive.write_text("hello")
    with pytest.raises(BackupError, match="not an intact backup"):
        restore(installation, archive, force=True)
    assert _id_numbers(installation) == ["11010519491231002X"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_backup_of_another_kind_of_database_is_refused(
    installation: Settings, tmp_path: Path
) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(installation, archive)
    other = Settings(data_dir=tmp_path / "other", database="postgresql+psycopg://nowhere/none")
    with pytest.raises(BackupError, match="the backup is of sqlite"):
        restore(other, archive, force=True)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_missing_archive_is_named(installation: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no file"):
        restore(installation, tmp_path / "none.tar.gz")


def test_a_backup_is_of_one_moment_while_others_write(
    installation: Settings, tmp_path: Path
) -> None:
    """Each transaction adds two units; no backup may hold an odd number of them."""
    engine = create_engine(installation)
    stop = threading.Event()
    started = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with open_session(engine) as session:
                for half in "ab":
                    code = f"{number}{half}"
                    unit = Unit(path="/", code=code, name_zh="", name_en="", kind="section")
                    session.add(unit)
                    session.flush()
                session.commit()
            number += 1
            started.set()

    writer = threading.Thread(target=write)
    writer.start()
    started.wait(10)
    archive = tmp_path / "backup.tar.gz"
    try:
        back_up(installation, archive)
    finally:
        stop.set()
        writer.join()
        engine.dispose()
    restore(installation, archive, force=True)
    with opened_session(installation) as session:
        count = len(session.exec(select(Unit.id)).all())
    assert count > 0
    assert count % 2 == 0


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_postgresql_needs_its_client_programs(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(BackupError, match="apt-get install postgresql-client"):
        back_up(installation, tmp_path / "backup.tar.gz")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_upgrade_makes_a_backup_first(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set_up(installation) is None
    migrated = []
    monkeypatch.setattr("service.installation.latest_revision", lambda: "next")
    monkeypatch.setattr("service.installation.migrate", migrated.append)
    archive = set_up(installation)
    assert archive is not None
    assert archive.parent == installation.backups_dir
    assert len(migrated) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_new_keys_are_never_made_for_old_data(installation: Settings) -> None:
    installation.keys_file.unlink()
    with pytest.raises(KeysError, match="restore both with: anqi restore"):
        set_up(installation)
    assert not installation.keys_file.exists()


def test_an_installation_that_is_not_set_up_says_how(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(DatabaseError, match="anqi init"), opened(settings):
        pass
    with sqlite3.connect(tmp_path / "anqi.sqlite") as empty:
        empty.execute("CREATE TABLE something (x)")
    empty.close()
    with pytest.raises(DatabaseError, match="anqi init"), opened(settings):
        pass


def test_a_database_that_is_up_but_without_keys_says_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    engine = create_engine(settings)
    migrate(engine)
    engine.dispose()
    with pytest.raises(KeysError, match="there is no keys file"), opened(settings):
        pass


def test_backups_get_names_of_their_own(settings: Settings) -> None:
    names = {new_archive_path(settings, "backup") for _number in range(5)}
    assert len(names) == 5
