"""Extensions and suspensions wait for a supervisor; approving records the event."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from sqlmodel import select

from models import Approval, Case, Deadline, Event
from rules.rulebook import Rulebook
from service.access import Forbidden, NotFound
from service.cases.approving import (
    decide,
    may_decide,
    request_approval,
    take_back,
    waiting_for,
)
from service.cases.inputs import EventInput
from service.cases.problems import Conflict, InvalidInput, Unlawful
from service.cases.recording import correct_event
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
    today: date = TODAY,
) -> Approval:
    return decide(
        office.session, office.actor(by), approval.id, approve, "seen", on, rulebook, today
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
    decided_on = TODAY + timedelta(days=1)
    asked = _ask(office, case, rulebook)
    approval = _decide(office, asked, rulebook, on=decided_on, today=TODAY + timedelta(days=3))
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


@pytest.mark.parametrize("rule", [None, "arb_award"])
@pytest.mark.parametrize("days", [1, 6])
def test_what_waits_for_a_decision_is_not_asked_for_again(
    office: Office, case: Case, rulebook: Rulebook, days: int, rule: str | None
):
    """Each alone keeps to the cap of 15 days; the first is named, whoever asks again."""

    def ask(by: str, number: int) -> Approval:
        entry = EventInput("extension_approved", TODAY, days=number, rule=rule)
        return request_approval(
            office.session, office.actor(by), case, entry, "complex", rulebook, TODAY
        )

    first = ask("chen", 10)
    with pytest.raises(InvalidInput) as raised:
        ask("chief", days)
    (problem,) = raised.value.problems
    assert (problem.field, problem.code) == ("days", "request_waits_days")
    assert problem.params["days"] == 10
    assert problem.params["name"] == office.users["chen"].name
    assert office.session.exec(select(Approval)).all() == [first]


@pytest.mark.parametrize("decided", ["taken back", "refused", "approved"])
def test_once_the_first_is_decided_the_rest_may_be_asked_for(
    office: Office, case: Case, rulebook: Rulebook, decided: str
):
    first = request_approval(
        office.session, office.actor("chen"), case,
        EventInput("extension_approved", TODAY, days=10), "complex", rulebook, TODAY,
    )  # fmt: skip
    if decided == "taken back":
        take_back(office.session, office.actor("chen"), first.id)
    else:
        _decide(office, first, rulebook, approve=decided == "approved")
    rest = 5 if decided == "approved" else 15
    for days, allowed in ((rest + 1, False), (rest, True)):
        entry = EventInput("extension_approved", TODAY, days=days)
        with nullcontext() if allowed else pytest.raises(Unlawful):
            request_approval(
                office.session, office.actor("chen"), case, entry, "more", rulebook, TODAY
            )


def test_requests_for_other_limits_wait_side_by_side(office: Office, rulebook: Rulebook):
    """In arbitration the award, and the review of a mediation agreement, are each extended."""
    case = office.register("arbitration", received_on=date(2026, 1, 30))
    for name, on in (
        ("case_accepted", date(2026, 3, 2)),
        ("entrusted_mediation_consented", date(2026, 3, 3)),
        ("mediation_agreement_reached", date(2026, 3, 4)),
        ("mediation_agreement_effective", date(2026, 3, 4)),
        ("review_application_received", date(2026, 3, 5)),
        ("review_application_accepted", date(2026, 3, 6)),
    ):
        office.record(case, name, on)

    def ask(rule: str) -> Approval:
        entry = EventInput("extension_approved", TODAY, days=5, rule=rule)
        return request_approval(
            office.session, office.actor("chen"), case, entry, "complex", rulebook, TODAY
        )

    ask("arb_award")
    assert ask("arb_review_decide").state == "waiting"
    with pytest.raises(InvalidInput):
        ask("arb_review_decide")


def test_a_second_suspension_waits_for_the_first(office: Office, case: Case, rulebook: Rulebook):
    def ask(ground: str) -> Approval:
        entry = EventInput("suspended", TODAY, ground=ground)
        return request_approval(
            office.session, office.actor("chen"), case, entry, "injury", rulebook, TODAY
        )

    ask("finding")
    with pytest.raises(InvalidInput) as raised:
        ask("other_case")
    assert raised.value.problems[0].code == "request_waits"


def test_what_an_earlier_version_let_wait_twice_is_refused_when_decided(
    office: Office, case: Case, rulebook: Rulebook
):
    first = _ask(office, case, rulebook)
    second = Approval(**first.model_dump(exclude={"id"}))
    office.session.add(second)
    office.session.commit()
    _decide(office, first, rulebook)
    with pytest.raises(Unlawful):
        _decide(office, second, rulebook)
    assert _award(office, case).extended_days == 15


def test_a_decision_does_not_lie_ahead(office: Office, case: Case, rulebook: Rulebook):
    with pytest.raises(InvalidInput) as raised:
        _decide(office, _ask(office, case, rulebook), rulebook, on=TODAY + timedelta(days=1))
    assert raised.value.problems[0].code == "decided_future"


@pytest.mark.parametrize("approve", [True, False])
def test_a_decision_does_not_lie_before_the_request(
    office: Office, case: Case, rulebook: Rulebook, approve: bool
):
    """The award was due on 19 March; approved a month later it is overdue, whatever day is said."""
    asked = _ask(office, case, rulebook)
    later = date(2026, 4, 20)
    with pytest.raises(InvalidInput) as raised:
        _decide(office, asked, rulebook, on=date(2026, 3, 8), approve=approve, today=later)
    (problem,) = raised.value.problems
    assert (problem.field, problem.code) == ("decided_on", "decided_early")
    assert problem.params["day"] == TODAY.isoformat()
    assert office.session.get_one(Approval, asked.id).state == "waiting"


def _correct(
    office: Office,
    case: Case,
    rulebook: Rulebook,
    event_id: int | None,
    on: date,
    by: str = "chief",
) -> Event:
    replacement = EventInput("extension_approved", on, days=10)
    later = date(2026, 3, 12)
    return correct_event(
        office.session, office.actor(by), case, event_id or 0, "wrong", replacement, rulebook, later
    )


def test_correcting_what_was_approved_leads_to_no_day_before_the_request(
    office: Office, case: Case, rulebook: Rulebook
):
    """Nor does correcting what took its place."""
    approval = _decide(office, _ask(office, case, rulebook), rulebook)
    correction = _correct(office, case, rulebook, approval.event_id, date(2026, 3, 10))
    assert _award(office, case).extended_days == 10
    replaced = correction.details["replacement_id"]
    with pytest.raises(InvalidInput) as raised:
        _correct(office, case, rulebook, replaced, date(2026, 3, 8))
    assert [(one.field, one.code) for one in raised.value.problems] == [("on", "decided_early")]
    _correct(office, case, rulebook, replaced, TODAY)


@pytest.mark.parametrize("asked_by", ["chief", "chen"])
def test_nobody_says_what_counts_in_place_of_their_own_request_or_case(
    office: Office, case: Case, rulebook: Rulebook, asked_by: str
):
    approval = _decide(office, _ask(office, case, rulebook, by=asked_by), rulebook, by="director")
    if asked_by == "chen":
        case.handler_id = office.users["chief"].id or 0
        office.session.commit()
    with pytest.raises(InvalidInput) as raised:
        _correct(office, case, rulebook, approval.event_id, TODAY)
    assert raised.value.problems[0].code == "decided_by_another"
    _correct(office, case, rulebook, approval.event_id, TODAY, by="director")


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


@pytest.mark.parametrize("handler", ["chen", "chief", "director"])
@pytest.mark.parametrize("asking", ["chen", "chief", "director"])
def test_what_waits_for_a_supervisor_is_what_they_may_decide(
    office: Office, case: Case, rulebook: Rulebook, handler: str, asking: str
):
    """The handler may stand above the supervisor who sees the case."""
    case.handler_id = office.users[handler].id or 0
    office.session.commit()
    approval = _ask(office, case, rulebook, by=asking)
    for name in ("chief", "director", "boss"):
        actor = office.actor(name)
        query = select(Approval).join(Case, Case.id == Approval.case_id).where(waiting_for(actor))
        waits = office.session.exec(query).first() is not None
        assert waits is may_decide(office.session, actor, approval, case), name
