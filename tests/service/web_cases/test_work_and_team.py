"""My work, the supervisor's page, and the inbox of alerts."""

import re
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from jobs import deliver, sweep
from jobs.settings import JobSettings
from models import AlertReceipt
from tests.service.web_cases.conftest import Person
from tests.support.office import TODAY, Office, employer, worker


def _overdue(office: Office, serial: int = 1, **values: Any) -> str:
    parties = [worker("complainant", f"工{serial}", serial), employer("employer")]
    received = date(2026, 2, 2)
    return office.register("complaint", received_on=received, parties=parties, **values).number


def test_my_work_groups_by_urgency_with_words_and_the_next_action(
    chen: Person, office: Office
) -> None:
    late = _overdue(office)
    soon = office.register("arbitration").number
    page = chen.get("/work").text
    assert late in page
    assert soon in page
    assert "overdue" in page
    assert "5 working days left" in page
    assert f"/cases/{late}/record?rule=insp_complaint_decision" in page
    assert f"/cases/{soon}/record?rule=arb_acceptance_decision" in page


@pytest.mark.parametrize("due", ["overdue", "week"])
def test_the_counts_are_filters(chen: Person, office: Office, due: str) -> None:
    numbers = {"overdue": _overdue(office), "week": office.register("arbitration").number}
    page = chen.get(f"/work?due={due}").text
    assert numbers.pop(due) in page
    assert next(iter(numbers.values())) not in page


def test_a_stopped_clock_is_shown_as_paused(chen: Person, office: Office) -> None:
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    office.record(case, "premediation_consented", date(2026, 3, 3))
    page = chen.get("/work?due=paused").text
    assert case.number in page
    assert "the clock is stopped" in page


def test_others_cases_are_not_my_work(log_in: Any, office: Office) -> None:
    number = _overdue(office)
    assert number not in log_in("wang").get("/work").text


@pytest.mark.parametrize(("name", "status"), [("analyst", 403), ("auditor", 403), ("chief", 200)])
def test_my_work_is_for_those_who_do_casework(log_in: Any, name: str, status: int) -> None:
    assert log_in(name).get("/work").status_code == status


def test_my_work_costs_no_query_a_row(chen: Person, office: Office, count_queries: Any) -> None:
    _overdue(office)
    chen.get("/work")
    with count_queries() as few:
        chen.get("/work")
    for serial in range(2, 10):
        _overdue(office, serial)
    with count_queries() as many:
        chen.get("/work")
    assert len(many) == len(few)


def test_the_team_page_counts_by_handler_and_lists_what_presses(
    chief: Person, office: Office
) -> None:
    late = _overdue(office)
    page = chief.get("/team").text
    assert late in page
    assert "chen" in page
    assert "due=overdue" in page


def test_the_team_page_costs_no_query_a_row(
    chief: Person, office: Office, count_queries: Any
) -> None:
    _overdue(office)
    chief.get("/team")
    with count_queries() as few:
        chief.get("/team")
    for serial in range(2, 10):
        _overdue(office, serial)
    with count_queries() as many:
        chief.get("/team")
    assert len(many) == len(few)


def test_an_approval_is_decided_from_the_team_page(
    chen: Person, chief: Person, office: Office
) -> None:
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    office.record(case, "case_accepted", date(2026, 3, 2))
    chen.post(
        f"/cases/{case.number}/record?type=extension_approved",
        {"days": "5", "reason": "Complex.", "rule": ""},
    )
    assert "Complex." in chief.get("/work").text
    assert "Asked for and not decided yet" in chen.get("/work").text
    page = chief.get("/team").text
    assert "Complex." in page
    action = page.split('class="decide-line"')[0].rsplit('action="', 1)[1].split('"')[0]
    sent = chief.post(
        action, {"decision": "approve", "decided_on": TODAY.isoformat(), "back": "team"}
    )
    assert sent.location == "/team"
    assert "Complex." not in chief.get("/team").text


@pytest.mark.parametrize("name", ["chen", "analyst", "admin"])
def test_the_team_page_is_for_supervisors_and_auditors(log_in: Any, name: str) -> None:
    assert log_in(name).get("/team").status_code == 403


def test_an_auditor_reads_the_team_page_and_changes_nothing(log_in: Any, office: Office) -> None:
    _overdue(office)
    page = log_in("auditor").get("/team")
    assert page.status_code == 200
    assert "/reassign" not in page.text


class TestAlerts:
    """An overdue case reaches the inbox; reading it is seen by the supervisor."""

    def _alert(self, office: Office) -> str:
        number = _overdue(office)
        sweep.run(office.session, TODAY, JobSettings())
        deliver.run(office.session, TODAY, JobSettings())
        office.session.commit()
        return number

    def test_handler_and_supervisor_find_it_in_their_inbox(
        self, chen: Person, chief: Person, office: Office
    ) -> None:
        number = self._alert(office)
        for person in (chen, chief):
            page = person.get("/alerts").text
            assert number in page
            assert "Overdue" in page

    def test_an_alert_is_marked_as_read_by_its_owner_alone(
        self, chen: Person, chief: Person, office: Office
    ) -> None:
        self._alert(office)
        mine = office.session.exec(
            select(AlertReceipt).where(AlertReceipt.user_id == office.users["chen"].id)
        ).first()
        assert mine is not None
        chief.post("/alerts/read", {"receipt": str(mine.id)})
        assert "Mark as read" in chen.get("/alerts?show=unread").text
        chen.post("/alerts/read", {"receipt": str(mine.id)})
        read_by = re.findall(r'data-label="Read by">([^<]*)<', chief.get("/team").text)
        assert "chen" in read_by

    def test_all_are_marked_at_once(self, chen: Person, office: Office) -> None:
        self._alert(office)
        sent = chen.post("/alerts/read")
        assert "marked as read" in chen.get(sent.location).text
        assert "No alerts." in chen.get("/alerts?show=unread").text


def test_days_asked_for_stand_in_the_unit_of_their_rule(
    chen: Person, chief: Person, office: Office
) -> None:
    complaint = office.register("complaint", received_on=date(2026, 3, 2))
    office.record(complaint, "complaint_accepted", date(2026, 3, 3))
    arbitration = office.register("arbitration", received_on=date(2026, 3, 2))
    office.record(arbitration, "case_accepted", date(2026, 3, 2))
    for number in (complaint.number, arbitration.number):
        chen.post(
            f"/cases/{number}/record?type=extension_approved",
            {"days": "5", "reason": "Complex.", "rule": ""},
        )
    for page in (chief.get("/team").text, chen.get("/work").text):
        assert "5 working days" in page
        assert "5 calendar days" in page
    assert "5 working days" in chen.get(f"/cases/{complaint.number}").text
    assert "5 calendar days" in chen.get(f"/cases/{arbitration.number}").text


@pytest.mark.parametrize(("received", "marked"), [(TODAY, False), (date(2026, 12, 1), True)])
def test_a_day_in_a_year_without_a_calendar_is_marked_provisional(
    app: Any, chen: Person, chief: Person, office: Office, received: date, marked: bool
) -> None:
    app.config["TODAY"] = received
    office.today = received
    case = office.register("complaint", received_on=received)
    office.record(case, "complaint_accepted", received)
    number = case.number
    for page in (chen.get("/work"), chen.get("/cases"), chen.get(f"/cases/{number}")):
        assert number in page.text
        assert ("note-tag" in page.text) is marked
