"""Every deadline explains itself, in both languages."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from rules.deadlines import derive, derive_many
from rules.explain import citations, finding_text, steps
from rules.matter import Clock, Event, Finding, Matter
from rules.rulebook import Rulebook, builtin_rulebook
from rules.wording import Wording
from tests.rules.histories import TODAY, histories

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return builtin_rulebook()


def account(
    matter: Matter, rule: str, today: date, language: str = "en", seq: int = 1
) -> list[str]:
    rulebook = builtin_rulebook()
    clocks = [c for c in derive(matter, rulebook, today).clocks if c.rule == rule]
    return steps(clocks[seq - 1], matter, rulebook, language)


def arbitration(*events: Event, place: str = "national", **facts: str | int | bool) -> Matter:
    return Matter("arbitration", place, events, facts)


def test_a_working_day_count_with_pause_holidays_and_make_up_days() -> None:
    matter = Matter(
        "inspection",
        "zhejiang",
        (
            Event("case_filed", date(2025, 3, 3)),
            Event("suspended", date(2025, 4, 1)),
            Event("resumed", date(2025, 5, 12)),
        ),
    )
    told = account(matter, "insp_investigation", date(2025, 6, 1))
    assert told[0] == "2025-03-03 (Mon): Case filed. The period starts; that day is not counted."
    assert told[1].startswith("Period: 60 working days. C2: ")
    assert told[2] == "From 2025-03-04 to 2025-04-01: 21 working days."
    assert told[3] == "From 2025-05-13 to 2025-07-07: 39 working days."
    # What the pause swallowed – Qingming, May Day, the make-up Sunday 4/27 – was not met.
    assert told[4] == "Weekdays off on the way: 2025-06-02."
    assert not any(step.startswith("Make-up workdays") for step in told)
    paused = "Paused from 2025-04-01 to 2025-05-12: 26 working days not counted (A-4)."
    assert paused in told
    assert any(step.startswith("Basis of the pause: Zhejiang Regulation") for step in told)
    assert "Due on 2025-07-07 (Mon)." in told
    assert told[-1] == "Version in force from 2004-12-01; verified: V1+V3."


def test_holidays_and_make_up_days_inside_the_count_are_named() -> None:
    matter = Matter("inspection", "national", (Event("complaint_received", date(2025, 9, 26)),))
    told = account(matter, "insp_complaint_decision", date(2025, 10, 1), "zh")
    assert "其间工作日放假（不计为工作日）：2025-10-01…2025-10-03、2025-10-06…2025-10-08。" in told
    assert "其间补班（计为工作日）：2025-09-28。" in told


def test_a_roll_over_and_an_extension() -> None:
    matter = arbitration(
        Event("case_accepted", date(2025, 4, 10)),
        Event("extension_approved", date(2025, 5, 20), days=8),
    )
    told = account(matter, "arb_award", date(2025, 6, 1))
    assert "From 2025-04-11 to 2025-06-02: 53 calendar days." in told
    assert any(
        step.startswith("2025-05-20: extended by 8 calendar days; 8 in total") for step in told
    )
    assert "The extension is added to the un-rolled last day, then rolled once (A-6)." in told
    assert (
        "The last day, 2025-06-02 (Mon), is a rest day; it rolls to the first working day "
        "after it, 2025-06-03 (Tue)." in told
    )
    assert any(step.startswith("If it is missed: The parties may sue") for step in told)


def test_a_restart_names_its_article_and_what_became_of_the_first_count() -> None:
    matter = arbitration(
        Event("case_accepted", date(2025, 6, 3)), Event("party_added_decision", date(2025, 6, 25))
    )
    first = account(matter, "arb_award", date(2025, 7, 1), "zh")
    assert "2025-06-25决定追加当事人，本次计算作废，另起新的期限。" in first
    second = account(matter, "arb_award", date(2025, 7, 1), "zh", seq=2)
    assert "重新计算" in second[0]
    assert any(step.startswith("重新计算的依据：办案规则第46条第（一）项") for step in second)


def test_a_paused_clock_says_what_is_left() -> None:
    matter = arbitration(
        Event("case_accepted", date(2025, 6, 3)), Event("suspended", date(2025, 6, 20))
    )
    told = account(matter, "arb_award", date(2025, 7, 1))
    assert "From 2025-06-04 to 2025-06-20: 17 calendar days." in told
    assert (
        "Paused since 2025-06-20 with 28 calendar days left; counting goes on when resumed." in told
    )
    assert not any(step.startswith("Due on") for step in told)


def test_a_clock_that_ended_while_paused_counts_the_pause_until_then() -> None:
    matter = arbitration(
        Event("case_accepted", date(2025, 6, 3)),
        Event("suspended", date(2025, 6, 20)),
        Event("withdrawn", date(2025, 6, 25)),
    )
    told = account(matter, "arb_award", date(2025, 7, 1))
    assert "Paused from 2025-06-20 to 2025-06-25: 5 calendar days not counted (A-4)." in told
    assert "2025-06-25: Withdrawn. Met in time." in told


def test_a_hearing_counts_back_and_warns_a_working_day_earlier() -> None:
    matter = arbitration(
        Event("case_accepted", date(2025, 9, 22)), Event("hearing_date", date(2025, 10, 17))
    )
    told = account(matter, "arb_hearing_notice", date(2025, 10, 1))
    assert told[0].startswith("The appointed day is 2025-10-17 (Fri): Hearing date.")
    assert "5 working days back from the day before 2025-10-17: 2025-10-11." in told
    assert "Warned one working day earlier, on 2025-10-10." in told
    assert "Make-up workdays on the way: 2025-10-11." in told


def test_a_payday_is_told_in_words_not_as_a_count_of_nothing() -> None:
    matter = Matter("wage_arrears", "national", (Event("agreed_payday", date(2025, 10, 5)),))
    told = account(matter, "wage_payday_backward", date(2025, 9, 1))
    assert told[0].startswith(
        "The agreed payday is 2025-10-05 (Sun); wages are paid on or before it."
    )
    assert not any(step.startswith("Period:") for step in told)
    assert any("moves back to the last working day before it, 2025-09-30" in step for step in told)
    assert "This is the party's own limit; it is not alerted as ours." in told


def test_months_name_the_clamp_and_targets_their_label() -> None:
    events = (Event("household_confirmed", date(2025, 8, 31)),)
    told = account(
        Matter("employment", "chongming", events), "emp_zero_household_placement_sh", TODAY
    )
    assert any(
        "there is no corresponding day, so the month's last day, 2025-09-30" in s for s in told
    )
    assert "Target; validity of the document not verified." in told
    assert "Not stated: willing to work and obeying arrangements is assumed." in told
    given = Matter("employment", "chongming", events, {"willing_and_obeys": True})
    told = account(given, "emp_zero_household_placement_sh", TODAY)
    assert "Willing to work and obeys arrangements: yes." in told


def test_late_and_provisional_are_said() -> None:
    late = arbitration(
        Event("case_accepted", date(2025, 6, 3)), Event("award_issued", date(2025, 7, 21))
    )
    told = account(late, "arb_award", date(2025, 8, 1))
    assert "2025-07-21: Award issued. Met late, by 3 calendar days." in told
    future = arbitration(Event("case_accepted", date(2026, 11, 30)))
    assert any(s.startswith("Provisional:") for s in account(future, "arb_award", TODAY))


@pytest.mark.parametrize(
    ("accepted", "said"),
    [(date(2026, 11, 17), True), (date(2026, 11, 30), False)],
    ids=["ends on 1 January", "ends on 14 January"],
)
def test_a_holiday_that_no_notice_gives_yet_is_said_where_it_counted(
    accepted: date, said: bool
) -> None:
    told = account(arbitration(Event("case_accepted", accepted)), "arb_award", TODAY)
    sentence = (
        "Of it, 2027-01-01 counted as off: public holidays on fixed dates that each of the"
        " notices read for 2020–2026 gives; the year's own notice may add days off and make-up"
        " workdays."
    )
    assert any(step.startswith("Provisional:") for step in told)
    assert (sentence in told) is said


def test_a_holiday_inside_a_pause_did_not_count() -> None:
    events = (
        Event("case_filed", date(2026, 10, 12)),
        Event("suspended", date(2026, 12, 30)),
        Event("resumed", date(2027, 1, 6)),
    )
    told = account(Matter("inspection", "zhejiang", events), "insp_investigation", TODAY)
    assert any(step.startswith("Provisional:") for step in told)
    assert not any("2027-01-01" in step for step in told)


def test_one_of_a_unit_is_told_in_the_singular() -> None:
    arose = Event("right_infringement_known", date(2025, 3, 3))
    told = account(Matter("arbitration", "national", (arose,)), "arb_application_limitation", TODAY)
    assert any(step.startswith("Period: 1 year.") for step in told)
    stopped = (
        Event("case_accepted", date(2025, 6, 3)),
        Event("suspended", date(2025, 6, 4)),
        Event("resumed", date(2025, 6, 5)),
    )
    told = account(arbitration(*stopped), "arb_award", date(2025, 7, 1))
    assert "From 2025-06-04 to 2025-06-04: 1 calendar day." in told
    assert "Paused from 2025-06-04 to 2025-06-05: 1 calendar day not counted (A-4)." in told


def test_same_day_and_make_up_last_day_are_said() -> None:
    events = (
        Event("complaint_received", date(2025, 4, 25)),
        Event("complaint_accepted", date(2025, 4, 27)),
    )
    told = account(
        Matter("inspection", "national", events), "insp_file_on_acceptance", date(2025, 4, 27)
    )
    assert told[0] == "2025-04-27 (Sun): Complaint accepted. To be done on the same day."
    award = arbitration(Event("case_accepted", date(2025, 8, 14)))
    told = account(award, "arb_award", date(2025, 9, 1))
    assert any("is a make-up workday, so it does not roll (A-2)" in step for step in told)


def test_an_extension_after_a_restart_asks_for_review() -> None:
    matter = arbitration(
        Event("case_accepted", date(2025, 6, 3)),
        Event("party_added_decision", date(2025, 7, 7)),
        Event("extension_approved", date(2025, 8, 1), days=15),
    )
    told = account(matter, "arb_award", date(2025, 8, 2), seq=2)
    assert any("(A-10); please review" in step for step in told)


def test_citations_give_instrument_article_words_and_mark(rulebook: Rulebook) -> None:
    matter = arbitration(Event("case_accepted", date(2025, 6, 3)))
    (clock,) = [c for c in derive(matter, rulebook, TODAY).clocks if c.rule == "arb_award"]
    first = citations(clock, rulebook, "zh")[0]
    assert (first.instrument, first.article) == ("调解仲裁法", "43")
    assert first.words is not None
    assert "四十五日" in first.words
    assert first.in_force_from == date(2008, 5, 1)
    assert first.verified == "V1"
    assert citations(clock, rulebook, "en")[0].instrument.startswith("Law on the Mediation")


def explained(number: int, seed: int) -> Iterator[tuple[Matter, Clock]]:
    matters = list(histories(number, seed))
    derived = derive_many(matters, builtin_rulebook(), TODAY)
    for matter, derivation in zip(matters, derived, strict=True):
        for clock in derivation.clocks:
            yield matter, clock


STRETCH = re.compile(r"From \S+ to \S+: (\d+) (?:calendar|working) days?\.")


def test_the_stretches_of_every_count_add_up_to_the_period(rulebook: Rulebook) -> None:
    counted = 0
    for matter, clock in explained(1_500, seed=11):
        version = rulebook.policy.rules[clock.rule].version_on(clock.version)
        assert version is not None
        if version.counting not in ("C1", "C2", "C3"):
            continue
        told = [STRETCH.fullmatch(step) for step in steps(clock, matter, rulebook, "en")]
        total = sum(int(found[1]) for found in told if found)
        length = version.period.length + clock.extended_days
        assert total + (clock.days_left or 0) == length, clock
        counted += 1
    assert counted > 1_000


def test_every_step_stands_in_its_own_language(rulebook: Rulebook) -> None:
    for matter, clock in explained(200, seed=5):
        chinese = steps(clock, matter, rulebook, "zh_CN")
        english = steps(clock, matter, rulebook, "en")
        assert len(chinese) == len(english)
        assert all(HAN.search(step) for step in chinese)
        for step in english:
            # Only the words of an article are quoted as they stand.
            assert not HAN.search(re.sub("“.*”", "", step)), step
            assert "{" not in step


FINDINGS = [
    "started_again", "restart_after_end", "restart_after_due", "paused_again", "paused_after_due",
    "resumed_unpaused", "after_end", "extended_late", "extended_late_by_change",
    "extended_over_cap", "agreed_not_later",
    "nothing_running", "ambiguous_extension", "not_extendable", "not_in_force", "after_closure",
    "extended_again", "no_deemed_day", "pause_without_basis", "restart_without_basis",
    "day_before_service", "after_period", "ended_while_stopped",
    "deemed_early", "deemed_already", "which_service",
    "other_procedure", "no_pause_here", "pause_not_applicable", "before_needed",
    "after_barring", "needed_missing", "contradicts",
]  # fmt: skip


@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_has_words_in_both_languages(rulebook: Rulebook, code: str) -> None:
    finding = Finding(code, "suspended", date(2025, 6, 3), "arb_award", "2025-07-18")
    chinese, english = (finding_text(finding, rulebook, language) for language in ("zh", "en"))
    assert "2025-06-03" in chinese
    assert HAN.search(chinese)
    assert "2025-06-03" in english
    # Only the words of an article are quoted as they stand.
    assert not HAN.search(re.sub("“.*”", "", english))


def test_an_unknown_sentence_is_an_error(rulebook: Rulebook) -> None:
    with pytest.raises(KeyError):
        Wording(rulebook, "en")("no_such_sentence")


ACCEPTED_IN_OCTOBER = Event("case_accepted", date(2025, 10, 9))
NOTICE = Event("notice_published", date(2025, 10, 20))
CHANGED = Event("claim_change_accepted", date(2025, 10, 30))


@pytest.mark.parametrize(
    ("events", "rule", "seq", "relied_on"),
    [
        ((), "arb_award", 1, "A-2"),
        ((NOTICE,), "arb_award", 1, "A-2, A-4, A-7"),
        ((NOTICE,), "arb_public_notice_deemed", 1, "A-2, A-7"),
        ((NOTICE, Event("deemed_served", date(2025, 10, 30))), "arb_award", 1, "A-2, A-4"),
        ((CHANGED,), "arb_award", 1, "A-2, A-9"),
        ((CHANGED,), "arb_award", 2, "A-2, A-9"),
        (
            (CHANGED, Event("extension_approved", date(2025, 11, 5), days=10)),
            "arb_award",
            2,
            "A-2, A-6, A-9, A-10",
        ),
        (
            (Event("extension_approved", date(2025, 11, 5), days=10),),
            "arb_award",
            1,
            "A-2, A-6",
        ),
    ],
    ids=[
        "nothing happened",
        "service deemed during a notice",
        "the day of deemed service",
        "served otherwise",
        "discarded by a restart",
        "restarted",
        "extended after a restart",
        "extended",
    ],
)
def test_each_deadline_names_the_assumptions_it_rests_on_and_no_others(
    events: tuple[Event, ...], rule: str, seq: int, relied_on: str
) -> None:
    told = account(arbitration(ACCEPTED_IN_OCTOBER, *events), rule, date(2026, 3, 1), seq=seq)
    assert f"Assumptions relied on: {relied_on}." in told
