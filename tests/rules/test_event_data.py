"""The events: on one day, what starts a clock is taken before what ends it."""

import math

import pytest

from rules.policy import Policy, load_policy

# What an event answers comes first on the same day, rules in force or not.
LAWFUL_ORDER = [
    ["materials_corrected", "case_accepted", "party_added_decision", "suspended", "resumed"],
    ["resumed", "extension_approved", "application_served", "award_issued", "award_received"],
    ["application_served", "defence_filed", "defence_served"],
    ["arb_application_received", "premediation_consented", "premediation_ended", "case_accepted"],
    ["complaint_received", "complaint_accepted", "case_filed", "investigation_completed"],
    ["report_received", "case_filed", "suspended", "resumed", "case_dropped", "case_closed"],
    ["investigation_completed", "penalty_decided", "decision_served", "case_closed"],
    ["mediation_application_received", "mediation_accepted", "mediation_agreement_reached"],
    ["mediation_agreement_reached", "mediation_agreement_effective", "judicial_confirmation_filed"],
    ["recognised", "placed", "deregistered"],
    ["order_to_pay_served", "order_deadline_expired", "blacklist_listed", "blacklist_removed"],
    ["early_removal_applied", "early_removal_approved", "blacklist_removed"],
    ["early_removal_approved", "blacklist_removed", "early_removal_revoked"],
    ["petition_received", "petition_accepted", "petition_opinion_issued"],
    ["injury_application_received", "injury_application_accepted", "injury_decided"],
]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


@pytest.mark.parametrize("order", LAWFUL_ORDER, ids=" < ".join)
def test_events_of_one_day_are_taken_in_the_lawful_order(policy: Policy, order: list[str]) -> None:
    ranks = [policy.events[event].rank for event in order]
    assert ranks == sorted(set(ranks))


def test_what_starts_a_clock_comes_before_what_stops_or_ends_it(policy: Policy) -> None:
    def ranks(events: tuple[str, ...]) -> list[int]:
        return [policy.events[event].rank for event in events]

    for rule in policy.rules.values():
        begins = max(ranks(rule.starts_on))
        # What comes of itself (a retention period) may have nothing that ends it.
        ends = min(ranks(rule.discharged_by), default=math.inf)
        assert begins < ends, rule.id
        for pause in rule.pauses:
            stopped, going_on = ranks((pause.from_, pause.to))
            assert begins < stopped < going_on, (rule.id, pause)
            # Deemed service is both a resumption and the end of its own clock.
            assert going_on < ends, (rule.id, pause)
        # A changed claim that is served the same day gives one defence period either way, and an
        # early removal is carried out before it is revoked.
        restarts = tuple(one for one in rule.restarts_on if one not in rule.starts_on)
        begun_alone = tuple(one for one in rule.starts_on if one not in rule.restarts_on)
        if restarts and rule.id not in ("arb_defence", "wage_blacklist_term"):
            assert max(ranks(begun_alone)) < min(ranks(restarts)) < ends, rule.id
        # On the day of the employer's application there is nothing left to lengthen, and a
        # review is not lengthened on the day it begins.
        if rule.extended_by and rule.id not in ("inj_employer_apply", "arb_review_decide"):
            assert begins < min(ranks(rule.extended_by)) < ends, rule.id


def test_every_event_is_named_in_both_languages_and_belongs_somewhere(policy: Policy) -> None:
    for event in policy.events.values():
        assert event.procedures, event.id
        assert event.label.zh != event.label.en
    labels = [event.label.zh for event in policy.events.values()]
    assert len(labels) == len(set(labels))


def test_closing_and_accepting_events_belong_to_their_procedure(policy: Policy) -> None:
    for procedure in policy.procedures.values():
        for event in (*procedure.closing, *procedure.accepting, *procedure.openings):
            assert procedure.id in policy.events[event].procedures, event


def test_accepting_a_complaint_files_the_case(policy: Policy) -> None:
    assert policy.events["complaint_accepted"].brings == ("case_filed",)
