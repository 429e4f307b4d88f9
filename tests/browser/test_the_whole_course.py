"""What "done" means: a case from the counter to its end, with a supervisor, in a browser."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from jobs import deliver, sweep
from jobs.settings import JobSettings
from models.case import KINDS
from tests.browser.conftest import Visitor
from tests.support.browser import PASSWORD
from tests.support.office import TODAY, Office, credit_code, employer, resident_id, worker

pytestmark = pytest.mark.browser


def _person(page: Page, row: int, name: str, serial: int) -> None:
    page.fill(f"[name=parties-{row}-name]", name)
    page.fill(f"[name=parties-{row}-id_number]", resident_id(serial))
    page.fill(f"[name=parties-{row}-phone]", "13800138000")


def _employer(page: Page, row: int) -> None:
    page.fill(f"[name=parties-{row}-name]", "上海东滩物流有限公司")
    page.fill(f"[name=parties-{row}-credit_code]", credit_code(1))


def _fill_in(page: Page, kind: str, serial: int = 1) -> None:
    if kind not in ("report", "wage_arrears"):
        _person(page, 0, "李明", serial)
    if kind == "wage_arrears":
        _employer(page, 0)
    elif kind == "report":
        _employer(page, 0)
        page.fill("[name=reporter_name]", "赵知情")
    elif kind == "work_injury":
        _employer(page, 1)
    elif kind in ("complaint", "arbitration", "mediation"):
        _employer(page, 1)
        page.fill("[name=claims-0-amount]", "12,500.00")


def _register(visitor: Visitor, kind: str, serial: int = 1) -> str:
    page = visitor.open(f"/register/{kind}")
    _fill_in(page, kind, serial)
    page.click("#register-form button.btn-primary")
    page.wait_for_url("**/cases/*")
    return page.url.rsplit("/", 1)[1]


def _record(page: Page, label: str, **fields: str) -> None:
    """Press an event on the case's page and send its form."""
    page.evaluate("document.querySelectorAll('#next details').forEach(one => one.open = true)")
    page.locator("#next").get_by_role("link", name=label, exact=True).click()
    for name, value in fields.items():
        page.fill(f"main [name={name}]", value)
    page.click("main form .btn-primary")
    page.wait_for_url(re.compile(r"/cases/[^/]+$"))


def test_a_petition_from_the_counter_to_the_opinion(visit: Callable[..., Visitor]) -> None:
    chen = visit("chen")
    page = chen.open("/register/petition")
    expect(page.locator("[name=reference]")).to_be_hidden()
    page.check("[name=opening][value=petition_transfer_received]")
    page.fill("[name=reference]", "No. 7")
    page.select_option("[name=matter_class]", "§31(6)")
    expect(page.locator("#preview")).to_contain_text("Object where it is not for this authority")
    _person(page, 0, "李明", 1)
    page.click("#register-form button.btn-primary")
    page.wait_for_url("**/cases/*")
    _record(page, "Petition accepted")
    expect(page.locator("#deadlines")).to_contain_text("Conclude the petition")
    _record(page, "Petitioner notified in writing")
    _record(page, "Opinion on the petition issued")
    _record(page, "Opinion received by the petitioner")
    expect(page.locator(".case-facts")).to_contain_text("Closed")
    expect(page.locator("#deadlines")).to_contain_text("Ask for a review")
    assert chen.complaints == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_registered_at_the_counter(visit: Callable[..., Visitor], kind: str) -> None:
    chen = visit("chen")
    number = _register(chen, kind)
    expect(chen.page.locator("#flashes")).to_contain_text(f"{number} is registered")
    assert chen.complaints == []


def test_an_arbitration_from_application_to_award_with_an_extension(
    visit: Callable[..., Visitor], office: Office
) -> None:
    chen, chief = visit("chen"), visit("chief")
    number = _register(chen, "arbitration")
    page = chen.page
    _record(page, "Case accepted")
    expect(page.locator("#deadlines")).to_contain_text("2026-04-23")

    _record(page, "Extension approved", days="10", reason="Complex evidence.")
    expect(page.locator("#flashes")).to_contain_text("A supervisor decides")

    supervisor = chief.open("/team")
    supervisor.get_by_role("button", name=f"Approve {number}").click()
    expect(supervisor.locator("#flashes")).to_contain_text("Approved")

    chen.open(f"/cases/{number}")
    # 45 days and ten more end on a Sunday of the May holiday and roll past it.
    expect(page.locator("#deadlines")).to_contain_text("extended by 10 calendar days")
    page.locator("#deadlines summary", has_text="Why this date?").first.click()
    expect(page.locator("#deadlines .reasons").first).to_be_visible()
    # The reasons are sentences: they have the width of the table, not of its first column.
    wide = 'one => one.clientWidth > 0.9 * one.closest("table").clientWidth'
    assert page.locator("#deadlines .reasons").first.evaluate(wide)

    _record(page, "Award issued")
    expect(page.locator(".case-facts")).to_contain_text("Closed")
    assert chen.complaints == []
    assert chief.complaints == []


def test_a_suspension_is_asked_for_approved_and_ended(visit: Callable[..., Visitor]) -> None:
    chen, chief = visit("chen"), visit("chief")
    number = _register(chen, "arbitration")
    page = chen.page
    _record(page, "Case accepted")
    _record(page, "Suspended", reason="Waiting for the work injury decision.")
    supervisor = chief.open(f"/cases/{number}")
    supervisor.locator("#approvals").get_by_role("button", name="Approve").click()
    expect(supervisor.locator("#deadlines")).to_contain_text("Paused")
    chen.open(f"/cases/{number}")
    _record(page, "Resumed")
    expect(page.locator("#deadlines")).to_contain_text("Running")


def test_a_complaint_is_accepted_filed_and_closed(visit: Callable[..., Visitor]) -> None:
    chen = visit("chen")
    _register(chen, "complaint")
    page = chen.page
    _record(page, "Complaint accepted")
    expect(page.locator("#timeline")).to_contain_text("Case filed")
    _record(page, "Investigation completed")
    _record(page, "Case closed")
    expect(page.locator(".case-facts")).to_contain_text("Closed")


def test_the_supervisor_sees_the_alert_of_an_overdue_case(
    visit: Callable[..., Visitor], office: Office
) -> None:
    number = office.register("complaint", received_on=date(2026, 2, 2)).number
    sweep.run(office.session, TODAY, JobSettings())
    deliver.run(office.session, TODAY, JobSettings())
    office.session.commit()
    chief = visit("chief")
    page = chief.open("/team")
    expect(page.locator("#pressing")).to_contain_text(number)
    page.locator("a.bell").click()
    alert = page.locator(".alert-list li", has_text=number).first
    expect(alert).to_contain_text("Overdue")
    alert.get_by_role("button", name="Mark as read").click()
    expect(page.locator("a.bell")).to_contain_text("0 unread")


def test_the_preview_follows_the_day_as_it_is_typed(visit: Callable[..., Visitor]) -> None:
    page = visit("chen").open("/register/arbitration")
    expect(page.locator("#preview")).to_contain_text("Mar 16, 2026")
    page.fill("[name=received_on]", "2026-03-02")
    expect(page.locator("#preview")).to_contain_text("Mar 9, 2026")
    expect(page.locator("#preview")).to_contain_text("Entered late")


def test_numbers_are_checked_while_typing(visit: Callable[..., Visitor]) -> None:
    page = visit("chen").open("/register/complaint")
    page.fill("[name=parties-0-id_number]", "310230199001011235")
    page.locator("[name=parties-0-phone]").focus()
    expect(page.locator("#check-parties-0-id_number")).to_contain_text("check digit")
    page.fill("[name=parties-0-id_number]", resident_id(3))
    page.locator("[name=parties-0-phone]").focus()
    expect(page.locator("#check-parties-0-id_number")).to_contain_text("well formed")


def test_a_known_person_is_offered_chosen_and_their_open_cases_shown(
    visit: Callable[..., Visitor], office: Office
) -> None:
    earlier = office.register(
        "mediation", parties=[worker("applicant"), employer("respondent")]
    ).number
    page = visit("chen").open("/register/arbitration")
    page.locator("[name=parties-0-name]").press_sequentially("李明")
    page.locator("#offers-parties-0 button").first.click()
    expect(page.locator("#row-parties-0")).to_contain_text("Known person")
    page.fill("[name=summary]", "The mediation failed.")
    page.locator("[name=summary]").blur()
    expect(page.locator("#preview")).to_contain_text(earlier)
    page.get_by_role("button", name="Same dispute").click()
    expect(page.locator("[name=linked_number]")).to_have_value(earlier)
    _employer(page, 1)
    page.click("#register-form button.btn-primary")
    page.wait_for_url("**/cases/*")
    expect(page.locator("main")).to_contain_text(earlier)


def test_a_row_is_added_and_the_typed_words_stay(visit: Callable[..., Visitor]) -> None:
    page = visit("chen").open("/register/complaint")
    _person(page, 0, "李明", 1)
    page.get_by_role("button", name="Add another worker").click()
    expect(page.locator("[name=parties-2-name]")).to_be_focused()
    expect(page.locator("[name=parties-0-name]")).to_have_value("李明")


def test_enter_in_a_field_does_not_submit(visit: Callable[..., Visitor]) -> None:
    chen = visit("chen")
    page = chen.open("/register/complaint")
    page.fill("[name=parties-0-name]", "李明")
    page.locator("[name=parties-0-name]").press("Enter")
    page.wait_for_timeout(300)
    expect(page.locator(".error-summary")).to_have_count(0)
    assert page.url.endswith("/register/complaint")


def test_the_error_summary_has_the_focus_and_leads_to_the_field(
    visit: Callable[..., Visitor],
) -> None:
    page = visit("chen").open("/register/complaint")
    page.click("#register-form button.btn-primary")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    assert re.search(r"#parties-0-name$", page.url)


def test_a_session_that_ended_costs_nothing_of_what_was_typed(
    visit: Callable[..., Visitor],
) -> None:
    page = visit("chen").open("/register/complaint")
    _fill_in(page, "complaint")
    page.context.clear_cookies()
    page.fill("[name=summary]", "A long story.")
    page.click("#register-form button.btn-primary")
    notice = page.locator("#logged-out")
    # Nothing has the focus in a window that is not in front.
    page.bring_to_front()
    expect(notice).to_be_focused()
    assert page.input_value("[name=summary]") == "A long story."
    with page.context.expect_page() as opened:
        notice.get_by_role("link").click()
    tab = opened.value
    tab.fill("[name=username]", "chen")
    tab.fill("[name=password]", PASSWORD)
    tab.click("main button[type=submit]")
    tab.wait_for_url("**/work")
    page.click("#register-form button.btn-primary")
    page.wait_for_url("**/cases/*")
    expect(page.locator("#about")).to_contain_text("A long story.")


def test_what_is_typed_is_a_draft_that_another_day_goes_on_with(
    visit: Callable[..., Visitor],
) -> None:
    page = visit("chen").open("/register/complaint")
    _fill_in(page, "complaint")
    expect(page.locator(".draft-note")).to_contain_text("Draft saved")
    page.reload()
    expect(page.locator("[name=parties-0-name]")).not_to_have_value("")
    page.context.close()
    page = visit("chen").open("/register")
    page.get_by_role("link", name="Go on").click()
    page.click("#register-form button.btn-primary")
    page.wait_for_url("**/cases/*")
    page.goto(page.url.partition("/cases/")[0] + "/register")
    expect(page.locator("main")).not_to_contain_text("Your drafts")


def test_an_id_number_is_shown_in_full_on_request(
    visit: Callable[..., Visitor], office: Office
) -> None:
    number = office.register("complaint").number
    page = visit("chen").open(f"/cases/{number}")
    expect(page.locator("#parties")).not_to_contain_text(resident_id(1))
    page.get_by_role("button", name=re.compile("Show in full")).click()
    expect(page.locator("#parties")).to_contain_text(resident_id(1))
    expect(page.locator("#parties")).to_contain_text("on record")
