"""`anqi what-if`: JSON lines in, JSON lines out, and a bad line spoils no other."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest

from rules.whatif import run

TODAY = date(2025, 10, 10)
GOOD: dict[str, Any] = {
    "id": "good",
    "procedure": "inspection",
    "jurisdiction": "national",
    "events": [{"type": "complaint_received", "on": "2025-09-26"}],
}


def ask(*lines: str | dict[str, Any], language: str = "en") -> tuple[int, list[dict[str, Any]]]:
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    out = StringIO()
    status = run([f"{line}\n" for line in written], out, TODAY, language)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def one(matter: dict[str, Any], language: str = "en") -> dict[str, Any]:
    status, (answer,) = ask(matter, language=language)
    assert status == 0, answer
    return answer


def test_the_example_of_the_documentation() -> None:
    answer = one(
        {
            "id": "x1",
            "procedure": "arbitration",
            "jurisdiction": "national",
            "facts": {"claimants": 12},
            "events": [
                {"type": "case_accepted", "on": "2025-08-18"},
                {"type": "extension_approved", "on": "2025-09-26", "days": 15},
            ],
            "today": "2025-10-10",
        }
    )
    assert answer["id"] == "x1"
    assert answer["findings"] == []
    (award,) = [entry for entry in answer["deadlines"] if entry["rule"] == "arb_award"]
    # 45 + 15 days from 8/18: Aug 13, Sep 30 (43), Oct 17 (60), a Friday.
    assert award["state"] == "running"
    assert award["started_on"] == "2025-08-18"
    assert award["raw_due_on"] == "2025-10-17"
    assert award["due_on"] == "2025-10-17"
    assert award["provisional"] is False
    assert any("art. 43" in line for line in award["basis"])
    assert any("extended by 15 calendar days" in step for step in award["steps"])


def test_a_paused_clock_has_days_left_and_no_dates() -> None:
    answer = one(
        {
            **GOOD,
            "procedure": "arbitration",
            "events": [
                {"type": "case_accepted", "on": "2025-06-03"},
                {"type": "suspended", "on": "2025-06-20", "ground": "finding"},
            ],
        }
    )
    (award,) = [entry for entry in answer["deadlines"] if entry["rule"] == "arb_award"]
    assert award["state"] == "paused"
    assert award["raw_due_on"] is None
    assert award["due_on"] is None
    assert award["days_left"] == 28


def test_today_decides_what_is_overdue() -> None:
    states = [
        one({**GOOD, "today": today})["deadlines"][0]["state"]
        for today in ("2025-10-10", "2025-10-11")
    ]
    assert states == ["running", "overdue"]
    assert one(GOOD)["deadlines"][0]["state"] == "running"
    assert one({**GOOD, "today": None, "facts": None})["deadlines"][0]["state"] == "running"


@pytest.mark.parametrize(
    ("procedure", "rule", "events"),
    [
        (
            "arbitration",
            "arb_acceptance_decision",
            {"arb_application_received": "2025-03-03", "withdrawn": "2025-03-05"},
        ),
        (
            "mediation",
            "med_conclude_enterprise",
            {"mediation_accepted": "2025-03-05", "withdrawn": "2025-03-07"},
        ),
        (
            "inspection",
            "insp_penalty_90d",
            {
                "case_filed": "2025-03-05",
                "penalty_case_filed": "2025-03-05",
                "case_dropped": "2025-03-20",
            },
        ),
        (
            "petition",
            "pet_conclude",
            {"petition_accepted": "2025-03-05", "petition_redirected": "2025-03-20"},
        ),
    ],
)
def test_what_the_case_left_open_ends_with_it(
    procedure: str, rule: str, events: dict[str, str]
) -> None:
    facts = {"matter_class": "§31(6)"} if procedure == "petition" else {}
    told = [{"type": name, "on": on} for name, on in events.items()]
    answer = one({**GOOD, "procedure": procedure, "facts": facts, "events": told})
    (left,) = [entry for entry in answer["deadlines"] if entry["rule"] == rule]
    assert left["state"] == "cancelled"
    assert left["ended_on"] == list(events.values())[-1]
    assert any("The case ended, and this deadline with it." in step for step in left["steps"])


def test_the_answer_speaks_chinese_or_english() -> None:
    chinese = one(GOOD, language="zh_CN")["deadlines"][0]["steps"][0]
    assert chinese == "2025-09-26（周五）收到投诉，期限起算，当日不计。"
    assert one(GOOD)["deadlines"][0]["steps"][0].startswith("2025-09-26 (Fri): Complaint received.")


def test_an_appointment_may_lie_ahead() -> None:
    events = [
        {"type": "case_accepted", "on": "2025-10-01"},
        {"type": "hearing_date", "on": "2025-11-14"},
    ]
    answer = one({**GOOD, "procedure": "arbitration", "events": events})
    assert "arb_hearing_notice" in {entry["rule"] for entry in answer["deadlines"]}


def test_targets_say_that_they_are_not_verified() -> None:
    events = [{"type": "recognised", "on": "2025-08-01"}]
    answer = one({**GOOD, "procedure": "employment", "jurisdiction": "chongming", "events": events})
    assert answer["deadlines"][0]["use"] == "target"
    assert answer["deadlines"][0]["label"] == "Target; validity of the document not verified"


@pytest.mark.parametrize("procedure", ["petition", "work_injury", "wage_arrears"])
def test_a_procedure_without_events_has_no_deadlines(procedure: str) -> None:
    answer = one({**GOOD, "procedure": procedure, "events": []})
    assert answer == {"id": "good", "deadlines": [], "findings": [], "notes": []}


def changed(**changes: Any) -> dict[str, Any]:
    return {**GOOD, "id": "bad", **changes}


def event(**changes: Any) -> dict[str, Any]:
    return changed(events=[{"type": "complaint_received", "on": "2025-09-26", **changes}])


ACCEPTED = {"type": "case_accepted", "on": "2025-09-01"}

BAD: list[tuple[str, dict[str, Any], str]] = [
    (
        "unknown procedure",
        changed(procedure="divorce"),
        "procedure 'divorce' is unknown; known: arb",
    ),
    ("no procedure", {"id": "bad", "events": []}, "procedure is missing; known: arbitration"),
    ("procedure of a wrong type", changed(procedure=["arbitration"]), "procedure ['arbitration']"),
    (
        "unknown jurisdiction",
        changed(jurisdiction="mars"),
        "jurisdiction 'mars' is unknown; known: ",
    ),
    ("unknown field", changed(evnts=[]), "unknown field 'evnts'; known: id, procedure"),
    ("no events", {k: v for k, v in changed().items() if k != "events"}, "events: a list"),
    ("events of a wrong type", changed(events={"type": "x"}), "events: a list"),
    ("an event of a wrong type", changed(events=["case_filed"]), "events[1]: an object"),
    (
        "unknown event",
        event(type="complaint_lost"),
        "'complaint_lost'; did you mean 'complaint_refused'? known for",
    ),
    ("event without a type", changed(events=[{"on": "2025-09-26"}]), "unknown event None"),
    ("event of a wrong type of type", event(type=["case_filed"]), "unknown event ['case_filed']"),
    (
        "unknown field of an event",
        event(days=3),
        "unknown field of complaint_received in events[1]",
    ),
    ("no day", event(on=None), "events[1].on: None is not a day such as 2025-08-18"),
    (
        "a day that does not exist",
        event(on="2025-02-30"),
        "events[1].on: '2025-02-30' is not a day",
    ),
    ("a day in another form", event(on="2025/09/26"), "'2025/09/26' is not a day"),
    ("a day of a week", event(on="2025-W39-5"), "'2025-W39-5' is not a day"),
    ("a day with a time", event(on="2025-09-26T10:00"), "is not a day"),
    ("a day as a number", event(on=20250926), "events[1].on: 20250926 is not a day"),
    ("a day long ago", event(on="1890-01-01"), "lies outside 1990–2098"),
    ("a day of the future", event(on="2025-10-11"), "complaint_received on 2025-10-11 lies after"),
    ("a wrong today", changed(today="soon"), "today: 'soon' is not a day"),
    ("today as a number", changed(today=0), "today: 0 is not a day"),
    ("facts of a wrong type", changed(facts=[]), "facts: an object"),
    ("facts that are false", changed(facts=False), "facts: an object"),
    ("unknown fact", changed(facts={"colour": "red"}), "unknown fact 'colour'; known: claimants"),
    ("a number of people below one", changed(facts={"claimants": 0}), "facts.claimants: 0 is not"),
    ("a number of people in words", changed(facts={"claimants": "12"}), "facts.claimants: '12' is"),
    ("a number that is a flag", changed(facts={"claimants": True}), "facts.claimants: True is not"),
    ("half a person", changed(facts={"claimants": 1.5}), "facts.claimants: 1.5 is not a whole"),
    ("an unknown track", changed(facts={"track": "fast"}), "is not one of ordinary, simplified"),
    ("a flag in words", changed(facts={"willing_and_obeys": "yes"}), "is not true or false"),
    (
        "an extension without days",
        changed(
            procedure="arbitration",
            events=[ACCEPTED, {"type": "extension_approved", "on": "2025-09-26"}],
        ),
        "events[2]: extension_approved needs 'days'",
    ),
    *(
        (
            f"an extension of {days!r}",
            changed(
                procedure="arbitration",
                events=[ACCEPTED, {"type": "extension_approved", "on": "2025-09-26", "days": days}],
            ),
            f"events[2].days: {days!r} is not a whole number from 1 to 1000",
        )
        for days in (0, -5, 1.5, "15", True, 1001)
    ),
    *(
        (
            f"an extension of the rule {rule!r}",
            changed(
                procedure="arbitration",
                events=[
                    ACCEPTED,
                    {"type": "extension_approved", "on": "2025-09-26", "days": 5, "rule": rule},
                ],
            ),
            "events[2].rule: unknown rule",
        )
        for rule in ("arb_reward", ["arb_award"], 7)
    ),
    (
        "an agreement without its day",
        changed(procedure="mediation", events=[{"type": "extension_agreed", "on": "2025-09-26"}]),
        "extension_agreed needs 'until'",
    ),
    (
        "an agreement on a day that does not exist",
        changed(
            procedure="mediation",
            events=[{"type": "extension_agreed", "on": "2025-09-26", "until": "2025-13-01"}],
        ),
        "events[1].until: '2025-13-01' is not a day",
    ),
    (
        "an order without its day",
        changed(
            procedure="wage_arrears", events=[{"type": "order_to_pay_served", "on": "2025-09-26"}]
        ),
        "order_to_pay_served needs 'pay_by'",
    ),
    (
        "a ground that is no text",
        changed(
            procedure="arbitration",
            events=[{"type": "suspended", "on": "2025-09-26", "ground": 5}],
        ),
        "events[1].ground: 5 is not a text",
    ),
    (
        "a ground that nobody knows",
        changed(
            procedure="arbitration",
            events=[{"type": "suspended", "on": "2025-09-26", "ground": "工伤认定"}],
        ),
        "unknown ground '工伤认定' of suspended; known for arbitration: heirs_awaited, incapacity,",
    ),
    (
        "a ground of another procedure",
        changed(
            procedure="arbitration",
            events=[{"type": "suspended", "on": "2025-09-26", "ground": "absconded"}],
        ),
        "unknown ground 'absconded'",
    ),
]


@pytest.mark.parametrize(("matter", "error"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_what_cannot_be_read_is_named_and_the_others_are_answered(
    matter: dict[str, Any], error: str
) -> None:
    status, (before, bad, after) = ask(GOOD, matter, GOOD)
    assert status == 1
    assert bad["id"] == "bad"
    assert error in bad["error"]
    assert set(bad) == {"id", "error"}
    assert before["deadlines"]
    assert before == after


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "not valid JSON"),
        ("what if?", "not valid JSON"),
        ("[1, 2]", "a matter is a JSON object"),
        ("7", "a matter is a JSON object"),
        ("null", "a matter is a JSON object"),
        ('{"id": NaN}', "NaN is not a number in JSON"),
        ('{"id": 1, "id": 2}', "the field 'id' stands twice"),
        ('{"facts": {"claimants": 1, "claimants": 2}}', "the field 'claimants' stands twice"),
        ("[" * 100_000, "not valid JSON"),
        ('{"id": ' + "9" * 5_000 + "}", "not valid JSON"),
    ],
)
def test_a_line_that_is_no_matter_has_no_id(line: str, error: str) -> None:
    status, (bad, after) = ask(line, GOOD)
    assert status == 1
    assert bad["id"] is None
    assert error in bad["error"]
    assert after["deadlines"]


def test_empty_lines_are_passed_over_and_a_byte_order_mark_is_no_error() -> None:
    assert ask("", "   ", "\t") == (0, [])
    status, answers = ask("\ufeff" + json.dumps(GOOD), "", GOOD)
    assert status == 0
    assert len(answers) == 2


def test_an_id_may_be_anything_and_comes_back() -> None:
    for name in (0, "", "沪", {"a": [1]}, None):
        assert one({**GOOD, "id": name})["id"] == name
    assert one({k: v for k, v in GOOD.items() if k != "id"})["id"] is None


def test_half_a_character_can_be_written_to_any_file() -> None:
    out = StringIO()
    run([json.dumps({**GOOD, "id": "\ud800"})], out, TODAY, "en")
    assert json.loads(out.getvalue().encode().decode())["id"] == "\ud800"
