"""The bar of a deadline: its pieces fill a hundred and say what they stand for."""

from datetime import date
from typing import Any

import pytest

from rules.counting import Measure
from rules.matter import Clock
from rules.rulebook import builtin_rulebook
from service.casepages.bars import bar

TODAY = date(2026, 3, 11)
BOOK = builtin_rulebook()


def _clock(**values: Any) -> Clock:
    given = {
        "rule": "arb_award",
        "seq": 1,
        "version": date(2008, 5, 1),
        "kind": "duty",
        "state": "running",
        "started_on": date(2026, 3, 1),
        "started_by": "case_accepted",
        "due_on": date(2026, 3, 21),
    }
    return Clock(**{**given, **values})


def _measure(rule: str) -> Measure:
    measure = BOOK.measures.on(BOOK.policy.rules[rule], TODAY)
    assert measure is not None
    return measure


def _parts(clock: Clock) -> list[tuple[str, float]]:
    pieces = bar(clock, _measure(clock.rule), TODAY)
    assert sum(piece.width for piece in pieces) == pytest.approx(100, abs=0.1)
    return [(piece.part, piece.width) for piece in pieces]


def test_half_way() -> None:
    assert _parts(_clock()) == [("elapsed", 50), ("left", 50)]


def test_overdue_shows_how_late() -> None:
    assert _parts(_clock(due_on=date(2026, 3, 6))) == [("elapsed", 50), ("late", 50)]


def test_paused_in_the_middle() -> None:
    pauses = ((date(2026, 3, 3), date(2026, 3, 7)),)
    parts = [part for part, _width in _parts(_clock(pauses=pauses))]
    assert parts == ["elapsed", "paused", "elapsed", "left"]


def test_still_paused_shows_what_is_left() -> None:
    clock = _clock(state="paused", due_on=None, days_left=5, pauses=((date(2026, 3, 6), None),))
    assert _parts(clock) == [
        ("elapsed", pytest.approx(33.33)),
        ("paused", pytest.approx(33.33)),
        ("left", pytest.approx(33.33)),
    ]


def test_what_is_left_of_working_days_is_drawn_over_the_weekend() -> None:
    """Stopped on Fri 6 March with five working days left: from Wed 11 March to Wed 18 March."""
    clock = _clock(
        rule="arb_acceptance_decision",
        state="paused",
        started_on=date(2026, 3, 4),
        due_on=None,
        days_left=5,
        pauses=((date(2026, 3, 6), None),),
    )
    assert _parts(clock) == [
        ("elapsed", pytest.approx(2 / 14 * 100, abs=0.01)),
        ("paused", pytest.approx(5 / 14 * 100, abs=0.01)),
        ("left", pytest.approx(7 / 14 * 100, abs=0.01)),
    ]
    # Nothing is left to draw, and nothing is drawn backwards from a Saturday.
    pieces = bar(clock._replace(days_left=0), _measure(clock.rule), date(2026, 3, 14))
    assert [piece.part for piece in pieces] == ["elapsed", "paused"]


def test_met_early_shows_what_was_not_needed() -> None:
    clock = _clock(state="met", ended_on=date(2026, 3, 5))
    assert _parts(clock) == [("elapsed", 20), ("unused", 80)]


def test_met_on_the_last_day_is_all_elapsed() -> None:
    assert _parts(_clock(state="met", ended_on=date(2026, 3, 21))) == [("elapsed", 100)]


def test_counted_backwards_from_a_hearing() -> None:
    clock = _clock(started_on=date(2026, 3, 20), due_on=date(2026, 3, 13))
    assert _parts(clock) == [("left", 100)]


def test_a_cancelled_clock_has_no_bar() -> None:
    assert bar(_clock(state="cancelled"), _measure("arb_award"), TODAY) == []
