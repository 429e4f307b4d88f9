"""From days in Shanghai to the moments at which things were written down.

A moment is a number of seconds since 1970 (UTC) until it is written: of millions of them hardly
two are alike, and days and seconds of a day are put into words once each.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Asia/Shanghai")
_OPENS = time(8, 30)
_OPEN_SECONDS = 8 * 60 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_OF_A_DAY = 24 * 60 * 60


def opening_of(day: date) -> datetime:
    """The moment at which the office opens on a day, in UTC."""
    return datetime.combine(day, _OPENS, _HERE).astimezone(UTC)


def during(rng: Random, day: date) -> int:
    """Some moment of the office hours of a day, to the second."""
    return _opening(day) + int(rng.random() * _OPEN_SECONDS)


def stored(moment: int | None) -> str | None:
    """The moment as it stands in a `Moment` column: SQLite's text, which PostgreSQL reads too."""
    if moment is None:
        return None
    day, second = divmod(moment, _SECONDS_OF_A_DAY)
    return _day_text(day) + _second_text(second)


@cache
def _opening(day: date) -> int:
    return int(opening_of(day).timestamp())


@cache
def _day_text(day: int) -> str:
    return f"{_EPOCH + timedelta(days=day):%Y-%m-%d}"


@cache
def _second_text(second: int) -> str:
    return f"{_EPOCH + timedelta(seconds=second): %H:%M:%S.%f}"
