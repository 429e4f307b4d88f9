"""What the report's pages show, from stored figures and the policy's targets."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup
from sqlmodel import Session

from jobs import figures
from jobs.figures import Figure, FigureTable
from jobs.periods import Period, month_of, months_back
from jobs.rates import HISTORY_MONTHS
from models import Unit
from rules.indicators import Indicator, Indicators, Judgement
from rules.policy import Policy
from service.reports import charts, commitments
from service.reports.charts import Bar, Line
from service.reports.commitments import CommitmentRow
from service.reports.numbers import CaseLinks, case_links
from service.reports.query import Asked


class Row(NamedTuple):
    """One indicator of one unit in one period; `figure` is None before it was computed.

    `percent` is the rate, where there is one; `links` lead to the cases of the period.
    """

    id: str
    indicator: Indicator
    unit: Unit
    period: Period
    figure: Figure | None
    judged: Judgement
    percent: Decimal | None
    links: CaseLinks

    @property
    def target(self) -> Decimal | None:
        """The target in percent, where one was set."""
        return self.judged.target.at_least_percent if self.judged.target else None

    @property
    def bar(self) -> Bar:
        """The bullet bar."""
        return charts.bar(self.percent, self.target)

    @property
    def look(self) -> str:
        """The result as style sheets name it."""
        return f"report-{self.judged.result.replace('_', '-')}"

    @property
    def fraction(self) -> Markup:
        """Numerator and denominator as links to the cases behind them."""
        return self.links.fraction(self.id, self.unit.id or 0, self.figure)

    @property
    def missing(self) -> str | None:
        """The address of the cases that did not make it; None where there is no such page."""
        return self.links.to(self.id, self.unit.id or 0, "difference")


@dataclass(frozen=True)
class History:
    """One indicator over two years, month by month, oldest first."""

    line: Line
    rows: list[Row]


@dataclass(frozen=True)
class Report:
    """All indicators of a unit in a period, and the same for the units directly below."""

    asked: Asked
    rows: list[Row]
    by_unit: list[tuple[Unit, list[Row]]]
    commitments: list[CommitmentRow]
    commitments_by_unit: list[tuple[Unit, list[CommitmentRow]]]

    @property
    def as_of_on(self) -> date | None:
        """The day on which the figures were computed; None when they were not."""
        days = [row.figure.as_of_on for row in self.rows if row.figure]
        return max(days, default=None)

    @property
    def frozen(self) -> bool:
        """Had the period ended when the figures were computed?"""
        known = [row.figure for row in self.rows if row.figure]
        return bool(known) and all(figure.frozen for figure in known)


def report(session: Session, policy: Policy, pack: str, asked: Asked, below: list[Unit]) -> Report:
    """The report asked for, with one query."""
    indicators = policy.indicators
    units, period = [asked.unit, *below], asked.period
    table = figures.read(session, [period], [unit.id or 0 for unit in units])
    links = case_links(period)

    def rows(unit: Unit) -> list[Row]:
        return [_row(table, indicators, pack, one, unit, period, links) for one in indicators]

    promised = commitments.shown(policy, pack, period, table, links)
    return Report(
        asked,
        rows(asked.unit),
        [(unit, rows(unit)) for unit in below],
        promised(asked.unit),
        [(unit, promised(unit)) for unit in below],
    )


def history(
    session: Session, indicators: Indicators, pack: str, indicator_id: str, asked: Asked
) -> History:
    """The indicator in the 24 months up to the one asked for, with one query."""
    months = [month_of(month) for month in months_back(asked.month, HISTORY_MONTHS)]
    table = figures.read(session, months, [asked.unit.id or 0])
    rows = [
        _row(table, indicators, pack, indicator_id, asked.unit, month, case_links(month))
        for month in months
    ]
    labels = [f"{month.starts_on:%Y-%m}" for month in months]
    target = rows[-1].target if _judges_months(rows[-1]) else None
    return History(charts.line([row.percent for row in rows], labels, target), rows)


def _judges_months(row: Row) -> bool:
    return row.judged.target is not None and "month" in row.judged.target.judges


def _row(
    table: FigureTable,
    indicators: Indicators,
    pack: str,
    indicator_id: str,
    unit: Unit,
    period: Period,
    links: CaseLinks,
) -> Row:
    figure = table.get(indicator_id, unit.id or 0, period)
    judged = indicators.judge(
        indicator_id, pack, period.kind, period.starts_on, figure.pair if figure else (0, 0)
    )
    percent = figure.percent if figure else None
    indicator = indicators[indicator_id]
    return Row(indicator_id, indicator, unit, period, figure, judged, percent, links)
