"""Pages of the bureau's own duties."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from jobs import duties as job
from jobs.deriving import counting_events
from models import DutyEvent
from service import duties
from service.access import NotFound
from service.cases.problems import Conflict, InvalidInput, Unlawful
from service.dutypages import view
from service.fields import DayField, Required
from service.web import clock, database, identity, language, rulebook
from service.web.forms import Form, add_error, add_problems
from service.web.gate import needs

blueprint = Blueprint("duties", __name__, url_prefix="/duties", template_folder="templates")
_LONG = Length(max=2000, message=_l("At most 2,000 characters."))


class DoneForm(Form):
    """That the duty was done."""

    on = DayField(_l("It was done on"), [Required(_l("Type the day on which it was done."))])
    note = TextAreaField(_l("Note"), [_LONG])


class TakeBackForm(Form):
    """Why what was recorded does not count."""

    reason = TextAreaField(
        _l("Reason"), [Required(_l("Say why it is taken back; it is kept.")), _LONG]
    )


@blueprint.app_template_global()
def duty_period(event: str, ended_on: Any) -> str:
    """What the period of a duty is called."""
    return job.period_name(event, ended_on, rulebook.current(), language.short())


@blueprint.get("")
@needs("duty.read")
def index() -> str:
    """The duties to be done, and what became of those of past periods."""
    session, actor = database.session(), identity.actor()
    found = view.shown(
        session, duties.seen(session, actor), rulebook.current(), clock.today(), language.short()
    )
    return render_template(
        "dutypages/index.html",
        open=[one for one in found if one.duty.alertable],
        past=[one for one in found if not one.duty.alertable],
    )


@blueprint.route("/<int:duty_id>", methods=["GET", "POST"])
@needs("duty.read")
def show(duty_id: int) -> Any:
    """One duty: why it is due, what was recorded; recording that it was done."""
    form = DoneForm()
    if not form.is_submitted():
        return _page(duty_id, form)
    if form.validate() and form.on.data is not None:
        try:
            duties.record_done(
                database.session(),
                identity.actor(),
                duty_id,
                form.on.data,
                form.note.data or "",
                rulebook.current(),
                clock.today(),
            )
        except Unlawful as error:
            add_error(form.on, f"{error.message} {error.article}".strip())
        except InvalidInput as error:
            add_problems(form, error.problems)
        except Conflict as error:
            add_error(form.on, error.message)
        else:
            flash(_("Recorded as done."), "success")
            return redirect(url_for("duties.show", duty_id=duty_id))
    return _page(duty_id, form), 422


def _page(duty_id: int, form: DoneForm) -> str:
    session, book, lang = database.session(), rulebook.current(), language.short()
    found = duties.get_duty(session, identity.actor(), duty_id)
    rows = duties.events(session, found.duty)
    (one,) = view.shown(session, [found], book, clock.today(), lang)
    return render_template(
        "dutypages/show.html",
        one=one,
        rule=book.policy.rules.get(found.duty.rule),
        why=view.why(found.duty, rows, book, clock.today(), lang),
        rows=rows,
        counting={row.id for row in counting_events(rows)},
        names=view.recorders(session, rows),
        policy=book.policy,
        lang=lang,
        form=form,
    )


@blueprint.route("/<int:duty_id>/events/<int:event_id>/take-back", methods=["GET", "POST"])
@needs("duty.record")
def take_back(duty_id: int, event_id: int) -> Any:
    """Say that what was recorded does not count, and why."""
    session, actor, form = database.session(), identity.actor(), TakeBackForm()
    found = duties.get_duty(session, actor, duty_id)
    event = session.get(DutyEvent, event_id)
    if event is None or event.duty_id != duty_id:
        raise NotFound("event")
    if form.validate_on_submit():
        try:
            duties.take_back(
                session,
                actor,
                duty_id,
                event_id,
                form.reason.data or "",
                rulebook.current(),
                clock.today(),
            )
        except InvalidInput as error:
            add_problems(form, error.problems)
        except Conflict as error:
            add_error(form.reason, error.message)
        else:
            flash(_("Taken back; the duty is open again."), "success")
            return redirect(url_for("duties.show", duty_id=duty_id))
    (one,) = view.shown(session, [found], rulebook.current(), clock.today(), language.short())
    page = render_template("dutypages/take_back.html", one=one, event=event, form=form)
    return page, 422 if form.is_submitted() else 200
