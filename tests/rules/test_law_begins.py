"""From which day the law knows a limit, a restart, a pause: on that day it counts, the day before
it does not, and what it did not know hides nothing else."""

from datetime import date

import pytest

from rules.deadlines import derive
from rules.matter import Clock, Event, Finding, Matter
from rules.rulebook import builtin_rulebook

TODAY = date(2018, 1, 2)
# The case-handling rules that restart and stop the 45 days are in force from this day.
FIRST, EVE = date(2017, 7, 1), date(2017, 6, 30)
ACCEPTED = Event("case_accepted", date(2017, 6, 5))
UNMOVED = date(2017, 7, 20)


def award(*events: Event) -> tuple[list[Clock], tuple[Finding, ...]]:
    found = derive(
        Matter("arbitration", "national", (ACCEPTED, *events)), builtin_rulebook(), TODAY
    )
    clocks = [clock for clock in found.clocks if clock.rule == "arb_award"]
    # That other limits were not in force on the day of the acceptance is another matter.
    return clocks, tuple(one for one in found.findings if one.event != "case_accepted")


def test_a_restart_counts_from_the_first_day_of_its_article() -> None:
    clocks, findings = award(Event("party_added_decision", FIRST))
    assert [one.state for one in clocks] == ["cancelled", "running"]
    assert findings == ()


def test_a_restart_before_its_article_moves_nothing_and_is_said_once() -> None:
    clocks, findings = award(Event("party_added_decision", EVE))
    assert [(one.state, one.due_on) for one in clocks] == [("running", UNMOVED)]
    assert findings == (
        Finding("restart_without_basis", "party_added_decision", EVE, "arb_award", "2017-07-01"),
    )


@pytest.mark.parametrize(("on", "begun"), [(EVE, []), (FIRST, [FIRST])])
def test_a_restart_that_would_begin_the_period_begins_it_from_its_article_on(
    on: date, begun: list[date]
) -> None:
    matter = Matter("arbitration", "national", (Event("transfer_accepted", on),))
    found = derive(matter, builtin_rulebook(), TODAY)
    assert [one.started_on for one in found.clocks if one.rule == "arb_award"] == begun
    said = Finding("restart_without_basis", "transfer_accepted", EVE, "arb_award", "2017-07-01")
    assert found.findings == (() if begun else (said,))


def test_an_acceptance_after_a_transfer_without_basis_begins_the_period() -> None:
    events = (Event("transfer_accepted", date(2017, 5, 16)), ACCEPTED)
    found = derive(Matter("arbitration", "national", events), builtin_rulebook(), TODAY)
    (clock,) = [one for one in found.clocks if one.rule == "arb_award"]
    assert (clock.started_on, clock.due_on) == (ACCEPTED.on, UNMOVED)


def test_a_pause_counts_from_the_first_day_of_its_article() -> None:
    clocks, findings = award(Event("suspended", FIRST))
    assert [one.state for one in clocks] == ["paused"]
    assert findings == ()


def test_a_pause_before_its_article_moves_nothing_and_is_said_once() -> None:
    clocks, findings = award(Event("suspended", EVE), Event("resumed", date(2017, 7, 10)))
    assert [(one.state, one.due_on) for one in clocks] == [("running", UNMOVED)]
    assert findings == (
        Finding("pause_without_basis", "suspended", EVE, "arb_award", "2017-07-01"),
    )


@pytest.mark.parametrize(
    ("served", "reconsidered"), [(date(2023, 12, 29), False), (date(2024, 1, 2), True)]
)
def test_a_limit_not_known_on_its_day_leaves_those_beside_it(
    served: date, reconsidered: bool
) -> None:
    """The text read of the reconsideration law begins in 2024; that of litigation in 2017."""
    events = (
        Event("case_filed", date(2023, 11, 1)),
        Event("penalty_decided", date(2023, 12, 28)),
        Event("decision_served", served),
    )
    found = derive(Matter("inspection", "national", events), builtin_rulebook(), date(2024, 2, 1))
    named = {clock.rule for clock in found.clocks}
    assert "insp_litigation" in named
    assert ("insp_reconsideration" in named) is reconsidered
