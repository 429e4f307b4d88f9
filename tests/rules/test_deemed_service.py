"""Which service a recorded one answers, and when the next is deemed made."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

from rules.deadlines import derive
from rules.matter import Derivation, Event, Matter
from rules.rulebook import builtin_rulebook

ACCEPTED = Event("case_accepted", date(2025, 8, 28))
NOTICE = Event("notice_published", date(2025, 9, 1))
DEEMED = date(2025, 10, 1)
POSTED = Event("document_posted", date(2025, 9, 2))
TODAY = date(2025, 12, 1)


def told(events: Sequence[Event], today: date = TODAY) -> Derivation:
    return derive(Matter("arbitration", "national", tuple(events)), builtin_rulebook(), today)


def award_due(found: Derivation) -> date | None:
    return next(clock.due_on for clock in found.clocks if clock.rule == "arb_award")


def test_the_next_change_is_the_day_on_which_service_is_deemed_made() -> None:
    events = (ACCEPTED, NOTICE)
    assert told(events, date(2025, 9, 15)).changes_on == DEEMED
    assert told(events, DEEMED).changes_on is None


def test_what_names_its_service_goes_first_whatever_was_recorded_first() -> None:
    named = Event("deemed_served", date(2025, 9, 5), ground="document_posted")
    unnamed = Event("deemed_served", date(2025, 9, 5))
    found = [told(order) for order in permutations((ACCEPTED, NOTICE, POSTED, named, unnamed))]
    assert all(one == found[0] for one in found)
    assert [one.code for one in found[0].findings] == ["deemed_early"]


def test_a_notice_said_to_be_served_on_its_own_day_is_early() -> None:
    found = told((ACCEPTED, NOTICE, Event("deemed_served", NOTICE.on)))
    assert [one.code for one in found.findings] == ["deemed_early"]


def test_of_two_notices_the_later_lets_the_award_go_on_though_a_posting_was_served() -> None:
    second = Event("notice_published", date(2025, 9, 10))
    found = told((ACCEPTED, NOTICE, POSTED, second))
    # Stopped from 1 September to 10 October, the thirtieth day of the second: 39 days.
    assert award_due(found) == date(2025, 11, 20)


def test_a_service_recorded_again_after_its_day_is_told_when_it_was_made() -> None:
    once = (ACCEPTED, NOTICE, Event("deemed_served", DEEMED))
    again = Event("deemed_served", date(2025, 10, 9))
    found = told((*once, again))
    assert [(one.code, one.on, one.detail) for one in found.findings] == [
        ("deemed_already", again.on, "2025-10-01")
    ]
    assert award_due(found) == award_due(told(once))
