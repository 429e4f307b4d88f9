"""Which of several clocks an event means, whatever was recorded first."""

from datetime import date
from itertools import permutations

import pytest

from rules.deadlines import derive
from rules.matter import Derivation, Event, Matter
from rules.rulebook import builtin_rulebook

TODAY = date(2026, 3, 2)


def now(procedure: str, *events: Event, **facts: str) -> Derivation:
    return derive(Matter(procedure, "national", events, facts), builtin_rulebook(), TODAY)


def extended(derivation: Derivation) -> dict[str, int]:
    return {clock.rule: clock.extended_days for clock in derivation.clocks if clock.extended_days}


def hurt_and_appraised(appraised: date, hurt: date, approved: date) -> Derivation:
    """The employer may still apply, an appraisal was asked for, and one extension is approved."""
    return now(
        "work_injury",
        Event("injury_occurred", hurt),
        Event("appraisal_application_received", appraised),
        Event("extension_approved", approved, days=5),
    )


def test_an_extension_that_could_mean_two_running_clocks_is_asked_about() -> None:
    found = hurt_and_appraised(date(2025, 7, 1), date(2025, 6, 16), date(2025, 7, 10))
    assert extended(found) == {}
    assert [one.code for one in found.findings] == ["ambiguous_extension"]


def test_an_extension_means_the_one_clock_that_runs_when_the_other_was_not_in_force() -> None:
    found = hurt_and_appraised(date(2010, 12, 31), date(2011, 1, 4), date(2011, 1, 10))
    assert extended(found) == {"inj_employer_apply": 5}
    assert "ambiguous_extension" not in {one.code for one in found.findings}


def test_an_extension_means_the_one_clock_that_runs_when_the_other_had_ended() -> None:
    found = now(
        "work_injury",
        Event("injury_occurred", date(2025, 6, 16)),
        Event("injury_application_received", date(2025, 7, 1)),
        Event("injury_occurred", date(2025, 7, 2)),
        Event("appraisal_application_received", date(2025, 7, 3)),
        Event("extension_approved", date(2025, 7, 10), days=5),
        applied_by="employer",
    )
    assert extended(found) == {"inj_appraisal": 5}


def test_an_extension_is_asked_about_while_a_second_clock_of_a_rule_runs() -> None:
    asked = [Event("appraisal_application_received", date(2025, 7, day)) for day in (1, 2)]
    found = now(
        "work_injury",
        Event("injury_occurred", date(2025, 7, 1)),
        *asked,
        Event("appraisal_concluded", date(2025, 7, 3)),
        Event("extension_approved", date(2025, 7, 10), days=5),
    )
    assert extended(found) == {}
    assert [one.code for one in found.findings] == ["ambiguous_extension"]


def test_orders_of_one_day_are_paid_by_their_days_whatever_was_recorded_first() -> None:
    served, paid = date(2026, 1, 5), date(2026, 1, 5)
    orders = [
        Event("order_to_pay_served", served, pay_by=date(2026, 1, 12)),
        Event("order_to_pay_served", served, pay_by=date(2026, 2, 2)),
        Event("arrears_paid", paid),
    ]
    for recorded in permutations(orders):
        found = now("wage_arrears", *recorded)
        due = {
            clock.due_on: clock.state
            for clock in found.clocks
            if clock.rule == "wage_order_deadline"
        }
        assert due == {date(2026, 1, 12): "met", date(2026, 2, 2): "running"}


def test_what_was_not_in_force_is_not_begun_anew() -> None:
    found = now(
        "wage_arrears",
        Event("blacklist_listed", date(2021, 11, 30)),
        Event("early_removal_revoked", date(2022, 1, 23)),
    )
    assert "wage_blacklist_term" not in {clock.rule for clock in found.clocks}


@pytest.mark.parametrize(
    ("hearings", "notice", "served"),
    [
        ([date(2025, 6, 10), date(2025, 7, 15)], date(2025, 6, 20), date(2025, 7, 15)),
        ([date(2025, 6, 20), date(2025, 7, 15)], date(2025, 6, 20), date(2025, 6, 20)),
        ([date(2025, 6, 3), date(2025, 6, 10), date(2025, 6, 17)], date(2025, 6, 20),
         date(2025, 6, 17)),
        ([date(2025, 7, 15)], date(2025, 6, 20), date(2025, 7, 15)),
    ],
    ids=["the next one", "the one of that day", "the last when all are past", "the only one"],
)  # fmt: skip
def test_a_notice_serves_the_next_hearing_or_the_last_one_past(
    hearings: list[date], notice: date, served: date
) -> None:
    events = [Event("hearing_date", day) for day in hearings]
    matter = Matter("arbitration", "national", (*events, Event("hearing_notice_served", notice)))
    found = derive(matter, builtin_rulebook(), date(2025, 12, 1)).clocks
    ended = [one.started_on for one in found if one.rule == "arb_hearing_notice" and one.ended_on]
    assert ended == [served]


def test_what_has_an_earliest_day_is_in_time_on_any_day_after_it() -> None:
    events = (
        Event("blacklist_listed", date(2024, 6, 3)),
        Event("arrears_corrected", date(2024, 9, 10)),
        Event("early_removal_applied", date(2025, 6, 9)),
    )
    matter = Matter("wage_arrears", "national", events)
    clocks = derive(matter, builtin_rulebook(), date(2025, 12, 1)).clocks
    (eligible,) = [one for one in clocks if one.kind == "earliest"]
    assert (eligible.due_on, eligible.state) == (date(2025, 3, 10), "met")
