"""A number that a condition names is that of the day and the place that a case is judged by."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jobs.deriving import derived
from rules.book import make_book
from rules.classification import CaseFacts, classify
from rules.deadlines import derive, derive_many
from rules.engine import Engine
from rules.facts import judged_on
from rules.lawful import next_events
from rules.matter import Event, FactValue, Matter
from rules.policy import Policy
from rules.rulebook import Rulebook, builtin_rulebook
from rules.schema import Condition
from tests.rules.histories import TODAY, histories
from tests.rules.oracle import Oracle
from tests.rules.test_oracle import rows

BOOK = builtin_rulebook()
NAME, NOTICE = "collective_workers", "arb_collective_one_off_notice"
CHANGE = date(2024, 1, 1)


def rulebook(policy: Policy) -> Rulebook:
    return Rulebook(policy, BOOK.calendar.years, Engine(policy))


def with_versions(*changes: tuple[str, date, int]) -> Policy:
    """Ten workers until the first day, then another number; each `(place, from, number)`."""
    known = BOOK.policy.thresholds[NAME]
    old = next(one for one in known.versions if one.jurisdiction == "national" and not one.to)
    place, first, _ = changes[0]
    before = date(first.year - 1, 12, 31)
    ended = [
        one.model_copy(update={"to": before}) if one.jurisdiction == place and not one.to else one
        for one in known.versions
    ]
    added = [
        old.model_copy(update={"jurisdiction": at, "from_": on, "value": Decimal(number)})
        for at, on, number in changes
    ]
    threshold = known.model_copy(update={"versions": (*ended, *added)})
    return replace(BOOK.policy, thresholds={**BOOK.policy.thresholds, NAME: threshold})


TWENTY = rulebook(with_versions(("national", CHANGE, 20)))
ZHEJIANG = rulebook(with_versions(("zhejiang", CHANGE, 8)))


def dispute(workers: int, accepted: date, place: str = "national") -> Matter:
    received = Event("arb_application_received", date(accepted.year - 1, 12, 29))
    return Matter(
        "arbitration", place, (received, Event("case_accepted", accepted)), {"claimants": workers}
    )


def is_collective(matter: Matter, book: Rulebook) -> bool:
    """By the deadlines that started."""
    return NOTICE in {one.rule for one in derive(matter, book, TODAY).clocks}


def is_called_collective(matter: Matter, book: Rulebook) -> bool:
    """By what is shown of the case."""
    on = judged_on(matter, book.policy)
    assert on is not None
    facts = CaseFacts("arbitration", claimants=int(matter.facts["claimants"]))
    found = classify(facts, matter.jurisdiction, on, book.policy)
    return next(one.holds == "yes" for one in found if one.code == "collective_case")


@pytest.mark.parametrize(
    ("book", "workers", "accepted", "place", "collective"),
    [
        # Twelve workers: collective under the law of their day, whatever came later.
        (TWENTY, 12, date(2018, 3, 5), "national", True),
        (TWENTY, 12, date(2023, 12, 29), "chongming", True),
        (TWENTY, 12, CHANGE, "national", False),
        (TWENTY, 19, date(2025, 3, 3), "chongming", False),
        (TWENTY, 20, date(2025, 3, 3), "chongming", True),
        # Zhejiang's own number holds there before the national one, and nowhere else.
        (TWENTY, 12, date(2025, 3, 3), "quzhou", True),
        (ZHEJIANG, 8, date(2023, 12, 29), "quzhou", False),
        (ZHEJIANG, 8, CHANGE, "quzhou", True),
        (ZHEJIANG, 7, date(2025, 3, 3), "zhejiang", False),
        (ZHEJIANG, 8, date(2025, 3, 3), "chongming", False),
        (ZHEJIANG, 10, date(2025, 3, 3), "national", True),
    ],
)
def test_the_number_of_the_day_and_place_decides(
    book: Rulebook, workers: int, accepted: date, place: str, collective: bool
) -> None:
    matter = dispute(workers, accepted, place)
    assert is_collective(matter, book) is collective
    assert is_called_collective(matter, book) is collective
    told = {row.rule for row in Oracle(book.policy, book.calendar.years).derive(matter, TODAY)}
    assert (NOTICE in told) is collective


def test_the_day_is_that_of_the_acceptance_and_before_it_of_the_receipt() -> None:
    """An application of December, accepted in January, when the number has changed."""
    matter = dispute(12, date(2024, 1, 3))
    assert judged_on(matter, BOOK.policy) == date(2024, 1, 3)
    assert not is_collective(matter, TWENTY)
    received = replace(matter, events=matter.events[:1])
    assert judged_on(received, BOOK.policy) == date(2023, 12, 29)
    before = replace(matter, events=(Event("hearing_date", date(2023, 11, 1)),))
    assert judged_on(before, BOOK.policy) == date(2023, 11, 1)
    assert judged_on(replace(matter, events=()), BOOK.policy) is None


@pytest.mark.parametrize("accepted", [(), (Event("case_accepted", date(2024, 1, 3)),)])
def test_the_day_is_the_one_that_a_stored_case_is_classified_by(
    accepted: tuple[Event, ...],
) -> None:
    events = (*accepted, Event("arb_application_received", date(2023, 12, 29)))
    matter = Matter("arbitration", "national", events)
    stored = derived("arbitration", matter, derive(matter, BOOK, TODAY), BOOK).columns
    assert judged_on(matter, BOOK.policy) == (stored["accepted_on"] or stored["received_on"])


def test_before_there_was_a_number_nothing_reaches_it() -> None:
    assert not is_collective(dispute(40, date(2008, 4, 30)), TWENTY)
    assert not is_called_collective(dispute(40, date(2008, 4, 30)), TWENTY)


def test_what_is_offered_follows_the_number_too() -> None:
    for accepted, collective in ((date(2023, 12, 29), True), (date(2025, 3, 3), False)):
        matter = dispute(12, accepted)
        offered = {one.type for one in next_events(matter, TWENTY, TODAY)}
        assert ("one_off_notice_served" in offered) is collective


def _requires(book: Rulebook) -> Sequence[str]:
    chapter = next(one for one in make_book(book, [], "en").chapters if one.id == "arbitration")
    section = next(one for one in chapter.sections if one.id == NOTICE)
    return [line.text for line in section.lines]


def test_the_book_tells_one_number_or_each_with_its_place_and_first_day() -> None:
    assert any("at least 10, " in line for line in _requires(BOOK))
    told = "\n".join(_requires(TWENTY))
    assert "10 (National, from 2017-07-01), 10 (Zhejiang, from 2016-01-01)" in told
    assert "20 (National, from 2024-01-01)" in told


def direct(policy: Policy) -> Policy:
    """With a limit that tests the number itself, and one that an event ends by it."""
    test = Condition(fact="claimants", at_least=NAME)
    plain = policy.rules["arb_tribunal_notice"].model_copy(update={"requires": (test,)})
    decision = policy.rules["arb_acceptance_decision"]
    ends: dict[str, Any] = {"case_accepted": (test,)}
    decided = decision.model_copy(update={"ends_if": ends})
    rules = {**policy.rules, plain.id: plain, decided.id: decided}
    return replace(policy, rules=rules)


@pytest.mark.parametrize(("workers", "accepted", "reached"), [
    (12, date(2023, 12, 29), True), (12, CHANGE, False), (20, CHANGE, True),
])  # fmt: skip
def test_a_limit_may_test_the_number_itself(workers: int, accepted: date, reached: bool) -> None:
    book = rulebook(direct(TWENTY.policy))
    clocks = {one.rule: one for one in derive(dispute(workers, accepted), book, TODAY).clocks}
    assert ("arb_tribunal_notice" in clocks) is reached
    assert (clocks["arb_acceptance_decision"].ended_by == "case_accepted") is reached


def test_the_oracle_agrees_where_the_numbers_change_by_day_and_place() -> None:
    changes = (("national", date(2022, 1, 1), 40), ("zhejiang", date(2023, 1, 1), 9))
    book = rulebook(direct(with_versions(*changes)))
    oracle = Oracle(book.policy, book.calendar.years)
    matters = [
        one
        for one in histories(9_000, seed=41, policy=book.policy)
        if one.procedure == "arbitration"
    ]
    ours = list(derive_many(matters, book, TODAY))
    assert [rows(one) for one in ours] == [oracle.derive(one, TODAY) for one in matters]
    # The number does matter in many of them.
    plain = derive_many(matters, rulebook(direct(BOOK.policy)), TODAY)
    assert sum(one.clocks != other.clocks for one, other in zip(ours, plain, strict=True)) > 20


def test_a_decision_holds_whatever_the_number_is() -> None:
    facts: dict[str, FactValue] = {"claimants": 12, "collective": True}
    assert is_collective(replace(dispute(12, date(2025, 3, 3)), facts=facts), TWENTY)
