"""The calculator answers as `anqi what-if` does."""

from collections.abc import Callable

import pytest

from tests.support.browser import Browser

_AWARD = (
    "/calculator?procedure=arbitration&jurisdiction=national&fact_claimants=12"
    "&e0-type=case_accepted&e0-on=2025-08-18&e1-type=extension_approved&e1-on=2025-09-26"
    "&e1-days=15&today=2025-10-10"
)


def test_it_shows_the_deadline_with_its_steps(logged_in: Callable[[str], Browser]) -> None:
    page = logged_in("caseworker").get(_AWARD)
    assert page.status_code == 200
    # 45 + 15 calendar days after 18 August 2025.
    assert "2025-10-17" in page.text
    assert "extended by 15 calendar days" in page.text


def test_what_was_chosen_stays(logged_in) -> None:
    page = logged_in("caseworker").get(_AWARD).text
    assert '<option selected value="extension_approved">' in page
    assert 'value="12"' in page


def test_an_event_without_what_it_needs_is_refused_at_the_field(logged_in) -> None:
    browser = logged_in("caseworker")
    page = browser.get("/calculator?procedure=arbitration&e0-type=extension_approved")
    assert page.status_code == 422
    assert 'href="#e0-on"' in page.text
    assert 'href="#e0-days"' in page.text


def test_a_day_in_the_future_is_refused(logged_in) -> None:
    path = "/calculator?procedure=arbitration&jurisdiction=national&e0-type=case_accepted"
    page = logged_in("caseworker").get(f"{path}&e0-on=2027-01-05")
    assert page.status_code == 422
    assert "in the future" in page.text


def test_one_more_row_is_a_part_of_the_page(logged_in) -> None:
    page = logged_in("caseworker").get("/calculator/row?procedure=mediation&e0-type=&e4-type=")
    assert "<html" not in page.text
    assert 'name="e5-type"' in page.text
    assert "mediation_application_received" in page.text


def test_without_scripts_the_button_adds_a_row_too(logged_in) -> None:
    page = logged_in("caseworker").get("/calculator?procedure=arbitration&e0-type=&action=add")
    assert 'name="e1-type"' in page.text


@pytest.mark.parametrize("part", ["procedure", "jurisdiction"])
def test_a_choice_that_is_not_there_is_left_out_and_said(logged_in, part: str) -> None:
    browser = logged_in("caseworker")
    page = browser.get(f"/calculator?{part}=zzz")
    assert page.status_code == 200
    assert "Left out of this address" in page.text
    assert f": {part}. All else it says holds" in page.text
    assert "Left out of this address" not in browser.get(_AWARD).text
