"""Writing personal data anew with another encryption key."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Engine, Table, bindparam, select, type_coerce
from sqlalchemy.sql.sqltypes import String

from models import metadata
from models.encryption import Encrypted, decrypt, encrypt, use_keyring
from service.backups import back_up, new_archive_path
from service.config import Settings
from service.db import open_session
from service.installation import opened
from service.keys import read_keys, save_keys, with_new_key, without_old_keys

_CHUNK = 500


@dataclass(frozen=True)
class Rotation:
    """The backup made before, and how many values were written anew."""

    archive: Path
    values: int


def rotate(settings: Settings) -> Rotation:
    """Add a key, make it current and write every value with it; older keys stay in the file.

    They are still needed: a process that runs meanwhile goes on writing with the one it knows.
    """
    return _rewritten(settings, add_key=True)


def forget_old_keys(settings: Settings) -> Rotation:
    """Write what is left with the current key and remove the older ones from the file.

    Every process must have been restarted since `rotate`.
    """
    rotation = _rewritten(settings, add_key=False)
    save_keys(settings.keys_file, without_old_keys(read_keys(settings.keys_file)))
    return rotation


def _rewritten(settings: Settings, *, add_key: bool) -> Rotation:
    with opened(settings) as engine:
        archive = new_archive_path(settings, "before-rotation")
        back_up(settings, archive)
        keys = read_keys(settings.keys_file)
        if add_key:
            keys = with_new_key(keys)
            save_keys(settings.keys_file, keys)
        use_keyring(keys.keyring)
        values = sum(_rewrite(engine, column, keys.current) for column in encrypted_columns())
        return Rotation(archive, values)


def encrypted_columns() -> Iterator[Column[str]]:
    """Every column of personal data."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Encrypted):
                yield column


def _rewrite(engine: Engine, column: Column[str], current: str) -> int:
    """In chunks, each its own transaction, so that others may work in between."""
    count = 0
    while changed := _rewrite_chunk(engine, column, current):
        count += changed
    return count


def _rewrite_chunk(engine: Engine, column: Column[str], current: str) -> int:
    table: Table = column.table
    (key,) = table.primary_key.columns
    stored = type_coerce(column, String)
    context = column.type.context  # type: ignore[attr-defined]
    other_key = ~stored.startswith(f"{current}:", autoescape=True)
    old = select(key, stored).where(other_key).limit(_CHUNK)
    new = type_coerce(bindparam("value"), String)
    # What somebody wrote in the meantime stays; the next chunk finds it if need be.
    unchanged = stored == bindparam("old")
    update = table.update().where(key == bindparam("row"), unchanged).values({column: new})
    with open_session(engine) as session:
        rows = session.connection().execute(old).all()
        changes = [
            {"row": row, "old": value, "value": encrypt(decrypt(value, context), context)}
            for row, value in rows
        ]
        if changes:
            session.connection().execute(update, changes)
        session.commit()
    return len(changes)
