"""`/api/v1`: the same use cases for programs, as its document says."""

from collections.abc import Callable
from datetime import date
from typing import Any

import jsonschema_rs
import pytest
from sqlmodel import col, select

from models import AuditEntry, Case, IndicatorValue
from models.case import KINDS
from tests.service.api.bodies import complaint
from tests.service.api.conftest import PREFIX, Program
from tests.support.office import Office, resident_id

Make = Callable[[str | None], Program]


def _problems(answer: Any) -> dict[str, str]:
    return {problem["field"]: problem["code"] for problem in answer.json["problems"]}


def test_the_document_needs_no_token_and_is_a_valid_one(program: Make):
    document = program(None).document
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {
        f"{PREFIX}/cases",
        f"{PREFIX}/cases/search",
        f"{PREFIX}/cases/{{number}}",
        f"{PREFIX}/cases/{{number}}/events",
        f"{PREFIX}/cases/{{number}}/deadlines",
        f"{PREFIX}/cases/{{number}}/parties/{{party}}/reveal",
        f"{PREFIX}/cases/{{number}}/reporter",
        f"{PREFIX}/cases/{{number}}/classifications",
        f"{PREFIX}/cases/{{number}}/classifications/{{code}}",
        f"{PREFIX}/rates",
        f"{PREFIX}/duties",
        f"{PREFIX}/duties/{{number}}/done",
        f"{PREFIX}/duties/{{number}}/events/{{event}}/take-back",
    }
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        )


def test_a_case_from_registering_to_closing(program: Make, office: Office):
    chen = program("chen")
    created = chen.post("/cases", complaint())
    assert created.status_code == 201
    number = created.json["number"]
    assert (number, created.json["next_due_on"]) == ("CQ-INS-2026-00001", "2026-03-09")
    assert created.json["claims"] == [{"kind": "wages", "amount": "12345.60", "note": ""}]

    accepted = chen.post(
        f"/cases/{number}/events", {"type": "complaint_accepted", "on": "2026-03-04"}
    )
    assert accepted.status_code == 201
    assert [one["type"] for one in accepted.json["events"]] == [
        "complaint_received",
        "complaint_accepted",
        "case_filed",
    ]
    assert accepted.json["accepted_on"] == "2026-03-04"

    read = chen.get(f"/cases/{number}")
    assert read.json == accepted.json
    deadlines = chen.get(f"/cases/{number}/deadlines").json["deadlines"]
    by_rule = {one["rule"]: one for one in deadlines}
    assert by_rule["insp_complaint_decision"]["status"] == "met"
    investigation = by_rule["insp_investigation"]
    assert investigation["due_on"] == accepted.json["next_due_on"]
    assert investigation["steps"]
    assert investigation["basis"][0]["words"]

    closed = chen.post(f"/cases/{number}/events", {"type": "case_dropped", "on": "2026-03-06"})
    assert (closed.json["state"], closed.json["closed_on"]) == ("closed", "2026-03-06")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_case_explains_its_deadlines(program: Make, office: Office, kind: str):
    """An article that was not quoted says in substance what it is about."""
    case = office.register(kind, received_on=date(2026, 3, 2))
    answer = program("chen").get(f"/cases/{case.number}/deadlines")
    assert answer.status_code == 200
    for one in answer.json["deadlines"]:
        assert one["basis"]
        assert all(article["words"] or article["gist"] for article in one["basis"])


def test_what_is_wrong_is_said_per_field(program: Make, office: Office):
    chen = program("chen")
    answer = chen.post("/cases", complaint(received_on="2026-03-10", worker_count=0))
    assert answer.status_code == 422
    assert _problems(answer) == {
        "received_on": "received_future",
        "worker_count": "worker_count",
    }
    assert office.session.exec(select(Case)).all() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "complaint"}, "unit"),
        (complaint(received_on="yesterday"), "received_on"),
        (complaint(colour="red"), "colour"),
        (complaint(kind="lawsuit"), "kind"),
        (complaint(unit="NOWHERE"), "unit"),
        (complaint(handler="nobody"), "handler"),
        (complaint(claims=[{"kind": "wages", "amount": "1.234"}]), "claims-0-amount"),
        (complaint(same_dispute_as="CQ-ARB-2026-00001"), "same_dispute_as"),
        (["not an object"], ""),
    ],
)
def test_a_body_that_does_not_fit_is_refused(program: Make, body: Any, field: str):
    answer = program("chen").post("/cases", body)
    assert answer.status_code == 422
    assert field in _problems(answer)


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_what_is_no_text_is_refused_on_both_databases(program: Make, office: Office, text: str):
    chen = program("chen")
    assert chen.post("/cases", complaint(title=text)).status_code == 422
    assert chen.post("/cases/search", {"text": text}).status_code == 422
    assert chen.get("/cases/%00").status_code == 404


def test_a_wrong_id_number_is_not_repeated(program: Make):
    body = complaint()
    body["parties"][0]["id_number"] = [resident_id()]
    answer = program("chen").post("/cases", body)
    assert answer.status_code == 422
    assert resident_id() not in answer.text


def test_an_unlawful_event_is_refused_with_the_article(program: Make, office: Office):
    case = office.register("arbitration", received_on=date(2026, 3, 2))
    answer = program("chen").post(
        f"/cases/{case.number}/events", {"type": "award_issued", "on": "2026-03-04"}
    )
    assert (answer.status_code, answer.json["error"]) == (422, "unlawful")
    assert answer.json["problems"][0]["article"]


def test_cases_are_listed_filtered_and_paged(program: Make, office: Office):
    numbers = [office.register("report").number for _ in range(3)]
    office.register("person")
    chen = program("chen")
    answer = chen.get("/cases", kind="report", sort="number").json
    assert [case["number"] for case in answer["cases"]] == numbers
    assert (answer["total"], answer["page"], answer["pages"], answer["more"]) == (3, 1, 1, False)
    assert chen.get("/cases", unit="BZ").json["cases"] == []
    assert chen.get("/cases", handler="chen").json["total"] == 4
    for wrong in ({"sort": "colour"}, {"page": "0"}, {"received_from": "x"}, {"colour": "red"}):
        assert chen.get("/cases", **wrong).status_code == 422


def test_a_personal_number_is_searched_by_post_only(program: Make, office: Office):
    case = office.register("complaint")
    chen = program("chen")
    refused = chen.get("/cases", text=resident_id())
    assert refused.status_code == 422
    assert resident_id() not in refused.text
    found = chen.post("/cases/search", {"text": resident_id()})
    assert [one["number"] for one in found.json["cases"]] == [case.number]


def test_reads_and_searches_are_in_the_audit_log(program: Make, office: Office):
    case = office.register("complaint")
    chen = program("chen")
    chen.get(f"/cases/{case.number}")
    chen.post("/cases/search", {"text": resident_id()})
    actions = office.session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))).all()
    assert actions[-2:] == ["case.read", "case.search_number"]


def test_rates_are_read_with_numerator_denominator_and_target(program: Make, office: Office):
    session = office.session
    session.add(
        IndicatorValue(
            indicator="arbitration_closure_rate",
            definition="arbitration_closed_over_on_hand@2026-11-22",
            unit_id=office.district.id or 0,
            period="year",
            starts_on=date(2025, 1, 1),
            ends_on=date(2025, 12, 31),
            numerator=46,
            denominator=50,
            as_of_on=date(2026, 1, 1),
            frozen=True,
        )
    )
    session.commit()
    answer = program("director").get("/rates", month="2025-12", period="year").json
    rate = {one["indicator"]: one for one in answer["rates"]}["arbitration_closure_rate"]
    assert (rate["numerator"], rate["denominator"], rate["percent"]) == (46, 50, "92.00")
    assert (rate["target_percent"], rate["result"], rate["frozen"]) == ("92", "met", True)
    assert (answer["unit"], answer["starts_on"], answer["ends_on"]) == (
        "CM",
        "2025-01-01",
        "2025-12-31",
    )


def test_rates_of_another_unit_are_not_shown(program: Make, office: Office):
    assert program("chen").get("/rates", month="2026-02", unit="BZ").status_code == 404
    assert program("chen").get("/rates", month="2026-13").status_code == 422


@pytest.mark.parametrize("path", ["/cases", "/rates", "/cases/{number}"])
def test_a_filter_that_nobody_knows_is_refused_by_name(program: Make, office: Office, path: str):
    number = office.register("complaint").number
    answer = program("chen").get(path.format(number=number), stat="open", month="2026-02")
    assert answer.status_code == 422
    assert "stat" in _problems(answer)


def test_an_unknown_address_is_answered_in_json(program: Make):
    answer = program("chen").client.get(f"{PREFIX}/nothing")
    assert answer.status_code == 404
    assert answer.json["error"]


def test_no_log_line_holds_a_personal_number(
    program: Make,
    office: Office,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    chen = program("chen")
    chen.post("/cases", complaint())
    chen.post("/cases/search", {"text": resident_id()})
    chen.get("/cases", text=resident_id())
    said = caplog.text + "".join(capfd.readouterr())
    assert resident_id() not in said
    assert "13800138000" not in said


def test_a_petition_is_registered_by_what_came_in(program: Make):
    body = {
        "kind": "petition",
        "unit": "CQ",
        "received_on": "2026-03-02",
        "opening": "petition_review_requested",
        "parties": [{"kind": "person", "role": "petitioner", "name": "李明"}],
        "facts": {"petitioner_reachable": True},
        "details": {"channel": "transferred", "subject": "wages", "reference": "崇信转7号"},
    }
    chen = program("chen")
    made = chen.post("/cases", body)
    assert made.status_code == 201
    assert [event["type"] for event in made.json["events"]] == ["petition_review_requested"]
    assert [one["rule"] for one in made.json["deadlines"]] == ["pet_review"]
    assert made.json["details"]["reference"] == "崇信转7号"
    refused = chen.post("/cases", {**body, "opening": "complaint_received"})
    assert (refused.status_code, _problems(refused)) == (422, {"opening": "choice"})


def test_a_program_classifies_decides_and_takes_back(program: Make, office: Office):
    chen = program("chen")
    body = complaint(worker_count=10, circumstances={"unpaid_total": 120000, "unpaid_months": 4})
    number = chen.post("/cases", body).json["number"]
    assert chen.get(f"/cases/{number}").json["circumstances"] == {
        "unpaid_total": "120000",
        "unpaid_months": 4,
    }
    listed = chen.get(f"/cases/{number}/classifications").json["classifications"]
    crime = next(one for one in listed if one["code"] == "crime_amount")
    assert (crime["holds"], crime["by_rules"]) == ("yes", None)
    path = f"/cases/{number}/classifications/crime_amount"
    decided = chen.post(path, {"holds": False, "reason": "Half of it is not wages."})
    crime = next(one for one in decided.json["classifications"] if one["code"] == "crime_amount")
    assert (crime["holds"], crime["by_rules"], crime["decided_by"]) == ("no", "yes", "chen")
    assert chen.post(path, {"holds": True, "reason": "Again."}).status_code == 422
    assert chen.post(path, {"holds": None, "reason": "A mistake."}).status_code == 200
    assert program("analyst").post(path, {"holds": False, "reason": "No."}).status_code == 403


def test_a_work_injury_is_registered_with_its_day(program: Make):
    body = {
        "kind": "work_injury",
        "unit": "CQ",
        "received_on": "2026-03-02",
        "injured_on": "2026-02-10",
        "parties": [
            {"kind": "person", "role": "injured_worker", "name": "李明"},
            {"kind": "employer", "role": "employer", "name": "上海东滩物流有限公司"},
        ],
        "facts": {"track": "simplified", "applied_by": "employer"},
        "details": {"diagnosis": "左踝骨折"},
    }
    made = program("chen").post("/cases", body)
    assert made.status_code == 201
    assert [event["type"] for event in made.json["events"]] == [
        "injury_occurred",
        "injury_application_received",
    ]
    assert made.json["details"]["diagnosis"] == "左踝骨折"
    state = {one["rule"]: one["state"] for one in made.json["deadlines"]}
    # Of 2 March, in the employer's 30 days; the worker's side has not applied.
    assert (state["inj_employer_apply"], state["inj_worker_apply"]) == ("met", "running")
    wrong = program("chen").post("/cases", {**body, "facts": {"applied_by": "cousin"}})
    assert wrong.status_code == 422
    assert "facts-applied_by" in wrong.get_data(as_text=True)
    read = program("analyst").get(f"/cases/{made.json['number']}")
    assert "diagnosis" not in read.json["details"]
