"""A table as an Excel workbook, written row by row in constant memory, and how one is sent."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any

import xlsxwriter
from flask import send_file

from jobs.workbook import MIME_TYPE

Cell = str | int | date | None
# A heading and the width of its column.
Column = tuple[str, int]
_IN_MEMORY_BYTES = 4 * 1024 * 1024


def table(
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    below: Iterable[str] = (),
) -> Any:
    """An open file at its beginning, with one sheet; `below` are lines under the table, after an
    empty one."""
    out = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - the caller sends it
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet, day = book.add_worksheet(name), book.add_format({"num_format": "yyyy-mm-dd"})
    _head(sheet, columns, book.add_format({"bold": True}))
    lines: Iterable[Sequence[Cell]] = chain(rows, _below(below))
    for number, cells in enumerate(lines, start=1):
        _line(sheet, number, cells, day)
    book.close()
    out.seek(0)
    return out


def sent(content: Any, name: str) -> Any:
    """An open workbook as the answer to a request, under this file name."""
    return send_file(content, mimetype=MIME_TYPE, as_attachment=True, download_name=name)


def _below(lines: Iterable[str]) -> Iterable[Sequence[Cell]]:
    for number, line in enumerate(lines):
        if not number:
            yield ()
        yield (line,)


def _head(sheet: Any, columns: Sequence[Column], bold: Any) -> None:
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 1)


def _line(sheet: Any, number: int, cells: Sequence[Cell], day: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, date):
            sheet.write_datetime(number, column, cell, day)
        elif isinstance(cell, int):
            sheet.write_number(number, column, cell)
        elif cell:
            # As text whatever it looks like: a name that begins with "=" is no formula.
            sheet.write_string(number, column, cell)
