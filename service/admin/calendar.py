"""Pages of the holiday calendar: the years, and entering one with a preview."""

import hashlib
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import select
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, ValidationError

from models import CalendarYear
from rules.calendar import LAST_ENTERED, HolidayYear
from service.access import NotFound
from service.admin import moves_sheet, years
from service.admin.blueprint import blueprint
from service.admin.moves import Preview
from service.fields import PlainField, Required, WholeNumberField
from service.web import clock, identity, language, rulebook
from service.web.database import session
from service.web.forms import Form
from service.web.gate import needs

# Nobody enters the notice of a year before.
_FIRST, _LAST = 2000, LAST_ENTERED.year
_DAYS_HINT = _l(
    "One day or stretch a line: 2027-02-05, or 2027-02-05 ~ 2027-02-12."
    " Weekends inside a holiday may be listed too."
)


class NewYearForm(Form):
    """Which year to enter."""

    year = WholeNumberField(_l("Year"), [Required(_l("Type the year, like 2027."))])


class YearForm(Form):
    """A year of the State Council's notice. `year` is set by the route."""

    notice = PlainField(
        _l("Number of the notice"),
        [
            Required(_l("Type the number of the State Council's notice.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )
    days_off = TextAreaField(
        _l("Days off"), [Required(_l("List the days off."))], description=_DAYS_HINT
    )
    make_up_workdays = TextAreaField(
        _l("Make-up workdays"),
        description=_l("Saturdays and Sundays on which one works; empty when there are none."),
    )
    previewed = HiddenField()

    year = 0

    def validate_days_off(self, field: Any) -> None:
        """Read the days; keep them in `off`."""
        self.off = self._read(field)
        problem = years.days_off_problem(self.off, self.year)
        if problem:
            raise ValidationError(problem)

    def validate_make_up_workdays(self, field: Any) -> None:
        """Read the days and compare them with the days off."""
        self.worked = self._read(field)
        problem = years.make_up_problem(getattr(self, "off", ()), self.worked)
        if problem:
            raise ValidationError(problem)

    def _read(self, field: Any) -> list[Any]:
        try:
            return years.read_days(field.data or "", self.year)
        except years.UnreadableDaysError as error:
            raise ValidationError(str(error)) from error

    def entered(self) -> HolidayYear:
        """The year, once the form is valid."""
        return HolidayYear(
            year=self.year,
            notice=self.notice.data or "",
            days_off=frozenset(self.off),
            make_up_workdays=frozenset(self.worked),
        )


@blueprint.get("/calendar")
@needs("admin.calendar")
def list_years() -> str:
    """The years that are published, and a form for another."""
    return _list_page(NewYearForm())


def _list_page(form: NewYearForm) -> str:
    book = rulebook.current()
    known = sorted(book.calendar.years.values(), key=lambda one: -one.year)
    entered = set(session().exec(select(CalendarYear.year)))
    return render_template(
        "admin/years.html",
        years=known,
        entered=entered,
        fixed=book.policy.fixed_days,
        lang=language.short(),
        form=form,
    )


@blueprint.post("/calendar")
@needs("admin.calendar")
def choose_year() -> Any:
    """Lead to the form of the year that was typed."""
    form = NewYearForm()
    if form.validate_on_submit():
        year = form.year.data or 0
        if _FIRST <= year <= _LAST:
            return redirect(url_for("admin.edit_year", year=year))
        text = _("Type a year from %(first)s to %(last)s.", first=str(_FIRST), last=str(_LAST))
        form.year.errors = [text]
    return _list_page(form), 422


@blueprint.route("/calendar/<int:year>", methods=["GET", "POST"])
@needs("admin.calendar")
def edit_year(year: int) -> Any:
    """Enter a year, look at what it moves, save it."""
    if not _FIRST <= year <= _LAST:
        raise NotFound("year")
    form = _year_form(year)
    if not form.validate_on_submit():
        return _year_page(form), 422 if form.is_submitted() else 200
    entered = form.entered()
    if request.form.get("action") == "save" and form.previewed.data == _digest(entered):
        years.save_year(session(), identity.actor(), entered)
        flash(
            _(
                "%(year)s is saved. The scheduler now recomputes the deadlines of open cases.",
                year=str(year),
            ),
            "success",
        )
        return redirect(url_for("admin.list_years"))
    changed = rulebook.current().with_years([entered])
    found = years.preview(session(), changed, year, clock.today())
    if request.form.get("action") == "list":
        return moves_sheet.sent(found, _obligation, f"anqi-{year}")
    return _year_page(form, found, _digest(entered))


@blueprint.route("/calendar/<int:year>/remove", methods=["GET", "POST"])
@needs("admin.calendar")
def remove_year(year: int) -> Any:
    """Show what taking an entered year back would move; then take it back."""
    entered = session().get(CalendarYear, year)
    if entered is None:
        raise NotFound("year")
    if request.method == "POST":
        years.remove_year(session(), identity.actor(), year)
        flash(
            _(
                "What was entered for %(year)s is removed. The scheduler now recomputes the"
                " deadlines of open cases.",
                year=str(year),
            ),
            "success",
        )
        return redirect(url_for("admin.list_years"))
    changed = years.without(session(), year)
    found = years.preview(session(), changed, year, clock.today())
    if "list" in request.args:
        return moves_sheet.sent(found, _obligation, f"anqi-{year}")
    return render_template(
        "admin/year_removal.html",
        year=entered,
        builtin=changed.calendar.years.get(year),
        preview=found,
        obligation=_obligation,
    )


def _year_form(year: int) -> YearForm:
    known = rulebook.current().calendar.years.get(year)
    form = YearForm(
        notice=known.notice if known else "",
        days_off=years.shown_days(known.days_off) if known else "",
        make_up_workdays=years.shown_days(known.make_up_workdays) if known else "",
    )
    form.year = year
    return form


def _year_page(form: YearForm, found: Preview | None = None, digest: str | None = None) -> str:
    return render_template(
        "admin/year.html",
        form=form,
        entered=session().get(CalendarYear, form.year) is not None,
        preview=found,
        digest=digest,
        obligation=_obligation,
    )


def _obligation(rule: str) -> str:
    """What a rule asks for, in the language of the page."""
    return str(rulebook.current().policy.rules[rule].obligation[language.short()])


def _digest(year: HolidayYear) -> str:
    """What was previewed, so that nothing else is saved."""
    parts = (year.year, year.notice, sorted(year.days_off), sorted(year.make_up_workdays))
    return hashlib.sha256(repr(parts).encode()).hexdigest()
