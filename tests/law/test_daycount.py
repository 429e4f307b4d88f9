"""Two ways of counting days, written apart, agree on 100,000 random histories of 2024 to 2026."""

import ast
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

import rules.counting
from rules.calendar import Calendar
from rules.counting import Measure
from rules.policy import Policy
from rules.rulebook import builtin_rulebook
from rules.schema import Version
from tests.law import daycount
from tests.law.daycount import DayCount, Limit, corresponding

NUMBER, FEW = 100_000, 3_000
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
DAYS = (LAST - FIRST).days
# Each code with the units it counts and the longest period asked about.
UNITS = [
    ("C1", "calendar_days", 90), ("C2", "working_days", 90), ("C3", "calendar_days", 90),
    ("C4", "months", 24), ("C4", "years", 3), ("C5", "working_days", 15),
    ("C6", "calendar_days", 15), ("C7", "calendar_days", 5), ("hours", "hours", 4),
]  # fmt: skip
MONTHS = {"months": 1, "years": 12}
HOURS = 24


class History(NamedTuple):
    """What happened, as far as counting goes."""

    code: str
    unit: str
    start: date
    length: int
    extended: int
    pauses: tuple[tuple[date, date], ...]
    after: bool = False


def histories(number: int, seed: int) -> Iterator[History]:
    """Periods of every code, extended, and stopped while they run."""
    random = Random(seed)
    for _ in range(number):
        code, unit, longest = random.choice(UNITS)
        start = FIRST + timedelta(days=random.randrange(DAYS))
        length = random.randint(min(1, longest), longest) * (HOURS if unit == "hours" else 1)
        extended = random.choice((0, 0, 1, 5, 10, 15, 30)) if code in ("C1", "C2", "C3") else 0
        stopped = code in ("C1", "C2", "C3", "C4") and random.random() < 0.5
        pauses = tuple(_pauses(start, random)) if stopped else ()
        after = code in ("C2", "C4") and random.random() < 0.2
        yield History(code, unit, start, length, extended, pauses, after)


def _pauses(start: date, random: Random) -> Iterator[tuple[date, date]]:
    """Disjoint stretches near the beginning; one may begin on the day the last one ends."""
    day = start
    for _ in range(random.choice((1, 1, 2, 3))):
        suspended = day + timedelta(days=random.randrange(12))
        day = suspended + timedelta(days=random.randrange(40))
        yield suspended, day


@cache
def measure(code: str, unit: str, length: int, after: bool) -> Measure:
    """The program's way to count such a period."""
    book = builtin_rulebook()
    version = Version.model_validate(
        {
            "from": date(2000, 1, 1),
            "period": {"length": length, "unit": unit},
            "counting": code,
            "reached": "day_after" if after else "last_day",
            "basis": [{"source": "civil_code", "article": "200"}],
            "verified": "V1",
        }
    )
    return Measure(version, book.policy, book.calendar)


def counted(history: History) -> Limit:
    """As the program counts."""
    counting = measure(history.code, history.unit, history.length, history.after)
    found = counting.due(history.start, history.extended, history.pauses)
    return Limit(found.raw_on, found.due_on)


def recounted(history: History, days: DayCount) -> Limit:
    """As the second way counts; a pause that begins after the last day stops nothing."""
    code, unit, start, length, extended, pauses, after = history
    number = length * MONTHS.get(unit, 1)
    return days.limit(code, start, number, extended, pauses, after=after)


def lawful(history: History, days: DayCount) -> History:
    """Without the pauses that begin when the period has run out."""
    kept: tuple[tuple[date, date], ...] = ()
    for pause in history.pauses:
        if pause[0] < recounted(history._replace(pauses=kept), days).raw:
            kept = (*kept, pause)
    return history._replace(pauses=kept)


def different(number: int, seed: int, days: DayCount) -> list[History]:
    """The histories on which the two ways differ."""
    asked = (lawful(history, days) for history in histories(number, seed))
    return [history for history in asked if counted(history) != recounted(history, days)]


@pytest.fixture(scope="module")
def days() -> DayCount:
    return DayCount()


@pytest.mark.slow
def test_both_ways_agree(days: DayCount) -> None:
    assert different(NUMBER, 20240101, days) == []


def test_what_is_compared_goes_everywhere(days: DayCount) -> None:
    asked = [lawful(history, days) for history in histories(FEW, 3)]
    assert {(one.code, one.unit) for one in asked} == {(code, unit) for code, unit, _ in UNITS}
    for code in ("C1", "C2", "C3", "C4"):
        assert any(one.pauses for one in asked if one.code == code)
        moved = [recounted(one, days) for one in asked if one.code == code]
        assert code == "C2" or any(limit.raw < limit.due for limit in moved)
    assert any(one.extended and one.pauses for one in asked)
    assert any(one.after for one in asked)
    assert any(recounted(one, days).raw < one.start for one in asked if one.code == "C7")
    ends = [recounted(one, days).due for one in asked]
    years = builtin_rulebook().calendar.years.values()
    assert any(year.make_up_workdays.intersection(ends) for year in years)


def _one_month_too_few(start: int, months: int) -> int:
    return corresponding(date.fromordinal(start), months - 1).toordinal()


def _spilling_over(start: int, months: int) -> int:
    """31 January and a month are 3 March: the mistake that 民法典§202 is there to prevent."""
    day = date.fromordinal(start)
    first = corresponding(day.replace(day=1), months)
    return first.toordinal() + day.day - 1


def _counting_the_hearing(calendar: Calendar, day: int, number: int) -> int:
    return calendar.nth(calendar.count_to(day) - number + 1)


@pytest.mark.parametrize(
    ("place", "name", "wrong"),
    [
        (Calendar, "roll_forward", lambda _self, day: day),
        (Calendar, "roll_backward", lambda _self, day: day),
        (Calendar, "working_days_back", _counting_the_hearing),
        (rules.counting, "add_months", _one_month_too_few),
        (rules.counting, "add_months", _spilling_over),
        (rules.counting, "days_of_hours", lambda hours: hours // HOURS + 1),
        (Measure, "_working", Measure._calendar),
    ],
    ids=["unrolled", "payday unrolled", "hearing day counted", "month", "clamp", "hours", "unit"],
)
def test_a_planted_mistake_shows(
    days: DayCount,
    monkeypatch: pytest.MonkeyPatch,
    place: object,
    name: str,
    wrong: Callable[..., object],
) -> None:
    monkeypatch.setattr(place, name, wrong)
    assert different(FEW, 5, days)


@pytest.fixture
def unread() -> Iterator[None]:
    """Measures are made anew, with the readings switched on now, and forgotten afterwards."""
    measure.cache_clear()
    yield
    measure.cache_clear()


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    ("assumption", "reading"),
    [("A-3", "no_roll"), ("A-5", "clear_days"), ("A-6", "rolled_base"), ("A-8", "working_days")],
)
def test_another_reading_shows(
    days: DayCount, monkeypatch: pytest.MonkeyPatch, assumption: str, reading: str
) -> None:
    usual = Policy.reading
    monkeypatch.setattr(
        Policy, "reading", lambda self, code: reading if code == assumption else usual(self, code)
    )
    assert different(FEW, 5, days)


def test_a_forgotten_make_up_day_shows(days: DayCount) -> None:
    forgetful = DayCount()
    forgetful.worked = days.worked - {date(2025, 9, 28)}
    assert different(4 * FEW, 5, forgetful)


def test_the_second_way_knows_nothing_of_the_program() -> None:
    tree = ast.parse(Path(daycount.__file__).read_text(encoding="utf-8"))
    imported = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported == {"collections.abc", "datetime", "pathlib", "typing", "yaml"}
