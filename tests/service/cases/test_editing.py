"""Details are changed with the old ones kept; a mistake is voided; a case is handed over."""

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from models import AuditEntry, Case, CaseParty, CaseRevision, Claim, Deadline, Dispute, Party
from rules.rulebook import Rulebook
from service.access import Forbidden, NotFound, get_case
from service.cases.editing import CaseEdit, edit_case, reassign, void_case
from service.cases.inputs import ClaimInput, PartyInput
from service.cases.problems import Conflict, InvalidInput
from service.cases.searching import CaseFilter, find_cases
from tests.support.office import TODAY, Office, employer, resident_id, worker


def _edit(
    office: Office, case: Case, rulebook: Rulebook, by: str = "chen", **values: object
) -> Case:
    edit = CaseEdit(**{"revision": case.revision, "reason": "typing error", **values})  # type: ignore[arg-type]
    return edit_case(office.session, office.actor(by), case, edit, rulebook, TODAY)


def _parties(session: Session, case: Case) -> list[Party]:
    query = select(Party).join(CaseParty, CaseParty.party_id == Party.id)
    return list(session.exec(query.where(CaseParty.case_id == case.id).order_by(CaseParty.id)))


def test_an_edit_keeps_what_stood_there(office: Office, rulebook: Rulebook):
    case = office.register("arbitration", claims=[ClaimInput("wages", Decimal("100.00"))])
    _edit(
        office,
        case,
        rulebook,
        title="Another title",
        claims=[ClaimInput("wages", Decimal("250.50"))],
        details={"cause": "overtime_pay"},
    )
    assert (case.title, case.revision) == ("Another title", 2)
    claim = office.session.exec(select(Claim).where(Claim.case_id == case.id)).one()
    assert claim.amount == Decimal("250.50")
    kept = office.session.exec(select(CaseRevision)).one()
    before = json.loads(kept.before)
    assert (kept.revision, kept.reason) == (1, "typing error")
    assert before["title"] == "李明 – 上海东滩物流有限公司"
    assert before["claims"] == [{"kind": "wages", "amount": "100.00", "note": ""}]
    assert before["details"]["cause"] == "wages"
    assert before["parties"][0]["id_number"] == resident_id()


def test_what_is_kept_is_ciphertext(office: Office, rulebook: Rulebook):
    case = office.register("arbitration")
    _edit(office, case, rulebook, title="Another title")
    stored = office.session.connection().exec_driver_sql("SELECT before FROM case_revision").all()
    assert "李明" not in str(stored)
    assert resident_id() not in str(stored)


def test_of_two_people_editing_at_once_the_second_is_told(office: Office, rulebook: Rulebook):
    case = office.register("arbitration")
    _edit(office, case, rulebook, title="First")
    with pytest.raises(Conflict):
        _edit(office, case, rulebook, revision=1, title="Second")
    office.session.refresh(case)
    assert case.title == "First"


def test_an_edit_can_move_a_deadline(office: Office, rulebook: Rulebook):
    case = office.register("person", received_on=date(2026, 2, 2))
    assert case.next_rule == "emp_difficult_placement_sh"
    _edit(office, case, rulebook, facts={"willing_and_obeys": False})
    assert case.next_rule is None
    assert office.session.exec(select(Deadline).where(Deadline.state == "running")).all() == []


def test_a_party_that_stays_keeps_its_numbers(office: Office, rulebook: Rulebook):
    case = office.register("complaint")
    person, firm = _parties(office.session, case)
    mended = PartyInput("person", "complainant", "李明明", party_id=person.id)
    same = PartyInput("employer", "employer", firm.name, party_id=firm.id)
    _edit(office, case, rulebook, parties=[mended, same])
    after = _parties(office.session, case)
    assert [party.id for party in after] == [person.id, firm.id]
    assert (after[0].name, after[0].id_number) == ("李明明", resident_id())


def test_a_shared_party_is_not_renamed_in_other_cases(office: Office, rulebook: Rulebook):
    first, second = office.register("complaint"), office.register("complaint")
    person, firm = _parties(office.session, first)
    mended = PartyInput("person", "complainant", "李明明", party_id=person.id)
    same = PartyInput("employer", "employer", firm.name, party_id=firm.id)
    _edit(office, first, rulebook, parties=[mended, same])
    assert [party.name for party in _parties(office.session, second)] == ["李明", firm.name]
    renamed = _parties(office.session, first)[0]
    assert (renamed.name, renamed.id_number) == ("李明明", resident_id())


@pytest.mark.parametrize("more", [{"phone": "13900139000"}, {"address": "堡镇2号"}])
def test_a_shared_party_keeps_its_phone_and_address_in_other_cases(
    office: Office, rulebook: Rulebook, more: dict[str, str]
):
    parties = [
        worker("complainant", phone="13800138000", address="城桥镇1号"),
        employer("employer"),
    ]
    first, second = (office.register("complaint", parties=parties) for _ in range(2))
    person, firm = _parties(office.session, first)
    mended = PartyInput("person", "complainant", "李明", party_id=person.id, **more)
    same = PartyInput("employer", "employer", firm.name, party_id=firm.id)
    _edit(office, first, rulebook, parties=[mended, same])
    here, there = (_parties(office.session, case)[0] for case in (first, second))
    assert (there.phone, there.address) == ("13800138000", "城桥镇1号")
    assert {name: getattr(here, name) for name in more} == more
    assert (here.id_number, _parties(office.session, first)[1].id) == (resident_id(), firm.id)
    assert second.revision == 1


def test_a_party_of_this_case_alone_is_changed_where_it_stands(office: Office, rulebook: Rulebook):
    case = office.register("complaint")
    person, firm = _parties(office.session, case)
    mended = PartyInput("person", "complainant", "李明", phone="13900139000", party_id=person.id)
    same = PartyInput("employer", "employer", firm.name, party_id=firm.id)
    _edit(office, case, rulebook, parties=[mended, same])
    assert [one.id for one in _parties(office.session, case)] == [person.id, firm.id]
    assert len(office.session.exec(select(Party)).all()) == 2
    kept = office.session.exec(select(CaseRevision)).one()
    assert json.loads(kept.before)["parties"][0]["phone"] is None


def test_a_party_of_another_case_is_added_with_what_may_be_read(office: Office, rulebook: Rulebook):
    """Whoever edits and does not handle that case types the numbers, or goes without."""
    office.users["wang"].unit_id = office.town.id or 0
    office.session.commit()
    other = office.register(
        "complaint", parties=[worker("complainant", "王芳", 2), employer("employer")]
    )
    known = _parties(office.session, other)[0]
    case = office.register("complaint")
    for by, number in (("wang", None), ("chen", resident_id(2))):
        added = PartyInput("person", "complainant", "王芳", party_id=known.id)
        _edit(office, case, rulebook, by=by, parties=[added, employer("employer")])
        assert _parties(office.session, case)[0].id_number == number


def test_parties_can_be_added_and_removed_but_not_all(office: Office, rulebook: Rulebook):
    case = office.register("complaint")
    _edit(
        office,
        case,
        rulebook,
        parties=[
            worker("complainant", "王芳", 2),
            worker("complainant", "张伟", 3),
            employer("employer"),
        ],
    )
    assert [party.name for party in _parties(office.session, case)][:2] == ["王芳", "张伟"]
    with pytest.raises(InvalidInput) as raised:
        _edit(office, case, rulebook, parties=[worker("complainant", "王芳", 2)])
    assert raised.value.problems[0].code == "party_missing"
    assert len(_parties(office.session, case)) == 3


@pytest.mark.parametrize("renamed", [False, True])
def test_an_edit_asks_the_database_the_same_however_many_parties_it_changes(
    office: Office, engine: Engine, rulebook: Rulebook, renamed: bool
):
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        # SQLite gives new rows their numbers one by one.
        if not statement.startswith("INSERT INTO party ("):
            asked.append(statement)

    def statements(number: int) -> int:
        """For so many workers added, or given other names."""
        first = 10 * number
        people = [worker("complainant", "王芳", first + at) for at in range(number)]
        case = office.register(
            "complaint", parties=[*people[: number * renamed or 1], employer("employer")]
        )
        known = _parties(office.session, case)
        if renamed:
            people = [
                PartyInput("person", "complainant", f"张伟{at}", party_id=one.id)
                for at, one in enumerate(known[:-1])
            ]
        asked.clear()
        event.listen(engine, "before_cursor_execute", note)
        _edit(office, case, rulebook, parties=[*people, employer("employer")])
        event.remove(engine, "before_cursor_execute", note)
        assert len(_parties(office.session, case)) == number + 1
        return len(asked)

    assert statements(2) == statements(8)


def test_an_edit_says_why(office: Office, rulebook: Rulebook):
    case = office.register("arbitration")
    with pytest.raises(InvalidInput) as raised:
        _edit(office, case, rulebook, title="Another", reason=" ")
    assert [problem.field for problem in raised.value.problems] == ["reason"]


def test_a_voided_case_is_out_of_everything_but_the_audit(office: Office):
    case = office.register("arbitration", received_on=date(2026, 1, 30))
    office.record(case, "case_accepted", date(2026, 2, 2))
    void_case(office.session, office.actor("chief"), case, "entered twice")
    assert (case.state, case.void_reason) == ("voided", "entered twice")
    assert (case.accepted_on, case.next_due_on, case.limit_rule) == (None, None, None)
    rows = office.session.exec(select(Deadline).where(Deadline.case_id == case.id)).all()
    assert rows
    assert not any(row.alertable for row in rows)
    assert office.session.exec(select(Dispute)).one().received_on is None
    for name in ("chen", "chief", "director", "analyst"):
        actor = office.actor(name)
        assert find_cases(office.session, actor, CaseFilter(), TODAY).rows == []
        with pytest.raises(NotFound):
            get_case(office.session, actor, case.number)
    auditor = office.actor("auditor")
    assert get_case(office.session, auditor, case.number).id == case.id


def test_only_supervisors_void_and_reassign(office: Office):
    case = office.register("arbitration")
    with pytest.raises(Forbidden):
        void_case(office.session, office.actor("chen"), case, "entered twice")
    with pytest.raises(Forbidden):
        reassign(
            office.session, office.actor("chen"), case, office.users["chief"].id, None, "holiday"
        )
    with pytest.raises(InvalidInput):
        void_case(office.session, office.actor("chief"), case, "")


def test_a_case_is_handed_over_with_its_history(office: Office):
    case = office.register("arbitration")
    number = case.number
    reassign(
        office.session,
        office.actor("director"),
        case,
        office.users["lin"].id,
        office.section.id,
        "section takes it",
    )
    assert (case.unit_id, case.handler_id, case.number) == (
        office.section.id,
        office.users["lin"].id,
        number,
    )
    assert get_case(office.session, office.actor("lin"), number).id == case.id
    with pytest.raises(NotFound):
        get_case(office.session, office.actor("chen"), number)
    entry = office.session.exec(select(AuditEntry).filter_by(action="case.reassign")).one()
    assert entry.detail["from_handler"] == office.users["chen"].id
    before = json.loads(office.session.exec(select(CaseRevision)).one().before)
    assert before["handler_id"] == office.users["chen"].id


def test_a_case_goes_only_to_somebody_who_works_for_the_unit(office: Office):
    case = office.register("arbitration")
    for handler, unit in (("wang", None), ("auditor", None), ("chen", office.other_town.id)):
        with pytest.raises(InvalidInput):
            reassign(
                office.session,
                office.actor("director"),
                case,
                office.users[handler].id,
                unit,
                "holiday",
            )
    with pytest.raises(InvalidInput):
        reassign(
            office.session,
            office.actor("chief"),
            case,
            office.users["wang"].id,
            office.other_town.id,
            "not mine to give",
        )


def test_a_case_goes_to_no_unit_that_is_closed(office: Office):
    case = office.register("complaint")
    office.other_town.closed_on = TODAY
    office.session.commit()
    director, place = office.users["director"].id or 0, office.other_town.id
    with pytest.raises(InvalidInput) as raised:
        reassign(office.session, office.actor("director"), case, director, place, "nearer")
    assert [(one.field, one.code) for one in raised.value.problems] == [("unit_id", "unit_choice")]
