"""Rotating keys writes all personal data anew, and only then may the old key go."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from models import Party
from models.encryption import use_keyring
from service.config import Settings
from service.db import create_engine, open_session
from service.installation import opened_session, set_up
from service.keys import ensure_keys, read_keys
from service.rotation import encrypted_columns, forget_old_keys, rotate


@pytest.fixture
def installation(tmp_path: Path, database_url: str) -> Settings:
    """An installation with a person whose ID number is encrypted with key k1."""
    settings = Settings(data_dir=tmp_path / "data", database=database_url)
    settings.data_dir.mkdir()
    use_keyring(ensure_keys(settings.keys_file).keyring)
    set_up(settings)
    _add_person(settings)
    return settings


def _add_person(settings: Settings) -> None:
    engine = create_engine(settings)
    with open_session(engine) as session:
        session.add(Party(kind="person", name="甲", id_number="11010519491231002X"))
        session.commit()
    engine.dispose()


def _stored(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT id_number FROM party")).scalars())


def _key_ids(settings: Settings) -> set[str]:
    engine = create_engine(settings)
    try:
        return {value.split(":")[0] for value in _stored(engine)}
    finally:
        engine.dispose()


def test_every_value_is_written_with_the_new_key(installation: Settings) -> None:
    done = rotate(installation)
    assert done.values == 1
    assert done.archive.is_file()
    assert _key_ids(installation) == {"k2"}
    with opened_session(installation) as session:
        assert session.exec(select(Party)).one().id_number == "11010519491231002X"


def test_the_old_key_goes_after_what_came_in_between(installation: Settings) -> None:
    running = read_keys(installation.keys_file).keyring
    rotate(installation)
    assert set(read_keys(installation.keys_file).encryption) == {"k1", "k2"}
    use_keyring(running)
    _add_person(installation)
    assert _key_ids(installation) == {"k1", "k2"}
    assert forget_old_keys(installation).values == 1
    assert _key_ids(installation) == {"k2"}
    assert set(read_keys(installation.keys_file).encryption) == {"k2"}


def test_the_columns_of_personal_data_are_known() -> None:
    names = {f"{column.table.name}.{column.name}" for column in encrypted_columns()}
    assert {"party.id_number", "party.phone", "inspection_details.reporter_name"} <= names
