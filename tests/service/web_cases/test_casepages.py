"""The case's page: what it shows to whom, recording, deciding, correcting, editing, voiding."""

import re
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, func, select

from models import Approval
from tests.service.web_cases.cases import accepted, events, fresh
from tests.service.web_cases.conftest import Person
from tests.support.office import Office


def test_the_page_shows_deadlines_with_steps_article_and_bar(chen: Person, office: Office) -> None:
    page = chen.get(f"/cases/{accepted(office)}").text
    assert "Why this date?" in page
    assert '<ol class="reasons">' in page
    assert 'class="article"' in page
    assert "<svg" in page
    assert " style=" not in page


def test_only_lawful_events_are_offered(chen: Person, office: Office) -> None:
    number = office.register("arbitration").number
    page = chen.get(f"/cases/{number}").text
    assert "type=case_accepted" in page
    assert "type=award_issued" not in page


def test_an_event_is_recorded_with_the_day_it_happened(chen: Person, office: Office) -> None:
    number = office.register("arbitration", received_on=date(2026, 3, 2)).number
    sent = chen.post(
        f"/cases/{number}/record?type=case_accepted", {"on": "2026-03-04", "note": "at the window"}
    )
    assert sent.status_code == 302
    page = chen.get(f"/cases/{number}").text
    assert "recorded on 2026-" in page
    assert "at the window" in page
    assert fresh(office, number).accepted_on == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"on": ""}, "Type the day on which it happened."),
        ({"on": "yesterday"}, "is not a day"),
        ({"on": "2026-03-10"}, "2026-03-10"),
        ({"on": "2026-03-01"}, "2026-03-0"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_the_field_and_the_note_stays(
    chen: Person, office: Office, data: dict[str, str], message: str
) -> None:
    number = office.register("arbitration", received_on=date(2026, 3, 2)).number
    page = chen.post(f"/cases/{number}/record?type=case_accepted", {"note": "Kept words.", **data})
    assert page.status_code == 422
    assert 'id="on-error"' in page.text
    assert message in page.text
    assert "Kept words." in page.text


def test_an_award_before_acceptance_is_refused_with_the_article(
    chen: Person, office: Office
) -> None:
    number = office.register("arbitration").number
    page = chen.post(f"/cases/{number}/record?type=award_issued", {"on": "2026-03-09"})
    assert page.status_code == 422
    assert re.search(r"§|Article|Law|第", page.text)
    assert events(office, number) == ["arb_application_received"]


def test_the_next_action_of_a_deadline_opens_the_form_of_the_event_that_meets_it(
    chen: Person, office: Office
) -> None:
    page = chen.get(f"/cases/{accepted(office)}/record?rule=arb_award").text
    assert "It happened on" in page
    assert 'action="' not in page or "award" in page.lower()


def test_accepting_a_complaint_files_the_case_the_same_day(chen: Person, office: Office) -> None:
    number = office.register("complaint").number
    chen.post(f"/cases/{number}/record?type=complaint_accepted", {"on": "2026-03-09"})
    assert events(office, number) == ["complaint_received", "complaint_accepted", "case_filed"]


def test_a_form_opened_before_somebody_recorded_something_is_stopped_and_keeps_its_words(
    chen: Person, office: Office
) -> None:
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    number = case.number
    form = chen.get(f"/cases/{number}/record?type=case_accepted").text
    seen = re.search(r'name="seen" type="hidden" value="(\d+)"', form)
    assert seen is not None
    office.record(fresh(office, number), "case_accepted", date(2026, 3, 3))
    sent = {"on": "2026-03-04", "note": "Too slow.", "seen": seen[1]}
    page = chen.post(f"/cases/{number}/record?type=case_accepted", sent)
    assert page.status_code == 409
    assert "Somebody else changed this case" in page.text
    assert "Too slow." in page.text


class TestApproval:
    """An extension is asked for by the handler and decided by a supervisor."""

    def _asked(self, chen: Person, office: Office) -> tuple[str, int]:
        number = accepted(office)
        sent = chen.post(
            f"/cases/{number}/record?type=extension_approved",
            {"days": "10", "reason": "A complex matter.", "rule": ""},
        )
        assert sent.status_code == 302
        approval = office.session.exec(select(Approval)).one()
        return number, approval.id or 0

    def test_only_a_deadline_that_can_be_extended_is_offered(
        self, chen: Person, office: Office
    ) -> None:
        form = chen.get(f"/cases/{accepted(office)}/record?type=extension_approved").text
        assert 'value="arb_award"' in form
        assert 'value="arb_serve_application"' not in form

    def test_a_second_request_names_the_one_that_waits_and_keeps_what_was_typed(
        self, chen: Person, office: Office
    ) -> None:
        number, _ = self._asked(chen, office)
        page = chen.post(
            f"/cases/{number}/record?type=extension_approved",
            {"days": "6", "reason": "Even more complex.", "rule": "arb_award"},
        )
        assert page.status_code == 422
        assert 'id="days-error"' in page.text
        name = office.users["chen"].name
        said = f"“Extension approved” was already asked for by {name} (days: 10) and waits"
        assert said in page.text
        assert "Even more complex." in page.text
        assert office.session.exec(select(func.count(col(Approval.id)))).one() == 1

    def test_approving_records_it_and_moves_the_date(
        self, chen: Person, chief: Person, office: Office
    ) -> None:
        number, approval_id = self._asked(chen, office)
        assert fresh(office, number).limit_due_on == date(2026, 4, 16)
        page = chief.get(f"/cases/{number}").text
        assert "A complex matter." in page
        assert "Approve" in page
        chief.post(
            f"/cases/{number}/approvals/{approval_id}",
            {"decision": "approve", "decided_on": "2026-03-09", "decision_note": "Agreed."},
        )
        # Ten more days end on a Sunday, which rolls to the Monday.
        assert fresh(office, number).limit_due_on == date(2026, 4, 27)
        assert "extension_approved" in events(office, number)
        assert "Agreed." in chen.get(f"/cases/{number}").text

    def test_refusing_leaves_the_date(self, chen: Person, chief: Person, office: Office) -> None:
        number, approval_id = self._asked(chen, office)
        before = fresh(office, number).limit_due_on
        chief.post(
            f"/cases/{number}/approvals/{approval_id}",
            {"decision": "refuse", "decided_on": "2026-03-09"},
        )
        assert fresh(office, number).limit_due_on == before
        assert "Refused" in chen.get(f"/cases/{number}").text

    def test_a_decision_in_the_future_is_refused_on_the_same_page(
        self, chen: Person, chief: Person, office: Office
    ) -> None:
        number, approval_id = self._asked(chen, office)
        page = chief.post(
            f"/cases/{number}/approvals/{approval_id}",
            {"decision": "approve", "decided_on": "2026-03-10", "decision_note": "Kept."},
        )
        assert page.status_code == 422
        assert f'id="decided-{approval_id}-error"' in page.text
        assert "Kept." in page.text

    def test_the_caseworker_cannot_decide(self, chen: Person, office: Office) -> None:
        number, approval_id = self._asked(chen, office)
        sent = chen.post(f"/cases/{number}/approvals/{approval_id}", {"decision": "approve"})
        assert sent.status_code == 403
        assert 'value="approve"' not in chen.get(f"/cases/{number}").text

    def test_a_request_is_taken_back_by_who_asked(self, chen: Person, office: Office) -> None:
        number, approval_id = self._asked(chen, office)
        chen.post(f"/cases/{number}/approvals/{approval_id}/take-back")
        assert "Taken back" in chen.get(f"/cases/{number}").text

    def test_a_second_decision_is_told_that_it_was_decided(
        self, chen: Person, chief: Person, office: Office
    ) -> None:
        number, approval_id = self._asked(chen, office)
        data = {"decision": "approve", "decided_on": "2026-03-09"}
        chief.post(f"/cases/{number}/approvals/{approval_id}", data)
        again = chief.post(f"/cases/{number}/approvals/{approval_id}", data)
        assert "already decided" in chief.get(again.location).text

    def test_a_reason_and_days_are_asked_for(self, chen: Person, office: Office) -> None:
        number = accepted(office)
        page = chen.post(f"/cases/{number}/record?type=extension_approved", {"days": ""})
        assert page.status_code == 422
        assert 'id="days-error"' in page.text
        assert 'id="reason-error"' in page.text


def test_a_case_of_another_unit_does_not_exist(log_in: Any, office: Office) -> None:
    case = office.register("complaint")
    assert log_in("wang").get(f"/cases/{case.number}").status_code == 404


def test_voiding_names_the_case_asks_why_and_leaves_it_to_auditors(
    chief: Person, chen: Person, log_in: Any, office: Office
) -> None:
    number = office.register("complaint").number
    assert f"Void {number}" in chief.get(f"/cases/{number}/void").text
    assert chief.post(f"/cases/{number}/void").status_code == 422
    assert chen.get(f"/cases/{number}/void").status_code == 403
    assert chief.post(f"/cases/{number}/void", {"reason": "Entered twice."}).status_code == 302
    assert chief.get(f"/cases/{number}").status_code == 404
    assert "Entered twice." in log_in("auditor").get(f"/cases/{number}").text


def test_handing_over_needs_somebody_of_the_unit_and_a_reason(
    chief: Person, office: Office
) -> None:
    number = office.register("complaint").number
    data = {"unit_id": str(office.town.id), "handler_id": str(office.users["chief"].id)}
    page = chief.post(f"/cases/{number}/reassign", data)
    assert page.status_code == 422
    assert 'id="reason-error"' in page.text
    done = chief.post(f"/cases/{number}/reassign", {**data, "reason": "Leave."})
    assert done.status_code == 302
    assert fresh(office, number).handler_id == office.users["chief"].id


def test_a_case_with_many_events_costs_no_more_queries(
    chen: Person, office: Office, count_queries: Any
) -> None:
    few, many = accepted(office), accepted(office)
    case = fresh(office, many)
    for day in range(3, 9):
        office.record(case, "hearing_date", date(2026, 4, day + 10))
    chen.get("/cases")
    with count_queries() as first:
        chen.get(f"/cases/{few}")
    with count_queries() as second:
        chen.get(f"/cases/{many}")
    assert len(second) == len(first)


def test_a_case_that_was_taken_on_is_not_taken_on_again_as_the_next_step(
    chen: Person, office: Office
) -> None:
    def next_steps(number: str) -> tuple[str, str]:
        card = chen.get(f"/cases/{number}").text.split('id="next"')[1].split("</section>")[0]
        onward, _, rest = card.partition("<details")
        return onward, rest

    onward, _ = next_steps(office.register("arbitration").number)
    assert "type=transfer_accepted" in onward
    onward, rest = next_steps(accepted(office))
    assert "type=transfer_accepted" not in onward
    assert "type=transfer_accepted" in rest


def test_filing_a_tip_off_is_the_step_that_leads_on(chen: Person, office: Office) -> None:
    number = office.register("report").number
    page = chen.get(f"/cases/{number}").text
    primary = page.split('id="next"')[1].split('class="btn btn-primary"')[1]
    assert "type=case_filed" in primary.split(">")[0]


def test_the_ground_of_a_pause_is_chosen_and_reads_in_words(
    chen: Person, chief: Person, office: Office
) -> None:
    number = office.register("arbitration", received_on=date(2026, 3, 2)).number
    office.record(fresh(office, number), "case_accepted", date(2026, 3, 2))
    form = f"/cases/{number}/record?type=suspended"
    assert "work injury" in chen.get(form).text
    wrong = chen.post(form, {"ground": "finding-x", "reason": "We wait."})
    assert wrong.status_code == 422
    assert chen.post(form, {"ground": "finding", "reason": "We wait."}).status_code == 302
    for page in (chen.get(f"/cases/{number}").text, chief.get("/team").text):
        assert "A finding on a work injury" in page
        assert ">finding" not in page


def test_a_service_that_may_be_either_of_two_is_asked_which_at_its_field(
    chen: Person, office: Office
) -> None:
    number = accepted(office)
    for event, day in (("notice_published", 3), ("document_posted", 4)):
        office.record(fresh(office, number), event, date(2026, 3, day))
    form = f"/cases/{number}/record?type=deemed_served"
    assert "Which service" in chen.get(form).text
    unsaid = chen.post(form, {"on": "2026-03-05", "ground": "", "note": "Fetched."})
    assert unsaid.status_code == 422
    assert 'id="ground-error"' in unsaid.text
    assert "does not say which service it answers" in unsaid.text
    assert "Fetched." in unsaid.text
    assert chen.post(form, {"on": "2026-03-05", "ground": "document_posted"}).status_code == 302
    assert "Which service: The document left or posted" in chen.get(f"/cases/{number}").text


def test_a_party_that_lets_its_limit_pass_is_no_breach_of_ours(
    chen: Person, office: Office
) -> None:
    number = office.register("arbitration", received_on=date(2026, 2, 2)).number
    case = fresh(office, number)
    office.record(case, "case_accepted", date(2026, 2, 4))
    office.record(case, "application_served", date(2026, 2, 5))
    page = chen.get(f"/cases/{number}").text
    table = page.split("deadline-table")[1].split("</table>")[0]
    rows = table.split("<tbody ")[1:]
    theirs = ["deadline-theirs" in row for row in rows]
    assert theirs == sorted(theirs)
    late = [row for row in rows if 'class="deadline-overdue deadline-theirs"' in row]
    assert late
    assert all("the party&#39;s own limit" in row and "overdue" in row for row in late)


def test_a_deadline_that_a_fact_keeps_from_starting_is_explained(
    chen: Person, office: Office
) -> None:
    number = office.register("person", facts={"willing_and_obeys": False}).number
    page = chen.get(f"/cases/{number}").text
    assert "does not start (Willing to work and obeys arrangements: no)" in page
    assert "contradict each other" not in page


def test_a_placement_that_lost_its_premise_is_not_shown_as_met(
    chen: Person, office: Office
) -> None:
    case = office.register("person", received_on=date(2026, 3, 2))
    office.record(case, "willingness_withdrawn", date(2026, 3, 4))
    page = chen.get(f"/cases/{case.number}").text
    assert "Ended, its premise gone" in page
    assert "Met in time" not in page
