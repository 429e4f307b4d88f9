"""Reads stored figures for a page or a workbook: the last one, and the first beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlmodel import Session, col, select

from jobs.periods import Period
from models import IndicatorValue, Unit

_CENT = Decimal("0.01")


def percent(numerator: int, denominator: int) -> Decimal | None:
    """The rate in percent with two digits; None, never 100, where there is nothing to count."""
    if denominator == 0:
        return None
    return (Decimal(numerator) * 100 / denominator).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Figure:
    """One indicator of one unit in one period, as it was last computed.

    `first` is the first figure of a closed period that was restated later.
    """

    numerator: int
    denominator: int
    as_of_on: date
    frozen: bool
    definition: str
    first: tuple[int, int] | None = None

    @property
    def percent(self) -> Decimal | None:
        """The rate in percent with two digits; None where there is nothing to count."""
        return percent(self.numerator, self.denominator)

    @property
    def first_percent(self) -> Decimal | None:
        """The first figure's rate, where it was restated."""
        return percent(*self.first) if self.first else None

    @property
    def pair(self) -> tuple[int, int]:
        """Numerator and denominator."""
        return (self.numerator, self.denominator)


class FigureTable:
    """The figures of some periods and units; empty where nothing was computed yet."""

    def __init__(self, rows: Iterable[IndicatorValue]) -> None:
        self._figures: dict[tuple[str, int, Period], Figure] = {}
        self._computed: dict[tuple[str, Period], IndicatorValue] = {}
        for row in rows:
            period = Period(row.period, row.starts_on, row.ends_on)
            self._add((row.indicator, row.unit_id, period), row)
            self._computed[row.indicator, period] = row

    def _add(self, key: tuple[str, int, Period], row: IndicatorValue) -> None:
        before = self._figures.get(key)
        first = None
        if row.restatement:
            # A unit that counted nothing had no row: its first figure is nothing.
            first = (before.first or before.pair) if before else (0, 0)
        self._figures[key] = Figure(
            row.numerator, row.denominator, row.as_of_on, row.frozen, row.definition, first
        )

    def get(self, indicator: str, unit_id: int, period: Period) -> Figure | None:
        """The figure; nothing over nothing where the unit had no case; None if not computed."""
        found = self._figures.get((indicator, unit_id, period))
        row = self._computed.get((indicator, period))
        if found is not None or row is None:
            return found
        return Figure(0, 0, row.as_of_on, row.frozen, row.definition)


def read(session: Session, periods: Sequence[Period], units: Sequence[int]) -> FigureTable:
    """The figures of these periods for these units, in one query.

    The units at the top are read too: they say which periods were computed.
    """
    top = select(col(Unit.id)).where(col(Unit.parent_id).is_(None))
    rows = session.exec(
        select(IndicatorValue)
        .where(
            col(IndicatorValue.starts_on).in_({period.starts_on for period in periods}),
            col(IndicatorValue.ends_on).in_({period.ends_on for period in periods}),
            col(IndicatorValue.period).in_({period.kind for period in periods}),
            col(IndicatorValue.unit_id).in_(units) | col(IndicatorValue.unit_id).in_(top),
        )
        .order_by(col(IndicatorValue.restatement), col(IndicatorValue.as_of_on))
    )
    return FigureTable(rows)
