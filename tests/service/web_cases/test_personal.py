"""What is personal on the page of a case: masked, revealed on record, or not shown at all."""

import re
from datetime import date
from typing import Any

from sqlmodel import select

from models import Approval, AuditEntry
from service.cases.inputs import ClaimInput
from tests.service.web_cases.conftest import Person
from tests.support.office import Office, credit_code, employer, resident_id, worker


def test_numbers_are_masked_and_revealed_on_record(
    chen: Person, log_in: Any, office: Office
) -> None:
    case = office.register("complaint")
    page = chen.get(f"/cases/{case.number}").text
    assert resident_id(1) not in page
    assert credit_code(1) in page
    party = re.search(r"parties/(\d+)/reveal", page)
    assert party is not None
    assert resident_id(1) in chen.post(f"/cases/{case.number}/parties/{party[1]}/reveal").text
    office.session.rollback()
    assert office.session.exec(select(AuditEntry).where(AuditEntry.action == "case.reveal")).one()
    auditor = log_in("auditor")
    assert auditor.post(f"/cases/{case.number}/parties/{party[1]}/reveal").status_code == 403
    assert "reveal" not in auditor.get(f"/cases/{case.number}").text


def test_the_reporter_is_revealed_to_handler_and_supervisor_alone(
    chen: Person, chief: Person, log_in: Any, office: Office
) -> None:
    case = office.register("report", details={"reporter_name": "赵知情"})
    for person_ in (chen, chief):
        assert "赵知情" in person_.post(f"/cases/{case.number}/reporter").text
    assert log_in("auditor").post(f"/cases/{case.number}/reporter").status_code == 403
    office.session.rollback()
    looks = select(AuditEntry.user_id).where(AuditEntry.action == "case.reveal")
    assert set(office.session.exec(looks)) == {office.users[name].id for name in ("chen", "chief")}


def test_a_form_that_is_opened_with_the_reporter_in_it_is_a_look_on_record(
    chen: Person, office: Office
) -> None:
    case = office.register("report", details={"reporter_name": "赵知情"})
    other = office.register("complaint")
    assert "赵知情" not in chen.get(f"/cases/{case.number}").text
    assert "赵知情" in chen.get(f"/cases/{case.number}/edit").text
    assert chen.get(f"/cases/{other.number}/edit").status_code == 200
    office.session.rollback()
    look = office.session.exec(select(AuditEntry).where(AuditEntry.action == "case.reveal")).one()
    assert (look.case_id, look.subject) == (case.id, "reporter")


def test_an_analyst_reads_no_names_and_may_change_nothing(log_in: Any, office: Office) -> None:
    case = office.register("complaint", summary="Secret words.")
    analyst = log_in("analyst")
    page = analyst.get(f"/cases/{case.number}").text
    assert "李明" not in page
    assert "Secret words." not in page
    assert "/record" not in page
    assert "/edit" not in page
    assert analyst.get(f"/cases/{case.number}/edit").status_code == 403


def test_an_analyst_reads_neither_addresses_nor_what_was_noted_of_an_event(
    chen: Person, log_in: Any, office: Office
) -> None:
    parties = [worker("complainant", address="Dock Lane 9"), employer("employer")]
    case = office.register("complaint", parties=parties)
    office.record(case, "complaint_accepted", office.today, note="Came with her brother.")
    number = case.number
    for reader, reads in ((chen, True), (log_in("auditor"), True), (log_in("analyst"), False)):
        page = reader.get(f"/cases/{number}").text
        for said in ("Dock Lane 9", "Came with her brother."):
            assert (said in page) is reads


def test_an_analyst_reads_no_words_that_may_name_people(
    chen: Person, chief: Person, log_in: Any, office: Office
) -> None:
    case = office.register("arbitration", claims=[ClaimInput("wages", None, "张三丰的加班费")])
    number = case.number
    office.record(case, "case_accepted", date(2026, 3, 9))
    asked = {"days": "15", "reason": "王五未到庭", "rule": ""}
    chen.post(f"/cases/{number}/record?type=extension_approved", asked)
    approval = office.session.exec(select(Approval)).one()
    decided = {"decision": "refuse", "decided_on": "2026-03-09", "decision_note": "赵六可代"}
    chief.post(f"/cases/{number}/approvals/{approval.id}", decided)
    placed = office.register("person", details={"skills": "孙七会电焊"}).number
    words = ("张三丰的加班费", "王五未到庭", "赵六可代", "孙七会电焊")
    for name, seen in (("chief", words), ("analyst", ())):
        reader = log_in(name)
        pages = reader.get(f"/cases/{number}").text + reader.get(f"/cases/{placed}").text
        assert tuple(word for word in words if word in pages) == seen
