"""What a case is in law, on the form, on the case and where it is decided otherwise."""

import html
import re
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from models import CaseCircumstances, ClassificationDecision
from tests.service.web_cases.cases import fresh
from tests.service.web_cases.conftest import Person
from tests.service.web_cases.entries import entry
from tests.support.office import TODAY, Office


def _twelve(office: Office) -> str:
    case = office.register("arbitration", worker_count=12)
    office.record(case, "case_accepted", TODAY)
    return case.number


def _decide(person: Person, address: str, **data: str) -> Any:
    """Send the form of a decision as it was opened now."""
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', person.get(address).text)
    assert seen is not None
    return person.post(address, {"seen": html.unescape(seen[1]), **data})


def _part(text: str, anchor: str) -> str:
    """The section of a page with this id, its white space folded."""
    found = re.search(rf'<section class="card" id="{anchor}">.*?</section>', text, re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", found[0])


def test_the_form_shows_while_typing_what_the_case_will_be(chen: Person, office: Office) -> None:
    data = entry("arbitration", office, worker_count="12")
    shown = chen.post("/register/arbitration/preview", data).text
    assert "Collective dispute" in shown
    assert "12 workers, which reaches 10." in shown
    fewer = entry("arbitration", office, worker_count="3")
    assert "fewer than 10" in chen.post("/register/arbitration/preview", fewer).text


def test_what_is_answered_is_kept_with_the_case(chen: Person, office: Office) -> None:
    data = entry(
        "arbitration",
        office,
        **{
            "circumstances-public_interest": "true",
            "circumstances-both_agree": "false",
            "circumstances-representatives": "",
            "circumstances-minimum_wage": "2,740",
        },
    )
    assert chen.post("/register/arbitration", data).status_code == 302
    kept = office.session.exec(select(CaseCircumstances)).one()
    assert kept.known == {"public_interest": True, "both_agree": False, "minimum_wage": "2740.00"}


def test_nothing_is_kept_where_nothing_is_answered(chen: Person, office: Office) -> None:
    assert chen.post("/register/arbitration", entry("arbitration", office)).status_code == 302
    assert office.session.exec(select(CaseCircumstances)).all() == []


def test_a_wrong_answer_is_named_and_stays_in_its_field(chen: Person, office: Office) -> None:
    data = entry(
        "complaint",
        office,
        **{"circumstances-unpaid_total": "lots", "circumstances-unpaid_workers": "200000"},
    )
    page = chen.post("/register/complaint", data)
    assert page.status_code == 422
    assert 'href="#circumstances-unpaid_total"' in page.text
    assert 'value="lots"' in page.text
    assert re.search(r'<details class="card fold" id="circumstances" +open', page.text)


def test_kinds_that_are_not_classified_are_asked_nothing(chen: Person) -> None:
    assert 'id="circumstances"' not in chen.get("/register/person").text
    assert 'id="circumstances"' in chen.get("/register/arbitration").text


@pytest.mark.parametrize(
    ("lang", "title", "why"),
    [
        ("zh_CN", "案件定性", "劳动者一方12人，达到10人。"),
        ("en", "What the case is in law", "12 workers"),
    ],
)
def test_the_case_says_what_it_is_and_why(
    chen: Person, office: Office, lang: str, title: str, why: str
) -> None:
    number = _twelve(office)
    chen.post("/language", {"language": lang})
    part = _part(chen.get(f"/cases/{number}").text, "classes")
    assert title in part
    assert why in part


def test_that_an_order_to_pay_ran_out_need_not_be_entered_unless_it_was_paid_late(
    chen: Person, office: Office
) -> None:
    """It ran out by itself, on a day on which nobody recorded anything."""
    case = office.register(
        "wage_arrears",
        opening="order_to_pay_served",
        received_on=date(2026, 2, 9),
        pay_by=date(2026, 2, 26),
        circumstances={"group_or_extreme": True},
    )
    number, said = case.number, "An order to pay has expired unpaid."
    part = _part(chen.get(f"/cases/{number}").text, "classes")
    assert said in part
    assert "Still to be entered" not in part
    office.record(fresh(office, number), "arrears_paid", date(2026, 3, 3))
    part = _part(chen.get(f"/cases/{number}").text, "classes")
    assert said not in part
    assert "Still to be entered: whether an order to pay has expired unpaid" in part


def test_a_decision_is_made_and_taken_back_on_the_page(chen: Person, office: Office) -> None:
    number = _twelve(office)
    address = f"/cases/{number}/classification/collective_case"
    assert address in chen.get(f"/cases/{number}").text
    assert _decide(chen, address, reason="Each has another claim.").status_code == 302
    page = chen.get(f"/cases/{number}").text
    part = _part(page, "classes")
    assert "decided by hand" in part
    assert "Each has another claim." in part
    assert "one notice" not in _part(page, "deadlines")
    assert "Taking the decision back" in chen.get(address).text
    assert _decide(chen, address, reason="They agree.").status_code == 302
    page = chen.get(f"/cases/{number}").text
    assert "decided by hand" not in page
    assert "one notice" in _part(page, "deadlines")


def test_who_was_not_quick_enough_takes_nothing_back(chen: Person, office: Office) -> None:
    address = f"/cases/{_twelve(office)}/classification/collective_case"
    opened = re.search(r'name="seen"[^>]*value="([^"]*)"', chen.get(address).text)
    assert opened is not None
    assert _decide(chen, address, reason="Each has another claim.").status_code == 302
    late = chen.post(address, {"seen": html.unescape(opened[1]), "reason": "I think so too."})
    assert late.status_code == 409
    assert "Somebody else decided this" in late.text
    assert "I think so too." in late.text
    (decision,) = office.session.exec(select(ClassificationDecision)).all()
    assert (decision.reason, decision.taken_back_at) == ("Each has another claim.", None)


def test_what_is_open_is_decided_one_way_or_the_other(chen: Person, office: Office) -> None:
    number = office.register("arbitration").number
    address = f"/cases/{number}/classification/simplified_procedure"
    wrong = _decide(chen, address, reason="Plain.")
    assert wrong.status_code == 422
    assert "Plain." in wrong.text
    assert _decide(chen, address, holds="yes", reason="Plain.").status_code == 302
    assert office.session.exec(select(ClassificationDecision)).one().holds is True


def test_without_a_reason_nothing_is_decided(chen: Person, office: Office) -> None:
    page = _decide(chen, f"/cases/{_twelve(office)}/classification/collective_case", reason=" ")
    assert page.status_code == 422
    assert 'href="#reason"' in page.text
    assert office.session.exec(select(ClassificationDecision)).all() == []


def test_what_cannot_matter_has_no_page(chen: Person, office: Office) -> None:
    number = office.register("complaint").number
    for code in ("collective_case", "nonsense"):
        assert chen.get(f"/cases/{number}/classification/{code}").status_code == 404


def test_an_analyst_reads_the_answer_but_no_words_of_a_person(
    chen: Person, log_in: object, office: Office
) -> None:
    number = _twelve(office)
    _decide(chen, f"/cases/{number}/classification/collective_case", reason="李明 says so.")
    analyst = log_in("analyst")  # type: ignore[operator]
    part = _part(analyst.get(f"/cases/{number}").text, "classes")
    assert "decided by hand" in part
    assert "李明" not in part
    assert "/classification/" not in part
    address = f"/cases/{number}/classification/collective_case"
    assert analyst.get(address).status_code == 403


def test_an_edit_shows_what_was_answered_and_keeps_the_old_answers(
    chen: Person, office: Office
) -> None:
    case = office.register("arbitration", circumstances={"both_agree": True})
    page = chen.get(f"/cases/{case.number}/edit").text
    chosen = re.search(r'name="circumstances-both_agree".*?</select>', page, re.DOTALL)
    assert chosen is not None
    assert re.search(r'<option selected value="true">', chosen[0])
    sent = chen.post(
        f"/cases/{case.number}/edit",
        {
            **entry("arbitration", office, **{"circumstances-both_agree": "false"}),
            "title": case.title,
            "revision": "1",
            "reason": "Heard them.",
        },
    )
    assert sent.status_code == 302
    office.session.rollback()
    assert office.session.exec(select(CaseCircumstances)).one().known == {"both_agree": False}
    revisions = _part(chen.get(f"/cases/{case.number}").text, "revisions")
    assert "whether both parties agree to simple handling</dt><dd>yes" in revisions
    assert "They have a common claim" not in revisions


def test_earlier_details_name_the_facts_of_then(chen: Person, office: Office) -> None:
    case = office.register("arbitration", facts={"track": "simplified"})
    sent = chen.post(
        f"/cases/{case.number}/edit",
        {
            **entry("arbitration", office, track="ordinary"),
            "title": case.title,
            "revision": "1",
            "reason": "Too many claims.",
        },
    )
    assert sent.status_code == 302
    revisions = _part(chen.get(f"/cases/{case.number}").text, "revisions")
    assert "Track (ordinary or simplified)</dt><dd>simplified" in revisions
