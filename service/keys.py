"""The installation's secret keys: one private file, made on first use, rotated by command."""

import base64
import json
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from models.encryption import Keyring

_KEY_BYTES = 32


class KeysError(RuntimeError):
    """The keys file is missing, open to others or damaged; the message says what to do."""


@dataclass(frozen=True)
class Keys:
    """What must never be lost (encryption, index) or known (all of it).

    `encryption` maps key ids to keys; `current` is the one new values are written with.
    """

    session_secret: str
    encryption: dict[str, bytes]
    current: str
    index_key: bytes

    @property
    def keyring(self) -> Keyring:
        """The part the encrypted columns need."""
        return Keyring(keys=self.encryption, current=self.current, index_key=self.index_key)


def generate_keys() -> Keys:
    """New random keys."""
    return Keys(
        session_secret=secrets.token_hex(_KEY_BYTES),
        encryption={"k1": secrets.token_bytes(_KEY_BYTES)},
        current="k1",
        index_key=secrets.token_bytes(_KEY_BYTES),
    )


def with_new_key(keys: Keys) -> Keys:
    """The same keys and one more, current now; the older ones still open what they sealed.

    The index key stays: changing it would need every indexed value at once.
    """
    number = 1 + max(int(key_id.removeprefix("k")) for key_id in keys.encryption)
    key_id = f"k{number}"
    encryption = {**keys.encryption, key_id: secrets.token_bytes(_KEY_BYTES)}
    return replace(keys, encryption=encryption, current=key_id)


def without_old_keys(keys: Keys) -> Keys:
    """Only the current encryption key, for when every value was rewritten with it."""
    return replace(keys, encryption={keys.current: keys.encryption[keys.current]})


def _to_json(keys: Keys) -> str:
    encryption = {name: base64.b64encode(key).decode() for name, key in keys.encryption.items()}
    content = {
        "session_secret": keys.session_secret,
        "encryption": {"current": keys.current, "keys": encryption},
        "index_key": base64.b64encode(keys.index_key).decode(),
    }
    return json.dumps(content, indent=2) + "\n"


def _from_json(text: str) -> Keys:
    content = json.loads(text)
    encoded = content["encryption"]["keys"]
    keys = Keys(
        session_secret=content["session_secret"],
        encryption={name: base64.b64decode(key, validate=True) for name, key in encoded.items()},
        current=content["encryption"]["current"],
        index_key=base64.b64decode(content["index_key"], validate=True),
    )
    lengths = {len(key) for key in (*keys.encryption.values(), keys.index_key)}
    if lengths != {_KEY_BYTES} or keys.current not in keys.encryption or not keys.session_secret:
        raise ValueError("keys are missing or have the wrong length")
    return keys


def _write_private(path: Path, text: str) -> Path:
    """A new file beside `path` that only its owner may read; the caller moves it into place."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def save_keys(path: Path, keys: Keys) -> None:
    """Replace the keys file in one step."""
    _write_private(path, _to_json(keys)).replace(path)


def read_keys(path: Path) -> Keys:
    """The keys in the file. Raises KeysError when it is missing, open to others or damaged."""
    try:
        mode = path.stat().st_mode
        text = path.read_text()
    except FileNotFoundError:
        raise KeysError(f"there is no keys file {path}; restore it from a backup") from None
    except OSError as error:
        raise KeysError(f"cannot read the keys file {path}: {error.strerror}") from None
    if mode & 0o077:
        raise KeysError(f"others may read the keys file; close it with: chmod 600 {path}")
    try:
        return _from_json(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeysError(f"the keys file {path} is damaged; restore it from a backup") from None


def ensure_keys(path: Path) -> Keys:
    """The keys in the file, made first where there is none.

    Several processes may start at once: linking fails for all but the first, whose keys
    the others then read.
    """
    if not path.exists():
        temporary = _write_private(path, _to_json(generate_keys()))
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return read_keys(path)
