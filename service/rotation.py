"""Key rotation, in two steps with a restart between them; a backup stands before each."""

from dataclasses import dataclass
from pathlib import Path

from models.encryption import use_keyring
from service.backups import back_up, new_archive_path
from service.config import Settings
from service.db import create_engine, open_session
from service.keys import Keys, read_keys, save_keys, with_new_key, without_old_keys
from service.reencrypting import rewrite_all


@dataclass(frozen=True)
class Rotation:
    """The backup that was made first, and how many values were written anew."""

    archive: Path
    values: int


def rotate(settings: Settings) -> Rotation:
    """Add a key and write every value with it; older keys stay until `forget_old_keys`.

    Processes that still run know only the older ones: restart them.
    """
    archive = _backup(settings)
    keys = with_new_key(read_keys(settings.keys_file))
    # Saved before the first value is written with it: a value is never without its key.
    save_keys(settings.keys_file, keys)
    return Rotation(archive, _rewrite(settings, keys))


def forget_old_keys(settings: Settings) -> Rotation:
    """Write what came in since with the current key, then drop the older ones."""
    archive = _backup(settings)
    keys = read_keys(settings.keys_file)
    values = _rewrite(settings, keys)
    save_keys(settings.keys_file, without_old_keys(keys))
    return Rotation(archive, values)


def _backup(settings: Settings) -> Path:
    archive = new_archive_path(settings, "before-keys")
    back_up(settings, archive)
    return archive


def _rewrite(settings: Settings, keys: Keys) -> int:
    use_keyring(keys.keyring)
    engine = create_engine(settings)
    try:
        with open_session(engine) as session:
            return rewrite_all(session)
    finally:
        engine.dispose()
