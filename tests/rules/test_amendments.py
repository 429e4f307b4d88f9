"""Changes that a bureau enters: laid over the policy, never loosening, and taken back whole."""

from dataclasses import replace
from datetime import date

import pytest

from rules.amendments import Amendment, AmendmentError, amended
from rules.deadlines import derive
from rules.explain import steps
from rules.matter import Clock, Event, Matter
from rules.rulebook import Rulebook, builtin_rulebook
from rules.unstarted import unstarted

TODAY = date(2026, 11, 22)
NEW = Amendment(
    id="1",
    kind="version",
    rule="arb_award",
    from_on=date(2026, 9, 1),
    length=30,
    place="chongming",
    instrument="示例决定",
    article="1",
    words="应当在三十日内结束",
    verified="V1",
    cap=10,
)
PROMISE = replace(NEW, id="2", kind="promise", rule="insp_complaint_decision", length=1, cap=None)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return builtin_rulebook()


def changed(rulebook: Rulebook, *amendments: Amendment) -> Rulebook:
    return rulebook.with_amendments(amendments)


def clocks(rulebook: Rulebook, procedure: str, *events: Event) -> dict[str, Clock]:
    matter = Matter(procedure, "chongming", events)
    return {clock.rule: clock for clock in derive(matter, rulebook, TODAY).clocks}


def test_a_new_version_binds_cases_from_its_day_and_leaves_older_ones(rulebook: Rulebook) -> None:
    after = changed(rulebook, NEW)
    old = clocks(after, "arbitration", Event("case_accepted", date(2026, 8, 31)))["arb_award"]
    assert (old.version, old.due_on) == (date(2017, 7, 1), date(2026, 10, 15))
    new = clocks(after, "arbitration", Event("case_accepted", date(2026, 9, 1)))["arb_award"]
    # 30 days from Tuesday 9/1 end on Thursday 10/1; 10/1-10/7 are off.
    assert (new.version, new.raw_due_on, new.due_on) == (
        date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 8),
    )  # fmt: skip


def test_nobody_misses_a_promise_before_it_was_made(rulebook: Rulebook) -> None:
    after = changed(rulebook, PROMISE)
    before = Event("complaint_received", date(2026, 8, 31))
    matter = Matter("inspection", "chongming", (before,))
    found = derive(matter, after, TODAY)
    assert {clock.rule for clock in found.clocks} == {"insp_complaint_decision"}
    assert found.findings == ()
    assert unstarted(matter, found, after, "en") == []


ACCEPTED = Event("case_accepted", date(2026, 9, 1))
STOPPED = (Event("suspended", date(2026, 9, 10)), Event("resumed", date(2026, 9, 20)))


@pytest.mark.parametrize(
    ("stops", "on", "code"),
    [
        # 45 days from 9/1 end on Friday 10/16, the new 30 on 10/8.
        ((), date(2026, 10, 16), "extended_late_by_change"),
        ((), date(2026, 10, 17), "extended_late"),
        # Ten days stopped: 10/26 and 10/12.
        (STOPPED, date(2026, 10, 26), "extended_late_by_change"),
        (STOPPED, date(2026, 10, 27), "extended_late"),
    ],
)
def test_an_extension_in_time_by_the_version_before_is_told_apart(
    rulebook: Rulebook, stops: tuple[Event, ...], on: date, code: str
) -> None:
    after = changed(rulebook, NEW)
    extension = Event("extension_approved", on, days=5, rule="arb_award")
    matter = Matter("arbitration", "chongming", (ACCEPTED, *stops, extension))
    found = derive(matter, after, TODAY).findings
    assert [one.code for one in found if one.rule == "arb_award"] == [code]


def test_a_new_version_is_cited_and_caps_its_extension(rulebook: Rulebook) -> None:
    after = changed(rulebook, NEW)
    events = (
        Event("case_accepted", date(2026, 9, 1)),
        Event("extension_approved", date(2026, 9, 20), days=11),
    )
    matter = Matter("arbitration", "chongming", events)
    found = derive(matter, after, TODAY)
    award = next(clock for clock in found.clocks if clock.rule == "arb_award")
    assert award.extended_days == 0
    assert "extended_over_cap" in {finding.code for finding in found.findings}
    assert any("应当在三十日内结束" in step for step in steps(award, matter, after, "zh"))


def test_taking_a_change_back_gives_the_policy_before(rulebook: Rulebook) -> None:
    after = changed(rulebook, NEW, PROMISE)
    assert after.fingerprint != rulebook.fingerprint
    assert changed(rulebook).fingerprint == rulebook.fingerprint
    assert changed(rulebook, PROMISE, NEW).fingerprint == after.fingerprint


def test_a_promise_stands_beside_the_law(rulebook: Rulebook) -> None:
    found = clocks(
        changed(rulebook, PROMISE), "inspection", Event("complaint_received", date(2026, 11, 2))
    )
    law, promise = found["insp_complaint_decision"], found["insp_complaint_decision_promised"]
    assert (law.due_on, promise.due_on) == (date(2026, 11, 9), date(2026, 11, 3))
    assert (law.kind, promise.kind) == ("duty", "commitment")


def test_a_promise_binds_only_the_place_that_made_it(rulebook: Rulebook) -> None:
    matter = Matter("inspection", "xuhui", (Event("complaint_received", date(2026, 11, 2)),))
    found = {clock.rule for clock in derive(matter, changed(rulebook, PROMISE), TODAY).clocks}
    assert "insp_complaint_decision_promised" not in found


def test_a_second_promise_follows_the_first(rulebook: Rulebook) -> None:
    second = replace(PROMISE, id="10", from_on=date(2026, 11, 16), length=2)
    after = changed(rulebook, replace(PROMISE, length=3), second)
    named = "insp_complaint_decision_promised"
    early = clocks(after, "inspection", Event("complaint_received", date(2026, 11, 2)))[named]
    late = clocks(after, "inspection", Event("complaint_received", date(2026, 11, 16)))[named]
    assert (early.due_on, late.due_on) == (date(2026, 11, 5), date(2026, 11, 18))
    with pytest.raises(AmendmentError, match="not_after_last"):
        changed(rulebook, PROMISE, replace(second, from_on=PROMISE.from_on))


def test_a_commitment_is_switched_on_with_its_own_number(rulebook: Rulebook) -> None:
    clue = replace(PROMISE, kind="switch_on", rule="wage_clue_platform", length=10)
    found = clocks(
        changed(rulebook, clue), "wage_arrears", Event("clue_assigned", date(2026, 11, 2))
    )
    assert found["wage_clue_platform"].due_on == date(2026, 11, 16)
    assert "wage_clue_platform" not in clocks(
        rulebook, "wage_arrears", Event("clue_assigned", date(2026, 11, 2))
    )


WRONG = {
    "a rule nobody knows": (replace(NEW, rule="arb_awards"), "rule", "unknown_rule"),
    "a day before the last version": (
        replace(NEW, from_on=date(2008, 5, 1)), "from_on", "not_after_last",
    ),
    "law that nobody read": (replace(NEW, verified="P1"), "verified", "unverified_law"),
    "no number": (replace(NEW, length=None), "length", "no_length"),
    "a promise as long as the law": (replace(PROMISE, length=5), "length", "not_tighter"),
    "an extension the rule does not know": (
        replace(NEW, rule="arb_serve_application", length=3), "cap", "no_extension",
    ),
    "a commitment that is law": (
        replace(PROMISE, kind="switch_on", rule="arb_award"), "rule", "unknown_rule",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_change_is_refused_with_its_field(rulebook: Rulebook, name: str) -> None:
    amendment, field, code = WRONG[name]
    with pytest.raises(AmendmentError) as raised:
        amended(rulebook.policy, [amendment])
    assert (raised.value.field, raised.value.code) == (field, code)
