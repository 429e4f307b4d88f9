"""Registering in the browser: six kinds, what is refused, what is shown before saving."""

import re
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from models import Case, Claim, Deadline, InspectionDetails
from models.case import KINDS
from tests.service.web_cases.conftest import Person
from tests.service.web_cases.entries import employer, entry, person
from tests.support.office import Office, resident_id


def _cases(office: Office) -> list[Case]:
    return list(office.session.exec(select(Case)))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_registered_and_its_page_names_number_and_next_deadline(
    chen: Person, office: Office, kind: str
) -> None:
    sent = chen.post(f"/register/{kind}", entry(kind, office))
    (case,) = _cases(office)
    assert (sent.status_code, sent.location) == (302, f"/cases/{case.number}")
    page = chen.get(sent.location).text
    assert f"{case.number} is registered" in page
    if case.next_due_on is not None:
        assert "Next deadline:" in page


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_is_refused_with_a_summary_that_leads_to_each_field(
    chen: Person, office: Office, kind: str
) -> None:
    page = chen.post(f"/register/{kind}", {"summary": "typed before"})
    assert page.status_code == 422
    assert "Please mend this before it can be saved" in page.text
    assert 'href="#received_on"' in page.text
    assert 'href="#parties-0-name"' in page.text
    assert "typed before" in page.text
    assert _cases(office) == []


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("received_on", "2026-02-30", "is not a day"),
        ("received_on", "2026-03-10", "in the future"),
        ("worker_count", "many", "Type a whole number"),
        ("worker_count", "0", "at least 1"),
        ("worker_count", "9999999", "too large"),
        ("claims-0-amount", "99999999999999999999", "too large"),
        ("claims-0-amount", "12 thousand", "Type the amount in yuan"),
        ("claims-0-amount", "10.999", "at most two digits"),
        ("parties-0-id_number", "310230199001011235", "check digit"),
        ("parties-0-phone", "12", "not a complete phone number"),
        ("parties-1-credit_code", "91310230MA1J00001A", "credit code"),
        ("parties-1-name", "", "employer&#39;s name"),
    ],
)
def test_a_wrong_field_says_how_to_mend_it_and_keeps_everything_typed(
    chen: Person, office: Office, field: str, typed: str, message: str
) -> None:
    sent = entry("complaint", office, **{field: typed, "summary": "Nothing is lost."})
    page = chen.post("/register/complaint", sent)
    assert page.status_code == 422
    assert message in page.text
    assert f'id="{field}-error"' in page.text
    assert f'href="#{field}"' in page.text
    for name, value in sent.items():
        if name.endswith(("name", "id_number", "phone", "credit_code", "amount", "_on", "count")):
            assert f'value="{value}"' in page.text, name
    assert "Nothing is lost." in page.text
    assert _cases(office) == []


def test_all_that_is_wrong_is_said_at_once(chen: Person, office: Office) -> None:
    sent = entry(
        "complaint",
        office,
        **{
            "received_on": "2026-03-10",
            "parties-0-id_number": "310230199001011235",
            "parties-0-phone": "12",
            "parties-1-credit_code": "91310230MA1J00001A",
        },
    )
    page = chen.post("/register/complaint", sent).text
    for field in ("received_on", "parties-0-id_number", "parties-0-phone", "parties-1-credit_code"):
        assert page.count(f'href="#{field}"') == 1


def test_amounts_take_thousands_separators_and_full_width_digits(
    chen: Person, office: Office
) -> None:
    more = {"claims-1-kind": "overtime_pay", "claims-1-amount": "¥１,２００.5"}
    chen.post("/register/complaint", entry("complaint", office, **more))
    amounts = [claim.amount for claim in office.session.exec(select(Claim))]
    assert amounts == [Decimal("12500.00"), Decimal("1200.50")]


def test_several_workers_and_blank_rows_between_them(chen: Person, office: Office) -> None:
    blank = {
        "parties-2-kind": "person",
        "parties-2-role": "complainant",
        "parties-2-name": "",
        "parties-2-id_number": "",
    }
    wrong = person(3, "complainant", "王芳", 2) | {"parties-3-id_number": "123"}
    page = chen.post("/register/complaint", entry("complaint", office, **blank, **wrong))
    assert page.status_code == 422
    assert 'id="parties-3-id_number-error"' in page.text

    right = person(3, "complainant", "王芳", 2)
    assert (
        chen.post("/register/complaint", entry("complaint", office, **blank, **right)).status_code
        == 302
    )
    (case,) = _cases(office)
    assert chen.get(f"/cases/{case.number}").text.count("Complainant") == 2


def test_whoever_is_named_is_counted_among_the_workers(chen: Person, office: Office) -> None:
    second = person(2, "applicant", "王芳", 2)
    chen.post("/register/arbitration", entry("arbitration", office, **second))
    (case,) = _cases(office)
    assert case.worker_count == 2


def test_a_blank_row_is_added_without_losing_what_was_typed(chen: Person, office: Office) -> None:
    page = chen.post("/register/complaint", entry("complaint", office, add="workers"))
    assert page.status_code == 200
    assert 'name="parties-2-name"' in page.text
    assert 'value="李明"' in page.text
    assert _cases(office) == []


def test_enter_meets_a_first_button_that_does_nothing(chen: Person) -> None:
    page = chen.get("/register/complaint").text
    form = page[page.index('id="register-form"') :]
    assert form.index('<button type="submit" disabled hidden>') < form.index("<input")


def test_the_preview_shows_dates_and_articles_and_saves_nothing(
    chen: Person, office: Office
) -> None:
    part = chen.post("/register/arbitration/preview", entry("arbitration", office))
    assert part.status_code == 200
    # Five working days from Monday 2026-03-09.
    assert "16" in part.text
    assert "5 working days left" in part.text
    assert " art. 2" in part.text
    assert _cases(office) == []


def test_the_number_of_a_known_party_that_cannot_be_is_nobodys(
    chen: Person, office: Office
) -> None:
    typed = entry("arbitration", office) | {"parties-0-party_id": "9" * 30, "parties-0-name": ""}
    assert chen.post("/register/arbitration", typed).status_code == 422
    assert _cases(office) == []


def test_the_preview_says_that_a_tip_off_starts_no_clock(chen: Person, office: Office) -> None:
    part = chen.post("/register/report/preview", entry("report", office))
    assert "No deadline starts with this yet" in part.text


def test_a_late_entry_is_normal_and_said_so(chen: Person, office: Office) -> None:
    late = entry("complaint", office, received_on="2026-03-02")
    assert "Entered late" in chen.post("/register/complaint/preview", late).text
    assert chen.post("/register/complaint", late).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("parties-0-id_number", "31023019900101123", "18 characters"),
        ("parties-0-id_number", resident_id(7), "well formed"),
        ("parties-0-credit_code", "91310230MA1J00001A", "credit code"),
        ("parties-0-phone", "12", "not a complete phone number"),
    ],
)
def test_numbers_are_checked_as_typed(chen: Person, field: str, typed: str, message: str) -> None:
    part = chen.post(f"/register/check?field={field}", {field: typed})
    assert message in part.text


def test_arbitration_joins_the_dispute_of_its_mediation(chen: Person, office: Office) -> None:
    mediation = office.register("mediation")
    number, dispute = mediation.number, mediation.dispute_id
    sent = {**entry("arbitration", office), "linked_number": number, "seen": number}
    assert chen.post("/register/arbitration", sent).status_code == 302
    joined = office.session.exec(select(Case).where(Case.kind == "arbitration")).one()
    assert joined.dispute_id == dispute
    assert number in chen.get(f"/cases/{joined.number}").text


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        ("other", {"med_conclude_any"}),
        ("enterprise_committee", {"med_conclude_any", "med_enterprise_acceptance"}),
    ],
)
def test_an_enterprise_committee_is_told_apart_from_a_township(
    chen: Person, office: Office, body: str, rules: set[str]
) -> None:
    sent = chen.post("/register/mediation", entry("mediation", office, mediation_body=body))
    (case,) = _cases(office)
    rows = office.session.exec(select(Deadline).where(Deadline.case_id == case.id))
    assert {row.rule for row in rows} == rules
    assert "Who mediates" in chen.get(sent.location).text


def test_a_linked_number_that_does_not_exist_is_refused(chen: Person, office: Office) -> None:
    page = chen.post("/register/arbitration", entry("arbitration", office, linked_number="X-1"))
    assert page.status_code == 422
    assert 'id="linked_number-error"' in page.text


def test_the_reporter_is_kept_and_not_on_the_case_page(chen: Person, office: Office) -> None:
    sent = chen.post("/register/report", entry("report", office))
    row = office.session.exec(select(InspectionDetails)).one()
    assert row.reporter_name == "赵知情"
    assert "赵知情" not in chen.get(sent.location).text


@pytest.mark.parametrize("name", ["analyst", "admin", "auditor"])
def test_only_those_who_do_casework_register(log_in: Any, name: str) -> None:
    assert log_in(name).get("/register").status_code == 403


def test_a_unit_of_somebody_else_is_refused(chen: Person, office: Office) -> None:
    other = str(office.other_town.id)
    page = chen.post("/register/complaint", entry("complaint", office, unit_id=other))
    assert page.status_code == 422
    assert 'id="unit_id-error"' in page.text


def test_an_employer_may_apply_against_a_worker(chen: Person, office: Office) -> None:
    sides = {**person(0, "respondent"), **employer(1, "applicant")}
    sent = {**entry("arbitration", office), **sides}
    assert chen.post("/register/arbitration", sent).status_code == 302


def test_without_an_applicant_the_whole_section_is_named(chen: Person, office: Office) -> None:
    page = chen.post(
        "/register/arbitration", {**entry("arbitration", office), **person(0, "respondent")}
    )
    assert page.status_code == 422
    assert "at least one party with this part: Applicant" in page.text


def test_who_is_not_willing_starts_no_deadline_and_the_preview_says_so(
    chen: Person, office: Office
) -> None:
    typed = entry("person", office)
    assert "does not start" not in chen.post("/register/person/preview", typed).text
    typed.pop("willing_and_obeys")
    shown = chen.post("/register/person/preview", typed).text
    assert "does not start (Willing to work and obeys arrangements: no)" in shown
    assert "act promptly" not in shown


def test_a_petition_is_previewed_and_registered_by_what_came_in(
    chen: Person, office: Office
) -> None:
    form = chen.get("/register/petition").text
    for word in ("Petition received", "Petition passed on to us received", "Recheck requested"):
        assert word in form
    given = entry("petition", office, opening="petition_transfer_received", reference="崇信转7号")
    preview = chen.post("/register/petition/preview", given).text
    assert "Object where it is not for this authority" in preview
    sent = chen.post("/register/petition", given)
    page = chen.get(sent.location).text
    assert "Petition passed on to us received" in page
    assert "崇信转7号" in page
    assert "Art. 31(6)" in page


def test_a_petition_of_another_kind_of_beginning_is_refused_at_its_field(
    chen: Person, office: Office
) -> None:
    page = chen.post("/register/petition", entry("petition", office, opening="complaint_received"))
    assert page.status_code == 422
    assert 'href="#opening"' in page.text
    assert _cases(office) == []


def test_a_work_injury_asks_for_its_day_and_keeps_the_diagnosis_from_others(
    chen: Person, office: Office
) -> None:
    given = entry("work_injury", office)
    preview = chen.post("/register/work_injury/preview", given).text
    assert "The employer applies for an injury finding" in preview
    late = chen.post("/register/work_injury", {**given, "received_on": "2026-02-02"})
    assert late.status_code == 422
    assert "The injury lies after the day of receipt" in late.text
    assert "右手食指骨折" in late.text
    page = chen.get(chen.post("/register/work_injury", given).location).text
    # The box of the appraisal is hidden here, ticked or not.
    assert "Materials of the appraisal" not in page
    assert "<strong>Accident or diagnosis</strong>" in page
    assert "右手食指骨折" in page


def test_who_applied_decides_whose_limit_is_met_and_may_be_changed(
    chen: Person, office: Office
) -> None:
    given = entry("work_injury", office, injured_on="2026-01-05")
    # Nobody is taken to have applied until it is said.
    assert '<option value="">Not known</option>' in chen.get("/register/work_injury").text
    case = chen.post("/register/work_injury", given).location
    page = chen.get(case).text
    assert "Who applied</dt><dd>The worker<" in page
    # The bureau's own, then the employer's, whose day is past, and the worker's.
    assert _states(page) == ["running", "overdue", "met"]
    edited = {**given, "revision": "1", "title": "–", "reason": "Signed by the employer."}
    assert chen.post(f"{case}/edit", {**edited, "applied_by": "employer"}).status_code == 302
    page = chen.get(case).text
    assert "Who applied</dt><dd>The employer<" in page
    assert _states(page) == ["running", "running", "met-late"]
    # What stood there before is kept and told.
    assert "<dt>Who applied</dt><dd>the worker</dd>" in page


def _states(page: str) -> list[str]:
    return re.findall(r'<tbody class="deadline-([a-z-]+)', page)


def test_an_appraisal_asks_for_no_day_of_the_injury(chen: Person, office: Office) -> None:
    """The field is hidden then; what it still holds belongs to a finding alone."""
    given = entry("work_injury", office, opening="appraisal_application_received")
    sent = chen.post("/register/work_injury", given)
    assert sent.status_code == 302
    page = chen.get(sent.location).text
    assert "<strong>Accident or diagnosis</strong>" not in page
    # The box was not ticked: the materials are incomplete.
    assert "Name all missing appraisal materials in one notice" in page


def test_an_order_to_pay_asks_for_its_day_and_shows_what_came_by_itself(
    chen: Person, office: Office
) -> None:
    given = entry("wage_arrears", office, opening="order_to_pay_served", received_on="2026-02-09")
    preview = chen.post("/register/wage_arrears/preview", given).text
    assert "Complete or mend the other days" in preview
    missing = chen.post("/register/wage_arrears", given)
    assert missing.status_code == 422
    assert 'href="#pay_by"' in missing.text
    assert "东滩生态社区二期" in missing.text
    sent = chen.post("/register/wage_arrears", {**given, "pay_by": "2026-02-26"})
    page = chen.get(sent.location).text
    assert "to be paid by 2026-02-26" in page
    assert "<strong>Deadline of the order passed unpaid</strong>" in page
    assert "the application by itself" in page
    assert "Decide whether to put the employer on the joint-sanction list" in page
