"""Showing a personal number or a reporter in full, to those who may, each time on record."""

from flask import abort, render_template

from models import Party
from service import audit
from service.access import Forbidden, get_case, sees_numbers, sees_reporter
from service.casepages.blueprint import blueprint
from service.cases import details as case_details
from service.cases.partychanges import linked
from service.web import database, identity
from service.web.gate import needs


@blueprint.post("/<number>/parties/<int:party_id>/reveal")
@needs("case.read")
def reveal_party(number: str, party_id: int) -> str:
    """A party's ID number and phone in full. By POST: nothing of it is kept in a history."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number, for_change=True)
    if not sees_numbers(actor, case):
        raise Forbidden("case.read")
    party = next((one for _, one in linked(session, case) if one.id == party_id), None)
    if party is None:
        abort(404)
    audit.record(session, actor.user_id, "case.reveal", case=case, subject=f"party:{party_id}")
    return _numbers(party)


def _numbers(party: Party) -> str:
    return render_template(
        "casepages/_numbers.html", id_number=party.id_number or "", phone=party.phone or ""
    )


@blueprint.post("/<number>/reporter")
@needs("case.read")
def reveal_reporter(number: str) -> str:
    """Who gave the tip, for the handler and the handler's supervisors."""
    session, actor = database.session(), identity.actor()
    case = get_case(session, actor, number, for_change=True)
    if case.kind != "report" or not sees_reporter(session, actor, case):
        raise Forbidden("case.read")
    row = case_details.as_dict(case.kind, case_details.row_of(session, case))
    audit.record(session, actor.user_id, "case.reveal", case=case, subject="reporter")
    return render_template(
        "casepages/_reporter.html",
        name=row["reporter_name"] or "",
        contact=row["reporter_contact"] or "",
    )
