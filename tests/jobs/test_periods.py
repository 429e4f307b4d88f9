"""Months, quarters and years."""

from datetime import date

import pytest

from jobs.periods import months_back, periods_of, previous_month


@pytest.mark.parametrize(
    ("month", "quarter"),
    [
        (date(2026, 1, 1), (date(2026, 1, 1), date(2026, 3, 31))),
        (date(2026, 6, 1), (date(2026, 4, 1), date(2026, 6, 30))),
        (date(2026, 12, 1), (date(2026, 10, 1), date(2026, 12, 31))),
    ],
)
def test_the_quarter_of_a_month(month: date, quarter: tuple[date, date]) -> None:
    assert periods_of(month)[1][1:] == quarter


def test_the_periods_of_a_leap_february() -> None:
    found = {period.kind: period[1:] for period in periods_of(date(2024, 2, 1))}
    assert found == {
        "month": (date(2024, 2, 1), date(2024, 2, 29)),
        "quarter": (date(2024, 1, 1), date(2024, 3, 31)),
        "year_to_date": (date(2024, 1, 1), date(2024, 2, 29)),
        "year": (date(2024, 1, 1), date(2024, 12, 31)),
    }


def test_a_period_has_ended_on_the_day_after_its_last() -> None:
    month = periods_of(date(2026, 3, 1))[0]
    assert not month.ended_by(date(2026, 3, 31))
    assert month.ended_by(date(2026, 4, 1))


def test_months_back_cross_the_year() -> None:
    assert previous_month(date(2026, 1, 15)) == date(2025, 12, 1)
    assert months_back(date(2026, 2, 28), 3) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
