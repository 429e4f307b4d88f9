"""What contradicts itself stands among the findings of `anqi what-if`; order never matters."""

from typing import Any

import pytest

from tests.rules.test_whatif import ACCEPTED, GOOD, one

CONTRADICTIONS: list[tuple[str, str, list[dict[str, Any]], str]] = [
    (
        "arbitration",
        "national",
        [{"type": "award_issued", "on": "2025-09-01"}],
        "no limit that it speaks of was running",
    ),
    (
        "arbitration",
        "national",
        [ACCEPTED, {"type": "case_accepted", "on": "2025-09-02"}],
        "had already happened; the first one stands",
    ),
    (
        "arbitration",
        "national",
        [ACCEPTED, {"type": "resumed", "on": "2025-09-02"}],
        "was not paused",
    ),
    (
        "arbitration",
        "national",
        [
            ACCEPTED,
            {"type": "award_issued", "on": "2025-09-05"},
            {"type": "suspended", "on": "2025-09-08"},
        ],
        "had ended",
    ),
    (
        "arbitration",
        "national",
        [
            ACCEPTED,
            {"type": "award_issued", "on": "2025-09-05"},
            {"type": "application_served", "on": "2025-09-08"},
        ],
        "came after the case had ended on 2025-09-05",
    ),
    (
        "arbitration",
        "national",
        [ACCEPTED, {"type": "extension_approved", "on": "2025-09-05", "days": 16}],
        "over its cap of 15 calendar days in total",
    ),
    (
        "arbitration",
        "national",
        [
            ACCEPTED,
            {"type": "extension_approved", "on": "2025-09-05", "days": 3, "rule": "arb_defence"},
        ],
        "“File the defence” cannot be extended",
    ),
    (
        "work_injury",
        "national",
        [
            {"type": "injury_application_received", "on": "2025-09-01"},
            {"type": "injury_occurred", "on": "2025-09-02"},
        ],
        "came after “Application for an injury finding received”",
    ),
    (
        "arbitration",
        "quzhou",
        [ACCEPTED, {"type": "case_filed", "on": "2025-09-05"}],
        "does not belong to this procedure",
    ),
    (
        "inspection",
        "national",
        [{"type": "case_filed", "on": "2025-09-01"}, {"type": "suspended", "on": "2025-09-05"}],
        "no clause that suspends an investigation; what Order 25 says of it was not read",
    ),
    (
        "inspection",
        "lingyuan",
        [{"type": "case_filed", "on": "2025-09-01"}, {"type": "suspended", "on": "2025-09-05"}],
        "please review. “Close the case (Liaoning)” goes on",
    ),
    (
        "arbitration",
        "national",
        [{"type": "arb_application_received", "on": "2016-01-05"}],
        "is entered for that day (the first is from 2017-07-01); it was not computed.",
    ),
]


@pytest.mark.parametrize(("procedure", "place", "events", "said"), CONTRADICTIONS)
def test_contradictions_stand_among_the_findings(
    procedure: str, place: str, events: list[dict[str, Any]], said: str
) -> None:
    answer = one({**GOOD, "procedure": procedure, "jurisdiction": place, "events": events})
    assert len(answer["findings"]) == 1
    assert said in answer["findings"][0]


def test_the_order_of_the_events_does_not_matter() -> None:
    events = [
        ACCEPTED,
        {"type": "suspended", "on": "2025-09-05"},
        {"type": "resumed", "on": "2025-09-05"},
        {"type": "extension_approved", "on": "2025-09-05", "days": 5},
    ]
    there = one({**GOOD, "procedure": "arbitration", "events": events})
    back = one({**GOOD, "procedure": "arbitration", "events": events[::-1]})
    assert there == back
