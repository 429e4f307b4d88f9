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
