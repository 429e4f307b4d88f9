"""The numbers of a report as links to the cases behind them.

A report has hundreds, so what they share is made once, and each is put together here rather
than by a macro.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from jobs.figures import Figure
from jobs.indicators_sql import Part
from jobs.periods import Period
from service.web.filters import has_page

_LINK = '<a href="{url}{part}" aria-label="{name}: {number}">{number}</a>'
_NOTHING = Markup("–")


@dataclass(frozen=True)
class CaseLinks:
    """The way to the cases of a period; `url` is None where there is no such page."""

    url: str | None
    names: Mapping[str, Markup]

    def to(self, indicator: str, unit_id: int, part: Part) -> str | None:
        """The address of the cases that one number counts."""
        return self._before_part(indicator, unit_id) + part if self.url else None

    def fraction(self, indicator: str, unit_id: int, figure: Figure | None) -> Markup:
        """Numerator and denominator, each a link unless it is nothing; a dash for no figure."""
        if figure is None:
            return _NOTHING
        url = escape(self._before_part(indicator, unit_id)) if self.url else None
        above = self._number(url, "numerator", figure.numerator)
        below = self._number(url, "denominator", figure.denominator)
        return Markup(f'<span class="nowrap">{above} / {below}</span>')  # noqa: S704 - ours alone

    def _before_part(self, indicator: str, unit_id: int) -> str:
        return f"{self.url}&indicator={indicator}&unit={unit_id}&part="

    def _number(self, url: Markup | None, part: Part, number: int) -> str:
        if url is None or not number:
            return str(number)
        return _LINK.format(url=url, part=part, name=self.names[part], number=number)


def case_links(period: Period) -> CaseLinks:
    """The links of a period, named in the language of the page."""
    url = None
    if has_page("caselist.index"):
        starts, ends = period.starts_on.isoformat(), period.ends_on.isoformat()
        url = url_for("caselist.index", starts=starts, ends=ends)
    names = {"numerator": escape(_("Numerator")), "denominator": escape(_("Denominator"))}
    return CaseLinks(url, names)
