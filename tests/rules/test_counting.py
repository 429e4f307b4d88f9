"""Counting at its edges: versions, unpublished years, quarters, agreed days, what is left."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.calendar import OutOfCalendarError, add_calendar_days
from rules.counting import DueDates, Measure, Measures
from rules.policy import Policy
from rules.rulebook import builtin_rulebook
from rules.schema import Version

BOOK = builtin_rulebook()
VERSION = date(2000, 1, 1)


def read(assumption: str, reading: str) -> Policy:
    """The policy with one assumption read otherwise."""
    known = BOOK.policy.assumptions
    changed = known[assumption].model_copy(update={"reading": reading})
    return replace(BOOK.policy, assumptions={**known, assumption: changed})


def measure(
    code: str, unit: str, length: int, policy: Policy = BOOK.policy, **more: object
) -> Measure:
    """How a version counts that was in force all along."""
    version = Version.model_validate(
        {
            "from": VERSION,
            "period": {"length": length, "unit": unit},
            "counting": code,
            "basis": [{"source": "civil_code", "article": "200"}],
            "verified": "V1",
            **more,
        }
    )
    return Measure(version, policy, BOOK.calendar)


def test_only_days_that_are_counted_make_working_days_provisional() -> None:
    """2020 is the first year with a notice: the day of the event, still in 2019, is not counted."""
    five = measure("C2", "working_days", 5)
    assert five.due(date(2019, 12, 31)) == DueDates(VERSION, *[date(2020, 1, 8)] * 3, False)
    assert five.due(date(2019, 12, 30)).provisional


def test_calendar_days_are_provisional_only_where_they_end() -> None:
    forty_five = measure("C1", "calendar_days", 45)
    assert not forty_five.due(date(2019, 12, 31)).provisional
    assert not forty_five.due(date(2026, 11, 16)).provisional
    assert forty_five.due(date(2026, 11, 17)).provisional


@pytest.mark.parametrize(
    ("ended", "number", "due"),
    [
        (date(2025, 3, 31), 1, date(2025, 6, 30)),
        (date(2025, 3, 30), 1, date(2025, 3, 31)),
        (date(2024, 12, 31), 1, date(2025, 3, 31)),
        (date(2024, 12, 31), 4, date(2025, 12, 31)),
    ],
)
def test_a_quarter_runs_from_the_day_after_the_event(ended: date, number: int, due: date) -> None:
    found = measure("each_period", "quarters", number).due(ended)
    assert found == DueDates(VERSION, due, due, due, False)


def test_a_day_agreed_on_stands_as_it_is() -> None:
    any_day = measure("C3", "calendar_days", 15, agreed_extension=True)
    holiday, unpublished = date(2025, 10, 4), date(2027, 1, 2)
    assert any_day.agreed_on(holiday) == DueDates(VERSION, holiday, holiday, holiday, False)
    assert not any_day.agreed_on(unpublished).provisional
    with pytest.raises(OutOfCalendarError):
        any_day.agreed_on(date(2100, 1, 1))


def test_a_notice_is_warned_of_a_working_day_before_its_last() -> None:
    five = measure("C5", "working_days", 5)
    found = five.due(date(2025, 10, 17))
    assert found == DueDates(
        VERSION, date(2025, 10, 11), date(2025, 10, 11), date(2025, 10, 10), False
    )


@pytest.mark.parametrize(
    ("code", "unit", "last"),
    [("C1", "calendar_days", date(2025, 7, 18)), ("C2", "working_days", date(2025, 8, 5))],
)
def test_on_the_last_day_nothing_is_left_and_after_it_neither(
    code: str, unit: str, last: date
) -> None:
    counting = measure(code, unit, 45)
    assert counting.due(date(2025, 6, 3)).due_on == last
    assert counting.left(add_calendar_days(last, -1), last) == 1
    assert counting.left(last, last) == 0
    assert counting.left(add_calendar_days(last, 3), last) == 0


def test_what_knows_no_extension_may_not_be_extended() -> None:
    assert measure("C1", "calendar_days", 45).cap_in(("national",)) == 0


SATURDAY, MONDAY = date(2025, 8, 9), date(2025, 8, 11)


@pytest.mark.parametrize(
    ("code", "unit", "start", "due"),
    [
        ("C3", "calendar_days", date(2025, 8, 1), SATURDAY),
        ("C4", "months", date(2025, 7, 9), SATURDAY),
        ("C6", "calendar_days", date(2025, 8, 1), SATURDAY),
        # Where the instrument says so the day rolls under either reading.
        ("C1", "calendar_days", date(2025, 8, 1), MONDAY),
        ("C7", "calendar_days", date(2025, 8, 17), date(2025, 8, 8)),
    ],
)
def test_without_the_analogy_no_day_rolls_but_by_law(
    code: str, unit: str, start: date, due: date
) -> None:
    length = 1 if unit == "months" else 8
    usual, changed = (
        measure(code, unit, length, policy) for policy in (BOOK.policy, read("A-3", "no_roll"))
    )
    assert changed.due(start).due_on == due
    assert usual.due(start).due_on == (due if code in ("C1", "C7") else MONDAY)


def test_an_extension_follows_the_rolled_day_under_the_lenient_reading_only() -> None:
    """45 days from 2025-04-10 end on Sunday 5/25, which rolls to 5/26."""
    start, lenient = date(2025, 4, 10), read("A-6", "rolled_base")
    strict = measure("C1", "calendar_days", 45)
    assert strict.due(start, 15).raw_on == date(2025, 6, 9)
    assert measure("C1", "calendar_days", 45, lenient).due(start, 15).raw_on == date(2025, 6, 10)
    # What was not extended is counted alike.
    assert measure("C1", "calendar_days", 45, lenient).due(start) == strict.due(start)


def test_clear_days_are_one_working_day_more_before_an_appointment_only() -> None:
    clear = read("A-5", "clear_days")
    hearing = date(2025, 10, 17)
    assert measure("C5", "working_days", 5, clear).due(hearing).due_on == date(2025, 10, 10)
    assert measure("C2", "working_days", 5, clear).due(hearing).due_on == date(2025, 10, 24)
    payday = measure("C7", "calendar_days", 0, clear).due(hearing)
    assert (payday.raw_on, payday.due_on) == (hearing, hearing)


def test_undefined_days_are_working_days_under_the_other_reading_only() -> None:
    working = read("A-8", "working_days")
    friday = date(2025, 8, 1)
    assert measure("C6", "calendar_days", 3).due(friday).due_on == date(2025, 8, 4)
    assert measure("C6", "calendar_days", 3, working).due(friday).due_on == date(2025, 8, 6)
    assert measure("C3", "calendar_days", 3, working).due(friday).due_on == date(2025, 8, 4)


def test_the_cap_is_that_of_the_matter_under_the_other_reading_only() -> None:
    assert not measure("C1", "calendar_days", 45).per_matter
    assert measure("C1", "calendar_days", 45, read("A-10", "per_matter")).per_matter


def _two_versions() -> tuple[Policy, str]:
    """A rule of which a second version is in force from 2025 on."""
    rule = BOOK.policy.rules["arb_award"]
    only = rule.versions[-1]
    earlier = only.model_copy(update={"to": date(2024, 12, 31)})
    period = only.period.model_copy(update={"length": 30})
    later = only.model_copy(update={"from_": date(2025, 1, 1), "period": period})
    changed = rule.model_copy(update={"versions": (earlier, later)})
    rules = {**BOOK.policy.rules, rule.id: changed}
    return Policy(**{**vars(BOOK.policy), "rules": rules}), rule.id


def test_a_version_binds_from_its_first_day_to_its_last() -> None:
    policy, name = _two_versions()
    measures, rule = Measures(policy, BOOK.calendar), policy.rules[name]
    last, first = date(2024, 12, 31), date(2025, 1, 1)
    assert measures.plain(rule, last) == DueDates(
        rule.versions[0].from_, date(2025, 2, 14), date(2025, 2, 14), date(2025, 2, 14), False
    )
    found = measures.plain(rule, first)
    assert found is not None
    assert (found.version, found.raw_on) == (first, first + timedelta(days=30))
    assert measures.on(rule, rule.versions[0].from_ - timedelta(days=1)) is None
    assert measures.extended(rule, last, 15).raw_on == date(2025, 3, 1)
    with pytest.raises(KeyError, match="arb_award was not in force on 1999-12-31"):
        measures.extended(rule, date(1999, 12, 31), 15)
    assert measures.of_version(rule, first).first == first
    with pytest.raises(KeyError):
        measures.of_version(rule, last)


def test_what_comes_after_a_period_is_due_and_warned_of_on_the_day_after_it() -> None:
    """「送达十日后」: ten working days after 2 June 2025 end on the 16th; the 17th is the first."""
    rule = BOOK.policy.rules["insp_demand_before_enforcement"]
    found = BOOK.measures.plain(rule, date(2025, 6, 2))
    first = date(2025, 6, 17)
    assert found is not None
    assert (found.raw_on, found.due_on, found.warn_on) == (first, first, first)
    assert BOOK.measures.of_version(rule, found.version).ends_on(first) == date(2025, 6, 16)
    plain = BOOK.policy.rules["insp_litigation"]
    assert BOOK.measures.of_version(plain, date(2017, 7, 1)).ends_on(first) == first


@pytest.mark.parametrize(
    ("name", "left", "over"),
    [
        # Working days: 28 (made up), 29, 30 September, and after National Day 9 and 10 October.
        ("arb_acceptance_decision", 5, date(2025, 10, 10)),
        ("arb_acceptance_decision", 0, date(2025, 9, 26)),
        # Calendar days: 3 October is off, so that the last day is the 9th.
        ("arb_award", 7, date(2025, 10, 9)),
        ("arb_award", 0, date(2025, 9, 26)),
    ],
)
def test_what_is_left_runs_out_in_the_unit_of_the_rule(name: str, left: int, over: date) -> None:
    """Set going again on Friday 26 September 2025; Sunday the 28th is worked."""
    rule = BOOK.policy.rules[name]
    measure = BOOK.measures.of_version(rule, rule.versions[-1].from_)
    assert measure.over_on(date(2025, 9, 26), left) == over
