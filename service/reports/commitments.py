"""The commitments of a report: how often each was kept, beside the legal limit it stands with."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from jobs.commitments import Limit, Line, lines
from jobs.figures import Figure, FigureTable
from jobs.periods import Period
from models import Unit
from rules.policy import Policy
from service.policy_pages.wording import period_words
from service.reports.numbers import CaseLinks


class Side(NamedTuple):
    """A limit of one unit in one period; `figure` is None before it was computed."""

    limit: Limit
    unit: Unit
    period: Period
    figure: Figure | None
    links: CaseLinks

    @property
    def percent(self) -> Decimal | None:
        """How often it was kept; None where nothing was settled."""
        return self.figure.percent if self.figure else None

    @property
    def length(self) -> str:
        """How long it was in the period; two lengths where it changed."""
        return " → ".join(map(period_words, self.limit.lengths(self.figure, self.period)))

    @property
    def fraction(self) -> Markup:
        """Kept and settled, as links to the cases behind them."""
        return self.links.fraction(self.limit.id, self.unit.id or 0, self.figure)

    @property
    def missing(self) -> str | None:
        """The address of the cases in which it was not kept; None where there are none."""
        if self.figure is None or self.figure.numerator == self.figure.denominator:
            return None
        return self.links.to(self.limit.id, self.unit.id or 0, "difference")


class CommitmentRow(NamedTuple):
    """A commitment of one unit in one period."""

    line: Line
    promised: Side
    legal: Side | None


def shown(
    policy: Policy, place: str, period: Period, table: FigureTable, links: CaseLinks
) -> Callable[[Unit], list[CommitmentRow]]:
    """The rows of a unit. The clocks of what was taken back are gone: no number opens them."""
    found = lines(policy, place, [period], table)

    def side(line: Line, limit: Limit, unit: Unit) -> Side:
        figure = table.get(limit.id, unit.id or 0, period)
        open_to = replace(links, url=None) if line.taken_back else links
        return Side(limit, unit, period, figure, open_to)

    def row(line: Line, unit: Unit) -> CommitmentRow:
        promised, *legal = (side(line, limit, unit) for limit in line.sides)
        return CommitmentRow(line, promised, legal[0] if legal else None)

    return lambda unit: [row(line, unit) for line in found]
