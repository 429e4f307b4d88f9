"""The tree of offices: it grows and is renamed; what has work is not closed."""

from datetime import date

import pytest
from sqlmodel import Session

from service.access import Actor, Forbidden
from service.cases.problems import InvalidInput
from service.people import disable_person
from service.units import UnitInput, add_unit, close_unit, rename_unit, reopen_unit, units
from tests.support.office import TODAY, Office, open_office


@pytest.fixture
def office(session: Session) -> Office:
    return open_office(session)


@pytest.fixture
def admin(office: Office) -> Actor:
    return office.actor("admin")


def _committee(office: Office, code: str = "cq1") -> UnitInput:
    return UnitInput(code, "调解委员会", "Committee", "committee", office.town.id)


def test_a_unit_stands_below_another(office: Office, admin: Actor):
    unit = add_unit(office.session, admin, _committee(office))
    assert unit.path == f"{office.town.path}{unit.id}/"
    assert unit.code == "CQ1"
    assert unit.id in office.actor("chen").unit_ids
    assert unit.id not in office.actor("wang").unit_ids


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "CQ"}, "code"),
        ({"code": "C-1"}, "code"),
        ({"name_zh": ""}, "name_zh"),
        ({"name_en": "x" * 81}, "name_en"),
        ({"kind": "castle"}, "kind"),
        ({"parent_id": 999}, "parent_id"),
        ({"parent_id": None}, "parent_id"),
    ],
)
def test_what_is_wrong_with_a_unit_is_said_per_field(
    office: Office, admin: Actor, values: dict[str, object], field: str
):
    entered = UnitInput(**{**vars(_committee(office)), **values})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as raised:
        add_unit(office.session, admin, entered)
    assert {problem.field for problem in raised.value.problems} == {field}


def test_a_new_name_leaves_code_and_numbers(office: Office, admin: Actor):
    case = office.register("complaint")
    rename_unit(office.session, admin, office.town.id or 0, "城桥新镇", "New Town")
    assert (office.town.name_zh, office.town.code) == ("城桥新镇", "CQ")
    assert case.number.startswith("CQ-")


def test_a_unit_with_work_or_people_is_not_closed(office: Office, admin: Actor):
    office.register("complaint")
    with pytest.raises(InvalidInput) as raised:
        close_unit(office.session, admin, office.town.id or 0, TODAY)
    (problem,) = raised.value.problems
    assert problem.params == {"cases": 1, "people": 2, "units": 0}
    assert "1 open cases" in problem.message


def test_a_closed_unit_keeps_its_cases_and_takes_no_new_ones(office: Office, admin: Actor):
    case = office.register("complaint", received_on=date(2026, 2, 2))
    office.record(case, "complaint_refused", date(2026, 2, 4))
    for name in ("chen", "chief"):
        disable_person(office.session, admin, office.users[name].id or 0)
    close_unit(office.session, admin, office.town.id or 0, TODAY)
    assert office.town.closed_on == TODAY
    open_units = units(office.session, office.actor("director"))
    assert office.town.id not in {unit.id for unit in open_units}
    assert office.town.id in office.actor("director").unit_ids
    with pytest.raises(InvalidInput):
        office.register("complaint", by="director", handler_id=office.users["director"].id)
    reopen_unit(office.session, admin, office.town.id or 0)
    assert office.town.closed_on is None


def test_only_administrators_change_the_tree(office: Office):
    with pytest.raises(Forbidden):
        add_unit(office.session, office.actor("director"), _committee(office))


def test_units_are_listed_from_the_top_down(office: Office):
    listed = [unit.code for unit in units(office.session, office.actor("director"))]
    assert listed == ["CM", "ARB", "CQ", "BZ"]


def test_a_unit_is_opened_again_after_the_one_above(office: Office):
    below = add_unit(office.session, office.actor("admin"), _committee(office)).id or 0
    admin = office.actor("admin")
    for name in ("chen", "chief"):
        disable_person(office.session, admin, office.users[name].id or 0)
    for unit in (below, office.town.id or 0):
        close_unit(office.session, admin, unit, TODAY)
    with pytest.raises(InvalidInput) as raised:
        reopen_unit(office.session, admin, below)
    assert [problem.code for problem in raised.value.problems] == ["unit_parent"]
    for unit in (office.town.id or 0, below):
        assert reopen_unit(office.session, admin, unit).closed_on is None
