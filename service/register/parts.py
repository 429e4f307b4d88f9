"""The parts of the form that the server fills while somebody types."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request

from models import Party
from rules.citing import Citation
from rules.explain import citations
from rules.matter import Clock
from service.cases import circumstances, registering
from service.cases.classifying import classified, facts_known
from service.cases.identities import check_credit_code, check_id, check_phone
from service.cases.known import Known, known_parties
from service.cases.problems import InvalidInput, Problem
from service.cases.suggesting import earlier_open_cases, note_earlier, people_like
from service.classes_shown import ShownClass, shown_classes
from service.register import reading
from service.register.forms import RegisterForm
from service.register.opening import CLAIMS, add_row, group_of, jurisdiction, open_form
from service.register.rows import field_named
from service.web import clock, database, identity, language, rulebook
from service.web.gate import needs
from service.web.numbers import row_id, row_id_or_none


@dataclass(frozen=True, slots=True)
class Starting:
    """A deadline that will start: what is to be done, until when, by which article."""

    clock: Clock
    obligation: str
    sources: list[Citation]


def attach(blueprint: Blueprint) -> None:
    """Put the parts under the pages' blueprint."""
    blueprint.post("/<kind>/row")(row)
    blueprint.post("/<kind>/preview")(preview)
    blueprint.post("/<kind>/offers")(offers)
    blueprint.post("/<kind>/choose")(choose)
    blueprint.post("/<kind>/link")(link)
    blueprint.post("/check")(check)


@needs("case.register")
def row(kind: str) -> str:
    """One more row of a group of parties or claims."""
    form = open_form(kind)
    key = request.args.get("group", "")
    entry = add_row(form, key)
    if key == CLAIMS:
        return render_template("register/_claim.html", entry=entry)
    return _row(form, entry, {})


def _row(form: RegisterForm, entry: Any, chosen: dict[str, Known]) -> str:
    group = group_of(form, entry)
    return render_template(
        "register/_row.html", entry=entry, group=group, kind=form.kind, chosen=chosen, new=True
    )


@needs("case.register")
def preview(kind: str) -> str:
    """The deadlines that will start, and open cases of the same parties."""
    form = open_form(kind)
    form.received_on.validate(form)
    return render_template("register/_preview.html", kind=kind, **preview_of(form))


def preview_of(form: RegisterForm) -> dict[str, Any]:
    """What the preview shows; without a usable day there are no deadlines to show."""
    rows = reading.typed(form)
    wanted = reading.registration(form, rows, clock.today(), jurisdiction())
    session, actor = database.session(), identity.actor()
    earlier = earlier_open_cases(session, actor, wanted.parties)
    note_earlier(session, actor, earlier)
    given: date | None = None if form.received_on.errors else form.received_on.data
    starting, notes = _starting(wanted) if given else (None, [])
    return {
        "starting": starting,
        "notes": notes,
        "given": given is not None,
        "late_entry": given is not None and given < clock.today(),
        "earlier": earlier,
        "classes": _classes(wanted) if given else (),
    }


def _classes(wanted: registering.Registration) -> list[ShownClass]:
    """What the case will be in law, as far as it can be said; nothing of wrong answers."""
    book = rulebook.current()
    asked = circumstances.questions(wanted.procedure, wanted.jurisdiction, book.policy)
    if circumstances.check(asked, wanted.circumstances):
        return []
    known = facts_known(
        wanted.kind,
        wanted.facts,
        wanted.worker_count,
        wanted.claims,
        wanted.circumstances,
        book.policy,
    )
    found = classified(known, wanted.jurisdiction, wanted.received_on, book.policy)
    return shown_classes(found, book, language.short())


def _starting(wanted: registering.Registration) -> tuple[list[Starting] | None, list[str]]:
    """The deadlines, and what a fact keeps from starting."""
    book, lang = rulebook.current(), language.short()
    try:
        derivation = registering.preview(wanted, book, clock.today())
    except InvalidInput:
        return None, []
    starting = [
        Starting(one, book.policy.rules[one.rule].obligation[lang], citations(one, book, lang))
        for one in derivation.clocks
    ]
    return starting, registering.notes(wanted, derivation, book, lang)


@needs("case.register")
def check() -> str:
    """What is wrong with one number as typed so far; the field is named, never its value."""
    name = request.args.get("field", "")
    typed = request.form.get(name, "")
    number, problems = _checked(name, typed)
    return render_template("register/_check.html", number=number, problems=problems)


def _checked(name: str, typed: str) -> tuple[str | None, list[Problem]]:
    if name.endswith("id_number"):
        return check_id(typed, name, clock.today())
    if name.endswith("credit_code"):
        return check_credit_code(typed, name)
    if name.endswith("phone"):
        return check_phone(typed, name)
    return abort(400)


@needs("case.register")
def offers(kind: str) -> str:
    """Known people or employers whose name holds what was typed."""
    form = open_form(kind)
    entry = _entry(form)
    found = people_like(database.session(), identity.actor(), entry.form.name.data or "")
    fitting = [party for party in found if party.kind == entry.form.kind.data]
    return render_template("register/_offers.html", offers=fitting, kind=kind, entry=entry)


@needs("case.register")
def choose(kind: str) -> str:
    """The row with a known party in it, or emptied again (`party=0`)."""
    form = open_form(kind)
    entry = _entry(form)
    party_id = request.args.get("party", 0, type=row_id)
    found = known_parties(database.session(), identity.actor(), [party_id])
    _fill(entry.form, found[0].party if found else None)
    return _row(form, entry, {str(party_id): found[0]} if found else {})


@needs("case.register")
def link(kind: str) -> str:
    """The field for the case of the same dispute, with the chosen number in it."""
    form = open_form(kind)
    if "linked_number" not in form:
        abort(400)
    form["linked_number"].data = request.args.get("number", "")
    return render_template("register/_linked.html", form=form)


def _entry(form: RegisterForm) -> Any:
    """The row that `?row=parties-0` names."""
    entry = field_named(form.parties, request.args.get("row", ""))
    if entry is None:
        abort(400)
    return entry


def _fill(row: Any, party: Party | None) -> None:
    row.party_id.data = str(party.id) if party else ""
    row.name.data = party.name if party else ""
    row.credit_code.data = (party.credit_code or "") if party else ""
    row.address.data = ""
    # A person's numbers stay where they are stored; the row shows them masked.
    row.id_number.data = row.phone.data = ""


def chosen_parties(form: RegisterForm) -> dict[str, Known]:
    """The known parties that rows were filled with, by id, in one query."""
    ids = [row_id_or_none(entry.form.party_id.data) for entry in form.parties]
    found = known_parties(
        database.session(), identity.actor(), [one for one in ids if one is not None]
    )
    return {str(one.party.id): one for one in found}
