"""What the tests of jobs share."""

import pytest
from sqlmodel import Session

from tests.support.bureau import Bureau


@pytest.fixture
def bureau(session: Session) -> Bureau:
    """An empty bureau in the database of the test."""
    return Bureau(session)
