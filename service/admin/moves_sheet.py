"""The whole list of what a change would move, as an Excel workbook."""

from collections.abc import Callable
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Any

import xlsxwriter
from flask import send_file
from flask_babel import gettext as _

from service import wording
from service.admin.blueprint import blueprint
from service.admin.moves import Move, Preview

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY_BYTES = 4 * 1024 * 1024
_WIDTHS = (22, 10, 44, 12, 12, 14, 14, 24)


def sent(preview: Preview, obligation: Callable[[str], str], name: str) -> Any:
    """The workbook as the answer to a request."""
    return send_file(
        _workbook(preview, obligation),
        mimetype=_EXCEL,
        as_attachment=True,
        download_name=f"{name}.xlsx",
    )


@blueprint.app_template_global("moves_left_aside")
def left_aside(preview: Preview) -> str:
    """How many closed cases were not looked at; nothing where all were."""
    if preview.closed_looked_at == preview.closed_reached:
        return ""
    return _(
        "It reaches %(every)s closed cases. Only the newest %(number)s of them were looked at, and"
        " are counted and listed; all are recomputed.",
        every=preview.closed_reached,
        number=preview.closed_looked_at,
    )


def _workbook(preview: Preview, obligation: Callable[[str], str]) -> Any:
    out = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - the caller sends it
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet(_("What moves"))
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, (width, title) in enumerate(zip(_WIDTHS, _titles(), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 1)
    for number, move in enumerate(preview.every, start=1):
        for column, cell in enumerate(_cells(move, obligation)):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            else:
                sheet.write_string(number, column, cell)
    if aside := left_aside(preview):
        sheet.write_string(len(preview.every) + 2, 0, aside)
    book.close()
    out.seek(0)
    return out


def _titles() -> list[str]:
    return [
        _("Case"),
        _("State"),
        _("Deadline"),
        _("Due so far"),
        _("Due then"),
        _("Verdict so far"),
        _("Verdict then"),
        _("Extensions no longer counted"),
    ]


def _cells(move: Move, obligation: Callable[[str], str]) -> list[str | date | int]:
    return [
        move.number,
        wording.label(wording.STATES, "closed" if move.case_closed else "open"),
        obligation(move.rule),
        move.old or "",
        move.new or "",
        _verdict(move.kept_so_far),
        _verdict(move.kept_then),
        move.dropped or "",
    ]


def _verdict(kept: bool | None) -> str:
    if kept is None:
        return ""
    return _("in time") if kept else _("late")
