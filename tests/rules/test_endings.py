"""Events that end a limit only where a fact holds: who applied for a work-injury finding."""

from dataclasses import replace
from datetime import date

import pytest

from rules.book import make_book
from rules.deadlines import derive
from rules.engine import Engine
from rules.explain import steps
from rules.lawful import next_events
from rules.matter import Clock, Event, Matter
from rules.rulebook import Rulebook, builtin_rulebook
from rules.schema import Condition, Pause
from rules.wording import Wording

BOOK = builtin_rulebook()
HURT = Event("injury_occurred", date(2025, 6, 3))
TODAY = date(2025, 7, 10)
EMPLOYER, WORKER = "inj_employer_apply", "inj_worker_apply"


def received(on: date) -> Event:
    return Event("injury_application_received", on)


def accepted(on: date) -> Event:
    return Event("injury_application_accepted", on)


APPLIED = received(date(2025, 6, 23))


def injury(*events: Event, by: str | None = None) -> Matter:
    facts = {} if by is None else {"applied_by": by}
    return Matter("work_injury", "national", (HURT, *events), facts)


def clock(matter: Matter, rule: str, book: Rulebook = BOOK) -> Clock:
    return next(one for one in derive(matter, book, TODAY).clocks if one.rule == rule)


def told(matter: Matter, rule: str, language: str = "en") -> list[str]:
    return steps(clock(matter, rule), matter, BOOK, language)


@pytest.mark.parametrize(
    ("by", "met"),
    [
        ("employer", {EMPLOYER}),
        ("worker", {WORKER}),
        ("relative", {WORKER}),
        ("union", {WORKER}),
        (None, set()),
    ],
)
def test_an_application_meets_the_limit_of_its_own_side_alone(
    by: str | None, met: set[str]
) -> None:
    found = derive(injury(APPLIED, by=by), BOOK, TODAY)
    assert {one.rule for one in found.clocks if one.state == "met"} == met
    # Whoever applied, the authority has to answer, and nothing is contradictory.
    assert "inj_accept" in {one.rule for one in found.clocks}
    assert found.findings == ()


def test_an_account_says_who_applied() -> None:
    ended = told(injury(APPLIED, by="employer"), EMPLOYER)
    at = ended.index("2025-06-23: Application for an injury finding received. Met in time.")
    assert ended[at + 1] == "Who applied: the employer."
    spared = told(injury(APPLIED, by="relative"), EMPLOYER)
    sentence = (
        "2025-06-23: Application for an injury finding received. That does not end this limit."
    )
    assert spared[spared.index(sentence) + 1] == "Who applied: a close relative."
    assert any(one.startswith("What ends this limit: Article 17(1)") for one in spared)
    assert "申请人：近亲属。" in told(injury(APPLIED, by="relative"), EMPLOYER, "zh")


@pytest.mark.parametrize("rule", [EMPLOYER, WORKER])
def test_who_applied_is_named_as_unknown_where_a_limit_hangs_on_it(rule: str) -> None:
    unknown = "Not stated who applied: neither side is assumed to have."
    assert unknown in told(injury(APPLIED), rule)
    assert "未说明由谁申请，不推定任何一方已经申请。" in told(injury(APPLIED), rule, "zh")
    # Before anybody applied it is of no account.
    assert unknown not in told(injury(), rule)


def test_a_cancelled_limit_says_what_left_it_without_object() -> None:
    matter = injury(APPLIED, accepted(date(2025, 6, 30)), by="employer")
    assert clock(matter, WORKER).state == "cancelled"
    assert (
        "2025-06-30: Application for an injury finding accepted."
        " Nothing is left to be done within this limit."
    ) in told(matter, WORKER)
    assert "2025-06-30受理工伤认定申请，本期限不再适用。" in told(matter, WORKER, "zh")


def test_only_what_meets_a_limit_is_said_to_meet_it_next() -> None:
    """Of what may be recorded next, the acceptance meets the bureau's limit and no party's."""
    for by in ("employer", "worker"):
        found = next_events(injury(APPLIED, by=by), BOOK, TODAY)
        ends = {one.type: one.ends for one in found}
        assert ends["injury_application_accepted"] == ("inj_accept",)


def changed(rule: str, **fields: object) -> Rulebook:
    """The rulebook with one rule otherwise."""
    old = BOOK.policy.rules[rule]
    rules = {**BOOK.policy.rules, rule: old.model_copy(update=fields)}
    policy = replace(BOOK.policy, rules=rules)
    return Rulebook(policy, BOOK.calendar.years, Engine(policy))


def test_a_limit_that_stands_still_is_cancelled_too() -> None:
    basis = BOOK.policy.rules["inj_decide"].pauses[0].basis
    pause = Pause.model_validate({"from": "suspended", "to": "resumed", "basis": basis})
    book = changed(WORKER, pauses=(pause,))
    paused = Event("suspended", date(2025, 6, 25))
    matter = injury(APPLIED, paused, accepted(date(2025, 6, 30)), by="employer")
    found = clock(matter, WORKER, book)
    assert (found.state, found.ended_on) == ("cancelled", date(2025, 6, 30))
    assert clock(replace(matter, facts={}), WORKER, book).state == "paused"


def test_a_number_and_a_flag_can_decide_an_ending_as_well() -> None:
    ends = {
        "case_accepted": (
            Condition(fact="claimants", at_least=10),
            Condition(fact="collective_contract", equals=True),
        )
    }
    book = changed("arb_acceptance_decision", ends_if=ends)
    events = (
        Event("arb_application_received", date(2025, 7, 1)),
        Event("case_accepted", date(2025, 7, 3)),
    )
    for claimants, contract, state in (
        (12, True, "met"),
        (9, True, "running"),
        (12, False, "running"),
    ):
        facts = {"claimants": claimants, "collective_contract": contract}
        matter = Matter("arbitration", "national", events, facts)
        assert clock(matter, "arb_acceptance_decision", book).state == state


def test_the_book_tells_the_condition_beside_the_event_in_both_languages() -> None:
    for language, expected in (
        ("en", "Application for an injury finding received (only where Who applied: the employer)"),
        ("zh", "收到工伤认定申请（限于申请人：用人单位）"),
    ):
        (chapter,) = (
            one for one in make_book(BOOK, [], language).chapters if one.id == "work_injury"
        )
        (section,) = (one for one in chapter.sections if one.id == EMPLOYER)
        assert expected in {line.text for line in section.lines}


def test_one_of_several_values_is_told_with_all_of_them() -> None:
    one = Condition(fact="applied_by", one_of=("worker", "union"))
    assert Wording(BOOK, "en").condition(one) == "Who applied: one of the worker, the union"
    assert Wording(BOOK, "zh").condition(one) == "申请人：职工本人、工会组织之一"
