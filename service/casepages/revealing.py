"""Showing a personal number or a reporter in full, to those who may, each time on record."""

from flask import render_template

from service.access import get_case
from service.casepages.blueprint import blueprint
from service.cases import revealing
from service.web import database, identity
from service.web.gate import needs


@blueprint.post("/<number>/parties/<int:party_id>/reveal")
@needs("case.read")
def reveal_party(number: str, party_id: int) -> str:
    """A party's ID number and phone in full. By POST: nothing of it is kept in a history."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number, for_change=True)
    found = revealing.reveal_numbers(session, actor, case, party_id)
    return render_template("casepages/_numbers.html", id_number=found.id_number, phone=found.phone)


@blueprint.post("/<number>/reporter")
@needs("case.read")
def reveal_reporter(number: str) -> str:
    """Who gave the tip, for the handler and the handler's supervisors."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number, for_change=True)
    found = revealing.reveal_reporter(session, actor, case)
    return render_template("casepages/_reporter.html", name=found.name, contact=found.contact)
