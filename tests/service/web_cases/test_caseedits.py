"""Correcting what was recorded, and editing the details of a case."""

import re
from datetime import date

import pytest
from sqlmodel import select

from models import Case, CaseRevision, Event
from tests.service.web_cases.cases import accepted, fresh
from tests.service.web_cases.conftest import Person
from tests.service.web_cases.entries import employer, person
from tests.support.office import Office, resident_id


class TestCorrecting:
    """An event that did not happen so."""

    def _event(self, office: Office, number: str, event: str) -> int:
        rows = office.session.exec(select(Event).where(Event.type == event)).all()
        return rows[-1].id or 0

    def test_a_corrected_event_is_struck_through_with_its_reason(
        self, chen: Person, office: Office
    ) -> None:
        number = accepted(office)
        event_id = self._event(office, number, "case_accepted")
        sent = chen.post(
            f"/cases/{number}/events/{event_id}/correct",
            {"reason": "Wrong stamp.", "how": "replace", "on": "2026-03-03"},
        )
        assert sent.status_code == 302
        page = chen.get(f"/cases/{number}").text
        assert "<s>" in page
        assert "Wrong stamp." in page
        assert fresh(office, number).accepted_on == date(2026, 3, 3)

    def test_an_event_is_withdrawn(self, chen: Person, office: Office) -> None:
        number = accepted(office)
        event_id = self._event(office, number, "case_accepted")
        chen.post(
            f"/cases/{number}/events/{event_id}/correct",
            {"reason": "Another case.", "how": "withdraw", "on": ""},
        )
        assert fresh(office, number).accepted_on is None

    def test_without_a_reason_nothing_is_corrected(self, chen: Person, office: Office) -> None:
        number = accepted(office)
        event_id = self._event(office, number, "case_accepted")
        page = chen.post(
            f"/cases/{number}/events/{event_id}/correct", {"how": "replace", "on": "2026-03-03"}
        )
        assert page.status_code == 422
        assert 'id="reason-error"' in page.text
        assert 'value="2026-03-03"' in page.text


class TestEditing:
    """Details are changed, the old ones kept."""

    def _form(self, case: Case, office: Office, **changed: str) -> dict[str, str]:
        return {
            "revision": str(case.revision),
            "reason": "The clerk misheard.",
            "title": case.title,
            "summary": "New words.",
            "worker_count": "5",
            "channel": "phone",
            "violation": "overtime",
            **person(0, "complainant"),
            **employer(1, "employer"),
            "claims-0-kind": "wages",
            **changed,
        }

    def test_the_change_is_saved_and_the_old_values_are_shown(
        self, chen: Person, office: Office
    ) -> None:
        case = office.register("complaint", summary="Old words.")
        data = self._form(case, office)
        assert chen.post(f"/cases/{case.number}/edit", data).status_code == 302
        page = chen.get(f"/cases/{case.number}").text
        assert "New words." in page
        assert "Old words." in page
        assert "The clerk misheard." in page

    def test_a_stale_form_is_stopped_and_keeps_what_was_typed(
        self, chen: Person, office: Office
    ) -> None:
        case = office.register("complaint")
        number, data = case.number, self._form(case, office)
        chen.post(f"/cases/{number}/edit", data)
        page = chen.post(f"/cases/{number}/edit", {**data, "summary": "My own words."})
        assert page.status_code == 409
        assert "Somebody else changed this case" in page.text
        assert "My own words." in page.text
        revision = re.search(r'name="revision" type="hidden" value="(\d+)"', page.text)
        assert revision is not None
        again = {**data, "summary": "My own words.", "revision": revision[1]}
        assert chen.post(f"/cases/{number}/edit", again).status_code == 302
        assert len(office.session.exec(select(CaseRevision)).all()) == 2

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("reason", ""),
            ("worker_count", "x"),
            ("parties-0-id_number", "123"),
            ("title", "x" * 121),
        ],
    )
    def test_a_wrong_field_is_refused(
        self, chen: Person, office: Office, field: str, typed: str
    ) -> None:
        case = office.register("complaint")
        page = chen.post(f"/cases/{case.number}/edit", self._form(case, office, **{field: typed}))
        assert page.status_code == 422
        assert f'id="{field}-error"' in page.text
        assert "New words." in page.text

    def test_the_form_shows_no_full_number_and_saving_keeps_it(
        self, chen: Person, office: Office
    ) -> None:
        case = office.register("complaint")
        number = case.number
        page = chen.get(f"/cases/{number}/edit").text
        assert resident_id(1) not in page
        ids = re.findall(r'name="(parties-\d+-party_id)" type="hidden" value="(\d+)"', page)
        data = self._form(case, office, **dict(ids)) | {"parties-0-id_number": ""}
        assert chen.post(f"/cases/{number}/edit", data).status_code == 302
        shown = chen.post(f"/cases/{number}/parties/{ids[0][1]}/reveal").text
        assert resident_id(1) in shown


def test_what_opened_a_petition_is_corrected_on_its_page(chen: Person, office: Office) -> None:
    case = office.register("petition", received_on=date(2026, 3, 5))
    number, opening = case.number, office.session.exec(select(Event)).one().id
    address = f"/cases/{number}/events/{opening}/correct"
    page = chen.get(address).text
    assert "What came in" in page
    sent = chen.post(
        address,
        {
            "reason": "passed on by the city",
            "how": "replace",
            "opening": "petition_transfer_received",
            "on": "2026-03-04",
        },
    )
    assert sent.status_code == 302
    page = chen.get(sent.location).text
    assert "Petition passed on to us received" in page
    assert "Object where it is not for this authority" in page


def test_the_class_of_a_petition_is_decided_and_taken_back(chen: Person, office: Office) -> None:
    case = office.register("petition")
    number = case.number
    address = f"/cases/{number}/edit"
    fields = {
        "title": "t",
        "worker_count": "1",
        "channel": "letter",
        "subject": "wages",
        "petitioner_reachable": "y",
        "reason": "looked at",
        "parties-0-kind": "person",
        "parties-0-role": "petitioner",
        "parties-0-name": "李明",
    }
    for revision, chosen in ((1, "§31(6)"), (2, "")):
        values = {**fields, "revision": str(revision), "matter_class": chosen}
        assert chen.post(address, values).status_code == 302
        office.session.refresh(case)
        assert case.facts.get("matter_class", "") == chosen
    assert "Not decided yet" in chen.get(f"/cases/{number}").text
