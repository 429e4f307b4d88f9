"""Finding cases by what people know: number, name, company, ID, phone; and by filters."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select, update

from models import AuditEntry, Case, CaseParty
from service.access import Forbidden
from service.cases.inputs import PartyInput
from service.cases.searching import CaseFilter, find_cases
from service.cases.suggesting import earlier_open_cases, note_earlier, people_like
from tests.support.office import TODAY, Office, credit_code, employer, resident_id, worker


@pytest.fixture
def cases(office: Office) -> dict[str, Case]:
    """Three cases of the township and one of another."""
    wang = office.users["wang"]
    elsewhere = {"by": "wang", "unit_id": office.other_town.id, "handler_id": wang.id}
    return {
        "li": office.register(
            "complaint",
            received_on=date(2026, 2, 2),
            parties=[
                worker("complainant", "李明", 1, phone="13800138000"),
                employer("employer", "上海东滩物流有限公司", 1),
            ],
        ),
        "zhang": office.register(
            "arbitration",
            received_on=date(2026, 3, 2),
            parties=[
                worker("applicant", "张三丰", 2),
                employer("respondent", "崇明岛建设（上海）有限公司", 2),
            ],
        ),
        "person": office.register(
            "person", received_on=TODAY, parties=[worker("person", "欧阳小明", 3)]
        ),
        "other": office.register(
            "complaint",
            parties=[worker("complainant", "李明", 4), employer("employer", "Dongtan Ltd", 4)],
            **elsewhere,
        ),
    }


def _found(office: Office, by: str = "chen", **wanted: object) -> list[str]:
    page = find_cases(office.session, office.actor(by), CaseFilter(**wanted), TODAY)  # type: ignore[arg-type]
    return [row.number for row in page.rows]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("李", ["li"]),
        ("明", ["person", "li", "zhang"]),
        ("李明", ["li"]),
        ("三丰", ["zhang"]),
        ("张丰", []),
        ("东滩物流", ["li"]),
        ("有限公司", ["zhang", "li"]),
        ("上海建设", []),
        ("欧阳小明", ["person"]),
        ("欧明", []),
        ("%", []),
        ("_", []),
    ],
)
def test_names_are_found_by_any_part_of_them(
    office: Office, cases: dict[str, Case], text: str, found: list[str]
):
    numbers = {cases[name].number for name in found}
    assert set(_found(office, text=text)) == numbers


def test_latin_names_are_found_in_any_case(office: Office, cases: dict[str, Case]):
    assert _found(office, by="wang", text="DONGTAN") == [cases["other"].number]
    assert _found(office, by="wang", text="tan l") == [cases["other"].number]


def test_numbers_are_found_exactly(office: Office, cases: dict[str, Case]):
    for text in (
        resident_id(1),
        f" {resident_id(1)[:6]} {resident_id(1)[6:]} ",
        "138-0013-8000",
        credit_code(1).lower(),
        cases["li"].number,
        cases["li"].number.lower(),
    ):
        assert _found(office, text=text) == [cases["li"].number], text
    assert _found(office, text=resident_id(9)) == []
    assert _found(office, text="CQ-INS-2026") == [cases["li"].number]


def test_nobody_outside_the_unit_finds_a_case(office: Office, cases: dict[str, Case]):
    assert _found(office, by="wang") == [cases["other"].number]
    assert _found(office, by="wang", text=resident_id(1)) == []
    assert _found(office, by="wang", text=cases["li"].number) == []
    assert _found(office, by="wang", unit_id=office.town.id) == []
    assert len(_found(office, by="director")) == 4
    assert len(_found(office, by="auditor")) == 4
    with pytest.raises(Forbidden):
        _found(office, by="admin")


def test_filters_stack(office: Office, cases: dict[str, Case]):
    office.record(cases["li"], "complaint_refused", date(2026, 2, 5))
    director = {"by": "director"}
    assert _found(office, **director, kind="complaint", state="open") == [cases["other"].number]
    assert _found(office, **director, closed_from=date(2026, 2, 5), closed_to=date(2026, 2, 5)) == [
        cases["li"].number
    ]
    assert _found(office, **director, unit_id=office.town.id, kind="person") == [
        cases["person"].number
    ]
    assert _found(office, **director, handler_id=office.users["wang"].id) == [cases["other"].number]
    assert _found(office, received_from=date(2026, 3, 1), received_to=date(2026, 3, 8)) == [
        cases["zhang"].number
    ]


def test_due_is_counted_on_both_sides_of_each_boundary(office: Office, cases: dict[str, Case]):
    case = cases["zhang"]
    due_on = case.next_due_on
    assert due_on == TODAY
    for today, expected in (
        (due_on + timedelta(days=1), "overdue"),
        (due_on, "today"),
        (due_on - timedelta(days=1), "week"),
        (due_on - timedelta(days=7), "week"),
        (due_on - timedelta(days=8), "later"),
    ):
        for due in ("overdue", "today", "week", "later"):
            page = find_cases(
                office.session,
                office.actor("chen"),
                CaseFilter(due=due, kind="arbitration"),
                today,
            )
            assert bool(page.rows) == (due == expected), (today, due)


def test_sorting_puts_what_has_no_day_last(office: Office, cases: dict[str, Case]):
    names = {case.number: name for name, case in cases.items()}

    def order(sort: str) -> list[str]:
        return [names[number] for number in _found(office, sort=sort)]

    assert order("received") == ["li", "zhang", "person"]
    assert order("-received") == ["person", "zhang", "li"]
    assert order("due") == ["li", "zhang", "person"]
    office.record(cases["li"], "complaint_refused", date(2026, 2, 5))
    assert order("due") == ["zhang", "person", "li"]
    assert order("-due") == ["person", "zhang", "li"]


def test_pages_follow_each_other(office: Office):
    for _ in range(5):
        office.register("report")
    pages = [
        find_cases(
            office.session,
            office.actor("chen"),
            CaseFilter(sort="number", page=page),
            TODAY,
            size=2,
        )
        for page in (1, 2, 3, 99)
    ]
    assert [len(page.rows) for page in pages] == [2, 2, 1, 1]
    assert [page.page for page in pages] == [1, 2, 3, 3]
    assert {(page.total, page.pages, page.more) for page in pages} == {(5, 3, False)}
    numbers = [row.number for page in pages[:3] for row in page.rows]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("sort", ["due", "-due", "closed", "-closed", "received", "-number"])
def test_pages_of_every_order_show_each_case_once(office: Office, sort: str):
    """Also where one stretch of the list ends within a page and the next one begins."""
    for day in (2, 3, 4):
        case = office.register("complaint", received_on=date(2026, 2, day))
        office.record(case, "complaint_refused", date(2026, 2, day))
    for day in (5, 6):
        office.register("complaint", received_on=date(2026, 3, day))
    for _ in range(3):
        office.register("report")
    for name in ("chen", "director", "auditor"):
        pages = [
            find_cases(
                office.session,
                office.actor(name),
                CaseFilter(sort=sort, page=page),  # type: ignore[arg-type]
                TODAY,
                size=3,
            ).rows
            for page in (1, 2, 3)
        ]
        whole = find_cases(office.session, office.actor(name), CaseFilter(sort=sort), TODAY).rows  # type: ignore[arg-type]
        assert [row.id for page in pages for row in page] == [row.id for row in whole]
        assert len({row.id for row in whole}) == 8
        days = [getattr(row, _DAYS[sort.removeprefix("-")]) for row in whole]
        given = [day for day in days if day is not None]
        assert given == sorted(given, reverse=sort.startswith("-"))
        assert days == given + [None] * (len(days) - len(given))


_DAYS = {
    "due": "next_due_on",
    "closed": "closed_on",
    "received": "received_on",
    "number": "number",
}


def test_a_name_that_many_have_is_asked_case_by_case(
    office: Office, cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch
):
    """The same answer as for a rare one."""
    monkeypatch.setattr("service.cases.textsearch._MOST_PARTIES", 0)
    assert _found(office, text="明", sort="received") == [
        cases["li"].number,
        cases["zhang"].number,
        cases["person"].number,
    ]
    assert _found(office, text="有限公司") == [cases["zhang"].number, cases["li"].number]
    assert _found(office, text=resident_id(1)) == [cases["li"].number]


def test_a_list_asks_the_database_the_same_whatever_its_length(office: Office, engine: Engine):
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            asked.append(statement)

    def queries() -> int:
        actor = office.actor("chen")
        asked.clear()
        event.listen(engine, "before_cursor_execute", note)
        find_cases(office.session, actor, CaseFilter(), TODAY)
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    office.register("report")
    one = queries()
    for _ in range(4):
        office.register("report")
    assert queries() == one <= 2


def test_an_analyst_reads_no_names(office: Office, cases: dict[str, Case]):
    page = find_cases(office.session, office.actor("analyst"), CaseFilter(), TODAY)
    assert len(page.rows) == 4
    assert {row.title for row in page.rows} == {""}


def _searches(office: Office) -> list[AuditEntry]:
    query = select(AuditEntry).where(col(AuditEntry.action).startswith("case.search"))
    return list(office.session.exec(query.order_by(col(AuditEntry.id))))


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (resident_id(1), "case.search_number"),
        ("138 0013 8000", "case.search_number"),
        ("李明", "case.search"),
    ],
)
def test_a_search_is_audited_without_what_was_searched(
    office: Office, cases: dict[str, Case], text: str, action: str
):
    """And says what it was: by a number, or by a name."""
    _found(office, text=text)
    office.session.commit()
    (entry,) = _searches(office)
    assert (entry.action, entry.user_id, entry.detail) == (
        action,
        office.users["chen"].id,
        {"found": 1},
    )


def test_suggestions_by_a_number_are_audited(office: Office, cases: dict[str, Case]):
    chen = office.actor("chen")
    people_like(office.session, chen, "李明")
    assert _searches(office) == []
    people_like(office.session, chen, resident_id(1))
    people_like(office.session, chen, resident_id(9))
    office.session.flush()
    assert [(one.action, one.user_id, one.detail) for one in _searches(office)] == [
        ("case.search_number", chen.user_id, {"found": 1}),
        ("case.search_number", chen.user_id, {"found": 0}),
    ]


def test_earlier_cases_that_were_shown_are_noted_once_an_hour(
    office: Office, cases: dict[str, Case]
):
    chen = office.actor("chen")
    for _ in range(2):
        found = earlier_open_cases(office.session, chen, [worker("applicant", "李明", 1)])
        note_earlier(office.session, chen, found)
    assert [one.case_id for one in _searches(office)] == [cases["li"].id]
    for entry in _searches(office):
        entry.at -= timedelta(hours=1, seconds=1)
    office.session.commit()
    note_earlier(office.session, chen, found)
    assert [one.case_id for one in _searches(office)] == [cases["li"].id] * 2


def test_who_stands_in_several_rows_is_suggested_once(office: Office):
    """As last recorded in a case whose numbers may be read."""
    for by, phone in (("chen", "13800138000"), ("chen", "13900139000"), ("lin", "13700137000")):
        office.register(
            by=by,
            unit_id=office.users[by].unit_id,
            handler_id=office.users[by].id,
            parties=[worker("complainant", phone=phone), employer("employer")],
        )
    office.users["lin"].unit_id = office.town.id or 0
    office.session.exec(update(Case).values(unit_id=office.town.id))
    office.session.commit()
    (found,) = people_like(office.session, office.actor("chen"), "李明")
    assert found.phone == "139****9000"
    (firm,) = people_like(office.session, office.actor("chen"), "东滩")
    assert firm.credit_code == credit_code()


def test_earlier_cases_of_a_chosen_party_are_those_with_its_number(office: Office):
    first, second = (
        office.register(
            parties=[worker("complainant", phone=phone), employer("employer", serial=9)]
        )
        for phone in ("13800138000", "13900139000")
    )
    links = select(CaseParty.party_id).where(CaseParty.case_id == first.id)
    chosen = PartyInput("person", "complainant", "李明", party_id=min(office.session.exec(links)))
    found = earlier_open_cases(office.session, office.actor("chen"), [chosen])
    assert {row.number for row in found} == {first.number, second.number}
    assert earlier_open_cases(office.session, office.actor("wang"), [chosen]) == []


def test_the_cases_behind_a_number_of_the_report(office: Office):
    kept = office.register("arbitration", received_on=date(2026, 2, 2))
    office.record(kept, "case_accepted", date(2026, 2, 3))
    office.record(kept, "withdrawn", date(2026, 2, 20))
    other = office.register("arbitration", received_on=date(2026, 2, 2))
    office.record(other, "case_accepted", date(2026, 2, 3))
    behind = {
        part: _found(
            office,
            by="director",
            indicator="arbitration_closure_rate",
            part=part,
            period_from=date(2026, 2, 1),
            period_to=date(2026, 2, 28),
            unit_id=office.district.id,
            sort="number",
        )
        for part in ("numerator", "denominator")
    }
    assert behind == {"numerator": [kept.number], "denominator": [kept.number, other.number]}


def test_suggestions_are_masked_and_of_visible_cases(office: Office, cases: dict[str, Case]):
    (found,) = people_like(office.session, office.actor("chen"), "李明")
    assert (found.name, found.id_number, found.phone) == (
        "李明",
        resident_id(1)[:3] + "*" * 11 + resident_id(1)[-4:],
        "138****8000",
    )
    assert len(people_like(office.session, office.actor("director"), "李明")) == 2
    assert [
        one.name for one in people_like(office.session, office.actor("chen"), credit_code(2))
    ] == ["崇明岛建设（上海）有限公司"]
    assert people_like(office.session, office.actor("chen"), "李") == []


def test_earlier_open_cases_of_the_same_parties_are_shown(office: Office, cases: dict[str, Case]):
    def earlier(*parties: PartyInput) -> list[str]:
        return [
            row.number for row in earlier_open_cases(office.session, office.actor("chen"), parties)
        ]

    assert earlier(worker("applicant", "李明", 1)) == [cases["li"].number]
    assert earlier(employer("respondent", "another name", 1)) == [cases["li"].number]
    by_phone = PartyInput("person", "applicant", "李明", phone="13800138000")
    assert earlier(by_phone) == [cases["li"].number]
    assert earlier(PartyInput("person", "applicant", "李明")) == []
    short = resident_id(1)[:6] + resident_id(1)[8:17]
    assert earlier(PartyInput("person", "applicant", "李明", id_number=short)) == [
        cases["li"].number
    ]
    assert earlier(worker("applicant", "李明", 4)) == []
    office.record(cases["li"], "complaint_refused", date(2026, 2, 5))
    assert earlier(by_phone) == []
