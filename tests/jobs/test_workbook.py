"""The Excel report read back."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session

from jobs import rates, workbook
from jobs.settings import JobSettings
from models import Unit, User
from tests.support.bureau import Bureau

FEBRUARY = date(2026, 2, 1)
SETTINGS = JobSettings(language="en")


@pytest.fixture
def handler(bureau: Bureau) -> User:
    """A township of a district with one case kept and one not."""
    township = bureau.unit("=township", bureau.unit("district", kind="district"), "township")
    handler = bureau.user("handler", township)
    for day, kept in ((3, True), (4, False)):
        on = date(2026, 2, day)
        bureau.case(
            handler,
            limit_rule="insp_investigation",
            limit_settled_on=on,
            limit_due_on=on,
            closed_on=on,
            limit_kept=kept,
        )
    rates.run(bureau.session, date(2026, 2, 9), SETTINGS, FEBRUARY)
    return handler


def sheets(session: Session, unit_id: int, language: str = "en") -> dict[str, list[list[Any]]]:
    content = workbook.monthly(session, FEBRUARY, unit_id, SETTINGS, language=language)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def rows_of(sheet: list[list[Any]], name: str) -> list[list[Any]]:
    return [row for row in sheet if row[0] == name]


def test_the_summary_has_numbers_target_and_judgement(session: Session, handler: User) -> None:
    summary = sheets(session, handler.unit_id)["Summary"]
    month, *_ = rows_of(summary, "Inspection on-time closure rate")
    assert month[1:4] == ["Month", FEBRUARY, date(2026, 2, 28)]
    assert month[4:9] == [98.0, 1.0, 2.0, 50.0, "Missed"]
    assert "carried over from the 2021–2025 plan" in month[9]
    assert "Period not over, as of 2026-02-09" in month[9]


def test_the_closure_target_judges_the_year_and_not_the_month(
    session: Session, bureau: Bureau, handler: User
) -> None:
    bureau.case(handler, "arbitration", accepted_on=date(2026, 2, 2), closed_on=date(2026, 2, 20))
    rates.run(session, date(2026, 2, 28), SETTINGS, FEBRUARY)
    summary = sheets(session, handler.unit_id)["Summary"]
    judged = {row[1]: row[8] for row in rows_of(summary, "Arbitration closure rate")}
    assert judged == {
        "Month": "Not judged",
        "Quarter": "Not judged",
        "Year to date": "Met",
        "Whole year": "Met",
    }


def test_no_cases_is_no_rate_and_never_a_percentage(session: Session, handler: User) -> None:
    summary = sheets(session, handler.unit_id)["Summary"]
    month, *_ = rows_of(summary, "Mediation rate")
    assert month[5:9] == [0.0, 0.0, "", "No cases, no rate"]


def test_each_unit_has_a_row_and_its_name_is_never_a_formula(
    session: Session, handler: User
) -> None:
    township = session.get_one(Unit, handler.unit_id)
    by_unit = sheets(session, township.parent_id or 0)["By unit"]
    column = by_unit[2].index("Inspection on-time closure rate")
    rows = {row[0]: row[column : column + 3] for row in by_unit[4:]}
    assert rows == {"district": [1.0, 2.0, 50.0], "=township": [1.0, 2.0, 50.0]}


def test_a_unit_sees_itself_and_those_below(session: Session, handler: User) -> None:
    by_unit = sheets(session, handler.unit_id)["By unit"]
    assert [row[0] for row in by_unit[4:]] == ["=township"]


def test_a_restatement_stands_beside_the_first_figure(
    session: Session, bureau: Bureau, handler: User
) -> None:
    rates.run(session, date(2026, 3, 1), SETTINGS, FEBRUARY)
    on = date(2026, 2, 20)
    bureau.case(
        handler,
        limit_rule="insp_investigation",
        limit_settled_on=on,
        closed_on=on,
        limit_kept=True,
    )
    rates.run(session, date(2026, 3, 9), SETTINGS, FEBRUARY)
    summary = sheets(session, handler.unit_id)["Summary"]
    month, *_ = rows_of(summary, "Inspection on-time closure rate")
    assert month[5:7] == [2.0, 3.0]
    assert "Restated; first figure 1/2" in month[9]


def test_the_notes_name_definition_source_and_verification(session: Session, handler: User) -> None:
    notes = sheets(session, handler.unit_id, "zh")["说明"]
    (row,) = rows_of(notes, "劳动人事争议仲裁结案率")
    assert row[2].startswith("arbitration_closed_over_on_hand@")
    assert row[3] == "推断，无官方公式"
    assert "沪崇府办发〔2021〕24号" in row[5]
    assert "沿用2021—2025年规划目标" in row[5]


def test_an_unknown_unit_is_an_error(session: Session) -> None:
    with pytest.raises(LookupError, match="no unit 99"):
        sheets(session, 99)
