"""Where the law admits two readings, the policy switches between them and the date moves."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rules.deadlines import derive
from rules.explain import steps
from rules.matter import Clock, Event, Matter
from rules.policy import POLICY_DIR
from rules.rulebook import Rulebook, load_rulebook

Reading = Callable[..., Rulebook]


@pytest.fixture
def with_reading(tmp_path: Path) -> Reading:
    """A rulebook from a copy of the policy, one assumption read otherwise."""
    directory = Path(shutil.copytree(POLICY_DIR, tmp_path / "policy"))

    def load(assumption: str, reading: str | None = None, *, count: str = "") -> Rulebook:
        path = directory / "assumptions.yaml"
        text = path.read_text(encoding="utf-8")
        if reading is not None:
            start = text.index(f"\n{assumption}:\n")
            changed = re.sub(
                r"\n  reading: \w+\n", f"\n  reading: {reading}\n", text[start:], count=1
            )
            path.write_text(text[:start] + changed, encoding="utf-8")
        if count:
            rules = directory / "deadlines" / "mediation.yaml"
            was = rules.read_text(encoding="utf-8")
            rules.write_text(was.replace("counting: C3", f"counting: {count}"), encoding="utf-8")
        return load_rulebook(directory)

    return load


def clocks(rulebook: Rulebook, matter: Matter, rule: str) -> list[Clock]:
    found = derive(matter, rulebook, date(2025, 12, 31)).clocks
    return [clock for clock in found if clock.rule == rule]


def due(rulebook: Rulebook, matter: Matter, rule: str) -> date | None:
    return clocks(rulebook, matter, rule)[-1].due_on


MEDIATION = Matter(
    "mediation", "national", (Event("mediation_application_received", date(2025, 9, 20)),)
)


def test_a3_without_roll_over_the_last_day_stands(with_reading: Reading) -> None:
    # 9/21-30 = 10, 10/5 = 15, a day off.
    assert due(with_reading("A-3"), MEDIATION, "med_conclude_any") == date(2025, 10, 9)
    changed = with_reading("A-3", "no_roll")
    assert due(changed, MEDIATION, "med_conclude_any") == date(2025, 10, 5)
    # Where the instrument itself says so, the date rolls under either reading.
    award = Matter("arbitration", "national", (Event("case_accepted", date(2025, 8, 18)),))
    assert due(changed, award, "arb_award") == date(2025, 10, 9)


def test_a5_clear_days_ask_for_one_working_day_more(with_reading: Reading) -> None:
    matter = Matter("arbitration", "national", (Event("hearing_date", date(2025, 10, 17)),))
    assert due(with_reading("A-5"), matter, "arb_hearing_notice") == date(2025, 10, 11)
    # 10/16, 15, 14, 13, Saturday 11 are five clear days; the notice is due on Friday 10/10.
    changed = with_reading("A-5", "clear_days")
    assert due(changed, matter, "arb_hearing_notice") == date(2025, 10, 10)


def test_a6_the_lenient_base_is_the_rolled_day(with_reading: Reading) -> None:
    events = (
        Event("case_accepted", date(2025, 4, 10)),
        Event("extension_approved", date(2025, 5, 20), days=15),
    )
    matter = Matter("arbitration", "national", events)
    assert due(with_reading("A-6"), matter, "arb_award") == date(2025, 6, 9)
    # The 45th day, Sunday 5/25, rolls to 5/26; fifteen days on is 6/10.
    changed = with_reading("A-6", "rolled_base")
    (clock,) = clocks(changed, matter, "arb_award")
    assert clock.due_on == date(2025, 6, 10)
    told = steps(clock, matter, changed, "en")
    assert "The extension is added to the rolled last day (A-6, lenient)." in told


def test_a8_an_undefined_day_is_shown_or_counted_as_a_working_day(with_reading: Reading) -> None:
    usual = with_reading("A-8", count="C6")
    (clock,) = clocks(usual, MEDIATION, "med_conclude_any")
    assert clock.due_on == date(2025, 10, 9)
    # Working days after 9/20: 9/22-26 = 5, 9/28-30 = 8, 10/9-11 = 11, 10/13-16 = 15.
    assert "Counted in working days instead (A-8), it would be due on 2025-10-16." in steps(
        clock, MEDIATION, usual, "en"
    )
    changed = with_reading("A-8", "working_days")
    (clock,) = clocks(changed, MEDIATION, "med_conclude_any")
    assert clock.due_on == date(2025, 10, 16)
    assert "Counted in calendar days instead (A-8), it would be due on 2025-10-09." in steps(
        clock, MEDIATION, changed, "en"
    )


NEGOTIATION = Matter("mediation", "national", (Event("negotiation_requested", date(2025, 9, 24)),))
NOTICE = Matter(
    "arbitration",
    "quzhou",
    (Event("case_accepted", date(2025, 9, 1)), Event("notice_published", date(2025, 9, 24))),
    {"claimants": 12},
)


@pytest.mark.parametrize(
    ("matter", "rule", "usual", "other", "said"),
    [
        # 9/25, 26, 28 (made up), 29, 30 are five working days; the fifth day is Monday 9/29.
        (NEGOTIATION, "med_negotiation_reply", (9, 29), (9, 30), "it would be due on"),
        # Five by 9/30, then 10/9, 10, 11 (made up), 13, 14; the tenth day is 10/4, unrolled.
        (NOTICE, "arb_public_notice_deemed_zj", (10, 4), (10, 14), "it would be reached on"),
    ],
    ids=["a reply to a request to negotiate", "ten days of public notice"],
)
def test_a8_both_readings_are_shown_where_the_tables_count_calendar_days(
    with_reading: Reading,
    matter: Matter,
    rule: str,
    usual: tuple[int, int],
    other: tuple[int, int],
    said: str,
) -> None:
    expected = {"calendar_days": date(2025, *usual), "working_days": date(2025, *other)}
    for reading, instead in (("calendar_days", "working"), ("working_days", "calendar")):
        rulebook = with_reading("A-8", reading)
        (clock,) = clocks(rulebook, matter, rule)
        assert clock.due_on == expected.pop(reading)
        told = steps(clock, matter, rulebook, "en")
        shown = date(2025, *(other if instead == "working" else usual))
        assert f"Counted in {instead} days instead (A-8), {said} {shown}." in told
        assert any(step.startswith("Assumptions relied on:") and "A-8" in step for step in told)


def test_a10_per_matter_counts_extensions_before_a_restart(with_reading: Reading) -> None:
    events = (
        Event("case_accepted", date(2025, 6, 3)),
        Event("extension_approved", date(2025, 7, 1), days=10),
        Event("party_added_decision", date(2025, 7, 7)),
        Event("extension_approved", date(2025, 8, 1), days=15),
    )
    matter = Matter("arbitration", "national", events)
    assert due(with_reading("A-10"), matter, "arb_award") == date(2025, 9, 5)
    changed = with_reading("A-10", "per_matter")
    # 10 + 15 would be over 15 in one matter: 45 days from 7/7 end on 8/21.
    assert due(changed, matter, "arb_award") == date(2025, 8, 21)
    found = derive(matter, changed, date(2025, 12, 31)).findings
    assert [one.code for one in found] == ["extended_over_cap"]
