"""What the tests of the use cases share."""

import pytest
from sqlmodel import Session

from jobs.rulebooks import current
from rules.rulebook import Rulebook
from tests.support.office import Office, open_office


@pytest.fixture
def office(session: Session) -> Office:
    """An office with nobody's case yet."""
    return open_office(session)


@pytest.fixture
def rulebook(session: Session) -> Rulebook:
    """The rulebook in force."""
    return current(session)
