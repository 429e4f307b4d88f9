"""Routes of the calculator: the form with its answer, and one more event row."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, render_template, request
from werkzeug.datastructures import MultiDict

from rules import whatif
from rules.event_types import EventType
from service.calculator.forms import (
    MOST_EVENTS,
    EventForm,
    MatterForm,
    event_form,
    fact_form,
    facts_of,
    matter_form,
    row_indexes,
    values_of,
)
from service.web import clock, language, leftout, rulebook
from service.web.gate import needs

blueprint = Blueprint("calculator", __name__, template_folder="templates", url_prefix="/calculator")


@blueprint.get("")
@needs("policy.read")
def index() -> Any:
    """The form; once it has events, the deadlines that follow from them."""
    policy, lang = rulebook.current().policy, language.short()
    given = _readable()
    matter = matter_form(policy, lang, _jurisdiction(), given or None)
    procedure = _procedure(matter)
    rows = _rows(procedure, given)
    facts = fact_form(policy, procedure, lang, given or None)
    asked = any(row.type.data for row in rows) and request.args.get("action") != "add"
    wrong = asked and not _all_valid(matter, facts, rows)
    answer = _answer(matter, facts, rows) if asked and not wrong else None
    page = render_template(
        "calculator/index.html",
        matter=matter,
        facts=facts,
        rows=rows,
        answer=answer,
        full=len(rows) >= MOST_EVENTS,
        rules=policy.rules,
        lang=lang,
    )
    return page, 422 if wrong else 200


@blueprint.get("/row")
@needs("policy.read")
def row() -> str:
    """One more empty event row."""
    given = MultiDict(request.args)
    matter = matter_form(rulebook.current().policy, language.short(), _jurisdiction(), given)
    form = _row(_procedure(matter), max(row_indexes(given), default=-1) + 1, None)
    return render_template("calculator/_row.html", row=form, fresh=True)


def _readable() -> MultiDict[str, str]:
    """What the address says, but for a procedure or place that is not there: that is said."""
    offered = matter_form(rulebook.current().policy, language.short(), _jurisdiction(), None)
    unknown = [
        field.name
        for field in (offered.procedure, offered.jurisdiction)
        if field.name in request.args and request.args[field.name] not in values_of(field)
    ]
    leftout.say(unknown)
    return leftout.without(unknown)


def _jurisdiction() -> str:
    return str(current_app.config["SETTINGS"].jurisdiction)


def _procedure(matter: MatterForm) -> str:
    known = values_of(matter.procedure)
    chosen = matter.procedure.data
    return chosen if chosen in known else known[0]


def _rows(procedure: str, given: MultiDict[str, str]) -> list[EventForm]:
    rows = [_row(procedure, number, given) for number in row_indexes(given)]
    if not rows or (request.args.get("action") == "add" and len(rows) < MOST_EVENTS):
        number = max(row_indexes(given), default=-1) + 1
        rows.append(_row(procedure, number, None))
    return rows


def _row(procedure: str, number: int, given: MultiDict[str, str] | None) -> EventForm:
    return event_form(rulebook.current().policy, procedure, language.short(), number, given)


def _all_valid(matter: MatterForm, facts: Any, rows: list[EventForm]) -> bool:
    stated = [row for row in rows if row.type.data]
    # Every form is looked at, so that every mistake is shown.
    results = [form.validate() for form in (matter, facts, *stated)]
    today = matter.today.data or clock.today()
    for row in stated:
        row.check(_events().get(row.type.data), today)
    return all(results) and not any(row.errors for row in stated)


def _events() -> Mapping[str, EventType]:
    return rulebook.current().policy.events


def _answer(matter: MatterForm, facts: Any, rows: list[EventForm]) -> dict[str, Any]:
    """What `anqi what-if` answers to the same matter."""
    today = matter.today.data or clock.today()
    line = {
        "id": "calculator",
        "procedure": matter.procedure.data,
        "jurisdiction": matter.jurisdiction.data,
        "facts": facts_of(facts),
        "events": [row.as_line(_events()[row.type.data]) for row in rows if row.type.data],
        "today": today.isoformat(),
    }
    return whatif.answer(line, rulebook.current(), today, language.short())
