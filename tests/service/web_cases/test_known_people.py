"""Known people and earlier cases while a matter is registered."""

from typing import Any

from sqlmodel import select

from models import AuditEntry, Case, CaseParty, Party
from tests.service.web_cases.conftest import Person
from tests.service.web_cases.entries import entry
from tests.support.office import Office, resident_id


def test_known_people_are_offered_masked_and_chosen_without_showing_their_number(
    chen: Person, office: Office
) -> None:
    office.register("complaint")
    typed = {**entry("complaint", office), "parties-0-id_number": "", "parties-0-phone": ""}
    part = chen.post("/register/complaint/offers?row=parties-0", typed).text
    assert "李明" in part
    assert resident_id(1) not in part
    assert "310***********" in part
    party_id = part.split("party=")[1].split('"')[0]
    row = chen.post(f"/register/complaint/choose?row=parties-0&party={party_id}", typed).text
    assert f'name="parties-0-party_id" type="hidden" value="{party_id}"' in row
    assert resident_id(1) not in row


def test_a_colleague_who_chooses_a_masked_person_reads_no_number_by_it(
    log_in: Any, office: Office
) -> None:
    """And is told what to type."""
    first = office.register("complaint")
    shown = office.session.exec(select(Party).where(Party.kind == "person")).one()
    office.users["wang"].unit_id = office.town.id or 0
    office.session.commit()
    wang = log_in("wang")
    assert wang.post(f"/cases/{first.number}/parties/{shown.id}/reveal").status_code == 403
    sent = {
        **entry("complaint", office),
        "handler_id": str(office.users["wang"].id),
        "parties-0-party_id": str(shown.id),
        "parties-0-id_number": "",
        "parties-0-phone": "",
        "seen": first.number,
    }
    row = wang.post(f"/register/complaint/choose?row=parties-0&party={shown.id}", sent).text
    assert "type the numbers" in row
    assert 'name="parties-0-id_number"' in row
    assert wang.post("/register/complaint", sent).status_code == 302
    (second,) = office.session.exec(select(Case).where(Case.number != first.number)).all()
    (mine,) = office.session.exec(
        select(CaseParty.party_id)
        .join(Party)
        .where(CaseParty.case_id == second.id, Party.kind == "person")
    )
    revealed = wang.post(f"/cases/{second.number}/parties/{mine}/reveal").text
    assert resident_id(1) not in revealed
    assert wang.post(f"/cases/{second.number}/parties/{shown.id}/reveal").status_code == 404


def test_earlier_cases_shown_by_a_number_are_in_the_audit_log(chen: Person, office: Office) -> None:
    """Also where the form is only shown again."""
    earlier = office.register("complaint")
    assert chen.post("/register/complaint", entry("complaint", office)).status_code == 422
    office.session.rollback()
    found = select(AuditEntry.case_id).where(AuditEntry.action == "case.search_number")
    assert office.session.exec(found).all() == [earlier.id]


def test_people_of_other_units_are_not_offered(log_in: Any, office: Office) -> None:
    office.register("complaint")
    wang = log_in("wang")
    part = wang.post("/register/complaint/offers?row=parties-0", entry("complaint", office)).text
    assert "李明" not in part


def test_open_cases_of_the_same_parties_are_shown_before_saving(
    chen: Person, office: Office
) -> None:
    earlier = office.register("complaint").number
    sent = entry("complaint", office)
    page = chen.post("/register/complaint", sent)
    assert page.status_code == 422
    assert earlier in page.text
    assert "already have open cases" in page.text
    again = chen.post("/register/complaint", {**sent, "seen": earlier})
    assert again.status_code == 302
