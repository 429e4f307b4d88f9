"""What a new case takes over from parties that are known, and what it leaves alone."""

from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from models import Case, CaseParty, Party
from rules.rulebook import Rulebook
from service.cases.inputs import PartyInput
from service.cases.problems import InvalidInput
from service.cases.registering import problems_of, register_case
from tests.support.office import TODAY, Office, employer, resident_id, worker


def _count(session: Session, table: type) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def _codes(raised: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {problem.field: problem.code for problem in raised.value.problems}


def _entered(office: Office, **more: Any) -> list[PartyInput]:
    return [worker("complainant", **more), employer("employer")]


def _person(office: Office, case: Case) -> Party:
    query = select(Party).join(CaseParty).where(CaseParty.case_id == case.id)
    return office.session.exec(query.where(Party.kind == "person")).one()


def _colleague(office: Office) -> None:
    """Wang works in chen's unit from now on, and handles none of chen's cases."""
    office.users["wang"].unit_id = office.town.id or 0
    office.session.commit()


def test_a_known_worker_and_employer_are_reused(office: Office):
    office.register("complaint", parties=_entered(office, phone="138 0013 8000"))
    office.register("complaint", parties=_entered(office))
    assert _count(office.session, Party) == 2
    links = office.session.exec(select(CaseParty).order_by(col(CaseParty.id))).all()
    assert [link.party_id for link in links[:2]] == [link.party_id for link in links[2:]]


def test_another_phone_or_address_stands_in_the_new_case_alone(office: Office):
    """What the earlier case shows has not changed: nothing in its history says that it has."""
    first = office.register(
        "complaint", parties=_entered(office, phone="13800138000", address="城桥镇1号")
    )
    second = office.register("complaint", parties=_entered(office, phone="13900139000"))
    third = office.register("complaint", parties=_entered(office, address="堡镇2号"))
    stored = [_person(office, case) for case in (first, second, third)]
    assert [(one.phone, one.address) for one in stored] == [
        ("13800138000", "城桥镇1号"),
        ("13900139000", "城桥镇1号"),
        ("13900139000", "堡镇2号"),
    ]
    assert first.revision == 1


@pytest.mark.parametrize("where", ["another unit", "the same unit"])
def test_a_number_and_a_name_that_are_known_open_no_phone(office: Office, where: str):
    office.register("complaint", parties=_entered(office, phone="13800138000", address="城桥镇1号"))
    unit = office.other_town
    if where == "the same unit":
        _colleague(office)
        unit = office.town
    case = office.register(
        "complaint",
        by="wang",
        unit_id=unit.id,
        handler_id=office.users["wang"].id,
        parties=_entered(office),
    )
    known = _person(office, case)
    assert (known.id_number, known.phone, known.address) == (resident_id(), None, "")


def test_nor_do_they_write_into_the_case_of_another_unit(office: Office):
    first = office.register("complaint", parties=_entered(office, phone="13800138000"))
    other = office.register(
        "complaint",
        by="wang",
        unit_id=office.other_town.id,
        handler_id=office.users["wang"].id,
        parties=_entered(office, phone="13900139000", address="堡镇2号"),
    )
    assert (_person(office, first).phone, _person(office, first).address) == ("13800138000", "")
    assert _person(office, other).phone == "13900139000"


@pytest.mark.parametrize("name", ["wang", "chief"])
def test_a_chosen_party_brings_the_numbers_that_who_chose_it_may_read(office: Office, name: str):
    """A colleague of the handler was shown them masked, a supervisor may read them."""
    _colleague(office)
    first = office.register(
        "complaint", parties=_entered(office, phone="13800138000", address="城桥镇1号")
    )
    shown = _person(office, first)
    chosen = PartyInput("person", "complainant", shown.name, party_id=shown.id)
    case = office.register(
        "complaint",
        by=name,
        handler_id=office.users[name].id,
        parties=[chosen, employer("employer")],
    )
    taken = _person(office, case)
    numbers = (resident_id(), "13800138000") if name == "chief" else (None, None)
    assert (taken.id_number, taken.phone) == numbers
    assert (taken.name, taken.address) == ("李明", "城桥镇1号")


def test_who_types_the_numbers_of_a_chosen_party_has_them(office: Office):
    _colleague(office)
    first = office.register("complaint", parties=_entered(office, phone="13800138000"))
    shown = _person(office, first)
    typed = worker("complainant", phone="13800138000", party_id=shown.id)
    case = office.register(
        "complaint",
        by="wang",
        handler_id=office.users["wang"].id,
        parties=[typed, employer("employer")],
    )
    assert _person(office, case).id == shown.id


def test_the_same_number_in_another_unit_is_not_told_of(office: Office, rulebook: Rulebook):
    office.register("complaint")
    entry = office.entry(
        "complaint",
        unit_id=office.other_town.id,
        handler_id=office.users["wang"].id,
        parties=[worker("complainant", name="李鸣"), employer("employer")],
    )
    assert problems_of(office.session, office.actor("wang"), entry, rulebook, TODAY) == []


def test_who_is_chosen_and_typed_with_one_part_stands_there_twice(
    office: Office, rulebook: Rulebook
):
    first = office.register("complaint")
    chosen = PartyInput("person", "complainant", "李明", party_id=_person(office, first).id)
    parties = [chosen, worker("complainant"), employer("employer")]
    entry = office.entry("complaint", parties=parties)
    with pytest.raises(InvalidInput) as raised:
        register_case(office.session, office.actor("chen"), entry, rulebook, TODAY)
    assert _codes(raised) == {"parties-1-name": "party_twice"}


def test_the_same_number_with_another_name_is_doubtful_and_kept_apart(
    office: Office, rulebook: Rulebook
):
    office.register("complaint")
    entry = office.entry(
        "complaint", parties=[worker("complainant", name="李鸣"), employer("employer")]
    )
    (problem,) = problems_of(office.session, office.actor("chen"), entry, rulebook, TODAY)
    assert (problem.field, problem.code, problem.level) == (
        "parties-0-id_number",
        "id_other_name",
        "warning",
    )
    assert "李明" not in problem.message
    register_case(office.session, office.actor("chen"), entry, rulebook, TODAY)
    names = office.session.exec(select(Party.name).where(Party.kind == "person")).all()
    assert sorted(names) == ["李明", "李鸣"]


def test_a_party_chosen_from_the_suggestions_brings_its_numbers(office: Office):
    office.register("complaint")
    known = office.session.exec(select(Party).where(Party.kind == "person")).one()
    chosen = PartyInput("person", "complainant", known.name, party_id=known.id)
    office.register("complaint", parties=[chosen, employer("employer")])
    assert _count(office.session, Party) == 2


def test_a_party_of_another_unit_cannot_be_chosen(office: Office, rulebook: Rulebook):
    office.register("complaint")
    known = office.session.exec(select(Party).where(Party.kind == "person")).one()
    entry = office.entry(
        "complaint",
        unit_id=office.other_town.id,
        handler_id=office.users["wang"].id,
        parties=[
            PartyInput("person", "complainant", known.name, party_id=known.id),
            employer("employer"),
        ],
    )
    with pytest.raises(InvalidInput) as raised:
        register_case(office.session, office.actor("wang"), entry, rulebook, TODAY)
    assert _codes(raised) == {"parties-0-name": "party_unknown"}
