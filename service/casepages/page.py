"""The page of one case."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from models import Case
from rules.matter import Matter
from service.access import get_case, may, sees_personal_data
from service.casepages.blueprint import blueprint
from service.casepages.deadlines import Explained, explained
from service.casepages.forms import DecisionForm
from service.casepages.offers import Offer, offers
from service.casepages.view import view_of
from service.cases.classifying import of_case
from service.classes_shown import shown_classes
from service.web import clock, database, identity, language, rulebook
from service.web.gate import needs


@blueprint.get("/<number>")
@needs("case.read")
def show(number: str) -> str:
    """The page of one case, as its address shows it."""
    return case_page(get_case(database.session(), identity.actor(), number))


def case_page(case: Case, decision: DecisionForm | None = None, deciding: int | None = None) -> str:
    """The page; `decision` is a decision on the request `deciding` that could not be saved."""
    session, actor, book = database.session(), identity.actor(), rulebook.current()
    today, lang = clock.today(), language.short()
    view = view_of(session, actor, case, book, clock.zone(), today)
    matter = view.record.matter
    shown = explained(matter, book, today, lang)
    open_case = case.state == "open"
    found = of_case(session, case, view.record.claims, book, today, matter)
    return render_template(
        "casepages/show.html",
        view=view,
        case=case,
        explained=shown,
        offers=_offers(case, matter, lang),
        policy=book.policy,
        lang=lang,
        may_record=may(actor, "case.record", case) and case.state != "voided",
        may_edit=may(actor, "case.edit", case) and case.state != "voided",
        may_void=may(actor, "case.void", case) and case.state != "voided",
        may_reassign=may(actor, "case.reassign", case) and open_case,
        decision=decision or DecisionForm(formdata=None, data={"decided_on": today}),
        deciding=deciding,
        next_deadline=_next(shown),
        personal=sees_personal_data(actor),
        classes=shown_classes(found, book, lang, personal=sees_personal_data(actor)),
    )


def _offers(case: Case, matter: Matter, lang: str) -> list[Offer]:
    actor = identity.actor()
    if not may(actor, "case.record", case) or case.state == "voided":
        return []
    return offers(matter, rulebook.current(), clock.today(), lang)


def _next(shown: Explained) -> Any:
    """The first of our own deadlines that is still to be kept."""
    waiting = ("overdue", "running", "paused")
    return next((one for one in shown.deadlines if one.ours and one.status in waiting), None)


def back_to(case: Case) -> str:
    """The address of a case's page."""
    return url_for("casepages.show", number=case.number)


def stale_message() -> str:
    """What somebody reads who was not quick enough."""
    return _(
        "Somebody else changed this case in the meantime. What you typed is still here:"
        " compare it with the case and send it again."
    )
