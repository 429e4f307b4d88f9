"""An administrator of a township administers its people and units, and nothing of the whole."""

from flask import url_for
from sqlmodel import Session

from models import User
from tests.support.browser import People


def _local(people: People, session: Session) -> None:
    """The administrator works for the township from now on."""
    session.get_one(User, people.users["administrator"].id).unit_id = people.town.id or 0
    session.commit()


# The pages of a part of the tree; all others are of the whole bureau.
_OF_A_PART = {
    "admin.index",
    "admin.list_people",
    "admin.new_person",
    "admin.person",
    "admin.disable_person",
    "admin.enable_person",
    "admin.reset_password",
    "admin.list_units",
    "admin.new_unit",
    "admin.unit",
    "admin.close_unit",
    "admin.reopen_unit",
}


def test_what_reaches_the_whole_bureau_is_no_page_of_a_townships_administrator(
    app, logged_in, people, session: Session
) -> None:
    _local(people, session)
    admin = logged_in("administrator")
    pages = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    assert {page.endpoint for page in pages} > _OF_A_PART
    for page in pages:
        if page.endpoint in _OF_A_PART:
            continue
        values = {
            name: 2027 if name in ("year", "change_id") else "version" for name in page.arguments
        }
        with app.test_request_context():
            path = url_for(page.endpoint, **values)
        answer = admin.get(path) if "GET" in page.methods else admin.post(path)
        assert answer.status_code == 403, path
    for link in ("calendar", "law", "duties", "jobs"):
        assert f"/admin/{link}" not in admin.get("/admin").text


def test_a_townships_administrator_neither_makes_nor_opens_an_auditor(
    logged_in, people, session: Session
) -> None:
    _local(people, session)
    auditor = session.get_one(User, people.users["auditor"].id)
    auditor.unit_id = people.town.id or 0
    session.commit()
    admin = logged_in("administrator")
    form = admin.get("/admin/people/new").text
    assert 'value="supervisor"' in form
    assert 'value="auditor"' not in form
    new = {"name": "Wang Li", "username": "wang.li", "role": "auditor", "unit_id": people.town.id}
    refused = admin.post("/admin/people/new", **new)
    assert refused.status_code == 422
    assert 'id="role-error"' in refused.text
    path = f"/admin/people/{auditor.id}"
    assert path not in admin.get("/admin/people").text
    assert admin.get(path).status_code == 403
    assert admin.post(f"{path}/password").status_code == 403


def test_people_of_a_unit_above_are_out_of_reach(logged_in, people, session: Session) -> None:
    _local(people, session)
    admin = logged_in("administrator")
    assert admin.get(f"/admin/people/{people.users['auditor'].id}").status_code == 404
    assert admin.get(f"/admin/units/{people.top.id}").status_code == 404
