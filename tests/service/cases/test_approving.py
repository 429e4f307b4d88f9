"""Extensions and suspensions wait for a supervisor; approving records the event."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models import Approval, Case, Deadline, Event
from rules.rulebook import Rulebook
from service.access import Forbidden, NotFound
from service.cases.approving import decide, request_approval, take_back, waiting_for
from service.cases.inputs import EventInput
from service.cases.problems import Conflict, InvalidInput, Unlawful
from tests.support.office import TODAY, Office

EXTENSION = EventInput("extension_approved", TODAY, days=15)


@pytest.fixture
def case(office: Office) -> Case:
    """An arbitration accepted on 2 February 2026: due on 19 March."""
    case = office.register("arbitration", received_on=date(2026, 1, 30))
    office.record(case, "case_accepted", date(2026, 2, 2))
    return case


def _award(office: Office, case: Case) -> Deadline:
    query = select(Deadline).where(Deadline.case_id == case.id, Deadline.rule == "arb_award")
    return office.session.exec(query).one()


def _ask(office: Office, case: Case, rulebook: Rulebook, by: str = "chen") -> Approval:
    return request_approval(
        office.session, office.actor(by), case, EXTENSION, "complex", rulebook, TODAY
    )


def _decide(
    office: Office,
    approval: Approval,
    rulebook: Rulebook,
    by: str = "chief",
    on: date = TODAY,
    *,
    approve: bool = True,
) -> Approval:
    return decide(
        office.session, office.actor(by), approval.id, approve, "seen", on, rulebook, TODAY
    )


def test_asking_changes_no_date(office: Office, case: Case, rulebook: Rulebook):
    before = _award(office, case).due_on
    approval = _ask(office, case, rulebook)
    assert approval.state == "waiting"
    assert _award(office, case).due_on == before


def test_approval_records_the_event_on_the_day_of_the_decision(
    office: Office, case: Case, rulebook: Rulebook
):
    before = _award(office, case).due_on
    decided_on = TODAY - timedelta(days=1)
    approval = _decide(office, _ask(office, case, rulebook), rulebook, on=decided_on)
    event = office.session.get_one(Event, approval.event_id)
    assert (event.type, event.on, event.details["days"]) == ("extension_approved", decided_on, 15)
    assert approval.state == "approved"
    assert approval.decided_by_id == office.users["chief"].id
    clock = _award(office, case)
    assert before is not None
    assert clock.raw_due_on == before + timedelta(days=15)
    assert clock.extended_days == 15


def test_refusal_records_no_event(office: Office, case: Case, rulebook: Rulebook):
    approval = _decide(office, _ask(office, case, rulebook), rulebook, approve=False)
    assert (approval.state, approval.event_id) == ("refused", None)
    assert _award(office, case).extended_days == 0


@pytest.mark.parametrize("name", ["chen", "lin", "analyst", "auditor", "admin"])
def test_only_supervisors_decide(office: Office, case: Case, rulebook: Rulebook, name: str):
    approval = _ask(office, case, rulebook)
    with pytest.raises((Forbidden, NotFound)):
        _decide(office, approval, rulebook, by=name)
    assert office.session.get_one(Approval, approval.id).state == "waiting"


def test_the_supervisor_of_another_unit_does_not_see_the_request(
    office: Office, case: Case, rulebook: Rulebook
):
    with pytest.raises(NotFound):
        _decide(office, _ask(office, case, rulebook), rulebook, by="boss")


def test_nobody_decides_their_own_request(office: Office, case: Case, rulebook: Rulebook):
    approval = _ask(office, case, rulebook, by="chief")
    with pytest.raises(Forbidden):
        _decide(office, approval, rulebook, by="chief")
    assert _decide(office, approval, rulebook, by="director").state == "approved"


def test_a_request_is_decided_once(office: Office, case: Case, rulebook: Rulebook):
    approval = _ask(office, case, rulebook)
    _decide(office, approval, rulebook)
    with pytest.raises(Conflict):
        _decide(office, approval, rulebook, by="director")


def test_more_than_the_cap_is_refused_when_asked_for(
    office: Office, case: Case, rulebook: Rulebook
):
    with pytest.raises(Unlawful) as raised:
        request_approval(
            office.session,
            office.actor("chen"),
            case,
            EventInput("extension_approved", TODAY, days=16),
            "complex",
            rulebook,
            TODAY,
        )
    assert raised.value.article


def test_a_second_request_over_the_cap_is_refused_when_decided(
    office: Office, case: Case, rulebook: Rulebook
):
    first, second = _ask(office, case, rulebook), _ask(office, case, rulebook)
    _decide(office, first, rulebook)
    with pytest.raises(Unlawful):
        _decide(office, second, rulebook)
    assert _award(office, case).extended_days == 15


def test_a_decision_does_not_lie_ahead(office: Office, case: Case, rulebook: Rulebook):
    with pytest.raises(InvalidInput) as raised:
        _decide(office, _ask(office, case, rulebook), rulebook, on=TODAY + timedelta(days=1))
    assert raised.value.problems[0].code == "decided_future"


def test_a_suspension_stops_the_clock_once_approved(office: Office, case: Case, rulebook: Rulebook):
    entry = EventInput("suspended", TODAY, ground="finding")
    ground = rulebook.policy.events["suspended"].fields.ground
    assert ground is not None
    approval = request_approval(
        office.session, office.actor("chen"), case, entry, "injury", rulebook, TODAY
    )
    _decide(office, approval, rulebook)
    office.session.refresh(case)
    clock = _award(office, case)
    assert (clock.state, clock.due_on, case.paused) == ("paused", None, True)
    assert clock.days_left is not None
    assert clock.days_left > 0


def test_a_ground_that_nobody_knows_is_refused_with_those_known(
    office: Office, case: Case, rulebook: Rulebook
):
    entry = EventInput("suspended", TODAY, ground="because")
    with pytest.raises(Unlawful) as raised:
        request_approval(
            office.session, office.actor("chen"), case, entry, "injury", rulebook, TODAY
        )
    assert raised.value.field == "ground"
    assert "heirs_awaited" in raised.value.message


def test_a_request_can_be_taken_back(office: Office, case: Case, rulebook: Rulebook):
    approval = _ask(office, case, rulebook)
    with pytest.raises(Forbidden):
        take_back(office.session, office.actor("chief"), approval.id)
    take_back(office.session, office.actor("chen"), approval.id)
    with pytest.raises(Conflict):
        _decide(office, approval, rulebook)


def test_an_ordinary_event_needs_no_approval(office: Office, case: Case, rulebook: Rulebook):
    with pytest.raises(InvalidInput) as raised:
        request_approval(
            office.session,
            office.actor("chen"),
            case,
            EventInput("award_issued", TODAY),
            "please",
            rulebook,
            TODAY,
        )
    assert raised.value.problems[0].code == "event_needs_no_approval"


def test_each_supervisor_sees_what_waits_for_them(office: Office, case: Case, rulebook: Rulebook):
    _ask(office, case, rulebook, by="chief")

    def waiting(name: str) -> int:
        query = select(Approval).join(Case, Case.id == Approval.case_id)
        return len(office.session.exec(query.where(waiting_for(office.actor(name)))).all())

    assert {name: waiting(name) for name in ("chief", "director", "boss")} == {
        "chief": 0,
        "director": 1,
        "boss": 0,
    }
