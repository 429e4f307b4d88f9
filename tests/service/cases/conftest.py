"""What the tests of the use cases share."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from jobs.rulebooks import current
from models import metadata
from rules.rulebook import Rulebook
from service.db import open_session
from tests.support.office import Office, open_office


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    metadata.create_all(engine)
    with open_session(engine) as session:
        yield session


@pytest.fixture
def office(session: Session) -> Office:
    """An office with nobody's case yet."""
    return open_office(session)


@pytest.fixture
def rulebook(session: Session) -> Rulebook:
    """The rulebook in force."""
    return current(session)
