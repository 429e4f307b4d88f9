"""The list of what a change would move: what a page looked at as an Excel workbook, and all of it,
from the command line, as CSV."""

import csv
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from models import RuleChange
from rules.amendments import Amendment
from service import excel, wording
from service.admin.blueprint import blueprint
from service.admin.moves import Move, Preview

_WIDTHS = (22, 10, 44, 12, 12, 14, 14, 24)


def sent(preview: Preview, obligation: Callable[[str], str], name: str, command: str = "") -> Any:
    """The workbook as the answer to a request; `command` lists what it leaves aside, too."""
    rows = (_cells(move, obligation) for move in preview.every)
    columns = list(zip(_titles(), _WIDTHS, strict=True))
    found = excel.table(_("What moves"), columns, rows, _below(preview, command))
    return excel.sent(found, f"{name}.xlsx")


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


def command_for(change: Amendment | RuleChange, *, entered: bool) -> str:
    """The command that lists all that a change moves: one that is looked at, or that taking back
    one which is entered moves."""
    output = ["--output", f"anqi-{change.rule}.csv"]
    if entered:
        return shlex.join(["anqi", "what-moves", "--change", str(change.id), *output])
    parts = [
        "anqi",
        "what-moves",
        change.rule,
        "--kind",
        change.kind,
        "--from",
        str(change.from_on),
    ]
    for name, value in (("--length", change.length), ("--cap", change.cap)):
        parts += [name, str(value)] if value is not None else []
    return shlex.join([*parts, "--verified", change.verified, *output])


def write_csv(moves: Iterable[Move], obligation: Callable[[str], str], path: Path) -> int:
    """Write every move to a new file, whole or not at all, and say how many there are. A byte order
    mark tells spreadsheet programs that it is UTF-8. Raises FileExistsError."""
    if path.exists():
        raise FileExistsError(path)
    part, number = path.with_name(f"{path.name}.part"), 0
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as out:
            table = csv.writer(out)
            table.writerow(_titles())
            for move in moves:
                table.writerow(_cells(move, obligation))
                number += 1
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return number


def _below(preview: Preview, command: str) -> Iterator[str]:
    """What stands below a list that is not whole."""
    if aside := left_aside(preview):
        yield aside
        if command:
            yield f"{_('All of them are listed by this command on the server:')} {command}"


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


def _cells(move: Move, obligation: Callable[[str], str]) -> list[excel.Cell]:
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
