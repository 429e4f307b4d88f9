"""The reports: numbers, targets, marks, the cases behind, Excel, and who may see what."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from jobs import rates
from jobs.settings import JobSettings
from jobs.workbook import texts
from models import IndicatorValue
from tests.support.browser import Browser

FEBRUARY = date(2026, 2, 1)
MARCH_9 = date(2026, 3, 9)
Opens = Callable[..., Browser]


def compute(session: Session, today: date = MARCH_9, month: date = FEBRUARY) -> None:
    session.commit()
    rates.run(session, today, JobSettings(), month)


def words(html: str) -> str:
    """The visible text of a page, on one line."""
    text = re.sub(r"<(script|style|head).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def row(html: str, name: str) -> str:
    """The text of the table row that begins with `name`."""
    found = [words(one) for one in re.findall(r"<tr>.*?</tr>", html, flags=re.DOTALL)]
    return next(one for one in found if one.startswith(name))


@pytest.fixture
def figures(session: Session, world: Any) -> None:
    """East: one kept, one missed; west: one kept; an arbitration closed out of two."""
    world.settled(world.eastern, date(2026, 2, 3), kept=True)
    world.settled(world.eastern, date(2026, 2, 4), kept=False)
    world.settled(world.western, date(2026, 2, 5), kept=True)
    for closed_on in (date(2026, 2, 20), None):
        world.case(world.western, "arbitration", accepted_on=date(2026, 2, 2), closed_on=closed_on)
    compute(session)


def test_an_indicator_stands_beside_its_target(logged_in: Opens, figures: None) -> None:
    page = logged_in("analyst").get("/reports?month=2026-02").text
    text = row(page, "Inspection on-time closure rate")
    assert "66.67 % ≥ 98 % 2 / 3 Missed" in text
    assert "target carried over from the 2021–2025 plan" in text


def test_a_month_shows_the_closure_rate_unjudged_beside_the_yearly_target(
    logged_in: Opens, figures: None
) -> None:
    browser = logged_in("analyst")
    month = row(browser.get("/reports?month=2026-02").text, "Arbitration closure rate")
    assert "50.00 % ≥ 92 % 1 / 2 Not judged" in month
    assert "a yearly target" in month
    year = row(browser.get("/reports?month=2026-02&period=year").text, "Arbitration closure rate")
    assert "50.00 % ≥ 92 % 1 / 2 Missed" in year
    assert "a yearly target" not in year


def test_no_cases_is_no_rate(logged_in: Opens, figures: None) -> None:
    text = row(logged_in("analyst").get("/reports?month=2026-02").text, "Mediation rate")
    assert "no rate" in text
    assert "100" not in text


def test_the_table_by_unit_has_each_unit_below(logged_in: Opens, figures: None) -> None:
    page = logged_in("analyst").get("/reports?month=2026-02").text
    assert "50.00 % 1 / 2 Missed" in row(page, "east")
    assert "100.00 % 1 / 1" in row(page, "west")


def test_a_number_opens_its_cases(logged_in: Opens, figures: None) -> None:
    browser = logged_in("analyst")
    page = browser.get("/reports/inspection_on_time_closure_rate?month=2026-02").text
    links = {
        part: unescape(found[1])
        for part in ("numerator", "denominator", "difference")
        if (found := re.search(rf'href="(/cases\?[^"]*part={part})"', page))
    }
    counts = {
        part: len(set(re.findall(r"T-2026-\d{4}", browser.get(address).text)))
        for part, address in links.items()
    }
    assert counts == {"numerator": 2, "denominator": 3, "difference": 1}


def test_an_ended_month_is_frozen_and_its_restatement_stands_beside(
    session: Session, world: Any, logged_in: Opens, figures: None
) -> None:
    world.settled(world.eastern, date(2026, 2, 6), kept=True)
    session.commit()
    browser = logged_in("supervisor")
    before = browser.get("/reports?month=2026-02").text
    assert "Closed: figures of 2026-03-09, frozen." in words(before)
    answer = browser.post("/reports/compute", month="2026-02", period="month")
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "they stand as restatements" in words(page)
    text = row(page, "Inspection on-time closure rate")
    assert "75.00 %" in text
    assert "restated; first figure 2 / 3 = 66.67 %" in text


def test_compute_now_brings_the_running_month_up_to_date(
    session: Session, world: Any, logged_in: Opens
) -> None:
    browser = logged_in("analyst")
    assert "Not computed yet." in words(browser.get("/reports").text)
    world.settled(world.eastern, date(2026, 3, 3), kept=True)
    session.commit()
    page = browser.get(browser.post("/reports/compute", month="2026-03").location).text
    assert "Not over: figures of 2026-03-09." in words(page)
    assert "100.00 % ≥ 98 % 1 / 1 Met" in row(page, "Inspection on-time closure rate")


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("analyst", 302),
        ("supervisor", 302),
        ("administrator", 403),
        ("caseworker", 403),
        ("auditor", 403),
    ],
)  # fmt: skip
def test_who_may_compute(session: Session, logged_in: Opens, username: str, status: int) -> None:
    browser = logged_in(username)
    browser.get("/account")
    answer = browser.post("/reports/compute", month="2026-02")
    assert answer.status_code == status
    assert bool(session.exec(select(IndicatorValue)).first()) == (status == 302)


def test_a_unit_reads_its_own_figures_and_no_others(
    world: Any, logged_in: Opens, figures: None
) -> None:
    browser = logged_in("eastern")
    page = browser.get("/reports?month=2026-02").text
    assert "1 / 2" in row(page, "Inspection on-time closure rate")
    assert "west" not in words(page)
    for unit in (world.west.id, world.top.id):
        assert browser.get(f"/reports?month=2026-02&unit={unit}").status_code == 404
        assert browser.get(f"/reports/download?month=2026-02&unit={unit}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/reports/download?month=2026-04",
        "/reports/download?month=2026-13",
        "/reports/download?month=1999-01",
        "/reports/download?period=decade",
        "/reports?unit=x",
        "/reports?unit=999",
        "/reports/no_such_rate",
    ],
)
def test_what_cannot_be_reported_is_not_found(logged_in: Opens, address: str) -> None:
    assert logged_in("analyst").get(address).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("month=2026-04", "month"),
        ("month=2026-13", "month"),
        ("month=1999-01", "month"),
        ("period=decade", "period"),
        ("monht=2026-01", "monht"),
        ("monht=2026-01&period=decade", "monht, period"),
    ],
)
@pytest.mark.parametrize("page", ["/reports", "/reports/inspection_on_time_closure_rate"])
def test_a_part_of_an_address_that_no_report_knows_is_named_and_the_others_hold(
    logged_in: Opens, world: Any, page: str, wrong: str, named: str
) -> None:
    response = logged_in("analyst").get(f"{page}?{wrong}&unit={world.west.id}")
    assert response.status_code == 200
    assert f"cannot read it: {named}. All else" in words(response.text)
    assert f'value="{world.west.id}" selected' in response.text


def test_the_excel_file_is_the_months_report(logged_in: Opens, figures: None) -> None:
    answer = logged_in("analyst", "zh_CN").get("/reports/download?month=2026-02")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert "anqi-2026-02-district.xlsx" in answer.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    assert book.sheet_names == ["汇总", "分单位", "说明"]
    rows = book.get_sheet_by_name("汇总").to_python()
    rate = next(one for one in rows if one[0] == "劳动保障监察举报投诉按期结案率")
    assert rate[5:9] == [2.0, 3.0, 66.67, "未达标"]


def test_two_years_stand_in_a_table_beside_the_line(
    session: Session, world: Any, logged_in: Opens, figures: None
) -> None:
    world.settled(world.eastern, date(2024, 5, 6), kept=True)
    compute(session, month=date(2024, 5, 1))
    page = logged_in("analyst").get("/reports/inspection_on_time_closure_rate?month=2026-02").text
    assert "2 / 3 66.67 %" in row(page, "2026-02")
    assert "1 / 1 100.00 %" in row(page, "2024-05")
    assert "not computed" in row(page, "2025-05")
    assert len(re.findall(r'<th scope="row">20\d\d-\d\d</th>', page)) == 24
    # Months without a rate interrupt the line.
    assert page.count("<polyline") == 2


def test_an_indicator_says_what_it_counts_and_how_sure_that_is(
    logged_in: Opens, figures: None
) -> None:
    text = words(logged_in("analyst").get("/reports/arbitration_closure_rate").text)
    assert "Closed in the period / (carried over + accepted in the period)" in text
    assert "Inferred, no official formula" in text
    assert "arbitration_closed_over_on_hand@2026-11-22" in text
    assert "沪崇府办发〔2021〕24号" in text


@pytest.mark.parametrize(("lang", "sure"), [("en", "Inferred"), ("zh_CN", "推断")])
def test_how_sure_a_formula_is_has_the_same_words_everywhere(
    logged_in: Opens, figures: None, lang: str, sure: str
) -> None:
    browser = logged_in("analyst", lang)
    told = texts(lang[:2])["inferred"]
    assert told.startswith(sure)
    assert told in words(browser.get("/policy/indicators").text)
    assert told in words(browser.get("/reports/arbitration_closure_rate").text)
    file = browser.get("/reports/download?month=2026-02").data
    notes = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(2).to_python()
    assert told in {cell for line in notes for cell in line}


def test_the_pages_style_nothing_inline(logged_in: Opens, figures: None) -> None:
    browser = logged_in("analyst")
    for address in ("/reports?month=2026-02", "/reports/mediation_rate?month=2026-02"):
        assert not re.search(r"\sstyle=|<style|\son\w+=", browser.get(address).text)


def test_reports_need_a_log_in(app: Any) -> None:
    answer = Browser(app.test_client()).get("/reports")
    assert answer.status_code == 302
    assert answer.location.startswith("/login")
