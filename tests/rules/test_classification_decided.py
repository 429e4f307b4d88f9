"""Classifications that somebody decided, that hold in part, and what is of no account."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules.classification import CaseFacts, Classification, classify
from rules.facts import Known
from rules.rulebook import builtin_rulebook

DAY = date(2025, 8, 1)
POLICY = builtin_rulebook().policy


def asked(code: str, place: str = "national", on: date = DAY, **known: Any) -> Classification:
    """The one classification of an arbitration of which this is known."""
    found = classify(CaseFacts("arbitration", **known), place, on, POLICY)
    return next(one for one in found if one.code == code)


def codes(**known: Any) -> set[str]:
    return {
        one.code for one in classify(CaseFacts("arbitration", **known), "national", DAY, POLICY)
    }


@pytest.mark.parametrize("claimants", [1, 9, 10, 40])
@pytest.mark.parametrize("common", [True, False])
@pytest.mark.parametrize("contract", [True, False])
def test_what_is_shown_as_collective_is_what_the_limits_follow(
    claimants: int, common: bool, contract: bool
) -> None:
    known = {"claimants": claimants, "common_claim": common, "collective_contract": contract}
    shown = asked("collective_case", **known).holds == "yes"
    assert Known(known, POLICY, DAY, ("national",)).value("collective") is shown


def test_how_mixed_items_were_decided_before_the_rules_is_left_open() -> None:
    items = (Decimal(100), Decimal(90_000))
    wage = Decimal(1_820)
    found = asked("final_award", "shanghai", date(2014, 6, 2), items=items, minimum_wage=wage)
    assert found.holds == "ask"
    assert "in none of the sources" in found.why.en


def test_a_decision_holds_in_place_of_the_facts_also_for_what_rests_on_it() -> None:
    facts = CaseFacts("arbitration", claimants=12, common_claim=True)
    found = {
        one.code: one
        for one in classify(facts, "national", DAY, POLICY, {"collective_case": False})
    }
    assert (found["collective_case"].holds, found["collective_case"].by_rules) == ("no", "yes")
    assert (found["panel_of_three"].holds, found["panel_of_three"].by_rules) == ("no", None)


def test_what_is_of_no_account_is_not_judged_and_keeps_its_number() -> None:
    found = asked("final_award", "shanghai", items=(None, Decimal(100), None, Decimal(90_000)))
    assert "Items 2 are within the ceiling, items 4 exceed it" in found.why.en
    assert "final_award" not in codes(items=(None,))


def test_a_case_recorded_as_simplified_that_may_not_be_is_told_of() -> None:
    found = asked("simplified_procedure", public_interest=True, track="simplified")
    assert found.holds == "no"
    assert "recorded as simplified" in found.why.en
    silent = asked("simplified_procedure", public_interest=True, track="ordinary")
    assert "recorded as simplified" not in silent.why.en
