"""The pages of the bureau's own duties, and where else they are shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from jobs import deliver, sweep
from jobs.settings import JobSettings
from models import BureauDuty, DutyCharge, DutyEvent
from tests.service.web_cases.conftest import Person
from tests.support.office import TODAY, Office

RULE = "insp_public_disclosure"
OBLIGATION = {
    "en": "Publish serious violations every quarter",
    "zh": "每季度向社会公布重大劳动保障违法行为",
}
LogIn = Callable[[str], Person]


@pytest.fixture(autouse=True)
def raised(office: Office) -> None:
    """Since August 2025: the third quarter's duty is overdue, the fourth's is due on 31 March."""
    office.users["admin"].created_at = datetime(2025, 8, 15, tzinfo=UTC)
    office.session.commit()
    sweep.run(office.session, TODAY, JobSettings())


def third_quarter(office: Office) -> int:
    query = select(BureauDuty.id).where(
        BureauDuty.rule == RULE, BureauDuty.ended_on == date(2025, 9, 30)
    )
    return office.session.exec(query).one() or 0


def put_in_charge(office: Office, name: str) -> None:
    """Of the township."""
    handler = office.users[name].id
    office.session.add(DutyCharge(rule=RULE, unit_id=office.town.id or 0, handler_id=handler))
    office.session.commit()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_what_is_to_be_done_and_why(
    log_in: LogIn, office: Office, language: str
) -> None:
    office.users["director"].language = "en" if language == "en" else "zh_CN"
    office.session.commit()
    director = log_in("director")
    index = director.get("/duties").text
    assert OBLIGATION[language] in index
    assert ("Q3 2025" if language == "en" else "2025年第3季度") in index
    page = director.get(f"/duties/{third_quarter(office)}").text
    for words in {
        "en": ("2025-12-31", "Quarter ended", "Verified: P2", "with no last day seen", "Overdue"),
        "zh": ("2025-12-31", "季度终了", "核实：P2", "公布的最后日期未见", "超期"),
    }[language]:
        assert words in page


def test_recording_moves_it_to_the_past_and_taking_back_returns_it(
    log_in: LogIn, office: Office
) -> None:
    director, duty_id = log_in("director"), third_quarter(office)
    answer = director.post(f"/duties/{duty_id}", {"on": "2026-01-05", "note": "notice 12"})
    assert answer.status_code == 302
    past = director.get("/duties").text.split('id="past"')[1]
    assert "Met late" in past or "met late" in past.lower()
    page = director.get(f"/duties/{duty_id}").text
    assert "notice 12" in page
    assert 'name="note"' not in page
    event = office.session.exec(select(DutyEvent)).one()
    address = f"/duties/{duty_id}/events/{event.id}/take-back"
    assert director.post(address, {"reason": ""}).status_code == 422
    assert director.post(address, {"reason": "another quarter"}).status_code == 302
    page = director.get(f"/duties/{duty_id}").text
    assert "another quarter" in page
    assert 'name="note"' in page


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("", "Type the day on which it was done."),
        ("2025-09-29", "The period ended on 2025-09-30."),
        ("2026-03-10", "2026-03-09"),
    ],
)
def test_a_wrong_day_is_told_at_its_field_and_nothing_typed_is_lost(
    log_in: LogIn, office: Office, on: str, told: str
) -> None:
    answer = log_in("director").post(
        f"/duties/{third_quarter(office)}", {"on": on, "note": "notice 12"}
    )
    assert answer.status_code == 422
    assert told in answer.text
    assert "notice 12" in answer.text
    assert office.session.exec(select(DutyEvent)).all() == []


def test_a_second_recording_is_refused(log_in: LogIn, office: Office) -> None:
    director, address = log_in("director"), f"/duties/{third_quarter(office)}"
    director.post(address, {"on": "2026-01-05"})
    answer = director.post(address, {"on": "2026-01-06"})
    assert answer.status_code == 422
    assert "recorded already" in answer.text


def test_my_work_and_team_show_it_to_those_in_charge(log_in: LogIn, office: Office) -> None:
    put_in_charge(office, "chen")
    assert OBLIGATION["en"] in log_in("chen").get("/work").text
    assert OBLIGATION["en"] in log_in("chief").get("/team").text
    assert OBLIGATION["en"] in log_in("director").get("/work").text
    for name, place in (("wang", "/work"), ("boss", "/team"), ("lin", "/work")):
        assert OBLIGATION["en"] not in log_in(name).get(place).text


def test_who_keeps_one_finds_past_periods_from_my_work(log_in: LogIn, office: Office) -> None:
    put_in_charge(office, "chen")
    for duty in office.session.exec(select(BureauDuty)):
        log_in("chen").post(f"/duties/{duty.id}", {"on": "2026-03-02"})
    page = log_in("chen").get("/work").text
    assert OBLIGATION["en"] not in page
    assert "Nothing is left to be done." in page
    assert 'href="/duties"' in page
    for name, place in (("wang", "/work"), ("boss", "/team")):
        assert 'href="/duties"' not in log_in(name).get(place).text


def test_who_only_sees_it_is_offered_no_recording(log_in: LogIn, office: Office) -> None:
    page = log_in("auditor").get(f"/duties/{third_quarter(office)}").text
    assert OBLIGATION["en"] in page
    assert 'name="note"' not in page
    address = f"/duties/{third_quarter(office)}"
    assert log_in("auditor").post(address, {"on": "2026-01-05"}).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("chief", 404), ("chen", 404), ("admin", 403)])
def test_others_do_not_open_it(log_in: LogIn, office: Office, name: str, status: int) -> None:
    assert log_in(name).get(f"/duties/{third_quarter(office)}").status_code == status
    assert log_in("director").get("/duties/4711").status_code == 404


def test_the_inbox_and_the_alerts_sent_lead_to_the_duty(log_in: LogIn, office: Office) -> None:
    deliver.run(office.session, TODAY, JobSettings())
    duty_id = third_quarter(office)
    director = log_in("director")
    for place in ("/alerts", "/team"):
        page = director.get(place).text
        assert f'href="/duties/{duty_id}"' in page
        assert "Q3 2025" in page


def test_an_administrator_chooses_who_has_charge(log_in: LogIn, office: Office) -> None:
    admin = log_in("admin")
    assert "the supervisors of Unit CM" in admin.get("/admin/duties").text
    town, chen = office.town.id, office.users["chen"].id
    wrong = {"unit_id": office.other_town.id, "handler_id": chen}
    assert admin.post(f"/admin/duties/{RULE}", wrong).status_code == 422
    chosen = {"unit_id": town, "handler_id": chen}
    assert admin.post(f"/admin/duties/{RULE}", chosen).status_code == 302
    assert "chen · Unit CQ" in admin.get("/admin/duties").text
    assert admin.get("/admin/duties/insp_investigation").status_code == 404
    assert log_in("director").get("/admin/duties").status_code == 403


def test_a_list_of_duties_asks_no_query_for_each(
    log_in: LogIn, office: Office, count_queries: Callable[[], object]
) -> None:
    director = log_in("director")
    with count_queries() as few:  # type: ignore[attr-defined]
        director.get("/duties")
    sweep.run(office.session, date(2030, 1, 2), JobSettings())
    with count_queries() as many:  # type: ignore[attr-defined]
        director.get("/duties")
    assert len(many) == len(few)
