"""The pages of the holiday calendar: a year is looked at, entered and taken back."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from jobs.rulebooks import current
from jobs.schedule import run_asked
from jobs.settings import JobSettings
from models import AuditEntry, CalendarYear
from service.admin import years
from service.db import open_session
from tests.support.browser import Browser

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
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "calendar.save")).one()
    assert entry.detail["notice"] == "Notice 2027"
    assert len(entry.detail["days_off"]) == 11
    assert entry.detail["make_up_workdays"] == ["2027-02-14"]
    assert "Notice 2027" in admin.get("/admin/calendar").text


def _enter(admin: Browser, year: int, **changed: str) -> None:
    typed = {name: text.replace("2027", str(year)) for name, text in YEAR_2027.items()}
    path = f"/admin/calendar/{year}"
    admin.get(path)
    page = admin.post(path, action="preview", **{**typed, **changed})
    digest = re.search(r'name="previewed" value="(\w+)"', page.text)
    assert digest is not None
    saved = admin.post(path, action="save", previewed=digest[1], **{**typed, **changed})
    assert saved.status_code == 302


def test_an_entered_year_is_removed_after_a_look_at_what_moves(
    logged_in, session: Session, engine: Engine
) -> None:
    admin = logged_in("administrator")
    before = current(session).fingerprint
    session.rollback()
    _enter(admin, 2027)
    assert "entered here" in admin.get("/admin/calendar").text
    assert "/admin/calendar/2027/remove" in admin.get("/admin/calendar/2027").text
    asked = admin.get("/admin/calendar/2027/remove").text
    assert "Notice 2027" in asked
    assert "become provisional again" in asked
    assert "moves no deadline" in asked
    assert session.get(CalendarYear, 2027) is not None
    session.rollback()
    admin.post("/admin/calendar/2027/remove")
    assert "What was entered for 2027 is removed" in admin.get("/admin/calendar").text
    assert "Notice 2027" not in admin.get("/admin/calendar").text
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "calendar.remove")).one()
    assert (entry.subject, entry.detail["notice"]) == ("year:2027", "Notice 2027")
    assert entry.detail["make_up_workdays"] == ["2027-02-14"]
    assert current(session).fingerprint == before
    # Dates follow: the scheduler has been asked to recompute.
    session.rollback()
    assert run_asked(lambda: open_session(engine), JobSettings()) == "recompute_changed"


def test_a_built_in_year_stands_again_and_cannot_be_removed(logged_in, session: Session) -> None:
    admin = logged_in("administrator")
    assert admin.get("/admin/calendar/2026/remove").status_code == 404
    assert "/admin/calendar/2026/remove" not in admin.get("/admin/calendar/2026").text
    assert admin.post("/admin/calendar/2026/remove").status_code == 404
    _enter(admin, 2026, days_off="2026-01-01", make_up_workdays="")
    assert "built-in notice counts again" in admin.get("/admin/calendar/2026/remove").text
    admin.post("/admin/calendar/2026/remove")
    assert session.get(CalendarYear, 2026) is None
    assert len(current(session).calendar.years[2026].days_off) > 1
    session.rollback()
    assert admin.post("/admin/calendar/2026/remove").status_code == 404


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("days_off", "", "List the days off"),
        ("days_off", "someday", "is not a day"),
        ("days_off", "2027-02-30", "not a day of the calendar"),
        ("days_off", "2026-01-01", "not in 2027"),
        ("days_off", "2027-01-03 ~ 2027-01-01", "ends before it begins"),
        ("days_off", "2027-01-01 ~ 2027-12-31", "365 days off are more than half of the year"),
        ("days_off", "2027-01-01 ~ 2027-07-02", "at most 182 days"),
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


def test_the_list_says_what_is_off_in_a_year_that_nobody_entered(logged_in) -> None:
    page = logged_in("administrator").get("/admin/calendar").text
    assert "1 January, 1 May and 1–3 October, which each of the notices read (2020–2026)" in page


def test_days_are_shown_as_they_are_typed() -> None:
    days = years.read_days("1-1, 2027/2/5 \u81f3 2027/2/7;\uff13-\uff11", 2027)
    assert years.shown_days(days) == "2027-01-01\n2027-02-05 ~ 2027-02-07\n2027-03-01"


def test_a_calendar_year_and_a_whole_year_are_two_words_in_chinese(logged_in) -> None:
    admin = logged_in("administrator")
    admin.post("/language", language="zh_CN")
    page = admin.get("/admin/calendar").text
    assert '<th scope="col">年份</th>' in page
    assert "全年" not in page
