"""What the steps of a date say of its end, its version and the holidays that it rests on."""

from datetime import date

from rules.deadlines import derive
from rules.explain import steps
from rules.matter import Event, Matter
from rules.rulebook import builtin_rulebook
from tests.rules.test_explain import TODAY, account, arbitration


def told_of_withdrawal(day: date, language: str) -> str:
    events = (Event("recognised", date(2025, 3, 10)), Event("willingness_withdrawn", day))
    matter, book = Matter("employment", "shanghai", events), builtin_rulebook()
    (clock,) = derive(matter, book, date(2025, 7, 1)).clocks
    return " ".join(steps(clock, matter, book, language))


def test_who_withdrew_was_not_placed_in_time() -> None:
    """沪府规〔2022〕6号: 在有就业意愿且服从安排的前提下."""
    in_time, late = date(2025, 4, 1), date(2025, 6, 12)
    assert "前提不成立，期限终止。" in told_of_withdrawal(in_time, "zh")
    assert "按期完成" not in told_of_withdrawal(in_time, "zh")
    assert "Met" not in told_of_withdrawal(in_time, "en")
    assert "前提不成立，期限终止；此前已超期2个自然日" in told_of_withdrawal(late, "zh")
    assert "overdue by 2 calendar days" in told_of_withdrawal(late, "en")


def test_a_version_that_is_only_cited_anew_does_not_begin_the_period() -> None:
    events = (Event("right_infringement_known", date(2025, 3, 10)),)
    matter, book = Matter("arbitration", "national", events), builtin_rulebook()
    (clock,) = derive(matter, book, date(2025, 7, 1)).clocks
    assert "期限自2008-05-01起未变，引用依据自2017-07-01起；核验：V1+V2。" in steps(
        clock, matter, book, "zh"
    )


def test_what_follows_an_overrun_is_told_with_its_articles() -> None:
    matter = arbitration(Event("case_accepted", date(2025, 6, 3)))
    told = account(matter, "arb_award", date(2025, 7, 1), "zh")
    assert any("否则继续处理；法院受理的例外" in step for step in told)
    assert any(step.startswith("后果的依据：劳动争议解释（一）第12条") for step in told)
    # Not before it was in force.
    matter = arbitration(Event("case_accepted", date(2019, 6, 3)))
    told = account(matter, "arb_award", date(2019, 7, 1), "zh")
    assert not any("劳动争议解释（一）" in step for step in told)


def provisional_steps(matter: Matter, rule: str) -> list[str]:
    return [one for one in account(matter, rule, TODAY, "zh") if one.startswith("暂定")]


def test_what_was_published_long_ago_is_not_called_unpublished() -> None:
    before = arbitration(Event("case_accepted", date(2018, 6, 4)))
    (told,) = provisional_steps(before, "arb_award")
    assert "2020年以前" in told
    assert "早已公布，但未录入" in told
    (told,) = provisional_steps(
        arbitration(Event("case_accepted", date(2026, 11, 30))), "arb_award"
    )
    assert "尚未公布" in told


def test_what_no_holiday_can_move_is_not_provisional() -> None:
    """A day that an order sets, and that of deemed service (A-7), stand as they are."""
    order = Event("order_to_pay_served", date(2026, 12, 1), pay_by=date(2027, 3, 10))
    matter, book = Matter("wage_arrears", "national", (order,)), builtin_rulebook()
    clocks = {one.rule: one for one in derive(matter, book, TODAY).clocks}
    assert clocks["wage_order_deadline"].due_on == date(2027, 3, 10)
    assert not clocks["wage_order_deadline"].provisional
    notice = arbitration(
        Event("case_accepted", date(2026, 12, 1)), Event("notice_published", date(2026, 12, 10))
    )
    clocks = {one.rule: one for one in derive(notice, book, TODAY).clocks}
    assert clocks["arb_public_notice_deemed"].due_on == date(2027, 1, 9)
    assert not clocks["arb_public_notice_deemed"].provisional
    assert clocks["arb_serve_application"].due_on == date(2026, 12, 8)


def test_what_does_not_roll_says_nothing_of_a_make_up_day() -> None:
    """2025-04-27 is a Sunday on which work is done; a same-day duty is due on it anyway."""
    matter = Matter("inspection", "national", (Event("complaint_accepted", date(2025, 4, 27)),))
    book = builtin_rulebook()
    (clock,) = [
        one for one in derive(matter, book, TODAY).clocks if one.rule == "insp_file_on_acceptance"
    ]
    assert not any("补班日" in step for step in steps(clock, matter, book, "zh"))
