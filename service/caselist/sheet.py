"""The filtered list as an Excel workbook, written row by row in constant memory."""

from dataclasses import replace
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Any

import xlsxwriter
from flask_babel import gettext as _
from sqlmodel import Session

from rules.rulebook import Rulebook
from service import wording
from service.access import Actor
from service.cases.searching import COUNT_LIMIT, CaseFilter, CaseRow, find_cases

_WIDTHS = (22, 20, 36, 10, 20, 12, 12, 12, 12, 26, 20, 10)
_IN_MEMORY_BYTES = 4 * 1024 * 1024


def workbook(
    session: Session,
    actor: Actor,
    wanted: CaseFilter,
    today: date,
    rulebook: Rulebook,
    language: str,
) -> Any:
    """An open file at its beginning. Titles stand in it, ID numbers and phones never do."""
    out = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - the caller sends it
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet(_("Cases"))
    formats = {"day": book.add_format({"num_format": "yyyy-mm-dd"})}
    _head(sheet, book.add_format({"bold": True}))
    found = find_cases(session, actor, replace(wanted, page=1), today, size=COUNT_LIMIT)
    for number, row in enumerate(found.rows, start=1):
        _line(sheet, number, _cells(row, rulebook, language), formats["day"])
    if found.more:
        sheet.write_string(len(found.rows) + 1, 0, _cut_short())
    book.close()
    out.seek(0)
    return out


def _cut_short() -> str:
    return _("Only the first %(limit)s cases stand here. Filter further.", limit=COUNT_LIMIT)


def _head(sheet: Any, bold: Any) -> None:
    titles = (
        _("Number"),
        _("Kind"),
        _("Title"),
        _("State"),
        _("Unit"),
        _("Handler"),
        _("Received on"),
        _("Accepted on"),
        _("Next due on"),
        _("Next deadline"),
        _("Outcome"),
        _("Closed on"),
    )
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 1)


def _cells(row: CaseRow, rulebook: Rulebook, language: str) -> list[str | date | None]:
    policy = rulebook.policy
    return [
        row.number,
        wording.label(wording.KINDS, row.kind),
        row.title,
        wording.label(wording.STATES, row.state),
        row.unit_name_zh if language == "zh" else row.unit_name_en,
        row.handler_name,
        row.received_on,
        row.accepted_on,
        row.next_due_on,
        policy.rules[row.next_rule].obligation[language] if row.next_rule else None,
        policy.events[row.outcome].label[language] if row.outcome else None,
        row.closed_on,
    ]


def _line(sheet: Any, number: int, cells: list[str | date | None], day_format: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, date):
            sheet.write_datetime(number, column, cell, day_format)
        elif cell:
            # As text whatever it looks like: a name that begins with "=" is no formula.
            sheet.write_string(number, column, cell)
