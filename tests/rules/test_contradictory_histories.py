"""Every pair of events that cannot both stand is said: which event, of which day, what to do; and
what else is due stays due on its day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.deadlines import derive
from rules.explain import finding_text
from rules.lawful import refusal
from rules.matter import Event, Finding, Matter
from rules.rulebook import builtin_rulebook
from rules.wording import Wording
from tests.rules.test_whatif import GOOD, one

FIRST = date(2025, 3, 3)
TODAY = date(2025, 12, 1)
PLACES = {"arbitration": "zhejiang", "inspection": "zhejiang", "work_injury": "zhejiang"}

ARBITRATED = ("arb_application_received", "case_accepted")
INSPECTED = ("complaint_received", "complaint_accepted", "case_filed")
ORDERED = ("clue_assigned", "order_to_pay_served", "order_deadline_expired")
LISTED = (*ORDERED, "blacklist_listed")
APPLIED = (*LISTED, "arrears_corrected", "early_removal_applied")
APPROVED = (*APPLIED, "early_removal_approved")
REPORTED = ("clue_assigned", "transfer_reported")
TO_POLICE = (*REPORTED, "transfer_approved", "transferred_to_police")
PETITIONED = ("petition_received", "petition_accepted")
INJURED = ("injury_application_received", "injury_application_accepted")

# By procedure: what happened, and last the event that has nothing to stand on.
NOTHING_TO_STAND_ON = {
    "arbitration": [
        ("arb_application_received", "application_served"),
        ("arb_application_received", "hearing_date"),
        (*ARBITRATED, "defence_served"),
        (*ARBITRATED, "defence_filed"),
        (*ARBITRATED, "jurisdiction_objection_filed"),
        (*ARBITRATED, "counterclaim_refused"),
        (*ARBITRATED, "recusal_decided"),
        (*ARBITRATED, "mediation_agreement_reached"),
        (*ARBITRATED, "review_application_accepted"),
        (*ARBITRATED, "review_refused"),
        (*ARBITRATED, "award_received"),
        (*ARBITRATED, "final_award_received"),
        (*ARBITRATED, "withdrawn", "award_received"),
        (*ARBITRATED, "revocation_served"),
        (*ARBITRATED, "performance_period_ended"),
        (*ARBITRATED, "case_closed"),
        (*ARBITRATED, "award_issued", "award_received", "set_aside_filed"),
        (*ARBITRATED, "award_issued", "final_award_received", "set_aside_ruling_received"),
        ("arb_application_received", "written_explanation_sent"),
    ],
    "mediation": [
        ("mediation_application_received", "negotiation_replied"),
        ("mediation_application_received", "mediation_failed", "mediation_agreement_effective"),
        ("mediation_application_received", "judicial_confirmation_filed"),
    ],
    "inspection": [
        ("complaint_received", "case_filed"),
        ("complaint_received", "investigation_completed"),
        (*INSPECTED, "hearing_date"),
        (*INSPECTED, "hearing_notice_served"),
        (*INSPECTED, "penalty_hearing_requested"),
        (*INSPECTED, "evidence_disposed"),
        (*INSPECTED, "decision_served"),
        (*INSPECTED, "demand_served"),
        (*INSPECTED, "appeal_periods_expired"),
        (*INSPECTED, "filed_with_superior"),
        (*INSPECTED, "disclosure_objection_received"),
        (*INSPECTED, "disclosure_reviewed"),
        ("report_received", "complaint_accepted"),
        ("report_received", "penalty_decided"),
    ],
    "wage_arrears": [
        ("clue_assigned", "order_deadline_expired"),
        ("clue_assigned", "blacklist_listed"),
        ("clue_assigned", "not_listed"),
        ("clue_assigned", "listing_objection_received"),
        ("clue_assigned", "objection_result_notified"),
        ("clue_assigned", "transfer_approved"),
        (*REPORTED, "transfer_refused", "transferred_to_police"),
        (*REPORTED, "transfer_approved", "police_filed"),
        (*TO_POLICE, "materials_handed_over"),
        (*TO_POLICE, "police_reconsideration_requested"),
        ("clue_assigned", "advance_paid"),
        ("clue_assigned", "advance_refused"),
        ("clue_assigned", "deposit_paid_out"),
        ("clue_assigned", "deposit_replenished"),
        (*ORDERED, "not_listed", "arrears_corrected"),
        (*LISTED, "early_removal_applied"),
        (*LISTED, "early_removal_approved"),
        (*LISTED, "blacklist_removed"),
        (*APPLIED, "early_removal_refused", "blacklist_removed"),
        (*APPLIED, "early_removal_revoked"),
        ("clue_assigned", "listing_revoked"),
    ],
    "employment": [
        ("household_confirmed", "placed"),
        ("recognised", "household_member_placed"),
    ],
    "petition": [
        ("petition_received", "petition_opinion_issued"),
        (*PETITIONED, "petition_opinion_received"),
        (*PETITIONED, "petition_opinion_issued", "petition_review_requested"),
        ("petition_received", "petition_objection_filed"),
        ("petition_transfer_received", "petition_returned"),
        (*PETITIONED, "petition_hearing_started"),
    ],
    "work_injury": [
        ("injury_application_received", "injury_decided"),
        (*INJURED, "decision_served"),
        (*INJURED, "appraisal_served"),
        ("appraisal_application_received", "reappraisal_applied"),
        ("appraisal_application_received", "review_appraisal_applied"),
        ("appraisal_application_received", "injury_application_accepted"),
    ],
}

# By procedure: what happened, the outcome that rules out what comes last, and that.
CONTRADICTING = {
    "arbitration": [
        ((*ARBITRATED[:1], "no_jurisdiction_found"), "written_explanation_sent", "case_accepted"),
        ((*ARBITRATED, "counterclaim_received"), "counterclaim_refused", "counterclaim_accepted"),
        ((*ARBITRATED, "counterclaim_received"), "counterclaim_accepted", "counterclaim_refused"),
        (ARBITRATED, "revocation_decided", "award_issued"),
        (ARBITRATED[:1], "case_accepted", "case_refused"),
        (ARBITRATED[:1], "case_refused", "case_accepted"),
        (ARBITRATED[:1], "transfer_accepted", "case_refused"),
        (ARBITRATED[:1], "case_refused", "transfer_accepted"),
        (ARBITRATED[:1], "transfer_accepted", "case_accepted"),
        (ARBITRATED, "revocation_decided", "mediation_statement_signed"),
    ],
    "inspection": [
        (INSPECTED, "penalty_decided", "case_dropped"),
        (INSPECTED[:1], "complaint_accepted", "complaint_refused"),
        (INSPECTED[:1], "complaint_refused", "complaint_accepted"),
        (INSPECTED, "handling_decided", "case_dropped"),
    ],
    "wage_arrears": [
        (ORDERED, "not_listed", "blacklist_listed"),
        (ORDERED, "blacklist_listed", "not_listed"),
        (ORDERED, "blacklist_listed", "pre_listing_notice_received"),
        (ORDERED[:2], "arrears_paid", "order_deadline_expired"),
        (REPORTED, "transfer_approved", "transfer_refused"),
        (REPORTED, "transfer_refused", "transfer_approved"),
        (TO_POLICE, "police_filed", "police_refused"),
        (("clue_assigned", "advance_applied"), "advance_refused", "advance_paid"),
        (("clue_assigned", "advance_applied"), "advance_paid", "advance_refused"),
        (APPLIED, "early_removal_refused", "early_removal_approved"),
        (APPLIED, "early_removal_approved", "early_removal_refused"),
        (APPROVED, "early_removal_revoked", "early_removal_revoked"),
        (APPROVED, "early_removal_revoked", "blacklist_removed"),
        (APPROVED, "blacklist_removed", "blacklist_removed"),
        (APPROVED, "blacklist_removed", "arrears_corrected"),
        (APPROVED, "blacklist_removed", "early_removal_applied"),
        (LISTED, "listing_revoked", "listing_revoked"),
    ],
    "mediation": [
        (("mediation_application_received",), "mediation_refused", "mediation_accepted"),
    ],
    "employment": [
        (("recognition_applied",), "recognition_refused", "recognised"),
    ],
    "work_injury": [
        (INJURED[:1], "injury_application_refused", "injury_application_accepted"),
        (INJURED[:1], "injury_application_accepted", "correction_notice_issued"),
        (("appraisal_application_received",), "appraisal_concluded", "correction_notice_issued"),
    ],
}

# The same, with something in between that makes room for the second outcome; or never excluded.
NO_CONTRADICTION = {
    "arbitration": [
        (*ARBITRATED, "counterclaim_received", "counterclaim_refused", "counterclaim_received",
         "counterclaim_accepted"),
        # Two respondents: one counterclaim is taken on, the other is not.
        (*ARBITRATED, "counterclaim_received", "counterclaim_received", "counterclaim_accepted",
         "counterclaim_refused"),
        # A question about one limit begins in the middle.
        ("award_received", "award_received", "lawsuit_filed"),
        ("right_infringement_known", "case_accepted", "award_issued"),
        # Agreed elsewhere, reviewed here.
        ("arb_application_received", "mediation_agreement_effective", "review_application_received",
         "review_application_accepted", "review_refused"),
    ],
    "inspection": [
        (*INSPECTED, "penalty_decided", "decision_served", "reconsideration_filed", "case_dropped"),
        (*INSPECTED, "correction_ordered", "case_dropped"),
        (*INSPECTED, "penalty_decided", "penalty_decided", "decision_served", "case_closed"),
        (*INSPECTED[:1], "complaint_accepted", "case_filed", "case_closed"),
    ],
    "wage_arrears": [
        (*ORDERED, "not_listed", "order_to_pay_served", "order_deadline_expired",
         "blacklist_listed"),
        (*REPORTED, "transfer_refused", "transfer_reported", "transfer_approved"),
        (*TO_POLICE, "police_refused", "police_reconsideration_requested", "police_filed"),
        (*APPLIED, "early_removal_refused", "early_removal_applied", "early_removal_approved",
         "blacklist_removed"),
        (*APPROVED, "blacklist_removed", "early_removal_revoked", "arrears_corrected",
         "early_removal_applied", "early_removal_approved", "blacklist_removed"),
        ("early_removal_revoked", "early_removal_applied", "early_removal_approved",
         "early_removal_revoked"),
    ],
    "work_injury": [
        (*INJURED, "appraisal_application_received", "correction_notice_issued"),
    ],
}  # fmt: skip

# What happens once, for which no clock was begun twice.
TWICE = [
    ("arbitration", (*ARBITRATED, "award_issued", "case_closed")),
    ("inspection", ("report_received",)),
    ("inspection", (*INSPECTED, "investigation_completed", "case_closed")),
    ("wage_arrears", ("clue_assigned", "case_closed")),
    ("petition", PETITIONED),
    ("work_injury", (*INJURED, "injury_decided")),
]

NEVER_AFTER = [
    ("arbitration", ("arb_application_received", "right_infringement_known")),
    ("employment", ("recognition_applied", "recognised", "recognition_refused")),
    ("employment", ("recognition_applied", "household_confirmed", "recognition_refused")),
    ("work_injury", (*INJURED, "injury_decided", "injury_application_refused")),
]


def told(procedure: str, names: Sequence[str]) -> Matter:
    """A history of these events, every third day one."""
    # To be paid by the day of the next event: it has run out when it is said to have.
    pay_by = {"order_to_pay_served": timedelta(3)}
    events = tuple(
        Event(name, day, pay_by=day + pay_by[name] if name in pay_by else None)
        for name, day in zip(names, days_of(names), strict=True)
    )
    return Matter(procedure, PLACES.get(procedure, "shanghai"), events)


def days_of(names: Sequence[str]) -> list[date]:
    return [FIRST + timedelta(3 * number) for number in range(len(names))]


def about_the_last(matter: Matter) -> list[Finding]:
    found = derive(matter, builtin_rulebook(), TODAY).findings
    last = matter.events[-1]
    return [one for one in found if (one.event, one.on) == (last.type, last.on)]


def assert_the_rest_stays_due(matter: Matter) -> None:
    """Every clock is as it is without the last event, but for those that this one ends; what
    there is more was begun by it."""
    odd = matter.events[-1].on
    rest = replace(matter, events=matter.events[:-1])
    before = derive(rest, builtin_rulebook(), TODAY).clocks
    after = derive(matter, builtin_rulebook(), TODAY).clocks
    kept = {(one.rule, one.seq): one.due_on for one in before}
    assert kept.items() <= {(one.rule, one.seq): one.due_on for one in after}.items()
    assert all(one.started_on == odd for one in after if (one.rule, one.seq) not in kept)


def assert_said_in_both_languages(finding: Finding, *named: str) -> None:
    """The event, its day, the others meant, and what to do."""
    for language, remedy in (("zh", "更正"), ("en", "orrect")):
        book = builtin_rulebook()
        text, say = finding_text(finding, book, language), Wording(book, language)
        assert finding.on.isoformat() in text
        assert remedy in text
        for name in (finding.event, *named):
            assert f"{say.event(name)}" in text


@pytest.mark.parametrize(
    ("procedure", "names"),
    [(name, one) for name, listed in NOTHING_TO_STAND_ON.items() for one in listed],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else one,
)
def test_what_has_nothing_to_stand_on_is_said(procedure: str, names: tuple[str, ...]) -> None:
    matter = told(procedure, names)
    needed = builtin_rulebook().policy.events[names[-1]].stands_on(procedure)
    (finding,) = about_the_last(matter)
    assert finding == Finding(
        "needed_missing", names[-1], days_of(names)[-1], None, ",".join(needed)
    )
    assert_said_in_both_languages(finding, *needed)
    assert_the_rest_stays_due(matter)


@pytest.mark.parametrize(
    ("procedure", "happened", "outcome", "odd"),
    [(name, *one) for name, listed in CONTRADICTING.items() for one in listed],
)
def test_an_outcome_that_another_one_rules_out_is_said(
    procedure: str, happened: tuple[str, ...], outcome: str, odd: str
) -> None:
    names = (*happened, outcome, odd)
    matter = told(procedure, names)
    *_, before, on = days_of(names)
    (finding,) = about_the_last(matter)
    assert finding == Finding("contradicts", odd, on, None, f"{outcome} {before}")
    assert before.isoformat() in finding_text(finding, builtin_rulebook(), "en")
    assert_said_in_both_languages(finding, outcome)
    assert_the_rest_stays_due(matter)


def test_who_is_refused_may_sue_and_contradicts_nothing() -> None:
    names = ("arb_application_received", "case_refused", "lawsuit_filed")
    assert derive(told("arbitration", names), builtin_rulebook(), TODAY).findings == ()


@pytest.mark.parametrize(
    ("procedure", "names"),
    [(name, one) for name, listed in NO_CONTRADICTION.items() for one in listed],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else one,
)
def test_what_can_have_been_is_not_called_a_contradiction(
    procedure: str, names: tuple[str, ...]
) -> None:
    found = derive(told(procedure, names), builtin_rulebook(), TODAY).findings
    assert not {one.code for one in found} & {"needed_missing", "contradicts", "after_barring"}


@pytest.mark.parametrize(("procedure", "names"), TWICE)
def test_what_happens_once_is_said_where_it_happens_again(
    procedure: str, names: tuple[str, ...]
) -> None:
    matter = told(procedure, (*names, names[-1]))
    (finding,) = about_the_last(matter)
    assert finding == Finding("started_again", names[-1], matter.events[-1].on)
    assert_the_rest_stays_due(matter)


@pytest.mark.parametrize(("procedure", "names"), NEVER_AFTER)
def test_what_never_comes_after_is_said(procedure: str, names: tuple[str, ...]) -> None:
    (finding,) = about_the_last(told(procedure, names))
    assert (finding.code, finding.event) == ("after_barring", names[-1])


def test_what_is_doubtful_is_said_and_not_refused() -> None:
    history = (
        *ARBITRATED,
        "counterclaim_received",
        "counterclaim_refused",
        "counterclaim_accepted",
    )
    matter = told("arbitration", history)
    earlier = replace(matter, events=matter.events[:-1])
    book = builtin_rulebook()
    assert refusal(earlier, matter.events[-1], book, TODAY, "en") is None
    # An outcome with no limit left to end is refused as ever.
    other = Event("counterclaim_refused", matter.events[-1].on)
    refused = refusal(matter, other, book, TODAY, "en")
    assert refused is not None
    assert refused.field == "type"


def test_what_if_says_it_and_still_answers() -> None:
    events = [
        {"type": name, "on": f"2025-09-{day:02}"}
        for name, day in zip((*ARBITRATED, "award_received"), (1, 4, 9), strict=True)
    ]
    answer = one({**GOOD, "procedure": "arbitration", "events": events})
    (said,) = answer["findings"]
    assert said.startswith("2025-09-09: “Award received by the party” stands on one of these")
    assert "none is recorded before it: Award issued." in said
    # The award is due as ever: 45 days from 4 September, a day off rolled.
    due = {entry["rule"]: entry["due_on"] for entry in answer["deadlines"]}
    assert due["arb_award"] == "2025-10-20"


def test_every_event_that_says_what_it_contradicts_is_in_the_table() -> None:
    said = {
        (procedure, event.id, outcome)
        for event in builtin_rulebook().policy.events.values()
        for procedure, known in event.contradicts.items()
        for outcome in known.events
    }
    shown = {
        (procedure, odd, outcome)
        for procedure, listed in CONTRADICTING.items()
        for _, outcome, odd in listed
    }
    # Ruled out by several outcomes alike; one of each is shown.
    alike = {
        ("work_injury", "correction_notice_issued", "injury_application_refused"),
        ("wage_arrears", "early_removal_approved", "blacklist_removed"),
        ("wage_arrears", "early_removal_refused", "blacklist_removed"),
    }
    assert said == shown | alike
