"""Who may use the API, with which token, and for how long."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from models import ApiToken
from models.base import utc_now
from service.tokens import revoke_token
from tests.service.api.conftest import Program
from tests.support.office import Office

Make = Callable[[str | None], Program]


@pytest.mark.parametrize("token", [None, "nonsense"])
def test_without_a_token_nothing_is_answered(program: Make, token: str | None):
    stranger = program(None)
    stranger.token = token
    assert stranger.get("/cases").status_code == 401
    assert stranger.post("/cases", {"kind": "complaint"}).status_code == 401
    assert stranger.get("/cases/CQ-INS-2026-00001").status_code == 401


def test_a_cookie_does_not_open_the_api(program: Make, office: Office):
    stranger = program(None)
    with stranger.client.session_transaction() as cookie:
        cookie["_user_id"] = str(office.users["chen"].id)
        cookie["version"] = office.users["chen"].session_version
        cookie["seen_at"] = utc_now().timestamp()
    assert stranger.get("/cases").status_code == 401


def test_a_token_ends_when_revoked_expired_or_its_owner_disabled(program: Make, office: Office):
    session = office.session
    chen = program("chen")
    assert chen.get("/cases").status_code == 200
    token = session.exec(select(ApiToken)).one()
    assert chen.token is not None
    assert chen.token not in (token.token_hash, token.name)

    token.expires_at = utc_now() - timedelta(seconds=1)
    session.commit()
    assert chen.get("/cases").status_code == 401
    token.expires_at = None
    office.users["chen"].disabled_at = utc_now()
    session.commit()
    assert chen.get("/cases").status_code == 401
    office.users["chen"].disabled_at = None
    session.commit()
    assert chen.get("/cases").status_code == 200
    revoke_token(session, office.users["chen"], token.id or 0)
    session.commit()
    assert chen.get("/cases").status_code == 401


def test_the_use_of_a_token_is_noted(program: Make, office: Office):
    chen = program("chen")
    chen.get("/cases")
    office.session.expire_all()
    assert office.session.exec(select(ApiToken)).one().last_used_at is not None


def test_a_token_may_what_its_owner_may(program: Make, office: Office):
    case = office.register("complaint")
    event = {"type": "complaint_accepted", "on": "2026-03-09"}
    assert program("wang").get(f"/cases/{case.number}").status_code == 404
    assert program("wang").post(f"/cases/{case.number}/events", event).status_code == 404
    assert program("auditor").post(f"/cases/{case.number}/events", event).status_code == 403
    assert program("admin").get("/cases").status_code == 403
    assert program("analyst").post("/cases", {"kind": "complaint"}).status_code == 403
    assert program("analyst").get(f"/cases/{case.number}").json["parties"][0]["name"] == "李**"


def test_a_token_works_once_its_owner_has_chosen_a_password(program: Make, office: Office):
    """Also not while a password that an administrator set anew waits to be replaced."""
    chen, owner = program("chen"), office.users["chen"]
    for waits, status in ((True, 401), (False, 200), (True, 401)):
        owner.must_change_password = waits
        office.session.commit()
        assert chen.get("/cases").status_code == status
