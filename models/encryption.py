"""Personal data at rest: AES-GCM with key rotation, and a keyed index for exact search.

The keyring is set once per process by whoever starts it (`use_keyring`); a process that
was given none cannot read or write an encrypted column.
"""

import base64
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_NONCE_BYTES = 12


class KeyringError(RuntimeError):
    """No keyring, or none of its keys opens a stored value."""


@dataclass(frozen=True)
class Keyring:
    """Encryption keys by id, the id that new values are written with, and the index key.

    Keys are 32 bytes. An older key stays in `keys` until every value is rewritten.
    """

    keys: Mapping[str, bytes]
    current: str
    index_key: bytes


_keyring: list[Keyring] = []


def use_keyring(keyring: Keyring) -> None:
    """Give this process its keys, replacing those it had."""
    if keyring.current not in keyring.keys:
        raise KeyringError(f"current key {keyring.current!r} is not in the keyring")
    _keyring[:] = [keyring]


def current_keyring() -> Keyring:
    """The keys of this process. Raises KeyringError when none were given."""
    if not _keyring:
        raise KeyringError("no keyring was given to this process; call use_keyring first")
    return _keyring[0]


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    """A key made ready once: that takes as long as sealing a short text."""
    return AESGCM(key)


def encrypt(text: str, context: str) -> str:
    """`key id:base64(nonce + ciphertext)`; `context` (table.column) is authenticated too."""
    ring = current_keyring()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(ring.keys[ring.current]).encrypt(nonce, text.encode(), context.encode())
    return f"{ring.current}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, context: str) -> str:
    """The text that `encrypt` sealed. Raises KeyringError when no key opens it."""
    ring = current_keyring()
    key_id, _, payload = stored.partition(":")
    if key_id not in ring.keys:
        raise KeyringError(f"{context}: written with key {key_id!r}, which the keyring lacks")
    raw = base64.b64decode(payload)
    try:
        opened = _cipher(ring.keys[key_id]).decrypt(
            raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode()
        )
    except InvalidTag as error:
        raise KeyringError(f"{context}: stored value was changed or the key is wrong") from error
    return opened.decode()


def blind_index(text: str) -> str:
    """A keyed digest that finds an exact value without storing it: 64 hex digits."""
    return hmac.digest(current_keyring().index_key, text.encode(), "sha256").hex()


class Encrypted(TypeDecorator[str]):
    """A text column that is ciphertext in the database; `context` binds it to its column."""

    impl = String
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Seal on the way in."""
        return None if value is None else encrypt(value, self.context)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Open on the way out."""
        return None if value is None else decrypt(value, self.context)
