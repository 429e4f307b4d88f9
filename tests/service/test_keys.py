"""The keys file is private, made once, and refused when it is damaged or open."""

import threading
from pathlib import Path

import pytest

from service.keys import (
    Keys,
    KeysError,
    ensure_keys,
    read_keys,
    save_keys,
    with_new_key,
    without_old_keys,
)


def test_keys_are_made_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys.json"
    keys = ensure_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert ensure_keys(path) == keys
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_each_installation_has_its_own_keys(tmp_path: Path) -> None:
    one, other = ensure_keys(tmp_path / "one"), ensure_keys(tmp_path / "other")
    assert one.session_secret != other.session_secret
    assert one.keyring.keys["k1"] != other.keyring.keys["k1"]
    assert one.index_key != other.index_key


def test_several_that_start_at_once_get_the_same_keys(tmp_path: Path) -> None:
    found: list[Keys] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        found.append(ensure_keys(tmp_path / "keys.json"))

    threads = [threading.Thread(target=start) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(keys == found[0] for keys in found)


def test_a_new_key_leaves_the_older_ones_and_the_index_in_place(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = ensure_keys(path)
    second = with_new_key(first)
    save_keys(path, second)
    assert read_keys(path) == second
    assert second.current == "k2"
    assert second.encryption["k1"] == first.encryption["k1"]
    assert second.index_key == first.index_key
    assert set(without_old_keys(second).encryption) == {"k2"}


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ensure_keys(path)
    path.chmod(0o644)
    with pytest.raises(KeysError, match="chmod 600"):
        read_keys(path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"session_secret": "x", "encryption": {}}'])
def test_a_damaged_file_is_refused_and_not_replaced(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeysError, match="damaged"):
        ensure_keys(path)
    assert path.read_text() == text
