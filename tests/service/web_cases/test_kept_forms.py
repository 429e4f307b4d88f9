"""Other forms than registering come back filled, too, when the session ended before."""

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import func, select
from werkzeug.test import TestResponse

from models import Draft, Event
from tests.service.web_cases.cases import accepted, events
from tests.service.web_cases.conftest import Person
from tests.support.office import Office

_BEARER = re.compile(r'name="draft" value="([^"]+)"')
LogIn = Callable[[str], Person]


def _sent_too_late(
    log_in: LogIn, path: str, data: dict[str, str], name: str = "chen"
) -> TestResponse:
    """Opened while logged in, sent when that had ended; then the page after logging in again."""
    person = log_in(name)
    bearer = _BEARER.search(person.get(path).text)
    assert bearer is not None
    person.client.delete_cookie("anqi")
    led = person.post(path, {**data, "draft": bearer[1]})
    assert led.location.startswith("/login?next=")
    (target,) = parse_qs(urlsplit(led.location).query)["next"]
    assert person.get(target).status_code == 302, "nobody is logged in"
    return log_in(name).get(target)


def test_recording_an_event(log_in: LogIn, office: Office) -> None:
    number = office.register("arbitration", received_on=date(2026, 3, 2)).number
    path = f"/cases/{number}/record?type=case_accepted"
    page = _sent_too_late(log_in, path, {"on": "2026-03-04", "note": "Said at the window."})
    assert "Said at the window." in page.text
    assert 'value="2026-03-04"' in page.text
    assert events(office, number) == ["arb_application_received"]


@pytest.mark.parametrize(
    ("path", "field", "by"),
    [
        ("edit", "summary", "chen"),
        ("void", "reason", "chief"),
        ("reassign", "reason", "chief"),
    ],
)
def test_changing_a_case(log_in: LogIn, office: Office, path: str, field: str, by: str) -> None:
    number = accepted(office)
    page = _sent_too_late(log_in, f"/cases/{number}/{path}", {field: "A long reason."}, by)
    assert "A long reason." in page.text


def test_correcting_an_event(log_in: LogIn, office: Office) -> None:
    number = accepted(office)
    event_id = office.session.exec(select(func.max(Event.id))).one()
    path = f"/cases/{number}/events/{event_id}/correct"
    page = _sent_too_late(log_in, path, {"reason": "Misread.", "on": "2026-03-05", "note": "New."})
    for typed in ("Misread.", "2026-03-05", "New."):
        assert typed in page.text


@pytest.mark.parametrize(("sender", "left"), [("chen", 0), ("chief", 1)])
def test_a_form_that_was_taken_from_its_author_is_kept_no_longer(
    log_in: LogIn, office: Office, sender: str, left: int
) -> None:
    number = accepted(office)
    path, typed = f"/cases/{number}/record?type=hearing_date", {"on": "2026-03-20"}
    bearer = _BEARER.search(_sent_too_late(log_in, path, typed).text)
    assert bearer is not None
    sent = log_in(sender).post(path, {**typed, "draft": bearer[1]})
    assert sent.location.startswith(f"/cases/{number}")
    assert events(office, number)[-1] == "hearing_date"
    assert len(office.session.exec(select(Draft)).all()) == left
