"""The month's report as an Excel file: summary, by unit, notes."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml
from sqlmodel import Session, col, select

from jobs import figures
from jobs.commitments import Limit, Line, lines
from jobs.figures import Figure, FigureTable
from jobs.mail_texts import language_of
from jobs.periods import Period, month_of, periods_of
from jobs.recipients import in_tree_order
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import Unit
from rules.indicators import Judgement, Plan
from rules.rulebook import Rulebook
from rules.wording import Wording

_FILE = Path(__file__).with_name("workbook_texts.yaml")
_SUMMARY = (
    ("indicator", 40),
    ("period", 14),
    ("starts_on", 12),
    ("ends_on", 12),
    ("target", 20),
    ("numerator", 12),
    ("denominator", 12),
    ("rate", 12),
    ("result", 18),
    ("remark", 44),
)
_NOTES = (
    ("indicator", 40),
    ("meaning", 70),
    ("definition", 52),
    ("verification", 24),
    ("evidence", 60),
    ("source", 60),
)
_COMMITMENTS = (
    ("commitment", 40),
    ("unit", 28),
    ("period", 14),
    ("starts_on", 12),
    ("ends_on", 12),
    ("committed", 18),
    ("kept", 12),
    ("settled", 12),
    ("rate", 12),
    ("legal_limit", 18),
    ("legal_kept", 12),
    ("legal_settled", 12),
    ("legal_rate", 12),
    ("definition", 34),
    ("remark", 44),
)
# What an Excel file is to browsers and mail programs.
MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNIT_WIDTH = 28
_FIGURE_WIDTH = 13


@cache
def texts(language: str) -> dict[str, str]:
    """The words of the report in `zh` or `en`, for the pages of figures too."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded[language]


def monthly(
    session: Session,
    month: date,
    unit_id: int,
    settings: JobSettings,
    *,
    language: str | None = None,
) -> bytes:
    """The Excel file of a month for a unit and the units below it, from stored figures.

    Raises LookupError when there is no such unit.
    """
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise LookupError(f"there is no unit {unit_id}")
    below = select(Unit).where(col(Unit.path).startswith(unit.path, autoescape=True))
    units = in_tree_order(session.exec(below))
    table = figures.read(session, periods_of(month), [one.id or 0 for one in units])
    writer = _Writer(table, current(session), settings, language_of(language, settings))
    return writer.write(month, units)


class _Writer:
    """One workbook being written."""

    def __init__(
        self, table: FigureTable, rulebook: Rulebook, settings: JobSettings, language: str
    ) -> None:
        self.table = table
        self.policy, self.indicators = rulebook.policy, rulebook.policy.indicators
        self.say = Wording(rulebook, language)
        self.pack = settings.jurisdiction
        self.language = language
        self.words = texts(language)
        self.buffer = BytesIO()
        # Rows are written in order and not kept; a text that begins with "=" stays a text.
        self.book = xlsxwriter.Workbook(
            self.buffer,
            {"in_memory": True, "constant_memory": True, "strings_to_formulas": False},
        )
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.rate = self.book.add_format({"num_format": "0.00", "valign": "top"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})

    def write(self, month: date, units: Sequence[Unit]) -> bytes:
        """All sheets; returns the file."""
        self.write_summary(month, units[0])
        self.write_units(month, units)
        self.write_commitments(month, units)
        self.write_notes(month)
        self.book.close()
        return self.buffer.getvalue()

    def name(self, unit: Unit) -> str:
        """The unit's name in the workbook's language."""
        return unit.name_zh if self.language == "zh" else unit.name_en

    def write_summary(self, month: date, unit: Unit) -> None:
        """Every indicator with its periods against its target, for the unit as a whole."""
        sheet = self._sheet("summary", _SUMMARY, month, unit)
        row = 3
        for indicator_id in self.indicators:
            for period in periods_of(month):
                figure = self.table.get(indicator_id, unit.id or 0, period)
                self._row(sheet, row, self._summary_row(indicator_id, period, figure))
                row += 1

    def _summary_row(self, indicator_id: str, period: Period, figure: Figure | None) -> list[Any]:
        judged = self.indicators.judge(
            indicator_id,
            self.pack,
            period.kind,
            period.starts_on,
            figure.pair if figure else (0, 0),
        )
        return [
            self.indicators[indicator_id].label[self.language],
            self.words[f"period_{period.kind}"],
            period.starts_on,
            period.ends_on,
            judged.target.at_least_percent if judged.target else None,
            figure.numerator if figure else None,
            figure.denominator if figure else None,
            figure.percent if figure else None,
            self.words[judged.result if figure else "not_computed"],
            "; ".join(self._remarks(judged, figure)),
        ]

    def _remarks(self, judged: Judgement, figure: Figure | None) -> Iterable[str]:
        if judged.carried_over and judged.plan is not None:
            yield self._carried_over(judged.plan)
        yield from self._standing(figure)

    def _standing(self, figure: Figure | None) -> Iterable[str]:
        if figure is not None and not figure.frozen:
            yield f"{self.words['running']}, {self.words['as_of'].format(day=figure.as_of_on)}"
        if figure is not None and figure.first is not None:
            numerator, denominator = figure.first
            yield self.words["restated"].format(numerator=numerator, denominator=denominator)

    def _carried_over(self, plan: Plan) -> str:
        years = plan.in_force
        return self.words["carried_over"].format(**{"from": years.from_.year, "to": years.to.year})

    def write_units(self, month: date, units: Sequence[Unit]) -> None:
        """The month's numerator, denominator and rate of each indicator, one row a unit."""
        columns = [("unit", _UNIT_WIDTH)]
        sheet = self._sheet("by_unit", columns, month, units[0])
        sheet.set_column(1, 3 * len(self.indicators), _FIGURE_WIDTH)
        heads = [[""], [self.words["unit"]]]
        for indicator in self.indicators.values():
            heads[0] += [indicator.label[self.language], "", ""]
            heads[1] += [self.words[name] for name in ("numerator", "denominator", "rate")]
        for index, head in enumerate(heads):
            for column, text in enumerate(head):
                sheet.write(2 + index, column, text, self.bold)
        for row, unit in enumerate(units, start=4):
            self._row(sheet, row, [self.name(unit), *self._unit_figures(month, unit)])
        sheet.freeze_panes(4, 1)

    def _unit_figures(self, month: date, unit: Unit) -> Iterable[Any]:
        for indicator_id in self.indicators:
            figure = self.table.get(indicator_id, unit.id or 0, month_of(month))
            yield from _numbers(figure)

    def write_commitments(self, month: date, units: Sequence[Unit]) -> None:
        """How often each commitment was kept, beside the legal limit; a row a unit and period."""
        found = lines(self.policy, self.pack, periods_of(month), self.table)
        if not found:
            return
        sheet = self._sheet("commitments", _COMMITMENTS, month, units[0])
        wanted = [(line, unit) for line in found for unit in units]
        row = 3
        for line, unit in wanted:
            for period in periods_of(month):
                values = self._commitment(line, unit, period)
                # Of the units below those where something was settled.
                if values and (unit is units[0] or values[7] or values[11]):
                    self._row(sheet, row, values)
                    row += 1

    def _commitment(self, line: Line, unit: Unit, period: Period) -> list[Any]:
        """One row; none for a period in which the commitment was not in force."""
        figures = [self.table.get(one.id, unit.id or 0, period) for one in line.sides]
        if figures[0] is None:
            return []
        sides = [
            cell
            for limit, figure in zip(line.sides, figures, strict=True)
            for cell in (self._lengths(limit, figure, period), *_numbers(figure))
        ]
        return [
            line.label(self.language),
            self.name(unit),
            self.words[f"period_{period.kind}"],
            period.starts_on,
            period.ends_on,
            *(*sides, None, None, None, None)[:8],
            figures[0].definition,
            "; ".join(self._kept_remarks(line, figures[0])),
        ]

    def _kept_remarks(self, line: Line, figure: Figure) -> Iterable[str]:
        if not figure.denominator:
            yield self.words["no_rate"]
        if note := line.note(self.language):
            yield note
        yield from self._standing(figure)

    def _lengths(self, limit: Limit, figure: Figure | None, period: Period) -> str:
        lengths = limit.lengths(figure, period)
        return " → ".join(f"{one.length}{self.say.unit(one.unit, one.length)}" for one in lengths)

    def write_notes(self, month: date) -> None:
        """What each indicator counts, how sure that is, and where its target stands."""
        sheet = self._sheet("notes", _NOTES, month, None)
        for row, (indicator_id, indicator) in enumerate(self.indicators.items(), start=3):
            judged = self.indicators.target(indicator_id, self.pack, month)
            values = [
                indicator.label[self.language],
                indicator.meaning[self.language],
                indicator.definition_id,
                self.words[indicator.verification.status],
                indicator.verification.evidence[self.language],
                self._source(judged),
            ]
            self._row(sheet, row, values)

    def _source(self, judged: Judgement) -> str:
        if judged.plan is None:
            return ""
        parts = [judged.plan.title[self.language], judged.plan.number or ""]
        parts.append(self._carried_over(judged.plan) if judged.carried_over else "")
        return "; ".join(part for part in parts if part)

    def _sheet(
        self, name: str, columns: Sequence[tuple[str, int]], month: date, unit: Unit | None
    ) -> Any:
        sheet = self.book.add_worksheet(self.words[name])
        for index, (_, width) in enumerate(columns):
            sheet.set_column(index, index, width)
        if unit is not None:
            title = self.words["title"].format(unit=self.name(unit), month=f"{month:%Y-%m}")
            sheet.write(0, 0, title, self.bold)
        if len(columns) > 1:
            for index, (column, _) in enumerate(columns):
                sheet.write(2, index, self.words[column], self.bold)
            sheet.freeze_panes(3, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _row(self, sheet: Any, row: int, values: Iterable[Any]) -> None:
        for column, value in enumerate(values):
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, self.day)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, self.wrap)
            elif isinstance(value, int):
                sheet.write_number(row, column, value, self.wrap)
            elif value is not None:
                sheet.write_number(row, column, float(value), self.rate)


def _numbers(figure: Figure | None) -> tuple[Any, ...]:
    """Numerator, denominator and rate; empty cells where it was not computed."""
    if figure is None:
        return (None, None, None)
    return (figure.numerator, figure.denominator, figure.percent)
