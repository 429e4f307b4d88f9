"""Commitments on the reports: beside the law, with their cases, and after being taken back."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlmodel import Session

from jobs import rates
from jobs.settings import JobSettings
from models import RuleChange
from models.base import utc_now
from tests.service.reports.test_reports import row, words
from tests.support.browser import Browser

FEBRUARY = date(2026, 2, 1)
MARCH_9 = date(2026, 3, 9)
LAW, PROMISED = "insp_complaint_decision", "insp_complaint_decision_promised"
NAME = "Decide whether to accept the complaint (as promised)"
Opens = Callable[..., Browser]


def settle(world: Any, handler: Any, *, promised: int, law: int, ended: int) -> None:
    """A case with both clocks, by days of February."""
    case = world.case(handler)
    for rule, kind, due in ((PROMISED, "commitment", promised), (LAW, "duty", law)):
        due_on, ended_on = date(2026, 2, due), date(2026, 2, ended)
        state = "met" if ended_on <= due_on else "met_late"
        world.clock(case, due_on, rule=rule, kind=kind, state=state, ended_on=ended_on)


@pytest.fixture
def promise(session: Session, world: Any) -> RuleChange:
    """East kept one of two, west its one; the law was kept in all."""
    change: RuleChange = world.promise(LAW, 3)
    settle(world, world.eastern, promised=5, law=9, ended=5)
    settle(world, world.eastern, promised=5, law=9, ended=9)
    settle(world, world.western, promised=6, law=10, ended=4)
    session.commit()
    rates.run(session, MARCH_9, JobSettings(), FEBRUARY)
    return change


def test_without_a_commitment_there_is_no_such_section(logged_in: Opens) -> None:
    assert "Commitments" not in words(logged_in("analyst").get("/reports?month=2026-02").text)


def test_a_promise_stands_beside_the_legal_limit(logged_in: Opens, promise: RuleChange) -> None:
    page = logged_in("analyst").get("/reports?month=2026-02").text
    text = row(page, NAME)
    assert "A promise of the bureau, not law" in text
    assert "3 working days 2 / 3 those not kept 66.67 % 5 working days 3 / 3 100.00 %" in text


def test_each_unit_has_its_own(logged_in: Opens, promise: RuleChange) -> None:
    page = logged_in("analyst").get("/reports?month=2026-02").text
    by_unit = page.split("Commitments by unit")[-1]
    assert "50.00 % 1 / 2 100.00 % 2 / 2" in row(by_unit, "east")
    assert "100.00 % 1 / 1 100.00 % 1 / 1" in row(by_unit, "west")


@pytest.mark.parametrize(
    ("period", "found"), [("quarter", "2 / 3"), ("year_to_date", "2 / 3"), ("year", "2 / 3")]
)
def test_it_is_counted_in_each_period(
    logged_in: Opens, promise: RuleChange, period: str, found: str
) -> None:
    page = logged_in("analyst").get(f"/reports?month=2026-02&period={period}").text
    assert found in row(page, NAME)


def test_nothing_settled_is_no_rate(session: Session, world: Any, logged_in: Opens) -> None:
    world.promise(LAW, 3)
    session.commit()
    rates.run(session, MARCH_9, JobSettings(), FEBRUARY)
    text = row(logged_in("analyst").get("/reports?month=2026-02").text, NAME)
    assert "3 working days 0 / 0 no rate 5 working days 0 / 0 no rate" in text
    assert "100" not in text


def test_each_number_opens_its_cases(logged_in: Opens, promise: RuleChange) -> None:
    browser = logged_in("analyst")
    page = browser.get("/reports?month=2026-02").text
    section = page.split('id="commitments"')[1].split("Commitments by unit")[0]
    links = [unescape(found) for found in re.findall(r'href="(/cases\?[^"]+)"', section)]
    counts = [len(set(re.findall(r"T-2026-\d{4}", browser.get(one).text))) for one in links]
    # Kept, settled, not kept; then the law's kept and settled.
    assert counts == [2, 3, 1, 3, 3]
    assert "(as promised)" in words(browser.get(links[0]).text)


def test_after_it_is_taken_back_a_closed_month_keeps_its_figures(
    session: Session, logged_in: Opens, promise: RuleChange
) -> None:
    promise.undone_at = utc_now()
    session.commit()
    rates.run(session, MARCH_9, JobSettings(), FEBRUARY)
    page = logged_in("analyst").get("/reports?month=2026-02").text
    text = row(page, "Decide whether to accept the complaint")
    assert "A commitment, taken back since" in text
    assert "3 working days 2 / 3 66.67 % 5 working days 3 / 3 100.00 %" in text
    assert f"indicator={PROMISED}" not in page
    year = logged_in("analyst").get("/reports?month=2026-02&period=year").text
    assert "taken back" not in year


def test_an_address_of_a_commitment_taken_back_is_left_out(
    session: Session, logged_in: Opens, promise: RuleChange
) -> None:
    promise.undone_at = utc_now()
    session.commit()
    browser = logged_in("analyst")
    address = f"/cases?indicator={PROMISED}&starts=2026-02-01&ends=2026-02-28&part=numerator"
    page = browser.get(browser.get(address).location)
    assert "cannot read it: indicator" in words(page.text)


def test_in_chinese(logged_in: Opens, promise: RuleChange) -> None:
    text = words(logged_in("analyst", "zh_CN").get("/reports?month=2026-02").text)
    assert "承诺时限" in text
    assert "决定是否受理投诉（本机关承诺） 本机关的承诺，不是法定期限 3 个工作日 2 / 3" in text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_excel_file_has_them(logged_in: Opens, promise: RuleChange, language: str) -> None:
    answer = logged_in("analyst", language).get("/reports/download?month=2026-02")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    name = "Commitments" if language == "en" else "承诺时限"
    rows = [one for one in book.get_sheet_by_name(name).to_python()[3:] if one[0]]
    month = next(one for one in rows if one[4] == date(2026, 2, 28))
    lengths = (
        ("3 working days", "5 working days") if language == "en" else ("3个工作日", "5个工作日")
    )
    assert month[5:13] == [lengths[0], 2.0, 3.0, 66.67, lengths[1], 3.0, 3.0, 100.0]
    assert month[13].startswith("kept_over_settled@")
    # Three units in each of the four periods.
    assert len(rows) == 12


def test_the_api_gives_both_limits(
    app: Flask, session: Session, world: Any, promise: RuleChange
) -> None:
    from service.tokens import create_token

    token = create_token(session, world.users["analyst"], "test")
    session.commit()
    answer = app.test_client().get(
        "/api/v1/rates?month=2026-02", headers={"Authorization": f"Bearer {token}"}
    )
    (one,) = answer.json["commitments"]
    assert one["taken_back"] is False
    assert (one["promised"]["limit"], one["legal"]["limit"]) == (PROMISED, LAW)
    assert [one[side]["numerator"] for side in ("promised", "legal")] == [2, 3]
    assert [one[side]["percent"] for side in ("promised", "legal")] == ["66.67", "100.00"]
    assert one["promised"]["frozen"]
