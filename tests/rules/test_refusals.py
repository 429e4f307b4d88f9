"""Why an event may not be recorded now: the field to mend, the message and the article."""

from dataclasses import replace
from datetime import date

import pytest

from rules.engine import Engine
from rules.lawful import Refusal, refusal
from rules.matter import Event, Matter
from rules.rulebook import Rulebook, builtin_rulebook

TODAY = date(2025, 3, 10)
RECEIVED = "arb_application_received"
ACCEPTED = (RECEIVED, "case_accepted")
FILED = ("complaint_received", "complaint_accepted", "case_filed")


def happened(*names: str, first: date = date(2025, 3, 3)) -> tuple[Event, ...]:
    """One event a day from a Monday on."""
    return tuple(
        Event(name, date.fromordinal(first.toordinal() + n)) for n, name in enumerate(names)
    )


def refuse(matter: Matter, event: Event, today: date = TODAY, language: str = "en") -> Refusal:
    found = refusal(matter, event, builtin_rulebook(), today, language)
    assert found is not None
    assert found.article
    return found


def accepted(*more: Event) -> Matter:
    return Matter("arbitration", "chongming", (*happened(*ACCEPTED), *more))


def test_an_award_before_acceptance_is_refused_with_the_article() -> None:
    matter = Matter("arbitration", "chongming", happened(RECEIVED))
    found = refuse(matter, Event("award_issued", TODAY))
    assert found.field == "type"
    assert (
        found.message
        == "“Award issued” needs one of these first: Case accepted, Transferred case taken over."
    )
    assert found.article.startswith(
        "Law on the Mediation and Arbitration of Labour Disputes art. 43"
    )
    chinese = refuse(matter, Event("award_issued", TODAY), language="zh")
    assert chinese.message == "“裁决”之前须先有：受理、接受移送。"
    assert chinese.article.startswith("调解仲裁法第43条")


def test_an_award_dated_before_acceptance_is_refused() -> None:
    found = refuse(accepted(), Event("award_issued", date(2025, 3, 3)))
    assert found.field == "type"


def test_a_second_extension_over_the_cap_is_refused_on_its_days() -> None:
    matter = accepted(Event("extension_approved", date(2025, 3, 6), days=10))
    found = refuse(matter, Event("extension_approved", TODAY, days=6))
    assert found.field == "days"
    assert "over its cap of 15 calendar days in total" in found.message
    assert "art. 43" in found.article
    within = Event("extension_approved", TODAY, days=5)
    assert refusal(matter, within, builtin_rulebook(), TODAY, "en") is None


def test_an_extension_after_the_last_day_is_refused() -> None:
    late = date(2025, 4, 22)  # 45 days from 3/4 end on Friday 4/18
    found = refuse(accepted(), Event("extension_approved", late, days=5), late)
    assert found.field == "on"
    assert "2025-04-18" in found.message
    on_the_day = Event("extension_approved", date(2025, 4, 18), days=5)
    assert refusal(accepted(), on_the_day, builtin_rulebook(), late, "en") is None


def test_days_before_the_start_are_refused() -> None:
    found = refuse(accepted(), Event("application_served", date(2025, 3, 2)))
    assert found.field == "on"
    assert "2025-03-03" in found.message


def test_days_in_the_future_are_refused_but_for_appointments() -> None:
    tomorrow = date(2025, 3, 11)
    found = refuse(accepted(), Event("application_served", tomorrow))
    assert found.field == "on"
    assert "2025-03-10" in found.message
    hearing = Event("hearing_date", date(2025, 4, 11))
    assert refusal(accepted(), hearing, builtin_rulebook(), TODAY, "en") is None


def test_a_suspended_inspection_is_refused_outside_zhejiang() -> None:
    # In Liaoning the sixty working days are those to close the case in.
    limits = {
        "national": "Complete the investigation",
        "chongming": "Complete the investigation",
        "liaoning": "Close the case (Liaoning)",
    }
    for place, limit in limits.items():
        matter = Matter("inspection", place, happened(*FILED))
        for name in ("suspended", "resumed"):
            found = refuse(matter, Event(name, TODAY))
            assert found.field == "type"
            assert "no clause that suspends an investigation" in found.message
            assert "Order 25 says of it was not read" in found.message
            assert f"“{limit}” goes on" in found.message
    zhejiang = Matter("inspection", "zhejiang", happened(*FILED))
    suspended = Event("suspended", TODAY)
    assert refusal(zhejiang, suspended, builtin_rulebook(), TODAY, "en") is None


def test_missing_details_are_named_by_their_field() -> None:
    assert refuse(accepted(), Event("extension_approved", TODAY)).field == "days"
    assert refuse(accepted(), Event("extension_approved", TODAY, days=0)).field == "days"
    unknown = Event("extension_approved", TODAY, days=5, rule="no_such_rule")
    assert refuse(accepted(), unknown).field == "rule"
    other = Event("extension_approved", TODAY, days=5, rule="arb_serve_application")
    assert "cannot be extended" in refuse(accepted(), other).message


def test_what_happens_once_is_refused_a_second_time() -> None:
    found = refuse(accepted(), Event("case_accepted", TODAY))
    assert found.field == "type"
    assert "2025-03-04" in found.message
    mediation = Matter(
        "mediation", "chongming", happened("mediation_application_received", "mediation_accepted")
    )
    assert "happens only once" in refuse(mediation, Event("mediation_accepted", TODAY)).message


def test_a_mediation_that_was_accepted_is_not_refused_afterwards() -> None:
    mediation = Matter(
        "mediation", "chongming", happened("mediation_application_received", "mediation_accepted")
    )
    found = refuse(mediation, Event("mediation_refused", TODAY))
    assert "“Mediation accepted” was recorded on 2025-03-04" in found.message


def test_an_injury_is_not_of_a_day_after_its_application() -> None:
    applied, later = date(2025, 3, 3), date(2025, 3, 4)
    received = Event("injury_application_received", applied)
    matter = Matter("work_injury", "national", (received,))
    found = refuse(matter, Event("injury_occurred", later))
    assert (
        "“Application for an injury finding received” was recorded on 2025-03-03" in found.message
    )
    for day in (date(2025, 3, 2), applied):
        assert (
            refusal(matter, Event("injury_occurred", day), builtin_rulebook(), TODAY, "en") is None
        )
    # Nor may the application be dated before the injury.
    injured = Matter("work_injury", "national", (Event("injury_occurred", later),))
    found = refuse(injured, received, language="zh")
    assert (found.field, found.message) == (
        "on",
        "2025-03-04“发生事故或确诊职业病”晚于“收到工伤认定申请”，而前者只能在后者之前，请核对日期。",
    )


def test_nothing_but_what_follows_an_outcome_is_recorded_after_it() -> None:
    closed = accepted(Event("award_issued", date(2025, 3, 7)))
    for name in ("suspended", "application_served", "withdrawn", "hearing_date"):
        found = refuse(closed, Event(name, TODAY))
        assert found.field == "type"
        assert "ended on 2025-03-07" in found.message
    received = Event("award_received", TODAY)
    assert refusal(closed, received, builtin_rulebook(), TODAY, "en") is None
    earlier = Event("application_served", date(2025, 3, 6))
    assert refusal(closed, earlier, builtin_rulebook(), TODAY, "en") is None


def test_an_outcome_dated_before_what_was_recorded_is_refused() -> None:
    matter = accepted(Event("application_served", date(2025, 3, 7)))
    found = refuse(matter, Event("withdrawn", date(2025, 3, 6)))
    assert "came after the case had ended on 2025-03-06" in found.message


def test_a_mediation_agreement_may_take_effect_after_the_case_is_closed() -> None:
    names = ("mediation_application_received", "mediation_agreement_reached")
    closed = Matter("mediation", "chongming", happened(*names))
    effective = Event("mediation_agreement_effective", TODAY)
    assert refusal(closed, effective, builtin_rulebook(), TODAY, "en") is None


def test_an_event_of_another_procedure_is_refused() -> None:
    found = refuse(accepted(), Event("case_filed", TODAY))
    assert found.field == "type"


@pytest.mark.parametrize(
    ("procedure", "names", "event", "needed"),
    [
        ("arbitration", ACCEPTED, "defence_filed", "Application served on the respondent"),
        ("arbitration", ACCEPTED, "award_received", "Award issued"),
        ("arbitration", (RECEIVED,), "hearing_date", "Case accepted"),
        ("arbitration", (RECEIVED,), "party_added_decision", "Case accepted"),
        ("inspection", ("complaint_received",), "case_filed", "Complaint accepted"),
        ("inspection", ("report_received",), "complaint_accepted", "Complaint received"),
        ("inspection", FILED, "case_closed", "Investigation completed"),
        ("employment", ("recognised",), "household_member_placed", "zero-employment household"),
        ("employment", ("household_confirmed",), "placed", "Recognised"),
    ],
)
def test_what_must_have_happened_before_is_named(
    procedure: str, names: tuple[str, ...], event: str, needed: str
) -> None:
    matter = Matter(procedure, "chongming", happened(*names))
    found = refuse(matter, Event(event, TODAY))
    assert found.field == "type"
    assert needed in found.message


def test_a_restart_after_the_last_day_is_a_warning_not_a_refusal() -> None:
    late = date(2025, 5, 12)
    restart = Event("party_added_decision", late)
    assert refusal(accepted(), restart, builtin_rulebook(), late, "en") is None


TALKS = Event("settlement_talks_started", TODAY)


def test_a_pause_of_zhejiang_is_refused_elsewhere() -> None:
    """§36 of Zhejiang stops both of its tracks, and nothing in other provinces."""
    found = refuse(Matter("arbitration", "shanghai", happened(*ACCEPTED)), TALKS)
    assert "no clause that suspends" in found.message
    for facts in ({}, {"track": "simplified"}):
        here = Matter("arbitration", "zhejiang", happened(*ACCEPTED), facts)
        assert refusal(here, TALKS, builtin_rulebook(), TODAY, "en") is None


def test_a_pause_of_a_rule_that_does_not_apply_is_refused() -> None:
    """Were §36 entered for the simplified track only, it must not seem to stop the other one."""
    book = builtin_rulebook()
    award = book.policy.rules["arb_award"]
    strict = award.model_copy(update={"pauses": award.pauses[:2]})
    policy = replace(book.policy, rules={**book.policy.rules, award.id: strict})
    strictly = Rulebook(policy, book.calendar.years, Engine(policy))
    ordinary = Matter("arbitration", "zhejiang", happened(*ACCEPTED))
    found = refusal(ordinary, TALKS, strictly, TODAY, "en")
    assert found is not None
    assert found.field == "type"
    assert "it changes nothing, please review" in found.message


def test_a_second_extension_is_refused_where_the_text_allows_one() -> None:
    events = (
        Event("case_filed", date(2025, 3, 3)),
        Event("extension_approved", date(2025, 4, 3), days=10, rule="insp_investigation"),
    )
    second = Event("extension_approved", date(2025, 5, 6), days=10, rule="insp_investigation")
    matter = Matter("inspection", "national", events)
    found = refusal(matter, second, builtin_rulebook(), date(2025, 5, 6), "en")
    assert found is not None
    assert "as often as the text allows (1)" in found.message
    assert "30个工作日" in found.article


def test_an_order_that_names_a_day_before_its_service_is_refused_at_that_day() -> None:
    lead = Event("clue_assigned", date(2025, 3, 3))
    matter = Matter("wage_arrears", "chongming", (lead,))
    order = Event("order_to_pay_served", TODAY, pay_by=date(2025, 3, 9))
    found = refuse(matter, order)
    assert found.field == "pay_by"
    assert "names 2025-03-09, a day before it was served" in found.message
    assert refusal(matter, order._replace(pay_by=TODAY), builtin_rulebook(), TODAY, "en") is None


def test_service_after_the_computed_day_is_refused_with_that_day() -> None:
    notice = Event("notice_published", date(2025, 3, 5))
    found = refuse(accepted(notice), Event("deemed_served", date(2025, 4, 20)), date(2025, 4, 21))
    assert found.field == "on"
    assert "service was deemed made on 2025-04-04 already (A-7)" in found.message


@pytest.mark.parametrize(
    ("before", "event"),
    [
        # What is odd about these is said on the case; they are recorded as they happened.
        ((Event("notice_published", date(2025, 3, 5)),), Event("deemed_served", TODAY)),
        ((Event("suspended", date(2025, 3, 5)),), Event("award_issued", TODAY)),
        (
            (Event("application_served", date(2025, 3, 5)),),
            Event("counterclaim_received", date(2025, 4, 10)),
        ),
    ],
    ids=["served otherwise", "an award while suspended", "a late counterclaim"],
)
def test_what_is_only_to_be_checked_is_recorded(before: tuple[Event, ...], event: Event) -> None:
    assert refusal(accepted(*before), event, builtin_rulebook(), event.on, "en") is None


def test_the_opposite_of_what_was_decided_is_refused_with_that_decision() -> None:
    found = refuse(accepted(), Event("case_refused", TODAY))
    assert found.field == "type"
    assert "“Case refused” contradicts “Case accepted” of 2025-03-04" in found.message
