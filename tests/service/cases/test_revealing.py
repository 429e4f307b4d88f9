"""Numbers and reporters are shown in full to few, and each time it is on record."""

import pytest
from sqlmodel import select

from models import AuditEntry, Case, CaseParty
from service.access import Forbidden, NotFound, masked
from service.cases.records import load
from service.cases.revealing import Numbers, Reporter, reveal_numbers, reveal_reporter
from tests.support.office import Office, employer, resident_id, worker

EVERYBODY = ("chen", "chief", "director", "colleague", "auditor", "analyst")


@pytest.fixture
def office(office: Office) -> Office:
    """With a colleague of chen who does not handle the cases."""
    office.users["colleague"] = office.users.pop("wang")
    office.users["colleague"].unit_id = office.town.id or 0
    office.session.commit()
    return office


@pytest.fixture
def complaint(office: Office) -> Case:
    return office.register(
        "complaint", parties=[worker("complainant", phone="13800138000"), employer("employer")]
    )


@pytest.fixture
def tip_off(office: Office) -> Case:
    return office.register(
        "report", details={"reporter_name": "赵一", "reporter_contact": "13900139000"}
    )


def _worker(office: Office, case: Case) -> int:
    query = select(CaseParty.party_id).where(CaseParty.case_id == case.id)
    return min(office.session.exec(query))


def _looks(office: Office) -> list[tuple[int | None, int | None, str]]:
    query = select(AuditEntry).where(AuditEntry.action == "case.reveal").order_by(AuditEntry.id)
    return [(row.user_id, row.case_id, row.subject) for row in office.session.exec(query)]


def test_a_record_masks_the_numbers_for_everybody(office: Office, complaint: Case):
    for name in EVERYBODY:
        party = load(office.session, office.actor(name), complaint).parties[0]
        read = ("", "") if name == "analyst" else (masked(resident_id()), "138****8000")
        assert (party.id_number, party.phone) == read
        assert party.name == ("李**" if name == "analyst" else "李明")
    assert _looks(office) == []


@pytest.mark.parametrize("name", EVERYBODY)
def test_numbers_are_revealed_to_the_handler_and_supervisors(
    office: Office, complaint: Case, name: str
):
    party_id = _worker(office, complaint)
    actor = office.actor(name)
    if name in ("chen", "chief", "director"):
        found = reveal_numbers(office.session, actor, complaint, party_id)
        assert found == Numbers(resident_id(), "13800138000")
        assert _looks(office) == [(actor.user_id, complaint.id, f"party:{party_id}")]
    else:
        with pytest.raises(Forbidden):
            reveal_numbers(office.session, actor, complaint, party_id)
        assert _looks(office) == []


def test_a_case_reveals_its_own_parties_only(office: Office, complaint: Case, tip_off: Case):
    with pytest.raises(NotFound):
        reveal_numbers(office.session, office.actor("chen"), tip_off, _worker(office, complaint))


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_reporter_is_revealed_to_the_handler_and_their_supervisors(
    office: Office, tip_off: Case, name: str
):
    actor = office.actor(name)
    assert "reporter_name" not in load(office.session, actor, tip_off).details
    if name in ("chen", "chief", "director"):
        found = reveal_reporter(office.session, actor, tip_off)
        assert found == Reporter("赵一", "13900139000")
        assert _looks(office) == [(actor.user_id, tip_off.id, "reporter")]
    else:
        with pytest.raises(Forbidden):
            reveal_reporter(office.session, actor, tip_off)
        assert _looks(office) == []


def test_only_a_tip_off_has_a_reporter(office: Office, complaint: Case):
    with pytest.raises(Forbidden):
        reveal_reporter(office.session, office.actor("chen"), complaint)
