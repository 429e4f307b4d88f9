"""Reads stored figures for a page or a workbook: the last one, and the first beside it."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from jobs.periods import Period
from models import IndicatorValue, Unit, plain_rows

_CENT = Decimal("0.01")
# Plain columns, in a statement made once: a report reads some two hundred figures.
_TOP = select(col(Unit.id)).where(col(Unit.parent_id).is_(None))
_STORED = (
    select_columns(
        col(IndicatorValue.indicator),
        col(IndicatorValue.unit_id),
        col(IndicatorValue.period),
        col(IndicatorValue.starts_on),
        col(IndicatorValue.ends_on),
        col(IndicatorValue.numerator),
        col(IndicatorValue.denominator),
        col(IndicatorValue.as_of_on),
        col(IndicatorValue.frozen),
        col(IndicatorValue.definition),
        col(IndicatorValue.restatement),
    )
    .where(
        col(IndicatorValue.starts_on).in_(bindparam("starts", expanding=True)),
        col(IndicatorValue.ends_on).in_(bindparam("ends", expanding=True)),
        col(IndicatorValue.period).in_(bindparam("kinds", expanding=True)),
        col(IndicatorValue.unit_id).in_(bindparam("units", expanding=True))
        | col(IndicatorValue.unit_id).in_(_TOP),
    )
    .order_by(col(IndicatorValue.restatement), col(IndicatorValue.as_of_on))
)


def percent(numerator: int, denominator: int) -> Decimal | None:
    """The rate in percent with two digits; None, never 100, where there is nothing to count."""
    if denominator == 0:
        return None
    return (Decimal(numerator) * 100 / denominator).quantize(_CENT, ROUND_HALF_UP)


class Figure(NamedTuple):
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

    def __init__(self, rows: Iterable[Row[*tuple[Any, ...]]]) -> None:
        self._figures: dict[tuple[str, int, Period], Figure] = {}
        self._computed: dict[tuple[str, Period], Figure] = {}
        for indicator, unit_id, kind, starts_on, ends_on, *values, restatement in rows:
            period, figure = Period(kind, starts_on, ends_on), Figure(*values)
            key = (indicator, unit_id, period)
            if restatement:
                figure = figure._replace(first=self._first(key))
            self._figures[key] = self._computed[indicator, period] = figure

    def _first(self, key: tuple[str, int, Period]) -> tuple[int, int]:
        """What stood before a restatement; a unit that counted nothing had no row."""
        before = self._figures.get(key)
        return (before.first or before.pair) if before else (0, 0)

    def counted_by(self, counting: str, period: Period) -> set[str]:
        """What was counted in the period by some version of a definition."""
        return {
            indicator
            for (indicator, of), figure in self._computed.items()
            if of == period and figure.definition.partition("@")[0] == counting
        }

    def get(self, indicator: str, unit_id: int, period: Period) -> Figure | None:
        """The figure; nothing over nothing where the unit had no case; None if not computed."""
        found = self._figures.get((indicator, unit_id, period))
        if found is not None:
            return found
        other = self._computed.get((indicator, period))
        return other and Figure(0, 0, other.as_of_on, other.frozen, other.definition)


def read(session: Session, periods: Sequence[Period], units: Sequence[int]) -> FigureTable:
    """The figures of these periods for these units, in one query.

    The units at the top are read too: they say which periods were computed.
    """
    asked = {
        "starts": [period.starts_on for period in periods],
        "ends": [period.ends_on for period in periods],
        "kinds": list({period.kind for period in periods}),
        "units": units,
    }
    return FigureTable(plain_rows(session, _STORED, asked))
