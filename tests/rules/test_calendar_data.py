"""Our calendars against two libraries and against the notices copied out by hand."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import pytest
import yaml

from rules.calendar import Calendar, HolidayYear

YEARS = range(2020, 2027)
FOLDER = Path(__file__).parents[2] / "rules" / "policy" / "calendars"

# year: (first and last day of each block off, make-up workdays), as in the notices.
NOTICES: dict[int, tuple[list[tuple[str, str]], list[str]]] = {
    2024: (
        [
            ("01-01", "01-01"),
            ("02-10", "02-17"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-10", "06-10"),
            ("09-15", "09-17"),
            ("10-01", "10-07"),
        ],
        ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    ),
    2025: (
        [
            ("01-01", "01-01"),
            ("01-28", "02-04"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("05-31", "06-02"),
            ("10-01", "10-08"),
        ],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        [
            ("01-01", "01-03"),
            ("02-15", "02-23"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-19", "06-21"),
            ("09-25", "09-27"),
            ("10-01", "10-07"),
        ],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}


def data_of(year: int) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / f"{year}.yaml").read_text(encoding="utf-8"))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar(
        HolidayYear(
            year=year,
            notice=data_of(year)["notice"]["number"],
            days_off=frozenset(data_of(year)["days_off"]),
            make_up_workdays=frozenset(data_of(year)["make_up_workdays"]),
        )
        for year in YEARS
    )


@pytest.mark.parametrize("year", YEARS)
def test_both_libraries_agree_with_every_day(calendar: Calendar, year: int) -> None:
    china = holidays.country_holidays("CN", years=year)
    ours = {day: calendar.is_working_day(day) for day in days_of(year)}
    assert ours == {day: china.is_working_day(day) for day in days_of(year)}
    assert ours == {day: chinese_calendar.is_workday(day) for day in days_of(year)}


@pytest.mark.parametrize("year", NOTICES)
def test_blocks_and_make_up_days_are_those_of_the_notice(year: int) -> None:
    blocks, worked = NOTICES[year]
    off = [
        day
        for first, last in blocks
        for day in days_of(year)
        if f"{year}-{first}" <= day.isoformat() <= f"{year}-{last}"
    ]
    assert data_of(year)["days_off"] == off
    assert [day.isoformat()[5:] for day in data_of(year)["make_up_workdays"]] == worked


@pytest.mark.parametrize(("year", "total"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year_add_up_to_the_published_total(
    calendar: Calendar, year: int, total: int
) -> None:
    assert sum(calendar.is_working_day(day) for day in days_of(year)) == total


@pytest.mark.parametrize("year", YEARS)
def test_a_file_names_its_year_and_its_notice(year: int) -> None:
    data = data_of(year)
    assert data["year"] == year
    assert data["source"] == f"holiday_notice_{year}"
    assert data["notice"]["number"].startswith(f"国办发明电〔{year - 1}〕")
    for day in [*data["days_off"], *data["make_up_workdays"]]:
        assert day.year == year
    assert all(day.weekday() >= 5 for day in data["make_up_workdays"])
