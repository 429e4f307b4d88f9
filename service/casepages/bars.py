"""A deadline drawn as a bar: elapsed, paused, left, late, not needed, as parts of a hundred."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rules.calendar import calendar_days_between
from rules.counting import Measure
from rules.matter import Clock

Part = Literal["elapsed", "paused", "left", "late", "unused"]
_Span = tuple[Part, date, date]
WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the bar: where it begins and how wide it is, of a width of 100."""

    part: Part
    x: float
    width: float


def bar(clock: Clock, measure: Measure, today: date) -> list[Segment]:
    """The pieces of a clock's bar from its start to its end, in order.

    A cancelled clock has no bar worth reading, nor has one that begins after today.
    """
    if clock.state == "cancelled":
        return []
    spans = [span for span in _spans(clock, measure, today) if span[2] > span[1]]
    if not spans:
        return []
    first, last = spans[0][1], spans[-1][2]
    scale = WIDTH / calendar_days_between(first, last)
    return [
        Segment(
            part,
            round(calendar_days_between(first, start) * scale, 2),
            round(calendar_days_between(start, end) * scale, 2),
        )
        for part, start, end in spans
    ]


def _spans(clock: Clock, measure: Measure, today: date) -> Iterator[_Span]:
    """Pieces as (part, from, to); empty ones are left to the caller."""
    start, until = clock.started_on, clock.ended_on or today
    if clock.due_on is None:
        yield from _run(clock, start, until)
        # As if it were set going again now.
        yield "left", until, measure.over_on(until, clock.days_left or 0)
        return
    # Some are counted backwards, like a notice before a hearing.
    start, due = sorted((start, clock.due_on))
    yield from _run(clock, start, min(max(until, start), due))
    rest: Part = "left" if clock.ended_on is None else "unused"
    yield rest, max(min(until, due), start), due
    yield "late", max(due, start), max(until, due)


def _run(clock: Clock, start: date, until: date) -> Iterator[_Span]:
    """From `start` to `until`, told apart by the pauses that lie between."""
    at = start
    for paused_on, resumed_on in clock.pauses:
        begin = min(max(paused_on, at), until)
        end = min(resumed_on or until, until)
        yield "elapsed", at, begin
        yield "paused", begin, max(begin, end)
        at = max(begin, end)
    yield "elapsed", at, until
