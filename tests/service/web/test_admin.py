"""People, units, the holiday calendar and the jobs, as an administrator works with them."""

import re
from datetime import date

import pytest
from sqlmodel import Session, select

from models import AuditEntry, CalendarYear, JobRun, Unit, User
from service.admin import years
from tests.support.browser import PASSWORD, Browser, People
from tests.support.office import open_office


def _new_person(people: People, **changes: object) -> dict[str, object]:
    return {
        "name": "Wang Li",
        "username": "wang.li",
        "role": "caseworker",
        "unit_id": people.town.id,
        "email": "",
        "language": "",
        **changes,
    }


def test_a_new_person_logs_in_with_the_password_shown_once(app, logged_in, people) -> None:
    admin = logged_in("administrator")
    admin.get("/admin/people/new")
    page = admin.post("/admin/people/new", **_new_person(people))
    password = re.findall(r'class="secret">([^<]+)<', page.text)[1]
    newcomer = Browser(app.test_client())
    newcomer.log_in("wang.li", password)
    assert newcomer.get("/work").location == "/account/password"
    assert password not in admin.get("/admin/people").text


def test_people_are_found_by_name_or_unit_and_come_in_pages(logged_in, people, session) -> None:
    for number in range(40):
        session.add(
            User(
                username=f"extra{number:02}",
                name=f"Extra {number:02}",
                role="caseworker",
                unit_id=people.town.id,
                password_hash="-",
            )
        )
    session.commit()
    admin = logged_in("administrator")
    seen = [admin.get(f"/admin/people?page={page}").text.count(">extra") for page in (1, 2)]
    assert sum(seen) == 40
    assert all(seen)
    found = admin.get("/admin/people?q=EXTRA 07").text
    assert "extra07" in found
    assert "extra08" not in found
    assert "Nobody fits" in admin.get("/admin/people?q=nobody at all").text


def test_a_wrong_person_is_refused_at_the_field_and_stays_typed(logged_in, people) -> None:
    admin = logged_in("administrator")
    admin.get("/admin/people/new")
    page = admin.post("/admin/people/new", **_new_person(people, username="AUDITOR", email="no"))
    assert page.status_code == 422
    assert 'href="#username"' in page.text
    assert 'href="#email"' in page.text
    assert 'value="Wang Li"' in page.text


def test_a_disabled_person_cannot_log_in_until_enabled(app, logged_in, people) -> None:
    admin = logged_in("administrator")
    path = f"/admin/people/{people.users['analyst'].id}"
    admin.get(path)
    admin.post(f"{path}/disable")
    other = Browser(app.test_client())
    assert other.log_in("analyst").status_code == 422
    admin.post(f"{path}/enable")
    assert other.log_in("analyst").status_code == 302


def test_nobody_disables_themselves(logged_in, people) -> None:
    admin = logged_in("administrator")
    path = f"/admin/people/{people.users['administrator'].id}"
    admin.get(path)
    admin.post(f"{path}/disable")
    assert admin.get(path).status_code == 200


def test_a_reset_password_replaces_the_old_one(app, logged_in, people) -> None:
    admin = logged_in("administrator")
    path = f"/admin/people/{people.users['analyst'].id}"
    admin.get(path)
    page = admin.post(f"{path}/password")
    password = re.findall(r'class="secret">([^<]+)<', page.text)[1]
    assert Browser(app.test_client()).log_in("analyst", PASSWORD).status_code == 422
    assert Browser(app.test_client()).log_in("analyst", password).status_code == 302


def test_a_unit_is_added_renamed_closed_and_opened_again(
    logged_in, people, session: Session
) -> None:
    admin = logged_in("administrator")
    admin.get("/admin/units/new")
    names = {"name_zh": "\u65b0", "name_en": "New", "code": "NEW", "kind": "township"}
    answer = admin.post("/admin/units/new", **names, parent_id=people.town.id)
    assert answer.status_code == 302
    unit = session.exec(select(Unit).where(Unit.code == "NEW")).one()
    assert unit.path == f"{people.town.path}{unit.id}/"
    path = f"/admin/units/{unit.id}"
    session.rollback()
    admin.get(path)
    admin.post(path, name_zh="\u65b0", name_en="Newer")
    assert "Newer" in admin.get("/admin/units").text
    admin.post(f"{path}/close")
    assert "2026-11-20" in admin.get("/admin/units").text
    admin.get(path)
    admin.post(f"{path}/reopen")
    assert "2026-11-20" not in admin.get("/admin/units").text.split("<footer")[0]


def test_a_unit_with_people_stays_open_and_says_why(logged_in, people) -> None:
    admin = logged_in("administrator")
    path = f"/admin/units/{people.top.id}"
    admin.get(path)
    admin.post(f"{path}/close")
    assert "alert-danger" in admin.get(path).text


YEAR_2027 = {
    "notice": "Notice 2027",
    "days_off": "2027-01-01 ~ 2027-01-03\n2027-02-05..2027-02-12",
    "make_up_workdays": "2027-02-14",
}


def test_a_year_is_saved_only_after_its_preview(logged_in, session: Session) -> None:
    admin = logged_in("administrator")
    admin.get("/admin/calendar/2027")
    page = admin.post("/admin/calendar/2027", action="save", **YEAR_2027)
    assert "Nothing is saved yet" in page.text
    assert session.get(CalendarYear, 2027) is None
    session.rollback()
    digest = re.search(r'name="previewed" value="(\w+)"', page.text)
    assert digest is not None
    changed = {**YEAR_2027, "make_up_workdays": ""}
    page = admin.post("/admin/calendar/2027", action="save", previewed=digest[1], **changed)
    assert session.get(CalendarYear, 2027) is None
    session.rollback()
    admin.post("/admin/calendar/2027", action="save", previewed=digest[1], **YEAR_2027)
    row = session.get_one(CalendarYear, 2027)
    assert len(row.days_off) == 11
    assert row.make_up_workdays == ["2027-02-14"]
    assert "calendar.save" in session.exec(select(AuditEntry.action)).all()
    assert "Notice 2027" in admin.get("/admin/calendar").text


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("days_off", "", "List the days off"),
        ("days_off", "someday", "is not a day"),
        ("days_off", "2027-02-30", "not a day of the calendar"),
        ("days_off", "2026-01-01", "not in 2027"),
        ("days_off", "2027-01-03 ~ 2027-01-01", "ends before it begins"),
        ("make_up_workdays", "2027-02-15", "a workday anyway"),
        ("make_up_workdays", "2027-01-03", "both as a day off"),
        ("notice", "", "number of the State Council"),
    ],
)
def test_a_wrong_year_says_what_to_mend(logged_in, field: str, text: str, said: str) -> None:
    admin = logged_in("administrator")
    admin.get("/admin/calendar/2027")
    page = admin.post("/admin/calendar/2027", action="preview", **{**YEAR_2027, field: text})
    assert page.status_code == 422
    assert said in page.text
    assert f'href="#{field}"' in page.text


def test_days_are_shown_as_they_are_typed() -> None:
    days = years.read_days("1-1, 2027/2/5 \u81f3 2027/2/7;\uff13-\uff11", 2027)
    assert years.shown_days(days) == "2027-01-01\n2027-02-05 ~ 2027-02-07\n2027-03-01"


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_the_preview_lists_the_open_cases_that_move(session: Session) -> None:
    from jobs.rulebooks import current

    office = open_office(session)
    office.today = date(2026, 12, 25)
    case = office.register("complaint")
    year = years.HolidayYear(
        2027, "n", frozenset({date(2027, 1, 1)}), frozenset({date(2027, 1, 2)})
    )
    found = years.preview(session, current(session), year, date(2026, 12, 28))
    assert [(move.number, move.rule) for move in found.moves] == [
        (case.number, "insp_complaint_decision")
    ]
    move = found.moves[0]
    # Five working days after a Friday: 28 to 31 December, then 1 January; now 2 January.
    assert (move.old, move.new) == (date(2027, 1, 1), date(2027, 1, 2))
    assert session.get(CalendarYear, 2027) is None


def test_a_job_runs_now_and_shows_its_result(logged_in, session: Session) -> None:
    admin = logged_in("administrator")
    assert "never" in admin.get("/admin/jobs").text
    admin.post("/admin/jobs/sweep/run")
    run = session.exec(select(JobRun).where(JobRun.job == "sweep")).one()
    assert run.state == "done"
    session.rollback()
    assert "Done" in admin.get("/admin/jobs").text
    assert admin.post("/admin/jobs/nonsense/run").status_code == 404


def test_an_administrator_reads_no_case(logged_in) -> None:
    assert logged_in("administrator").get("/cases").status_code == 403


def test_people_of_a_unit_above_are_out_of_reach(logged_in, people, session: Session) -> None:
    user = session.get_one(User, people.users["administrator"].id)
    user.unit_id = people.town.id or 0
    session.add(user)
    session.commit()
    admin = logged_in("administrator")
    assert admin.get(f"/admin/people/{people.users['auditor'].id}").status_code == 404
    assert admin.get(f"/admin/units/{people.top.id}").status_code == 404
