"""Numbers and reporters are answered in full by operations of their own."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlmodel import col, select

from models import AuditEntry, Claim
from service.cases.inputs import ClaimInput
from tests.service.api.bodies import complaint
from tests.service.api.conftest import Program
from tests.support.office import Office, resident_id

Make = Callable[[str | None], Program]


def _looks(office: Office) -> list[str]:
    query = select(AuditEntry.subject).where(AuditEntry.action == "case.reveal")
    return list(office.session.exec(query.order_by(col(AuditEntry.id))))


@pytest.mark.parametrize("name", ["chen", "director"])
def test_a_case_is_answered_with_its_numbers_masked(program: Make, office: Office, name: str):
    """Also by what registers it and records in it, and also to who may read them."""
    someone = program(name)
    created = someone.post("/cases", complaint(handler="chen"))
    number = created.json["number"]
    event = {"type": "complaint_accepted", "on": "2026-03-04"}
    recorded = someone.post(f"/cases/{number}/events", event)
    for answer in (created, recorded, someone.get(f"/cases/{number}")):
        assert resident_id() not in answer.text
        assert "13800138000" not in answer.text
        assert answer.json["parties"][0]["phone"] == "138****8000"
    assert _looks(office) == []


def test_numbers_are_revealed_apart_and_on_record(program: Make, office: Office):
    number = program("chen").post("/cases", complaint()).json["number"]
    party = program("chief").get(f"/cases/{number}").json["parties"][0]["id"]
    path = f"/cases/{number}/parties/{party}/reveal"
    revealed = program("chief").post(path, {})
    assert revealed.json == {"id_number": resident_id(), "phone": "13800138000"}
    office.session.rollback()
    assert _looks(office) == [f"party:{party}"]
    for name, status in (("auditor", 403), ("analyst", 403), ("wang", 404), ("admin", 403)):
        assert program(name).post(path, {}).status_code == status
    assert (
        program("chief").post(f"/cases/{number}/parties/99999999999/reveal", {}).status_code == 404
    )
    office.session.rollback()
    assert len(_looks(office)) == 1


def test_a_reporter_is_answered_by_the_operation_alone(program: Make, office: Office):
    case = office.register(
        "report", details={"reporter_name": "赵一", "reporter_contact": "13900139000"}
    )
    director, path = program("director"), f"/cases/{case.number}/reporter"
    assert "赵一" not in director.get(f"/cases/{case.number}").text
    assert director.post(path, {}).json == {"name": "赵一", "contact": "13900139000"}
    office.session.rollback()
    assert _looks(office) == ["reporter"]
    assert program("auditor").post(path, {}).status_code == 403
    complaint = office.register("complaint")
    assert director.post(f"/cases/{complaint.number}/reporter", {}).status_code == 403


def test_an_analyst_reads_no_note_of_a_claim(program: Make, office: Office):
    claims = [ClaimInput("wages", Decimal("12345.60"), "张三丰的加班费")]
    number = office.register("complaint", claims=claims).number
    read = {name: program(name).get(f"/cases/{number}").json for name in ("chen", "analyst")}
    assert [read[name]["claims"] for name in ("chen", "analyst")] == [
        [{"kind": "wages", "amount": "12345.60", "note": note}] for note in ("张三丰的加班费", "")
    ]
    office.session.rollback()
    assert office.session.exec(select(Claim.note)).all() == ["张三丰的加班费"]
