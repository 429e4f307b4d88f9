"""Routes of the reports."""

from io import BytesIO
from typing import Any, get_args

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from jobs import rates, workbook
from jobs.periods import months_back
from jobs.settings import JobSettings
from models import Unit
from rules.indicators import PeriodKind
from service import excel
from service.access import NotFound
from service.reports import query, view
from service.web import clock, identity, language, leftout, rulebook
from service.web.database import session
from service.web.gate import needs

blueprint = Blueprint("reports", __name__, url_prefix="/reports", template_folder="templates")


@blueprint.get("")
@needs("report.read")
def index() -> str:
    """All indicators of a period against their targets, and the table by unit."""
    # Read first: the unit asked for is one of these.
    units = query.units_below(session(), identity.actor())
    asked = _asked_of_page()
    report = view.report(
        session(),
        rulebook.current().policy,
        _pack(),
        asked,
        query.children(units, asked.unit),
    )
    return _page("reports/index.html", asked, units, report=report)


@blueprint.get("/<indicator_id>")
@needs("report.read")
def indicator(indicator_id: str) -> str:
    """One indicator: what it counts, two years of it, and the units."""
    policy = rulebook.current().policy
    indicators = policy.indicators
    if indicator_id not in indicators:
        raise NotFound("indicator")
    # Read first: the unit asked for is one of these.
    units = query.units_below(session(), identity.actor())
    asked = _asked_of_page()
    below = query.children(units, asked.unit)
    report = view.report(session(), policy, _pack(), asked, below)
    place = list(indicators).index(indicator_id)
    return _page(
        "reports/indicator.html",
        asked,
        units,
        report=report,
        row=report.rows[place],
        by_unit=[rows[place] for _unit, rows in report.by_unit],
        history=view.history(session(), indicators, _pack(), indicator_id, asked),
        endpoint="reports.indicator",
        endpoint_args={"indicator_id": indicator_id},
    )


@blueprint.get("/download")
@needs("report.read")
def download() -> Any:
    """The month with its quarter, year to date and year as an Excel file."""
    asked = _asked(request.args)
    content = workbook.monthly(
        session(), asked.month, asked.unit.id or 0, _settings(), language=language.current()
    )
    name = f"anqi-{asked.month:%Y-%m}-{asked.unit.code}.xlsx"
    return excel.sent(BytesIO(content), name)


@blueprint.post("/compute")
@needs("report.compute")
def compute() -> Any:
    """Compute the month with its quarter, year to date and year now, for all units."""
    asked = _asked(request.form)
    result = rates.run(session(), clock.today(), _settings(), asked.month)
    if result["restated"]:
        flash(
            _(
                "Computed. %(count)s figures of ended periods changed: they stand as restatements.",
                count=result["restated"],
            ),
            "success",
        )
    else:
        flash(_("Computed with what is recorded now."), "success")
    return redirect(url_for("reports.index", **asked.args))


def _asked(args: Any) -> query.Asked:
    return query.read(session(), identity.actor(), args, clock.today())


def _asked_of_page() -> query.Asked:
    """What the address of a page asks for; what no report can be of is left out and said."""
    unreadable = query.unreadable(request.args, clock.today())
    leftout.say_unless("month", "period", "unit", unreadable=unreadable)
    return _asked({name: one for name, one in request.args.items() if name not in unreadable})


def _pack() -> str:
    return _settings().jurisdiction


def _settings() -> JobSettings:
    return JobSettings.of(current_app.config["SETTINGS"])


def _page(template: str, asked: query.Asked, units: list[Unit], **values: Any) -> str:
    """A page with its choice of month, period and unit."""
    chinese = language.short() == "zh"
    return render_template(
        template,
        asked=asked,
        months=months_back(clock.today(), rates.HISTORY_MONTHS)[::-1],
        kinds=get_args(PeriodKind),
        unit_names={unit.id: unit.name_zh if chinese else unit.name_en for unit in units},
        figure_words=workbook.texts(language.short()),
        lang=language.short(),
        **{"endpoint": "reports.index", "endpoint_args": {}, **values},
    )
