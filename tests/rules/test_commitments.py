"""Which commitments are counted, and by which definition."""

from dataclasses import replace
from datetime import date

import pytest

from rules.amendments import Amendment
from rules.commitments import COUNTING, commitments, counted, lengths
from rules.policy import Policy
from rules.rulebook import builtin_rulebook

PROMISE = Amendment(
    id="1",
    kind="promise",
    rule="insp_complaint_decision",
    from_on=date(2026, 3, 10),
    length=3,
    place="chongming",
    instrument="服务承诺",
    article="1",
    words="",
    verified="V1",
)
QUICKER = replace(PROMISE, id="2", from_on=date(2026, 5, 1), length=2)
REVIEW = replace(PROMISE, id="3", kind="switch_on", rule="insp_disclosure_review", length=None)
APRIL = (date(2026, 4, 1), date(2026, 4, 30))


def with_(*amendments: Amendment) -> Policy:
    return builtin_rulebook().with_amendments(amendments).policy


def test_nothing_is_counted_where_nothing_was_promised() -> None:
    assert commitments(builtin_rulebook().policy, "chongming") == []


def test_a_promise_stands_beside_the_law_and_a_commitment_that_was_switched_on_alone() -> None:
    review, promise = commitments(with_(PROMISE, REVIEW), "chongming", *APRIL)
    assert [one.id for one in promise.counted] == [
        "insp_complaint_decision_promised",
        "insp_complaint_decision",
    ]
    assert [one.id for one in review.counted] == ["insp_disclosure_review"]


def test_of_the_law_those_clocks_count_that_the_promise_stands_with() -> None:
    (promise,) = commitments(with_(PROMISE, QUICKER), "chongming")
    assert {one.since for one in promise.counted} == {PROMISE.from_on}


@pytest.mark.parametrize(
    ("last", "found"), [(date(2026, 3, 9), 0), (date(2026, 3, 10), 1), (date(2026, 3, 31), 1)]
)
def test_it_is_in_force_from_its_day(last: date, found: int) -> None:
    assert len(commitments(with_(PROMISE), "chongming", date(2026, 3, 1), last)) == found


def test_the_promise_of_another_place_is_none_here() -> None:
    elsewhere = with_(replace(PROMISE, place="zhejiang"))
    assert commitments(elsewhere, "chongming") == []
    assert "insp_complaint_decision_promised" in counted(elsewhere)


def test_the_definition_names_the_lengths_in_force_in_the_period() -> None:
    (promise,) = commitments(with_(PROMISE, QUICKER), "chongming")
    assert promise.kept.definition(*APRIL) == f"{COUNTING}/3"
    second_quarter = promise.kept.definition(date(2026, 4, 1), date(2026, 6, 30))
    assert second_quarter == f"{COUNTING}/3+2"
    assert [one.length for one in lengths(second_quarter, promise.kept.rule)] == [3, 2]
    assert lengths(second_quarter, promise.kept.rule)[0].unit == "working_days"


def test_a_later_promise_gives_earlier_months_no_other_definition() -> None:
    (before,) = commitments(with_(PROMISE), "chongming")
    (after,) = commitments(with_(PROMISE, QUICKER), "chongming")
    assert before.kept.definition(*APRIL) == after.kept.definition(*APRIL)


def test_figures_of_limits_are_never_those_of_an_indicator() -> None:
    policy = builtin_rulebook().policy
    assert not policy.indicators.keys() & policy.rules.keys()
