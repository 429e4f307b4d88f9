"""What belongs to a unit out of sight stays there, whichever page leads near it."""

from datetime import date
from typing import Any

from sqlmodel import select

from jobs import deliver, sweep
from jobs.settings import JobSettings
from models import Party
from tests.service.web_cases.conftest import Person
from tests.service.web_cases.entries import entry
from tests.support.office import TODAY, Office


def test_a_party_is_not_chosen_by_its_number_alone(
    chen: Person, log_in: Any, office: Office
) -> None:
    office.register("complaint")
    known = office.session.exec(select(Party).where(Party.kind == "person")).one().id
    typed = entry("complaint", office, **{"parties-0-name": ""})
    path = f"/register/complaint/choose?row=parties-0&party={known}"
    assert "李明" in chen.post(path, typed).text
    assert "李明" not in log_in("wang").post(path, typed).text


def test_a_number_of_another_unit_is_not_taken_for_the_case_of_the_same_dispute(
    log_in: Any, office: Office
) -> None:
    number = office.register("mediation").number
    unit = {"unit_id": str(office.other_town.id), "linked_number": number}
    page = log_in("wang").post(
        "/register/arbitration", entry("arbitration", office, handler="wang", **unit)
    )
    assert page.status_code == 422
    assert 'id="linked_number-error"' in page.text


def test_the_page_names_other_cases_of_the_dispute_only_to_who_may_see_them(
    chen: Person, log_in: Any, office: Office
) -> None:
    mediation = office.register("mediation")
    arbitration = office.register(
        "arbitration",
        by="director",
        unit_id=office.section.id,
        handler_id=office.users["lin"].id,
        dispute_id=mediation.dispute_id,
    )
    for case, other in ((mediation, arbitration), (arbitration, mediation)):
        assert other.number in log_in("director").get(f"/cases/{case.number}").text
    assert arbitration.number not in chen.get(f"/cases/{mediation.number}").text
    assert mediation.number not in log_in("lin").get(f"/cases/{arbitration.number}").text


def test_an_alert_of_a_case_that_went_to_another_unit_no_longer_names_it(
    chen: Person, office: Office
) -> None:
    case = office.register("complaint", received_on=date(2026, 2, 2), title="Wages at the dock")
    for job in (sweep, deliver):
        job.run(office.session, TODAY, JobSettings())
    office.session.commit()
    number = case.number
    page = chen.get("/alerts").text
    assert number in page
    assert "Wages at the dock" in page
    case.unit_id, case.handler_id = office.other_town.id or 0, office.users["wang"].id or 0
    office.session.commit()
    page = chen.get("/alerts").text
    assert "Overdue" in page
    assert number not in page
    assert "Wages at the dock" not in page
