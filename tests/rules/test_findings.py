"""What a history says against itself, to the word: code, event, day, deadline, the day meant."""

from datetime import date

import pytest

from rules.deadlines import derive
from rules.explain import finding_text
from rules.matter import Clock, Event, Finding, Matter
from rules.rulebook import builtin_rulebook

TODAY = date(2025, 12, 1)
ACCEPTED = Event("case_accepted", date(2025, 6, 3))  # 45 days: Friday 2025-07-18
FILED = Event("case_filed", date(2025, 1, 6))  # 60 working days: Monday 2025-04-07


def award(*events: Event) -> list[Finding]:
    matter = Matter("arbitration", "national", (ACCEPTED, *events))
    found = derive(matter, builtin_rulebook(), TODAY).findings
    return [one for one in found if one.rule == "arb_award"]


def investigation(*events: Event) -> list[Finding]:
    matter = Matter("inspection", "zhejiang", (FILED, *events))
    found = derive(matter, builtin_rulebook(), TODAY).findings
    return [one for one in found if one.rule == "insp_investigation"]


def clocks(*events: Event) -> list[Clock]:
    matter = Matter("arbitration", "national", (ACCEPTED, *events))
    found = derive(matter, builtin_rulebook(), TODAY).clocks
    return [clock for clock in found if clock.rule == "arb_award"]


def on(month: int, day: int) -> date:
    return date(2025, month, day)


SAID = {
    "stopped while it stands": (
        [Event("suspended", on(6, 10)), Event("suspended", on(6, 12))],
        ("paused_again", "suspended", on(6, 12), ""),
    ),
    "set going while it runs": (
        [Event("resumed", on(6, 10))],
        ("resumed_unpaused", "resumed", on(6, 10), ""),
    ),
    "stopped when it had run out": (
        [Event("suspended", on(7, 21))],
        ("paused_after_due", "suspended", on(7, 21), "2025-07-18"),
    ),
    "begun anew when it had run out": (
        [Event("party_added_decision", on(7, 21))],
        ("restart_after_due", "party_added_decision", on(7, 21), "2025-07-18"),
    ),
    "extended when it had run out": (
        [Event("extension_approved", on(7, 21), days=5, rule="arb_award")],
        ("extended_late", "extension_approved", on(7, 21), "2025-07-18"),
    ),
    "extended over the cap": (
        [Event("extension_approved", on(7, 1), days=16, rule="arb_award")],
        ("extended_over_cap", "extension_approved", on(7, 1), "15"),
    ),
    "stopped when it had ended": (
        [Event("award_issued", on(7, 1)), Event("suspended", on(7, 2))],
        ("after_end", "suspended", on(7, 2), ""),
    ),
    "set going when it had ended": (
        [Event("award_issued", on(7, 1)), Event("resumed", on(7, 2))],
        ("after_end", "resumed", on(7, 2), ""),
    ),
    "extended when it had ended": (
        [
            Event("award_issued", on(7, 1)),
            Event("extension_approved", on(7, 2), days=5, rule="arb_award"),
        ],
        ("after_end", "extension_approved", on(7, 2), ""),
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_a_contradiction_is_said_once_and_to_the_word(name: str) -> None:
    events, (code, event, day, detail) = SAID[name]
    assert award(*events) == [Finding(code, event, day, "arb_award", detail)]


def test_what_happens_once_is_said_when_it_happens_again() -> None:
    matter = Matter("arbitration", "national", (ACCEPTED, Event("case_accepted", on(6, 5))))
    assert derive(matter, builtin_rulebook(), TODAY).findings == (
        Finding("started_again", "case_accepted", on(6, 5)),
    )
    assert len(clocks(Event("case_accepted", on(6, 5)))) == 1


def test_an_event_that_speaks_of_no_clock_is_said() -> None:
    for name in ("party_added_decision", "suspended"):
        matter = Matter("arbitration", "national", (Event(name, on(6, 5)),))
        assert derive(matter, builtin_rulebook(), TODAY).findings == (
            Finding("nothing_running", name, on(6, 5)),
        )


def test_what_would_begin_a_limit_anew_when_it_had_been_met_is_said() -> None:
    events = (
        Event("injury_application_received", on(3, 10)),
        Event("injury_application_accepted", on(3, 12)),
        Event("materials_corrected", on(3, 20)),
    )
    found = derive(Matter("work_injury", "national", events), builtin_rulebook(), TODAY)
    assert found.findings == (
        Finding("restart_after_end", "materials_corrected", on(3, 20), "inj_accept"),
    )


def test_what_would_begin_a_limit_anew_before_it_began_is_said() -> None:
    matter = Matter("arbitration", "national", (Event("party_added_decision", on(6, 2)), ACCEPTED))
    assert derive(matter, builtin_rulebook(), TODAY).findings == (
        Finding("before_needed", "party_added_decision", on(6, 2), None, "case_accepted"),
    )


@pytest.mark.parametrize(
    ("procedure", "first", "then"),
    [
        ("arbitration", "defence_served", "defence_filed"),
        ("arbitration", "hearing_date", "case_accepted"),
        ("inspection", "case_filed", "complaint_accepted"),
        ("mediation", "mediation_agreement_effective", "mediation_agreement_reached"),
        ("wage_arrears", "police_filed", "transferred_to_police"),
        ("work_injury", "injury_decided", "injury_application_accepted"),
    ],
)
def test_what_lies_before_the_day_of_what_it_needs_is_said(
    procedure: str, first: str, then: str
) -> None:
    def said(*events: Event) -> list[Finding]:
        found = derive(Matter(procedure, "national", events), builtin_rulebook(), TODAY).findings
        return [one for one in found if one.code == "before_needed"]

    early = Event(first, on(6, 2))
    assert said(early, Event(then, on(6, 5))) == [
        Finding("before_needed", first, on(6, 2), None, then)
    ]
    # On one day either may have come first; what is not there may not have been recorded.
    assert said(early, Event(then, on(6, 2))) == []
    assert said(early) == []
    assert said(Event(then, on(6, 1)), early, Event(then, on(6, 5))) == []


@pytest.mark.parametrize(
    ("procedure", "barring", "late"),
    [
        ("work_injury", "injury_application_received", "injury_occurred"),
        ("work_injury", "appraisal_application_received", "injury_occurred"),
        ("inspection", "complaint_received", "violation_ended"),
        ("arbitration", "case_accepted", "arb_application_defective"),
    ],
)
def test_what_lies_after_the_day_of_what_leaves_no_room_for_it_is_said(
    procedure: str, barring: str, late: str
) -> None:
    def said(late_on: date) -> list[Finding]:
        events = (Event(barring, on(6, 5)), Event(late, late_on))
        found = derive(Matter(procedure, "national", events), builtin_rulebook(), TODAY).findings
        return [one for one in found if one.code == "after_barring"]

    assert said(on(6, 9)) == [Finding("after_barring", late, on(6, 9), None, barring)]
    assert said(on(6, 5)) == []
    assert said(on(6, 4)) == []


def test_an_extension_without_days_gives_none() -> None:
    (clock,) = clocks(Event("extension_approved", on(7, 1), rule="arb_award"))
    assert clock.extended_days == 0
    assert clock.due_on == on(7, 18)


def test_nothing_is_said_of_what_follows_the_law() -> None:
    last = on(7, 18)
    assert award(Event("suspended", last), Event("resumed", on(7, 28))) == []
    assert award(Event("party_added_decision", last)) == []
    assert award(Event("extension_approved", last, days=15, rule="arb_award")) == []
    assert award(Event("award_issued", last)) == []


def test_working_days_stopped_on_the_last_day_have_run_out_when_they_go_on() -> None:
    """A-4 to the letter: the last day had been counted when the clock was stopped."""
    last = on(4, 7)
    later = investigation(Event("suspended", last), Event("resumed", on(4, 8)))
    assert later == [
        Finding("resumed_after_due", "resumed", on(4, 8), "insp_investigation", "2025-04-07")
    ]
    assert investigation(Event("suspended", last), Event("resumed", last)) == []


def test_clocks_are_numbered_in_the_order_in_which_they_began() -> None:
    found = clocks(
        Event("party_added_decision", on(6, 10)),
        Event("suspended", on(6, 12)),
        Event("resumed", on(6, 13)),
        Event("claim_change_accepted", on(6, 20)),
    )
    assert [(one.seq, one.started_by) for one in found] == [
        (1, "case_accepted"),
        (2, "party_added_decision"),
        (3, "claim_change_accepted"),
    ]
    assert [one.due_at for one in found] == [None, None, None]


def test_every_extension_is_kept_with_its_day() -> None:
    (clock,) = clocks(
        Event("extension_approved", on(7, 1), days=5, rule="arb_award"),
        Event("extension_approved", on(7, 3), days=10, rule="arb_award"),
    )
    assert clock.extensions == ((on(7, 1), 5), (on(7, 3), 10))
    assert clock.extended_days == 15


def test_what_was_stopped_stays_stopped_when_it_begins_anew() -> None:
    found = clocks(Event("suspended", on(6, 10)), Event("party_added_decision", on(6, 12)))
    assert [one.state for one in found] == ["cancelled", "paused"]
    # A whole new period, of which nothing has run.
    assert found[-1].days_left == 45
    assert found[-1].pauses == ((on(6, 12), None),)


def test_what_is_done_while_it_stands_is_measured_by_the_days_stopped_so_far() -> None:
    (clock,) = clocks(Event("suspended", on(6, 10)), Event("award_issued", on(7, 1)))
    # 45 days to 2025-07-18, and the 21 days from 06-10 to 07-01.
    assert (clock.state, clock.due_on) == ("met", on(8, 8))


def test_stopping_twice_and_going_on_later_stops_it_once() -> None:
    events = [Event("suspended", on(6, 10)), Event("suspended", on(6, 12))]
    (clock,) = clocks(*events, Event("resumed", on(6, 20)))
    assert clock.due_on == on(7, 28)
    assert clock.pauses == ((on(6, 10), on(6, 20)),)
    assert award(*events, Event("resumed", on(6, 20))) == [
        Finding("paused_again", "suspended", on(6, 12), "arb_award")
    ]


# Mediation accepted on Wednesday 2025-06-11: fifteen days end on Thursday 2025-06-26.
MEDIATED = (
    Event("mediation_application_received", on(6, 9)),
    Event("mediation_accepted", on(6, 11)),
)
COMMITTEE = {"mediation_body": "enterprise_committee"}


def mediation(*events: Event) -> tuple[list[Finding], date | None]:
    """What is found about the limit of an enterprise's committee, and its due day."""
    matter = Matter("mediation", "national", (*MEDIATED, *events), COMMITTEE)
    found = derive(matter, builtin_rulebook(), TODAY)
    (clock,) = [one for one in found.clocks if one.rule == "med_conclude_enterprise"]
    return [one for one in found.findings if one.rule == clock.rule], clock.due_on


def agreed(day: date, until: date, rule: str | None = None) -> Event:
    return Event("extension_agreed", day, until=until, rule=rule)


@pytest.mark.parametrize(
    ("event", "finding", "due_on"),
    [
        (agreed(on(6, 24), on(6, 27)), None, on(6, 27)),
        (agreed(on(6, 24), on(6, 26)), "agreed_not_later", on(6, 26)),
        (agreed(on(6, 26), on(7, 1)), None, on(7, 1)),
        (agreed(on(6, 27), on(7, 1)), "extended_late", on(6, 26)),
    ],
    ids=["a day later", "the due day itself", "on the due day", "the day after"],
)
def test_what_parties_agree_on_in_time_moves_the_limit_to_a_later_day_only(
    event: Event, finding: str | None, due_on: date
) -> None:
    found, due = mediation(event)
    assert due == due_on
    told = [] if finding is None else [(finding, "extension_agreed", event.on, "2025-06-26")]
    assert [(one.code, one.event, one.on, one.detail) for one in found] == told


def test_an_agreement_about_another_limit_leaves_this_one_alone() -> None:
    assert mediation(agreed(on(6, 24), on(7, 1), "med_conclude_enterprise"))[1] == on(7, 1)
    other = agreed(on(6, 24), on(7, 1), "med_conclude_any")
    assert mediation(other)[1] == on(6, 26)
    matter = Matter("mediation", "national", (*MEDIATED, other), COMMITTEE)
    assert [one.code for one in derive(matter, builtin_rulebook(), TODAY).findings] == [
        "not_extendable"
    ]


def test_an_agreement_after_the_end_is_said() -> None:
    found, due = mediation(Event("mediation_failed", on(6, 20)), agreed(on(6, 24), on(7, 1)))
    assert due == on(6, 26)
    assert [(one.code, one.event, one.on) for one in found] == [
        ("after_end", "extension_agreed", on(6, 24))
    ]


def test_a_second_agreement_counts_from_the_day_first_agreed_on() -> None:
    first = agreed(on(6, 24), on(7, 4))
    assert mediation(first, agreed(on(7, 3), on(7, 11)))[1] == on(7, 11)
    found, due = mediation(first, agreed(on(7, 3), on(7, 2)))
    assert due == on(7, 4)
    assert [(one.code, one.detail) for one in found] == [("agreed_not_later", "2025-07-04")]


def test_a_second_extension_is_told_with_the_article_that_allows_one() -> None:
    events = (
        FILED,
        Event("extension_approved", on(4, 3), days=20),
        Event("extension_approved", on(4, 28), days=10),
    )
    book = builtin_rulebook()
    (finding,) = derive(Matter("inspection", "national", events), book, TODAY).findings
    assert finding == Finding(
        "extended_again", "extension_approved", on(4, 28), "insp_investigation", "1"
    )
    assert "监察条例第17条：「应当自立案之日起60个工作日内完成" in finding_text(finding, book, "zh")


def text_of(matter: Matter, language: str) -> str:
    book = builtin_rulebook()
    (finding,) = derive(matter, book, TODAY).findings
    return finding_text(finding, book, language)


def test_waiting_for_a_finding_elsewhere_is_told_to_need_an_approved_suspension() -> None:
    """办案规则§47(6): the national rules know it as a ground to suspend, with approval."""
    awaited = Matter("arbitration", "shanghai", (ACCEPTED, Event("finding_awaited", on(6, 10))))
    chinese, english = text_of(awaited, "zh"), text_of(awaited, "en")
    assert "经批准中止审理方停止计算（办案规则第47条第（六）项）" in chinese
    assert "only once a suspension is approved (arbitration rules, art. 47(6))" in english
    assert "没有中止" not in chinese
    assert "no clause" not in english


def test_settlement_talks_elsewhere_stop_nothing_by_any_clause() -> None:
    talks = Matter(
        "arbitration", "shanghai", (ACCEPTED, Event("settlement_talks_started", on(6, 10)))
    )
    assert "本地适用的规定没有中止" in text_of(talks, "zh")


@pytest.mark.parametrize("place", ["national", "shanghai", "liaoning"])
def test_what_was_not_read_of_suspending_an_investigation_is_not_denied(place: str) -> None:
    stopped = Matter("inspection", place, (FILED, Event("suspended", on(2, 10))))
    assert "若干规定（令25）关于中止的条款未读到" in text_of(stopped, "zh")
    assert "what Order 25 says of it was not read" in text_of(stopped, "en")


def test_what_parties_agreed_on_too_late_was_not_approved_by_anybody() -> None:
    late = Matter("mediation", "national", (*MEDIATED, agreed(on(6, 27), on(7, 1))), COMMITTEE)
    chinese, english = text_of(late, "zh"), text_of(late, "en")
    assert "批准" not in chinese
    assert "approved" not in english
    assert "2025-06-26到期" in chinese


@pytest.mark.parametrize(
    ("procedure", "events", "cap"),
    [
        (
            "inspection",
            (FILED, Event("extension_approved", on(4, 3), days=31)),
            ("上限30个工作日", "its cap of 30 working days in total"),
        ),
        (
            "arbitration",
            (ACCEPTED, Event("extension_approved", on(7, 1), days=16)),
            ("上限15个自然日", "its cap of 15 calendar days in total"),
        ),
    ],
)
def test_a_cap_is_told_with_its_unit(
    procedure: str, events: tuple[Event, ...], cap: tuple[str, str]
) -> None:
    matter = Matter(procedure, "national", events)
    assert cap[0] in text_of(matter, "zh")
    assert cap[1] in text_of(matter, "en")
