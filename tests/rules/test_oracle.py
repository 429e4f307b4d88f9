"""`derive` agrees with the plain-Python oracle on random histories, and a mistake would show."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from rules.calendar import Calendar
from rules.deadlines import derive, derive_many
from rules.engine import Engine
from rules.matter import Derivation, Event, Matter
from rules.policy import Policy
from rules.rulebook import Rulebook, builtin_rulebook, load_rulebook
from tests.rules.histories import TODAY, acting, histories
from tests.rules.oracle import Oracle
from tests.rules.oracle_clocks import Row

NUMBER = 20_000
FEW = 600


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return builtin_rulebook()


@pytest.fixture(scope="module")
def oracle(rulebook: Rulebook) -> Oracle:
    return Oracle(rulebook.policy, rulebook.calendar.years)


def rows(derivation: Derivation) -> list[Row]:
    found = [
        Row(
            clock.rule,
            clock.state,
            clock.started_on,
            clock.raw_due_on,
            clock.due_on,
            clock.days_left,
            clock.extended_days,
            clock.provisional,
        )
        for clock in derivation.clocks
    ]
    return sorted(found, key=str)


def disagreements(matters: Iterable[Matter], rulebook: Rulebook, oracle: Oracle) -> list[Matter]:
    listed = list(matters)
    derived = derive_many(listed, rulebook, TODAY)
    return _different(listed, derived, oracle)


def _different(
    matters: list[Matter], derived: Iterable[Derivation], oracle: Oracle
) -> list[Matter]:
    return [
        matter
        for matter, derivation in zip(matters, derived, strict=True)
        if rows(derivation) != oracle.derive(matter, TODAY)
    ]


def test_derive_agrees_with_the_oracle(rulebook: Rulebook, oracle: Oracle) -> None:
    matters = list(histories(NUMBER, seed=20251001))
    derived = list(derive_many(matters, rulebook, TODAY))
    assert _different(matters, derived, oracle) == []
    # The histories do go everywhere.
    clocks = [clock for one in derived for clock in one.clocks]
    states = {(clock.rule, clock.state) for clock in clocks}
    extended = {clock.rule for clock in clocks if clock.extended_days}
    for rule in acting(rulebook.policy):
        assert (rule.id, "running") in states
        assert (rule.id, "met") in states or not rule.discharged_by
        assert (rule.id, "cancelled") in states or not (rule.restarts_on or rule.cancelled_by)
        assert (rule.id, "paused") in states or not rule.pauses
        assert rule.id in extended or "extension_approved" not in rule.extended_by


def test_one_by_one_and_together_are_the_same(rulebook: Rulebook) -> None:
    matters = list(histories(FEW, seed=7))
    together = list(derive_many(matters, rulebook, TODAY))
    assert [derive(matter, rulebook, TODAY) for matter in matters] == together


def test_deemed_service_depends_on_today(rulebook: Rulebook, oracle: Oracle) -> None:
    events = (Event("case_accepted", date(2025, 6, 3)), Event("notice_published", date(2025, 6, 9)))
    matter = Matter("arbitration", "national", events)
    for today in (date(2025, 7, 8), date(2025, 7, 9)):
        assert rows(derive(matter, rulebook, today)) == oracle.derive(matter, today)


def _with_version(policy: Policy, rule: str, **changes: object) -> Policy:
    old = policy.rules[rule]
    version = old.versions[-1].model_copy(update=changes)
    changed = old.model_copy(update={"versions": (*old.versions[:-1], version)})
    return Policy(**{**vars(policy), "rules": {**policy.rules, rule: changed}})


def test_a_planted_period_is_caught(rulebook: Rulebook, oracle: Oracle) -> None:
    period = rulebook.policy.rules["arb_award"].versions[-1].period
    wrong = _with_version(
        rulebook.policy, "arb_award", period=period.model_copy(update={"length": 44})
    )
    planted = Rulebook(wrong, rulebook.calendar.years, rulebook.engine)
    assert disagreements(histories(FEW, seed=3), planted, oracle)


def test_a_planted_rank_is_caught(rulebook: Rulebook, oracle: Oracle) -> None:
    planted = Rulebook(rulebook.policy, rulebook.calendar.years, rulebook.engine)
    planted.ranks = {**planted.ranks, "resumed": 49, "extension_approved": 95, "award_issued": 41}
    assert disagreements(histories(4 * FEW, seed=3), planted, oracle)


@pytest.mark.parametrize("name", ["roll_forward", "roll_backward"])
def test_a_planted_roll_over_is_caught(
    rulebook: Rulebook, oracle: Oracle, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Calendar, name, lambda _self, day: day)
    # Its own rulebook: what it remembers of wrong dates must not reach other tests.
    planted = Rulebook(rulebook.policy, rulebook.calendar.years, rulebook.engine)
    assert disagreements(histories(4 * FEW, seed=3), planted, oracle)


def test_a_lost_operation_of_the_engine_is_caught(
    oracle: Oracle, monkeypatch: pytest.MonkeyPatch
) -> None:
    fire = Engine.fire

    def losing(self: Engine, procedure: str, facts: list[dict[str, object]]) -> list[frozenset]:
        return [
            frozenset(name for name in names if not name.startswith("resume:arb_award:"))
            for names in fire(self, procedure, facts)
        ]

    monkeypatch.setattr(Engine, "fire", losing)
    assert disagreements(histories(16 * FEW, seed=3), load_rulebook(), oracle)


def test_a_missing_make_up_day_is_caught(rulebook: Rulebook, oracle: Oracle) -> None:
    year = rulebook.calendar.years[2025]
    planted = rulebook.with_years([replace(year, make_up_workdays=frozenset())])
    assert disagreements(histories(FEW, seed=3), planted, oracle)
