"""What came while a limit stood still, and what came after the limit that it had to keep."""

from datetime import date

import pytest

from rules.deadlines import derive
from rules.matter import Event, Finding, Matter
from rules.rulebook import builtin_rulebook
from tests.rules.test_findings import ACCEPTED, TODAY, on


@pytest.mark.parametrize(
    ("procedure", "place", "names", "told"),
    [
        (
            "arbitration",
            "national",
            ("case_accepted", "suspended", "award_issued"),
            Finding("ended_while_stopped", "award_issued", on(6, 5), "arb_award", "2025-06-04"),
        ),
        (
            "work_injury",
            "national",
            ("injury_application_accepted", "suspended", "injury_decided"),
            Finding("ended_while_stopped", "injury_decided", on(6, 5), "inj_decide", "2025-06-04"),
        ),
        (
            "inspection",
            "zhejiang",
            ("case_filed", "suspended", "investigation_completed"),
            Finding(
                "ended_while_stopped",
                "investigation_completed",
                on(6, 5),
                "insp_investigation",
                "2025-06-04",
            ),
        ),
        # Nobody has to go on with what is withdrawn, handed on or dropped.
        ("arbitration", "national", ("case_accepted", "suspended", "withdrawn"), None),
        ("arbitration", "national", ("case_accepted", "suspended", "transferred_out"), None),
        ("inspection", "zhejiang", ("case_filed", "suspended", "case_dropped"), None),
        (
            "arbitration",
            "national",
            ("case_accepted", "suspended", "resumed", "award_issued"),
            None,
        ),
    ],
)
def test_an_outcome_while_suspended_asks_when_it_was_resumed(
    procedure: str, place: str, names: tuple[str, ...], told: Finding | None
) -> None:
    events = tuple(Event(name, on(6, 3 + at)) for at, name in enumerate(names))
    found = derive(Matter(procedure, place, events), builtin_rulebook(), TODAY).findings
    assert found == (() if told is None else (told,))


@pytest.mark.parametrize(
    ("served", "late"),
    [
        ([on(6, 5)], "2025-06-19"),
        # A respondent served later still has its own time.
        ([on(6, 5), on(6, 20)], None),
        ([], None),
    ],
    ids=["the only respondent's time is past", "another's is not", "nobody was served"],
)
def test_a_counterclaim_is_late_when_everybodys_time_to_defend_is_past(
    served: list[date], late: str | None
) -> None:
    told = (Event("application_served", day) for day in served)
    events = (ACCEPTED, *told, Event("counterclaim_received", on(6, 23)))
    found = derive(Matter("arbitration", "national", events), builtin_rulebook(), TODAY).findings
    assert [one.detail for one in found if one.code == "after_period"] == ([late] if late else [])
