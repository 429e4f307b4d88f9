"""What a caseworker may record next, through the life of each kind of case."""

from datetime import date

import pytest

from rules.lawful import next_events, refusal
from rules.matter import Event, FactValue, Matter
from rules.rulebook import builtin_rulebook

TODAY = date(2025, 3, 10)

ENDINGS = {
    "award_issued", "mediation_statement_signed", "withdrawn", "deemed_withdrawn",
    "case_revoked", "transferred_out", "proceedings_terminated",
}  # fmt: skip
RESTARTS = {
    "party_added_decision", "claim_change_accepted", "counterclaim_accepted", "transfer_accepted",
}  # fmt: skip
# Known before the application and told with it; defects and jurisdiction, looked at until it is
# decided on.
TIME_BAR = {"right_infringement_known", "employment_terminated"}
LOOKED_AT = {"arb_application_defective", "correction_notice_issued", "no_jurisdiction_found"}
IN_ARBITRATION = {
    *ENDINGS, *RESTARTS, *TIME_BAR, "hearing_date", "notice_published", "extension_approved",
    "document_posted", "counterclaim_received", "recusal_requested", "revocation_decided",
    "entrusted_mediation_consented", "hearing_opened",
}  # fmt: skip
AFTER_ANY = {"case_closed", "performance_period_ended"}
AFTER_AWARD = AFTER_ANY | {"award_received", "final_award_received"}
DROPPED = {"case_dropped", "transferred_out"}
# When the violation ended, which may be told as long as the case is open.
LOOKING_BACK = {"violation_ended"}
DECISIONS = {"correction_ordered", "handling_decided", "penalty_decided"}
INVESTIGATED = {
    *DROPPED, *DECISIONS, *LOOKING_BACK,
    "penalty_case_filed", "evidence_preserved", "hearing_right_notified",
}  # fmt: skip


def happened(*names: str, first: date = date(2025, 3, 3)) -> tuple[Event, ...]:
    """One event a day from a Monday on."""
    return tuple(
        Event(name, date.fromordinal(first.toordinal() + n)) for n, name in enumerate(names)
    )


def offered(
    procedure: str,
    place: str,
    *names: str,
    today: date = TODAY,
    facts: dict[str, FactValue] | None = None,
) -> set[str]:
    matter = Matter(procedure, place, happened(*names), facts or {})
    return {one.type for one in next_events(matter, builtin_rulebook(), today)}


RECEIVED = "arb_application_received"
ACCEPTED = (RECEIVED, "case_accepted")
SERVED = (*ACCEPTED, "application_served")
ANSWERED = (*SERVED, "tribunal_notice_served", "defence_filed")
FILED = ("complaint_received", "complaint_accepted", "case_filed")

LIFE: list[tuple[str, str, tuple[str, ...], set[str]]] = [
    # Arbitration
    (
        "arbitration",
        "chongming",
        (RECEIVED,),
        TIME_BAR
        | LOOKED_AT
        | {"case_accepted", "case_refused", "materials_corrected", "premediation_consented"}
        | {"withdrawn", "transfer_accepted"},
    ),
    (
        "arbitration",
        "chongming",
        (RECEIVED, "premediation_consented"),
        TIME_BAR
        | LOOKED_AT
        | {"case_accepted", "case_refused", "materials_corrected", "premediation_ended"}
        | {"withdrawn", "transfer_accepted"},
    ),
    ("arbitration", "chongming", (RECEIVED, "case_refused"), {"lawsuit_filed"}),
    ("arbitration", "chongming", (RECEIVED, "withdrawn"), {"case_closed"}),
    (
        "arbitration",
        "chongming",
        ACCEPTED,
        IN_ARBITRATION | {"suspended", "application_served", "tribunal_notice_served"},
    ),
    # The application may be served on several respondents.
    (
        "arbitration",
        "chongming",
        SERVED,
        IN_ARBITRATION
        | {"suspended", "application_served", "tribunal_notice_served", "defence_filed"}
        | {"jurisdiction_objection_filed"},
    ),
    (
        "arbitration",
        "chongming",
        ANSWERED,
        IN_ARBITRATION
        | {"suspended", "application_served", "defence_filed", "defence_served"}
        | {"jurisdiction_objection_filed"},
    ),
    (
        "arbitration",
        "chongming",
        (*ACCEPTED, "suspended"),
        IN_ARBITRATION | {"resumed", "application_served", "tribunal_notice_served"},
    ),
    (
        "arbitration",
        "chongming",
        (*ACCEPTED, "notice_published"),
        # Another party may have to be served by a notice of its own.
        IN_ARBITRATION
        | {"suspended", "deemed_served", "application_served", "tribunal_notice_served"},
    ),
    ("arbitration", "chongming", (*ACCEPTED, "award_issued"), AFTER_AWARD),
    (
        "arbitration",
        "chongming",
        (*ACCEPTED, "award_issued", "award_received"),
        AFTER_AWARD | {"lawsuit_filed"},
    ),
    ("arbitration", "chongming", (*ACCEPTED, "mediation_statement_signed"), AFTER_ANY),
    # Mediation
    (
        "mediation",
        "chongming",
        ("mediation_application_received",),
        {"mediation_accepted", "mediation_refused", "mediation_agreement_reached"}
        | {"mediation_failed", "withdrawn", "negotiation_requested"},
    ),
    (
        "mediation",
        "chongming",
        ("mediation_application_received", "mediation_accepted"),
        {"mediation_agreement_reached", "mediation_failed", "withdrawn", "extension_agreed"}
        | {"negotiation_requested"},
    ),
    (
        "mediation",
        "chongming",
        ("mediation_application_received", "mediation_refused"),
        set(),
    ),
    (
        "mediation",
        "chongming",
        ("mediation_application_received", "mediation_agreement_reached"),
        {"mediation_agreement_effective"},
    ),
    # Inspection: a complaint, a tip-off
    (
        "inspection",
        "chongming",
        ("complaint_received",),
        LOOKING_BACK
        | {"complaint_accepted", "complaint_refused", "materials_corrected", "transferred_out"},
    ),
    (
        "inspection",
        "chongming",
        ("complaint_received", "complaint_accepted"),
        LOOKING_BACK | {"case_filed", "transferred_out"},
    ),
    ("inspection", "chongming", ("complaint_received", "complaint_refused"), set()),
    (
        "inspection",
        "chongming",
        ("report_received",),
        LOOKING_BACK | {"case_filed", "transferred_out"},
    ),
    (
        "inspection",
        "chongming",
        FILED,
        INVESTIGATED | {"investigation_completed", "extension_approved"},
    ),
    (
        "inspection",
        "chongming",
        ("report_received", "case_filed"),
        INVESTIGATED | {"investigation_completed", "extension_approved"},
    ),
    (
        "inspection",
        "chongming",
        (*FILED, "investigation_completed"),
        INVESTIGATED | {"case_closed"},
    ),
    (
        "inspection",
        "chongming",
        (*FILED, "investigation_completed", "penalty_decided"),
        INVESTIGATED | {"case_closed", "decision_served", "violation_published"},
    ),
    (
        "inspection",
        "chongming",
        (*FILED, "hearing_right_notified"),
        INVESTIGATED
        | {"investigation_completed", "extension_approved", "penalty_hearing_requested"},
    ),
    (
        "inspection",
        "chongming",
        (*FILED, "hearing_right_notified", "penalty_hearing_requested"),
        INVESTIGATED | {"investigation_completed", "extension_approved", "hearing_date"},
    ),
    # The party's own limits go on after the case was closed, and so may what answers them.
    (
        "inspection",
        "chongming",
        (*FILED, "investigation_completed", "penalty_decided", "decision_served", "case_closed"),
        {
            "lawsuit_filed",
            "reconsideration_filed",
            "decision_served",
            "demand_served",
            "appeal_periods_expired",
            "violation_published",
        },
    ),
    ("inspection", "chongming", (*FILED, "case_dropped"), set()),
    ("inspection", "chongming", (*FILED, "investigation_completed", "case_closed"), set()),
    (
        "inspection",
        "zhejiang",
        FILED,
        INVESTIGATED | {"investigation_completed", "extension_approved", "suspended"},
    ),
    (
        "inspection",
        "zhejiang",
        (*FILED, "suspended"),
        INVESTIGATED
        | {"investigation_completed", "extension_approved", "resumed", "complainant_notified"},
    ),
    (
        "inspection",
        "lingyuan",
        (*FILED, "investigation_completed"),
        INVESTIGATED | {"case_closed", "extension_approved", "inquiry_notice_received"},
    ),
    # Employment
    (
        "employment",
        "chongming",
        ("recognised",),
        {"placed", "willingness_withdrawn", "deregistered"},
    ),
    (
        "employment",
        "chongming",
        ("household_confirmed",),
        {"household_member_placed", "willingness_withdrawn", "deregistered"},
    ),
    ("employment", "chongming", ("recognised", "placed"), set()),
]


@pytest.mark.parametrize(
    ("procedure", "place", "names", "expected"),
    LIFE,
    ids=[f"{place}: {' '.join(names)}" for _, place, names, _ in LIFE],
)
def test_each_stage_of_a_life_offers_the_sensible_events(
    procedure: str, place: str, names: tuple[str, ...], expected: set[str]
) -> None:
    assert offered(procedure, place, *names) == expected


def test_a_person_unwilling_to_work_is_offered_the_same_endings() -> None:
    facts: dict[str, FactValue] = {"willing_and_obeys": False}
    expected = {"placed", "willingness_withdrawn", "deregistered"}
    assert offered("employment", "chongming", "recognised", facts=facts) == expected


@pytest.mark.parametrize(("claimants", "told"), [(9, False), (10, True)])
def test_only_a_collective_case_is_offered_its_one_notice(claimants: int, told: bool) -> None:
    found = offered("arbitration", "chongming", *ACCEPTED, facts={"claimants": claimants})
    assert ("one_off_notice_served" in found) is told


@pytest.mark.parametrize(("body", "agreed"), [("other", False), ("enterprise_committee", True)])
def test_a_township_is_offered_no_agreed_extension(body: str, agreed: bool) -> None:
    accepted = ("mediation_application_received", "mediation_accepted")
    found = offered("mediation", "chongming", *accepted, facts={"mediation_body": body})
    assert ("extension_agreed" in found) is agreed


def test_zhejiangs_simplified_track_has_its_pauses_and_no_extension() -> None:
    found = offered("arbitration", "zhejiang", *ACCEPTED, facts={"track": "simplified"})
    assert {"evidence_commission_started", "settlement_talks_started", "finding_awaited"} <= found
    assert "extension_approved" not in found


def test_what_ends_a_running_clock_comes_first_and_says_which() -> None:
    matter = Matter("inspection", "chongming", happened("complaint_received"))
    first, *rest = next_events(matter, builtin_rulebook(), TODAY)
    assert first.type == "complaint_accepted"
    assert first.ends == ("insp_complaint_decision",)
    assert not rest[-1].ends


def test_extension_and_suspension_are_asked_for() -> None:
    matter = Matter("arbitration", "chongming", happened(*ACCEPTED))
    asked = {one.type for one in next_events(matter, builtin_rulebook(), TODAY) if one.approval}
    assert asked == {"suspended", "extension_approved"}


def test_what_the_application_records_by_itself_is_neither_offered_nor_taken() -> None:
    matter = Matter("inspection", "chongming", happened(*FILED))
    assert not {"quarter_ended", "year_ended"} & offered("inspection", "chongming", *FILED)
    refused = refusal(
        matter, Event("quarter_ended", date(2025, 3, 5)), builtin_rulebook(), TODAY, "en"
    )
    assert refused is not None
    assert refused.field == "type"
    assert "by the application itself" in refused.message


def test_when_a_violation_ended_is_told_of_a_day_before_the_complaint() -> None:
    matter = Matter("inspection", "chongming", happened(*FILED))
    book = builtin_rulebook()
    before, after = (Event("violation_ended", day) for day in (date(2023, 5, 1), date(2025, 3, 4)))
    assert refusal(matter, before, book, TODAY, "en") is None
    refused = refusal(matter, after, book, TODAY, "en")
    assert refused is not None
    assert "Complaint received" in refused.message


def test_after_the_last_day_what_happened_before_it_may_still_be_recorded() -> None:
    """Late recording: the agreement to mediate on the last day, entered two weeks later."""
    late = date(2025, 3, 24)
    found = offered("arbitration", "chongming", RECEIVED, today=late)
    assert "premediation_consented" in found
    # An approval is not given for a day gone by.
    overdue = offered("arbitration", "chongming", *ACCEPTED, today=date(2025, 6, 1))
    assert "extension_approved" not in overdue
    assert "award_issued" in overdue


def _closed() -> list[tuple[str, str, tuple[str, ...]]]:
    """The lives that have just ended."""
    closing = builtin_rulebook().policy.procedures
    return [
        (procedure, place, names)
        for procedure, place, names, _ in LIFE
        if names[-1] in closing[procedure].closing
    ]


@pytest.mark.parametrize(
    ("procedure", "place", "names"), _closed(), ids=[f"{one[1]}: {one[2][-1]}" for one in _closed()]
)
def test_the_closing_day_offers_what_the_days_after_offer(
    procedure: str, place: str, names: tuple[str, ...]
) -> None:
    """Not what may only have happened before the case ended, on that day."""
    matter = Matter(procedure, place, happened(*names))
    last = matter.events[-1].on
    on_the_day = {one.type for one in next_events(matter, builtin_rulebook(), last)}
    after = {one.type for one in next_events(matter, builtin_rulebook(), TODAY)}
    assert on_the_day == after


def test_what_happened_before_the_ending_may_still_be_recorded_on_its_day() -> None:
    closed = Matter("arbitration", "chongming", happened(*ACCEPTED, "award_issued"))
    last = closed.events[-1].on
    served = Event("tribunal_notice_served", last)
    assert served.type not in {one.type for one in next_events(closed, builtin_rulebook(), last)}
    assert refusal(closed, served, builtin_rulebook(), last, "en") is None
