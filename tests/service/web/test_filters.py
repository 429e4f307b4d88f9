"""Days, amounts and what is left, as the pages word them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask

from service.web import clock, filters

# A Friday; 1 to 8 October are days off, 10 October is a make-up workday.
FRIDAY = date(2025, 9, 26)


@pytest.fixture(params=["en"])
def page(app: Flask, request: pytest.FixtureRequest) -> Iterator[None]:
    """A request in English on a fixed day."""
    app.config["TODAY"] = FRIDAY
    with app.test_request_context("/login"):
        from flask import session as cookie

        cookie["language"] = request.param
        yield


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("due_on", "words", "urgency"),
    [
        (date(2025, 9, 25), "overdue 1 day", "late"),
        (date(2025, 9, 23), "overdue 3 days", "late"),
        (date(2025, 9, 26), "due today", "soon"),
        # Saturday the 27th is off, Sunday the 28th a make-up workday.
        (date(2025, 9, 27), "due on a day off, no working day left", "soon"),
        (date(2025, 9, 28), "1 working day left", "soon"),
        (date(2025, 9, 29), "2 working days left", "soon"),
        (date(2025, 10, 9), "4 working days left", "calm"),
    ],
)
def test_what_is_left_is_counted_in_working_days(due_on: date, words: str, urgency: str) -> None:
    row = SimpleNamespace(state="running", due_on=due_on)
    assert filters.days_left_words(row) == words
    assert filters.urgency(row) == urgency
    assert filters.days_left_words(due_on) == words
    case = SimpleNamespace(state="open", next_due_on=due_on, paused=False)
    assert filters.days_left_words(case) == words


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("state", "words"), [("paused", "Paused"), ("met_late", "Met late"), ("closed", "Closed")]
)
def test_what_does_not_run_says_its_state(state: str, words: str) -> None:
    row = SimpleNamespace(state=state, due_on=date(2025, 9, 1))
    assert filters.days_left_words(row) == words
    assert filters.urgency(row) == "quiet"


@pytest.mark.usefixtures("page")
def test_days_and_amounts_in_english() -> None:
    assert filters.day(FRIDAY) == "Fri, Sep 26, 2025"
    assert filters.month(FRIDAY) == "September 2025"
    assert filters.day(None) == "–"
    assert filters.yuan(Decimal(12500)) == "¥12,500.00"


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("page", ["zh_CN"], indirect=True)
def test_days_in_chinese() -> None:
    assert filters.day(FRIDAY) == "2025\u5e749\u670826\u65e5\u5468\u4e94"
    assert filters.month(FRIDAY) == "2025\u5e749\u6708"


def test_moments_and_today_are_those_of_the_bureau(app: Flask) -> None:
    app.config.update(TODAY=None, NOW=datetime(2026, 11, 20, 16, 30, tzinfo=UTC))
    with app.test_request_context("/login"):
        assert clock.today() == date(2026, 11, 21)
        assert filters.moment(clock.now()) == "2026-11-21 00:30"


def test_options_are_escaped_and_one_is_ticked() -> None:
    made = str(filters.options([(1, "<Li>"), ("2", "Wang")], 2))
    assert made == '<option value="1">&lt;Li&gt;</option><option value="2" selected>Wang</option>'
