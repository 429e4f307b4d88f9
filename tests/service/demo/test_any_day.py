"""The demo can be loaded on any day: whatever chance picks, the rules know a date for it."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlmodel import Session, func, select

from models import Case
from models.case import KINDS, CaseKind
from rules.rulebook import builtin_rulebook
from service.demo.desk import Desk
from service.demo.histories import COURSES
from service.demo.loading import fill

# A year and a half lies before a demo: here it is loaded on days from 2026 to 2028.
FIRST, DAYS, TIMES = date(2024, 12, 1), 1_100, 4


@pytest.mark.parametrize("kind", KINDS)
def test_every_course_can_be_told_on_every_day(kind: CaseKind) -> None:
    rng = Random(7)
    for number in range(DAYS):
        day = FIRST + timedelta(number)
        desk = Desk(rng, builtin_rulebook(), day + timedelta(550))
        for _ in range(TIMES):
            assert COURSES[kind](desk, day).steps[0].on <= day


@pytest.fixture
def database_kind() -> str:
    """What is loaded does not differ by database."""
    return "sqlite"


@pytest.mark.parametrize(
    "today", [date(2026, 11, 28), date(2026, 11, 30), date(2027, 1, 1), date(2027, 6, 30)]
)
def test_a_bureau_of_another_day_loads(session: Session, today: date) -> None:
    fill(session, today, 400)
    assert session.exec(select(func.count()).select_from(Case)).one() > 300
