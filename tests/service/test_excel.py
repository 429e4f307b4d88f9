"""Every list that a page gives out as an Excel file is written by the same few lines."""

import ast
from datetime import date
from pathlib import Path

from flask import Flask
from python_calamine import CalamineWorkbook

from jobs.workbook import MIME_TYPE
from service import excel

_ROOT = Path(__file__).parents[2]


def test_a_table_holds_what_it_is_given_and_no_formulas() -> None:
    rows = [("=1+1", date(2025, 3, 10), 3), ("Wang", None, 0)]
    columns = [("Name", 20), ("Day", 12), ("Number", 8)]
    with excel.table("List", columns, rows, ["and more"]) as book:
        sheet = CalamineWorkbook.from_filelike(book).get_sheet_by_name("List").to_python()
    assert sheet == [
        ["Name", "Day", "Number"],
        ["=1+1", date(2025, 3, 10), 3.0],
        ["Wang", "", 0.0],
        ["", "", ""],
        ["and more", "", ""],
    ]


def test_it_is_sent_under_its_name() -> None:
    with Flask(__name__).test_request_context(), excel.table("List", [("Name", 20)], []) as book:
        answer = excel.sent(book, "list.xlsx")
    assert answer.mimetype == MIME_TYPE
    assert "list.xlsx" in answer.headers["Content-Disposition"]


def test_excel_files_are_written_in_two_places_and_named_in_one() -> None:
    """The month's report, and every other table."""
    found = {"xlsxwriter": set(), MIME_TYPE: set()}
    for package in ("jobs", "service"):
        for path in (_ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
                said = [*names, node.value if isinstance(node, ast.Constant) else None]
                for one in said:
                    if isinstance(one, str) and one in found:
                        found[one].add(str(path.relative_to(_ROOT)))
    assert found["xlsxwriter"] == {"jobs/workbook.py", "service/excel.py"}
    assert found[MIME_TYPE] == {"jobs/workbook.py"}
