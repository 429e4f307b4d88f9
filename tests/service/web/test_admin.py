"""People, units and the jobs, as an administrator works with them."""

import re
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session, select

from jobs.asking import Presence
from jobs.schedule import JOBS, run_asked
from jobs.settings import JobSettings
from models import AuditEntry, JobRun, Unit, User
from models.base import utc_now
from service.admin.jobs import RESULTS
from service.db import open_session
from tests.support.browser import PASSWORD, Browser, People


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


def test_a_job_is_asked_for_and_shown_until_the_scheduler_has_done_it(
    logged_in, session: Session, engine: Engine
) -> None:
    def opened() -> AbstractContextManager[Session]:
        return open_session(engine)

    admin = logged_in("administrator")
    assert "never" in admin.get("/admin/jobs").text
    scheduler = Presence(opened)
    scheduler.sign(utc_now())
    admin.post("/admin/jobs/sweep/run")
    run = session.exec(select(JobRun).where(JobRun.job == "sweep")).one()
    assert run.state == "queued"
    session.rollback()
    waiting = admin.get("/admin/jobs").text
    assert "Queued" in waiting
    assert "begins within seconds" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "/admin/jobs/sweep/run" not in waiting
    assert run_asked(opened, JobSettings()) == "sweep"
    part = admin.get("/admin/jobs", headers={"HX-Request": "true"}).text
    assert "Done" in part
    assert "Queued" not in part
    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "/admin/jobs/sweep/run" in part
    asked = session.exec(select(AuditEntry).where(AuditEntry.action == "job.run")).all()
    assert [entry.subject for entry in asked] == ["job:sweep"]


def test_what_came_of_a_job_is_told_in_words(logged_in, session: Session) -> None:
    results = {
        "sweep": {"duties_raised": 2, "due_soon_7": 5, "overdue": 1, "unheard_of": 9},
        "rates": {"months": ["2026-10", "2026-11"]},
        "deliver": {"mail": "no mail server: the outbox keeps mail"},
    }
    for job, result in results.items():
        moment = utc_now()
        session.add(JobRun(run_key=job, job=job, state="done", started_at=moment, result=result))
    session.commit()
    admin = logged_in("administrator")
    page = admin.get("/admin/jobs").text
    for said in (
        "Duties of the bureau raised: 2",
        "Alerts “Due within 7 days”: 5",
        "Alerts “Overdue”: 1",
        "unheard_of: 9",
        "Months computed: 2026-10, 2026-11",
        "Mail server: there is none; the outbox keeps mail",
    ):
        assert said in page
    admin.post("/language", language="zh_CN")
    assert "已计算的月份：2026-10、2026-11" in admin.get("/admin/jobs").text


def test_every_result_of_the_jobs_has_words(session: Session) -> None:
    """What a run reports and the page has no words for would be a program's name on it."""
    today = date(2026, 11, 2)
    reported = {name for job in JOBS for name in job.run(session, today, JobSettings())}
    assert "duties_raised" in reported
    for name in reported:
        assert name in RESULTS or name.startswith(("due_soon_", "overdue", "escalated"))


def test_a_job_that_is_not_there_cannot_be_asked_for(logged_in) -> None:
    assert logged_in("administrator").post("/admin/jobs/nonsense/run").status_code == 404


def test_what_is_asked_for_twice_is_done_once(logged_in, session: Session) -> None:
    admin = logged_in("administrator")
    admin.get("/admin/jobs")
    for _time in range(2):
        admin.post("/admin/jobs/rates/run")
    assert "asked for already" in admin.get("/admin/jobs").text
    assert len(session.exec(select(JobRun)).all()) == 1


def test_the_page_says_when_no_scheduler_is_running(logged_in, engine: Engine) -> None:
    admin = logged_in("administrator")
    assert "No scheduler is running" in admin.get("/admin/jobs").text
    scheduler = Presence(lambda: open_session(engine))
    scheduler.sign(utc_now())
    assert "No scheduler is running" not in admin.get("/admin/jobs").text
    scheduler.leave()
    admin.get("/admin/jobs")
    admin.post("/admin/jobs/sweep/run")
    page = admin.get("/admin/jobs").text
    assert "it waits for a scheduler" in page
    assert "No scheduler is running" in page


def test_an_administrator_reads_no_case(logged_in) -> None:
    assert logged_in("administrator").get("/cases").status_code == 403
