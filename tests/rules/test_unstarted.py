"""An event that starts nothing because of a fact says so; silence elsewhere."""

from datetime import date

import pytest

from rules.deadlines import derive
from rules.explain import steps
from rules.matter import Event, FactValue, Matter
from rules.rulebook import builtin_rulebook
from rules.unstarted import unstarted

TODAY = date(2026, 3, 1)


def notes(matter: Matter, language: str = "en") -> list[str]:
    rulebook = builtin_rulebook()
    return unstarted(matter, derive(matter, rulebook, TODAY), rulebook, language)


def recognised(on: date = date(2025, 10, 9), **facts: FactValue) -> Matter:
    return Matter("employment", "chongming", (Event("recognised", on),), facts)


def test_a_person_who_is_not_willing_is_owed_no_placement_and_this_is_said() -> None:
    unwilling = recognised(willing_and_obeys=False)
    (said,) = notes(unwilling)
    assert said == (
        "2025-10-09: Recognised as a person with employment difficulty."
        " “Place a person with employment difficulty after recognition” does not start"
        " (Willing to work and obeys arrangements: no)."
    )
    assert notes(unwilling, "zh") == [
        "2025-10-09认定为就业困难人员：就业困难人员认定后实现就业不开始计算（有就业意愿且服从安排：否）。"
    ]


@pytest.mark.parametrize(
    "matter",
    [
        recognised(),
        recognised(willing_and_obeys=True),
        # Before the rule was in force it started for nobody.
        recognised(date(2021, 10, 8), willing_and_obeys=False),
        Matter("employment", "zhejiang", recognised().events, {"willing_and_obeys": False}),
    ],
    ids=["assumed willing", "willing", "not in force", "no such rule there"],
)
def test_nothing_is_said_where_nothing_is_missed(matter: Matter) -> None:
    assert notes(matter) == []


def happened(procedure: str, name: str, on: date, place: str = "national") -> Matter:
    return Matter(procedure, place, (Event(name, on),))


def test_a_limit_of_others_that_has_no_version_for_the_day_is_noted() -> None:
    ended = happened("arbitration", "performance_period_ended", date(2023, 12, 31))
    (english,), (chinese,) = notes(ended), notes(ended, "zh")
    assert english == (
        "2023-12-31: Period for performance ended. No version of “Apply for enforcement” is"
        " entered for that day (the first is from 2024-01-01); the limit was not computed."
    )
    assert chinese == (
        "2023-12-31履行期届满：申请强制执行没有录入适用于当日的版本（最早的版本自2024-01-01起），"
        "未计算该期限。"
    )
    assert notes(happened("arbitration", "performance_period_ended", date(2024, 1, 1))) == []


def test_a_limit_of_ours_that_has_no_version_is_a_finding_and_no_note() -> None:
    early = happened("arbitration", "arb_application_received", date(2016, 1, 5))
    assert notes(early) == []
    assert derive(early, builtin_rulebook(), TODAY).findings != ()


def test_an_event_that_had_already_happened_is_not_said_to_start_nothing() -> None:
    accepted = (
        Event("case_accepted", date(2025, 10, 9)),
        Event("case_accepted", date(2025, 10, 13)),
    )
    matter = Matter("arbitration", "national", accepted)
    (finding,) = derive(matter, builtin_rulebook(), TODAY).findings
    assert finding.code == "started_again"
    assert notes(matter) == []


@pytest.mark.parametrize("track", ["ordinary", "simplified"])
def test_nothing_is_said_where_another_clock_starts(track: str) -> None:
    accepted = (Event("case_accepted", date(2025, 10, 9)),)
    assert notes(Matter("arbitration", "zhejiang", accepted, {"track": track})) == []


def test_the_value_of_a_fact_reads_in_the_language_of_the_steps() -> None:
    rulebook = builtin_rulebook()
    accepted = (Event("case_accepted", date(2025, 10, 9)),)
    matter = Matter("arbitration", "zhejiang", accepted, {"track": "simplified"})
    clocks = derive(matter, rulebook, TODAY).clocks
    clock = next(one for one in clocks if one.rule == "arb_simplified_award_zj")
    assert "审理方式（普通或简易）：简易。" in steps(clock, matter, rulebook, "zh")
    assert "Track (ordinary or simplified): simplified." in steps(clock, matter, rulebook, "en")


def test_every_choice_of_every_fact_has_its_words() -> None:
    policy = builtin_rulebook().policy
    facts = policy.facts.values()
    choices = {choice for fact in facts for choice in fact.choices if not fact.called}
    assert choices
    assert {f"fact_{choice}" for choice in choices} <= set(policy.wording)
