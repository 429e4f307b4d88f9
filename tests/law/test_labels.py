"""What a worked case says it shows it does show: recomputed, not believed."""

from datetime import date

import pytest

from rules.matter import Event, Matter
from rules.worked import WorkedCase, load_cases
from tests.law.labels import shown
from tests.law.test_worked_cases import HERE

CASES = load_cases(HERE)


@pytest.mark.parametrize("case", CASES, ids=[case.title["en"] for case in CASES])
def test_every_label_is_true(case: WorkedCase) -> None:
    matter = case.matter()
    untrue = [
        f"{rule}: {aspect}"
        for rule, aspects in case.shows.items()
        for aspect in aspects
        if shown(matter, rule, aspect, case.today) is False
    ]
    assert untrue == []


FILED = Event("case_filed", date(2025, 3, 3))


@pytest.mark.parametrize(
    ("events", "rule", "aspect"),
    [
        # Over by the holiday, or begun after it.
        ([Event("revocation_decided", date(2025, 9, 24))], "arb_revocation_notice", "national_day"),
        ([Event("hearing_date", date(2025, 10, 17))], "arb_hearing_notice", "national_day"),
        ([Event("case_accepted", date(2025, 6, 3))], "arb_award", "spring_festival"),
        ([Event("case_accepted", date(2025, 6, 3))], "arb_award", "make_up"),
        ([Event("case_accepted", date(2025, 6, 3))], "arb_award", "overdue"),
        ([Event("case_accepted", date(2025, 6, 3))], "arb_award", "pause:suspended"),
        ([Event("case_accepted", date(2025, 6, 3))], "arb_award", "extension_twice"),
        ([Event("decision_served", date(2025, 3, 17))], "insp_litigation", "month_clamp"),
        ([FILED], "insp_investigation", "extension_on_due_day"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_label_that_is_not_true_is_found(events: list[Event], rule: str, aspect: str) -> None:
    procedure = "inspection" if rule.startswith("insp") else "arbitration"
    matter = Matter(procedure, "national", tuple(events))
    assert shown(matter, rule, aspect, date(2025, 7, 1)) is False
