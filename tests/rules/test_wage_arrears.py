"""The course of wage arrears as people meet it: what is offered, refused, told and not counted."""

from datetime import date

import pytest

from rules.deadlines import derive
from rules.explain import steps
from rules.lawful import next_events, refusal
from rules.matter import Event, Finding, Matter
from rules.rulebook import builtin_rulebook

BOOK = builtin_rulebook()


def course(*events: Event, place: str = "chongming", procedure: str = "wage_arrears") -> Matter:
    return Matter(procedure, place, events)


def told(matter: Matter, rule: str, today: date, language: str = "en") -> list[str]:
    clocks = [one for one in derive(matter, BOOK, today).clocks if one.rule == rule]
    return steps(clocks[0], matter, BOOK, language)


def test_an_undefined_day_shows_both_readings_in_both_languages() -> None:
    matter = course(Event("transfer_reported", date(2026, 2, 13)))
    english = told(matter, "wage_crime_transfer_approval", date(2026, 2, 13))
    chinese = told(matter, "wage_crime_transfer_approval", date(2026, 2, 13), "zh")
    # Calendar days end on 2/16, off until 2/23; working days are 2/14 (make-up), 2/24, 2/25.
    assert "Due on 2026-02-24 (Tue)." in english
    assert "Counted in working days instead (A-8), it would be due on 2026-02-25." in english
    assert "若按工作日计算（A-8），到期日为2026-02-25。" in chinese
    assert english[1].endswith("both readings, calendar and working days, are shown (A-8).")


def test_hours_are_told_to_the_minute_and_late_on_the_very_day() -> None:
    approved = Event("transfer_approved", date(2025, 3, 14), at="16:40")
    late = course(approved, Event("transferred_to_police", date(2025, 3, 15), at="16:41"))
    said = told(late, "wage_crime_transfer", date(2025, 3, 17))
    assert "Period: 24 hours. Counted in hours from the moment of the event" in said[1]
    assert "At 16:40 on that day." in said
    assert "2025-03-15: Transferred to the police. Met late: the time of day had passed." in said
    unknown = course(Event("transfer_approved", date(2025, 3, 14)))
    assert any(
        "Please record it" in one for one in told(unknown, "wage_crime_transfer", date(2025, 3, 14))
    )


def test_years_are_told_as_years_and_what_ends_of_itself_is_not_missed() -> None:
    said = told(
        course(Event("blacklist_listed", date(2023, 3, 9))), "wage_blacklist_term", date(2025, 1, 1)
    )
    assert any(one.startswith("Period: 3 years.") for one in said)
    assert "Reached on 2026-03-09 (Mon)." in said
    assert "Note: At its end the employer is removed and publishing stops." in said
    assert not any(one.startswith("If it is missed") for one in said)


def test_the_day_of_an_order_is_told_once_and_must_be_given() -> None:
    order = Event("order_to_pay_served", date(2025, 3, 3), pay_by=date(2025, 3, 18))
    said = told(course(order), "wage_order_deadline", date(2025, 3, 3))
    assert sum("the one that the document sets" in one for one in said) == 1
    assert not any(one.startswith("Period") for one in said)
    bare = refusal(course(), order._replace(pay_by=None), BOOK, date(2025, 3, 3), "en")
    assert bare is not None
    assert bare.field == "pay_by"


def test_the_course_goes_step_by_step() -> None:
    today = date(2025, 4, 1)
    order = Event("order_to_pay_served", date(2025, 3, 3), pay_by=date(2025, 3, 18))
    early = refusal(
        course(order), Event("blacklist_listed", date(2025, 3, 17)), BOOK, date(2025, 3, 17), "en"
    )
    assert early is not None
    assert early.message.endswith("needs one of these first: Deadline of the order passed unpaid.")
    assert "art. 8" in early.article
    expired = course(order, Event("order_deadline_expired", date(2025, 3, 18)))
    offered = {one.type: one.ends for one in next_events(expired, BOOK, today)}
    assert offered["not_listed"] == ("wage_blacklist_decision",)
    assert offered["arrears_paid"] == ("wage_order_deadline",)
    assert "materials_handed_over" not in offered
    assert "early_removal_applied" not in offered


def test_an_early_removal_is_revoked_after_its_approval_and_the_term_runs_anew() -> None:
    today = date(2025, 9, 8)
    listed = (
        Event("order_deadline_expired", date(2024, 5, 6)),
        Event("blacklist_listed", date(2024, 6, 3)),
        Event("arrears_corrected", date(2024, 9, 10)),
        Event("early_removal_applied", date(2025, 3, 10)),
    )
    revoked = Event("early_removal_revoked", today)
    early = refusal(course(*listed), revoked, BOOK, today, "zh")
    assert early is not None
    assert early.message.endswith("准予提前移出。")
    removed = (
        *listed,
        Event("early_removal_approved", date(2025, 3, 31)),
        Event("blacklist_removed", date(2025, 4, 15)),
    )
    assert "early_removal_revoked" in {
        one.type for one in next_events(course(*removed), BOOK, today)
    }
    history = course(*removed, revoked)
    found = derive(history, BOOK, today)
    terms = [one for one in found.clocks if one.rule == "wage_blacklist_term"]
    assert [one.state for one in terms] == ["met", "running"]
    assert found.findings == ()
    said = steps(terms[1], history, BOOK, "en")
    assert any("art. 15" in one and one.startswith("Basis of the recalculation") for one in said)


def test_commitments_that_are_off_start_nothing_and_offer_nothing() -> None:
    today = date(2025, 3, 3)
    events = [
        Event(name, today)
        for name in ("advance_applied", "clue_assigned", "deposit_used", "deposit_payment_notified")
    ]
    found = derive(course(*events), BOOK, today)
    assert (found.clocks, found.findings) == ((), ())
    offered = {one.type for one in next_events(course(*events), BOOK, today)}
    assert not offered & {"advance_paid", "deposit_replenished", "deposit_paid_out"}
    applied = course(Event("recognition_applied", today), procedure="employment")
    assert derive(applied, BOOK, date(2025, 6, 1)).clocks == ()
    assert refusal(course(), Event("clue_assigned", today), BOOK, today, "en") is None


def test_every_row_stands_as_what_it_is() -> None:
    limits = {
        one.id: one.use
        for one in (*BOOK.policy.rules.values(), *BOOK.policy.statements.values())
        if one.procedure in ("wage_arrears", "employment")
    }
    by_use: dict[str, set[str]] = {}
    for name, use in limits.items():
        by_use.setdefault(use, set()).add(name)
    assert len(by_use.pop("law")) == 17
    assert by_use == {
        "target": {"emp_difficult_placement_sh", "emp_zero_household_placement_sh"},
        "off": {
            "wage_advance_sh_apply", "wage_deposit_payout", "wage_deposit_replenish",
            "wage_clue_platform", "emp_difficult_recognition_sh", "emp_difficult_recognition_zj",
        },
        "negative": {"wage_emergency_fund", "wage_labour_fee_cycle", "emp_zero_household_duty"},
        "dead": {"emp_registration_exit_sh_DEAD"},
    }  # fmt: skip
    labels = [BOOK.policy.rules[name].label for name in by_use["off"]]
    assert all(label is not None and "未核实" in label.zh for label in labels)
    assert all(label is not None and "not verified" in label.en for label in labels)


ORDER = Event("order_to_pay_served", date(2026, 3, 2), pay_by=date(2026, 3, 18))
AFTERWARDS = date(2026, 3, 19)


def due_days(matter: Matter, rule: str, today: date) -> list[tuple[date, date | None]]:
    clocks = derive(matter, BOOK, today).clocks
    return [(one.started_on, one.due_on) for one in clocks if one.rule == rule]


def test_an_order_that_ran_out_unpaid_starts_the_decision_on_its_day_by_itself() -> None:
    matter, decision = course(ORDER), "wage_blacklist_decision"
    on_the_day = derive(matter, BOOK, date(2026, 3, 18))
    assert due_days(matter, decision, date(2026, 3, 18)) == []
    # On which day the answer changes with nothing recorded: the sweep looks at it.
    assert on_the_day.changes_on == AFTERWARDS
    # 3/19 = 1, 3/20 = 2, then five a week but for 4/6 (Qingming): the twentieth is 4/16.
    assert due_days(matter, decision, AFTERWARDS) == [(date(2026, 3, 18), date(2026, 4, 16))]
    assert derive(matter, BOOK, AFTERWARDS).changes_on is None


def test_who_pays_by_the_day_of_the_order_comes_to_no_decision() -> None:
    paid = course(ORDER, Event("arrears_paid", date(2026, 3, 18)))
    late = course(ORDER, Event("arrears_paid", AFTERWARDS))
    assert due_days(paid, "wage_blacklist_decision", date(2026, 4, 1)) == []
    assert len(due_days(late, "wage_blacklist_decision", date(2026, 4, 1))) == 1


def test_each_order_runs_out_on_its_own_day() -> None:
    second = Event("order_to_pay_served", date(2026, 3, 3), pay_by=date(2026, 3, 10))
    found = due_days(course(ORDER, second), "wage_blacklist_decision", date(2026, 4, 1))
    assert [started for started, _ in found] == [date(2026, 3, 10), date(2026, 3, 18)]
    ahead = Event("order_to_pay_served", date(2026, 3, 20), pay_by=date(2026, 6, 1))
    both = derive(course(ORDER, ahead), BOOK, date(2026, 4, 1))
    assert both.changes_on == date(2026, 6, 2)
    assert sum(one.rule == "wage_blacklist_decision" for one in both.clocks) == 1


def test_what_was_recorded_by_hand_before_counts_once() -> None:
    told_twice = course(ORDER, Event("order_deadline_expired", date(2026, 3, 18)))
    assert len(due_days(told_twice, "wage_blacklist_decision", date(2026, 4, 1))) == 1


def test_an_order_of_before_the_measures_contradicts_nothing() -> None:
    old = Event("order_to_pay_served", date(2019, 3, 4), pay_by=date(2019, 3, 19))
    assert derive(course(old), BOOK, date(2019, 6, 1)).findings == ()


def test_the_term_on_the_list_ends_by_itself_and_the_removal_is_owed() -> None:
    listed = course(ORDER, Event("blacklist_listed", date(2026, 4, 10)))
    assert derive(listed, BOOK, date(2026, 5, 1)).changes_on == date(2029, 4, 11)
    assert due_days(listed, "wage_blacklist_removal", date(2029, 4, 10)) == []
    assert [one for one, _ in due_days(listed, "wage_blacklist_removal", date(2029, 4, 11))] == [
        date(2029, 4, 10)
    ]
    today = date(2029, 4, 11)
    assert refusal(listed, Event("blacklist_removed", today), BOOK, today, "en") is None
    assert refusal(course(ORDER), Event("blacklist_removed", today), BOOK, today, "en") is not None


def test_nobody_records_by_hand_what_comes_by_itself() -> None:
    for name in ("order_deadline_expired", "blacklist_term_expired"):
        refused = refusal(course(ORDER), Event(name, AFTERWARDS), BOOK, AFTERWARDS, "en")
        assert refused is not None
        assert "by the application itself" in refused.message


def test_a_case_does_not_close_while_a_listing_is_under_way() -> None:
    today = date(2026, 4, 1)
    clue = Event("clue_assigned", date(2026, 3, 1))

    def closes(matter: Matter, event: str = "clue_closed") -> bool:
        return refusal(matter, Event(event, today), BOOK, today, "en") is None

    assert closes(course(clue))
    assert not closes(course(clue, ORDER))
    assert not closes(course(ORDER), "case_closed")
    assert closes(course(ORDER), "transferred_out")
    decided = (clue, ORDER, Event("not_listed", date(2026, 3, 30)))
    assert closes(course(*decided))
    assert closes(course(*decided), "case_closed")
    assert not closes(course(ORDER, decided[2]), "clue_closed")
    reported = Event("transfer_reported", today)
    assert not closes(course(*decided, reported))


@pytest.mark.parametrize(("pay_by", "due"), [(2, date(2025, 6, 2)), (1, None)])
def test_an_order_to_pay_on_the_day_of_its_service_counts_and_one_before_it_does_not(
    pay_by: int, due: date | None
) -> None:
    order = Event("order_to_pay_served", date(2025, 6, 2), pay_by=date(2025, 6, pay_by))
    matter = Matter("wage_arrears", "national", (order,))
    found = derive(matter, BOOK, date(2025, 6, 2))
    assert [one.due_on for one in found.clocks] == ([] if due is None else [due])
    said = Finding("day_before_service", order.type, order.on, "wage_order_deadline", "2025-06-01")
    assert found.findings == (() if due else (said,))


def test_making_good_without_a_listing_begins_nothing_and_is_said() -> None:
    made_good = Event("arrears_corrected", date(2025, 6, 2))
    matter = Matter("wage_arrears", "national", (made_good,))
    found = derive(matter, BOOK, date(2025, 12, 1))
    assert found.clocks == ()
    assert found.findings == (Finding("nothing_running", made_good.type, made_good.on),)
