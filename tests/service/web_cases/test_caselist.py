"""The list of cases: search without numbers in addresses, filters, export, handing over."""

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import select

from models import AuditEntry, Case
from tests.service.web_cases.conftest import Person
from tests.support.office import Office, employer, resident_id, worker


def _numbers(page: str) -> set[str]:
    return {part.split('"')[0] for part in page.split('class="case-number" href="/cases/')[1:]}


def _two(office: Office) -> tuple[str, str]:
    first = office.register("complaint", received_on=date(2026, 2, 2))
    parties = [worker("applicant", "王芳", 2), employer("respondent", "崇明船舶修理厂", 2)]
    second = office.register("arbitration", parties=parties)
    return first.number, second.number


@pytest.mark.parametrize(
    "query",
    ["?indicator=nonsense", "?indicator=mediation_rate", "?part=numerator&starts=2026-02-01"],
)
def test_half_an_indicator_is_left_out_and_said(chen: Person, query: str) -> None:
    page = chen.get(f"/cases{query}", follow_redirects=True)
    assert page.status_code == 200
    assert "The cases behind" not in page.text


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {0, 1}),
        ("?kind=complaint", {0}),
        ("?due=overdue", {0}),
        ("?due=week", {1}),
        ("?received_from=2026-03-01", {1}),
        ("?received_to=2026-03-01&kind=arbitration", set()),
        ("?text=王芳", {1}),
        ("?text=东滩", {0}),
        ("?state=closed", set()),
    ],
)
def test_filters_stack_and_live_in_the_address(
    chen: Person, office: Office, query: str, found: set[int]
) -> None:
    numbers = _two(office)
    assert _numbers(chen.get(f"/cases{query}").text) == {numbers[index] for index in found}


@pytest.mark.parametrize(
    "typed", [resident_id(2), f" {resident_id(2)[:6]} {resident_id(2)[6:]} ", "13800138000"]
)
def test_a_personal_number_is_searched_without_getting_into_the_address(
    chen: Person, office: Office, typed: str
) -> None:
    office.register("complaint")
    parties = [worker("applicant", "王芳", 2, phone="13800138000"), employer("respondent")]
    wanted = office.register("arbitration", parties=parties).number
    sent = chen.post("/cases/search", {"q": typed})
    assert sent.status_code == 302
    for secret in (resident_id(2), "13800138000"):
        assert secret not in sent.location
    page = chen.get(sent.location).text
    assert _numbers(page) == {wanted}
    assert resident_id(2) not in page
    assert "Found by a personal number" in page


def test_a_personal_number_typed_into_the_address_is_taken_out(
    chen: Person, office: Office
) -> None:
    office.register("complaint")
    sent = chen.get(f"/cases?text={resident_id(1)}&kind=complaint")
    assert sent.location == "/cases?kind=complaint"


def test_searching_keeps_the_filters(chen: Person, office: Office) -> None:
    _two(office)
    sent = chen.post("/cases/search", {"q": "王芳", "kind": "complaint"})
    assert "kind=complaint" in sent.location
    assert _numbers(chen.get(sent.location).text) == set()


def test_what_an_address_says_wrongly_is_left_out_and_said(chen: Person, office: Office) -> None:
    sent = chen.get("/cases?kind=nonsense&received_from=soon&stat=open&state=closed")
    assert sent.location == "/cases?state=closed"
    assert "cannot read it: kind, received_from, stat. All else" in chen.get("/cases").text


def test_no_sheet_is_made_of_more_cases_than_were_asked_for(chen: Person, office: Office) -> None:
    office.register("complaint")
    assert chen.get("/cases/export.xlsx?stat=open&kind=report").location == "/cases?kind=report"
    with chen.get("/cases/export.xlsx?kind=report") as response:
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/work?due=someday", "due"),
        ("/work?du=today", "du"),
        ("/alerts?show=red", "show"),
        ("/alerts?unread=1", "unread"),
        ("/policy?On=2020-01-01", "On"),
        ("/policy/changes?since=2020-01-01", "since"),
        ("/policy/rules/arb_award?day=2020-01-01", "day"),
    ],
)
def test_a_page_names_what_it_does_not_know_in_its_address(
    chen: Person, address: str, named: str
) -> None:
    assert f"cannot read it: {named}. All else" in chen.get(address).text
    known = {"/work": "?due=today", "/alerts": "?show=unread"}
    plain = address.partition("?")[0]
    assert "cannot read it" not in chen.get(plain + known.get(plain, "")).text


def test_each_unit_sees_its_own_cases(log_in: Any, office: Office) -> None:
    first, second = _two(office)
    assert _numbers(log_in("wang").get("/cases").text) == set()
    assert _numbers(log_in("director").get("/cases").text) == {first, second}


def test_an_analyst_sees_no_names_of_people(log_in: Any, office: Office) -> None:
    _two(office)
    page = log_in("analyst").get("/cases").text
    assert "王芳" not in page
    assert "王**" in page


def test_the_export_holds_what_is_filtered_and_no_personal_numbers(
    chen: Person, office: Office
) -> None:
    first, _second = _two(office)
    with chen.get("/cases/export.xlsx?kind=complaint") as response:
        book = CalamineWorkbook.from_filelike(BytesIO(response.data))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["Number", "Kind"]
    assert [row[0] for row in rows[1:]] == [first]
    assert date(2026, 2, 2) in rows[1]
    assert not any(resident_id(1) in str(cell) for row in rows for cell in row)


def test_the_export_takes_no_text_for_a_formula_or_a_link(chen: Person, office: Office) -> None:
    """A title is what somebody typed, or the name of a party."""
    titles = ["=1+1", "{=SUM(A1:A9)}", "https://elsewhere.example", "@cmd", "12"]
    for title in titles:
        office.register("report", title=title)
    with chen.get("/cases/export.xlsx") as response:
        book = CalamineWorkbook.from_filelike(BytesIO(response.data))
        with ZipFile(BytesIO(response.data)) as packed:
            sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    rows = book.get_sheet_by_index(0).to_python()
    assert sorted(row[2] for row in rows[1:]) == sorted(titles)
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_several_cases_are_handed_over_at_once(chief: Person, chen: Person, office: Office) -> None:
    numbers = list(_two(office))
    target = str(office.users["chief"].id)
    page = chief.post("/cases/reassign", {"number": numbers, "handler_id": target, "reason": ""})
    assert "give a reason" in chief.get(page.location).text
    data = {"number": numbers, "handler_id": target, "reason": "Maternity leave."}
    assert chen.post("/cases/reassign", data).status_code == 403
    done = chief.post("/cases/reassign?kind=complaint", data)
    assert done.location == "/cases?kind=complaint"
    assert "2 cases handed over" in chief.get(done.location).text
    office.session.rollback()
    handlers = office.session.exec(
        select(Case.handler_id).execution_options(populate_existing=True)
    ).all()
    assert set(handlers) == {office.users["chief"].id}


def test_handing_over_to_an_outsider_is_refused_case_by_case(chief: Person, office: Office) -> None:
    number = office.register("complaint").number
    data = {"number": [number], "handler_id": str(office.users["wang"].id), "reason": "x"}
    sent = chief.post("/cases/reassign", data)
    assert number in chief.get(sent.location).text


def test_the_cases_behind_a_number_of_the_report(chen: Person, office: Office) -> None:
    first, _second = _two(office)
    page = chen.get(
        "/cases?indicator=inspection_on_time_closure_rate&period=month&starts=2026-02-01"
        "&part=denominator"
    )
    assert page.status_code == 200
    assert "The cases behind" in page.text
    assert _numbers(page.text) <= {first}


def test_pages_and_rows_cost_no_query_each(
    chen: Person, office: Office, count_queries: Any
) -> None:
    office.register("complaint")
    chen.get("/cases")
    with count_queries() as few:
        chen.get("/cases")
    for serial in range(10, 20):
        office.register(
            "complaint",
            parties=[worker("complainant", f"工{serial}", serial), employer("employer")],
        )
    with count_queries() as many:
        chen.get("/cases")
    assert len(many) == len(few)


def test_the_list_turns_pages(chen: Person, office: Office, monkeypatch: Any) -> None:
    for serial in range(1, 6):
        office.register(
            "complaint",
            parties=[worker("complainant", f"工{serial}", serial), employer("employer")],
        )
    monkeypatch.setattr("service.cases.searching.find_cases.__kwdefaults__", {"size": 2})
    first = chen.get("/cases?sort=number").text
    second = chen.get("/cases?sort=number&page=2").text
    assert len(_numbers(first)) == 2
    assert _numbers(first).isdisjoint(_numbers(second))
    assert "sort=number" in first.split('rel="next"')[1].split(">")[0]


_BEHIND_A_NUMBER = "indicator=mediation_rate&part=denominator&period=month&starts=2026-02-01"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/cases?unit=99999999999999999999999", 302),
        ("/cases?handler=99999999999999999999999", 302),
        ("/cases?page=99999999999999999999999", 302),
        (f"/cases?{_BEHIND_A_NUMBER}&unit=424242", 404),
        ("/cases/CM-ARB-2026-00001/events/99999999999999999999999/correct", 404),
        ("/reports?unit=99999999999999999999999", 404),
    ],
)
def test_numbers_that_no_row_has_break_nothing(
    chen: Person, office: Office, address: str, status: int
) -> None:
    assert chen.get(address).status_code == status


def test_an_export_is_in_the_audit_log(chen: Person, office: Office) -> None:
    _two(office)
    with chen.get("/cases/export.xlsx?kind=complaint") as response:
        assert response.status_code == 200
    office.session.rollback()
    entry = office.session.exec(select(AuditEntry).filter_by(action="case.export")).one()
    assert (entry.user_id, entry.detail) == (office.users["chen"].id, {"found": 1})
