"""From days in Shanghai to the moments at which things were written down."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Asia/Shanghai")
_OPENS = time(8, 30)
_OPEN_MINUTES = 8 * 60


def opening_of(day: date) -> datetime:
    """The moment at which the office opens on a day, in UTC."""
    return datetime.combine(day, _OPENS, _HERE).astimezone(UTC)


def during(rng: Random, day: date) -> datetime:
    """Some moment of the office hours of a day, in UTC, to the second."""
    return opening_of(day) + timedelta(seconds=int(rng.random() * _OPEN_MINUTES * 60))
