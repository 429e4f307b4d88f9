"""Day counting: rest days, roll-over, months, and the years without a calendar."""

from datetime import date, timedelta

import pytest

from rules.calendar import (
    FIRST_DAY,
    LAST_DAY,
    LAST_ENTERED,
    Calendar,
    HolidayYear,
    OutOfCalendarError,
    add_calendar_days,
    add_months,
    calendar_days_between,
    check_countable,
    days_from,
    on_weekend,
    quarter_days,
    quarter_number,
    stretches,
)
from rules.deadlines import derive
from rules.matter import Event, Matter
from rules.rulebook import builtin_rulebook


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return builtin_rulebook().calendar


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 9, 28), True),  # a make-up Sunday
        (date(2025, 9, 27), False),  # a Saturday
        (date(2025, 10, 1), False),  # a holiday on a weekday
        (date(2025, 10, 9), True),
        (date(2024, 2, 9), True),  # New Year's Eve was a working day then
        (date(2025, 1, 28), False),  # and a holiday from 2025 on
        (date(2022, 12, 31), False),
    ],
)
def test_working_days(calendar: Calendar, day: date, worked: bool) -> None:
    assert calendar.is_working_day(day) is worked


def test_counting_forward_and_back_meet(calendar: Calendar) -> None:
    start = date(2025, 9, 20).toordinal()
    for number in range(1, 30):
        day = calendar.add_working_days(start, number)
        assert calendar.count_to(day) - calendar.count_to(start) == number
        assert calendar.working_days_back(day + 1, 1) == day
        assert calendar.is_working(day)


def test_working_days_between_two_days(calendar: Calendar) -> None:
    assert calendar.working_days_between(date(2025, 9, 26), date(2025, 10, 10)) == 5
    assert calendar.working_days_between(date(2025, 10, 10), date(2025, 9, 26)) == -5
    assert calendar.working_days_between(date(2025, 10, 1), date(2025, 10, 8)) == 0


@pytest.mark.parametrize(
    ("day", "forward", "backward"),
    [
        (date(2025, 10, 2), date(2025, 10, 9), date(2025, 9, 30)),
        (date(2025, 9, 28), date(2025, 9, 28), date(2025, 9, 28)),
        (date(2026, 2, 17), date(2026, 2, 24), date(2026, 2, 14)),
        (date(2025, 8, 9), date(2025, 8, 11), date(2025, 8, 8)),
    ],
)
def test_roll_over(calendar: Calendar, day: date, forward: date, backward: date) -> None:
    assert calendar.roll_forward(day.toordinal()) == forward.toordinal()
    assert calendar.roll_backward(day.toordinal()) == backward.toordinal()
    assert (calendar.on_or_after(day), calendar.on_or_before(day)) == (forward, backward)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 8, 31), 1, date(2025, 9, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
        (date(2025, 1, 31), 24, date(2027, 1, 31)),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(
    start: date, months: int, end: date
) -> None:
    assert date.fromordinal(add_months(start.toordinal(), months)) == end


def test_special_days_between_two_days(calendar: Calendar) -> None:
    off, worked = calendar.specials(date(2025, 9, 26), date(2025, 10, 12))
    # Weekends that are off anyway are not special.
    assert off == [date(2025, 10, day) for day in (1, 2, 3, 6, 7, 8)]
    assert worked == [date(2025, 9, 28), date(2025, 10, 11)]


def test_a_year_without_a_notice_counts_weekends_and_is_provisional(calendar: Calendar) -> None:
    assert calendar.is_working_day(date(2027, 1, 4))
    assert not calendar.is_working_day(date(2027, 1, 2))
    last, first = date(2026, 12, 31).toordinal(), date(2027, 1, 1).toordinal()
    assert not calendar.provisional(last, last)
    assert calendar.provisional(last, first)
    assert calendar.provisional(date(2019, 12, 31).toordinal(), last)
    assert not calendar.published(2027)


def test_holidays_on_fixed_dates_are_off_where_no_notice_is_published(calendar: Calendar) -> None:
    """1 January 2027 is a Friday, 1 October too; 2 October and 1 May are Saturdays anyway."""
    fixed = [date(2027, month, day) for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))]
    assert not any(map(calendar.is_working_day, fixed))
    assert calendar.is_working_day(date(2027, 9, 30))
    assert calendar.is_working_day(date(2027, 10, 4))
    told = [date(2027, 1, 1), date(2027, 10, 1)]
    assert calendar.assumed_off(date(2026, 1, 1), date(2027, 12, 31)) == told
    assert calendar.assumed_off(date(2027, 1, 1), date(2027, 10, 1)) == told
    assert calendar.assumed_off(date(2027, 1, 2), date(2027, 9, 30)) == []
    assert calendar.specials(date(2026, 10, 7), date(2027, 1, 1))[0] == [date(2026, 10, 7), told[0]]


def test_a_published_year_is_off_on_what_its_notice_gives_alone() -> None:
    calendar = Calendar([HolidayYear(2027, "test", frozenset(), frozenset())], [(1, 1)])
    assert calendar.is_working_day(date(2027, 1, 1))
    assert not calendar.is_working_day(date(2029, 1, 1))
    assert calendar.assumed_off(date(2026, 1, 2), date(2029, 1, 1)) == [date(2029, 1, 1)]


def test_nothing_is_guessed_outside_the_calendar(calendar: Calendar) -> None:
    for day in (date(1989, 12, 30), date(2100, 1, 1)):
        with pytest.raises(OutOfCalendarError, match=day.isoformat()):
            calendar.count_to(day.toordinal())
    with pytest.raises(OutOfCalendarError):
        calendar.add_working_days(date(2099, 12, 30).toordinal(), 10)
    with pytest.raises(OutOfCalendarError):
        calendar.provisional(date(2099, 12, 30).toordinal(), date(2100, 1, 3).toordinal())


def test_a_year_entered_later_moves_what_was_provisional() -> None:
    rulebook = builtin_rulebook()
    matter = Matter("inspection", "national", (Event("case_filed", date(2026, 10, 12)),))
    (before,) = derive(matter, rulebook, date(2026, 11, 1)).clocks
    # 58 working days up to 12/31; 1/1 is off whatever the notice will say; 1/4 = 59, 1/5 = 60.
    assert (before.due_on, before.provisional) == (date(2027, 1, 5), True)
    # An invented notice for the test: four days off, one Saturday worked.
    first = date(2027, 1, 1)
    days_off = frozenset(first + timedelta(days=n) for n in range(4))
    year = HolidayYear(2027, "test", days_off, frozenset({date(2027, 1, 9)}))
    entered = rulebook.with_years([year])
    (after,) = derive(matter, entered, date(2026, 11, 1)).clocks
    assert (after.due_on, after.provisional) == (date(2027, 1, 6), False)
    assert entered.fingerprint != rulebook.fingerprint
    assert entered.with_years([year]).fingerprint == entered.fingerprint


def test_calendar_days_are_added_to_dates() -> None:
    assert add_calendar_days(date(2024, 2, 28), 2) == date(2024, 3, 1)
    assert add_calendar_days(date(2025, 3, 1), -1) == date(2025, 2, 28)


def test_calendar_days_between_leave_out_the_first() -> None:
    assert calendar_days_between(date(2024, 2, 28), date(2024, 3, 1)) == 2
    assert calendar_days_between(date(2025, 3, 1), date(2025, 2, 28)) == -1


def test_every_day_from_first_to_last() -> None:
    days = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
    assert list(days_from(days[0], days[-1])) == days
    assert list(days_from(days[1], days[0])) == []


def test_neighbouring_days_are_one_stretch() -> None:
    spring = list(days_from(date(2025, 1, 28), date(2025, 2, 4)))
    alone = date(2025, 4, 4)
    assert list(stretches([alone, *reversed(spring), alone])) == [
        (spring[0], spring[-1]),
        (alone, alone),
    ]
    assert list(stretches([])) == []


def test_the_first_and_the_last_day_of_the_calendar_can_be_counted() -> None:
    calendar = Calendar([])
    first, last = date(1990, 1, 1), date(2099, 12, 31)
    check_countable(first)
    check_countable(last)
    assert calendar.is_working_day(first)
    assert calendar.count_to(first.toordinal()) == 1
    assert calendar.nth(1) == first.toordinal()
    assert calendar.roll_backward(first.toordinal()) == first.toordinal()
    assert calendar.nth(calendar.count_to(last.toordinal())) == last.toordinal()
    assert calendar.roll_forward(last.toordinal()) == last.toordinal()
    assert calendar.provisional(first.toordinal(), last.toordinal())


def test_what_lies_outside_is_named(calendar: Calendar) -> None:
    first, last = date(1990, 1, 1).toordinal(), date(2099, 12, 31).toordinal()
    with pytest.raises(OutOfCalendarError, match=r"^the period runs outside 1990–2099$"):
        calendar.nth(0)
    with pytest.raises(OutOfCalendarError, match=r"^the period runs outside 1990–2099$"):
        calendar.working_days_back(first, 1)
    with pytest.raises(OutOfCalendarError, match=r"^1989-12-31 lies outside 1990–2099$"):
        calendar.provisional(first - 1, last)
    with pytest.raises(OutOfCalendarError, match=r"^2100-01-01 lies outside 1990–2099$"):
        calendar.provisional(first, last + 1)


def _year(year: int) -> HolidayYear:
    """An invented year: the first two Mondays of May off, the Saturdays before them worked."""
    mondays = [day for day in days_from(date(year, 5, 1), date(year, 5, 14)) if not day.weekday()]
    worked = frozenset(day - timedelta(days=2) for day in mondays)
    return HolidayYear(year, "test", frozenset(mondays), worked)


def test_special_days_of_several_years_with_the_first_and_the_last() -> None:
    """2021: Mondays 5/3 and 5/10. 2023, after a year without a notice: 5/1 and 5/8."""
    calendar = Calendar([_year(2021), _year(2023)])
    off, worked = calendar.specials(date(2021, 5, 3), date(2023, 5, 8))
    assert off == [date(2021, 5, 3), date(2021, 5, 10), date(2023, 5, 1), date(2023, 5, 8)]
    assert worked == [date(2021, 5, 8), date(2023, 4, 29), date(2023, 5, 6)]
    assert calendar.specials(date(2021, 5, 4), date(2023, 5, 7))[0] == off[1:3]
    assert calendar.specials(date(2021, 5, 8), date(2023, 5, 6))[1] == worked
    assert calendar.specials(date(2021, 5, 9), date(2023, 5, 5))[1] == worked[1:2]


@pytest.mark.parametrize(
    ("day", "number", "first", "last"),
    [
        (date(2025, 1, 1), 1, date(2025, 1, 1), date(2025, 3, 31)),
        (date(2025, 6, 30), 2, date(2025, 4, 1), date(2025, 6, 30)),
        (date(2025, 8, 15), 3, date(2025, 7, 1), date(2025, 9, 30)),
        (date(2025, 12, 31), 4, date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_quarters_of_the_year(day: date, number: int, first: date, last: date) -> None:
    assert quarter_number(day) == number
    assert quarter_days(day) == (first, last)


def test_weekends() -> None:
    days = [date(2025, 3, 10 + number) for number in range(7)]  # Monday to Sunday
    assert [on_weekend(day) for day in days] == [False] * 5 + [True] * 2


def test_what_is_entered_leaves_a_year_to_count_in(calendar: Calendar) -> None:
    check_countable(LAST_ENTERED)
    assert calendar.working_day_after(LAST_ENTERED, 200) < LAST_DAY
    for day in (add_calendar_days(FIRST_DAY, -1), add_calendar_days(LAST_DAY, 1)):
        with pytest.raises(OutOfCalendarError, match="1990–2099"):
            check_countable(day)
