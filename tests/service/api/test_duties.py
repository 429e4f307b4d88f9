"""The bureau's own duties by API."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from jobs import sweep
from jobs.settings import JobSettings
from tests.service.api.conftest import Program
from tests.support.office import TODAY, Office

Make = Callable[[str | None], Program]


@pytest.fixture(autouse=True)
def raised(office: Office) -> None:
    """Since August 2025: two quarters and a year."""
    office.users["admin"].created_at = datetime(2025, 8, 15, tzinfo=UTC)
    office.session.commit()
    sweep.run(office.session, TODAY, JobSettings())


def test_duties_are_listed_with_steps_and_recorded(program: Make, office: Office) -> None:
    director = program("director")
    first, *rest = director.get("/duties").json["duties"]
    assert (first["period"], first["status"], first["due_on"]) == (
        "Q3 2025",
        "overdue",
        "2025-12-31",
    )
    assert any("Quarter ended" in step for step in first["steps"])
    assert len(rest) == 2
    address = f"/duties/{first['id']}/done"
    early = director.post(address, {"on": "2025-09-29"})
    assert (early.status_code, early.json["problems"][0]["code"]) == (422, "duty_early")
    done = director.post(address, {"on": "2026-01-02", "note": "notice 12"})
    assert (done.status_code, done.json["state"], done.json["done_on"]) == (
        201,
        "met_late",
        "2026-01-02",
    )
    assert director.post(address, {"on": "2026-01-02"}).status_code == 409


def test_others_see_and_record_none(program: Make, office: Office) -> None:
    duty_id = program("director").get("/duties").json["duties"][0]["id"]
    assert program("chen").get("/duties").json == {"duties": []}
    assert program("chen").post(f"/duties/{duty_id}/done", {"on": "2026-01-02"}).status_code == 404
    assert (
        program("auditor").post(f"/duties/{duty_id}/done", {"on": "2026-01-02"}).status_code == 403
    )
    assert program("director").post("/duties/x/done", {"on": "2026-01-02"}).status_code == 404
    assert program("admin").get("/duties").status_code == 403


def test_what_was_recorded_by_mistake_is_taken_back_and_both_stay(
    program: Make, office: Office
) -> None:
    director = program("director")
    duty = director.get("/duties").json["duties"][0]
    done = director.post(f"/duties/{duty['id']}/done", {"on": "2026-01-02", "note": "notice 12"})
    (event,) = done.json["events"]
    assert (event["on"], event["details"], event["corrected_by"]) == (
        "2026-01-02",
        {"note": "notice 12"},
        None,
    )
    assert event["recorded_by"] == office.users["director"].name
    address = f"/duties/{duty['id']}/events/{event['id']}/take-back"
    for reason in ("", " ", "x" * 2001):
        refused = director.post(address, {"reason": reason})
        assert refused.status_code == 422
        assert [one["field"] for one in refused.json["problems"]] == ["reason"]
    taken = director.post(address, {"reason": "The notice was of another quarter."})
    assert (taken.status_code, taken.json["state"], taken.json["done_on"]) == (201, "running", None)
    assert taken.json["status"] == "overdue"
    wrong, correction = taken.json["events"]
    assert (wrong["id"], wrong["corrected_by"]) == (event["id"], correction["id"])
    assert correction["corrects_id"] == event["id"]
    assert correction["details"] == {"note": "The notice was of another quarter."}
    # What was taken back is not taken back again, and a correction not at all.
    assert director.post(address, {"reason": "again"}).status_code == 409
    last = f"/duties/{duty['id']}/events/{correction['id']}/take-back"
    assert director.post(last, {"reason": "no"}).status_code == 404
    anew = director.post(f"/duties/{duty['id']}/done", {"on": "2025-12-30"})
    assert anew.json["state"] == "met"
    assert director.get("/duties").json["duties"][-1]["events"] == anew.json["events"]


def test_only_those_in_charge_take_back_and_only_what_is_of_the_duty(
    program: Make, office: Office
) -> None:
    director = program("director")
    first, other, _ = director.get("/duties").json["duties"]
    done = director.post(f"/duties/{first['id']}/done", {"on": "2026-01-02"})
    event = done.json["events"][0]["id"]
    why = {"reason": "mistake"}
    for duty_id, event_id in ((other["id"], event), (first["id"], "x"), ("x", event)):
        address = f"/duties/{duty_id}/events/{event_id}/take-back"
        assert director.post(address, why).status_code == 404
    address = f"/duties/{first['id']}/events/{event}/take-back"
    assert program("chen").post(address, why).status_code == 404
    assert program("auditor").post(address, why).status_code == 403
    assert program(None).post(address, why).status_code == 401
    assert director.post(address, {**why, "note": "?"}).status_code == 422
    assert director.get("/duties").json["duties"][-1]["done_on"] == "2026-01-02"
