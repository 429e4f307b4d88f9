"""The demo bureau passes the product's own checks and has something true for every page."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from jobs import recompute
from jobs.figures import read
from jobs.periods import month_of, months_back
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import (
    Alert,
    AlertReceipt,
    Approval,
    AuditEntry,
    BureauDuty,
    Case,
    CaseCircumstances,
    CaseCounter,
    ClassificationDecision,
    Deadline,
    Dispute,
    Event,
    IndicatorValue,
    NameGram,
    Party,
    Unit,
    User,
)
from models.base import utc_now
from models.case import KINDS
from rules.deadlines import derive_many
from service.access import actor_for
from service.cases.circumstances import check, questions
from service.cases.classifying import one_of
from service.cases.identities import check_credit_code, check_id, check_phone
from service.cases.inputs import PartyInput, Registration
from service.cases.parties import grams
from service.cases.registering import register_case
from service.db import engine_for, open_session
from service.demo import LOGINS
from service.demo.loading import NotEmptyError, fill, load
from service.passwords import authenticate

TODAY = date(2026, 11, 20)
CASES = 1_500
# A case's derived columns and everything about it that is not a moment or a secret.
_DERIVED = ("state", "accepted_on", "closed_on", "outcome", "paused", "next_due_on", "next_rule")
_LIMIT = ("limit_rule", "limit_due_on", "limit_settled_on", "limit_kept", "changes_on")


@pytest.fixture(scope="module")
def demo_engine(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A smaller bureau, loaded once; tests that write use `session`."""
    from models.encryption import use_keyring
    from tests.conftest import TEST_KEYRING

    use_keyring(TEST_KEYRING)
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    engine = engine_for(f"sqlite:///{path}")
    with open_session(engine) as session:
        load(session, TODAY, CASES)
    yield engine
    engine.dispose()


@pytest.fixture
def demo(demo_engine: Engine) -> Iterator[Session]:
    """A session on the loaded bureau; nothing it writes stays."""
    with open_session(demo_engine) as session:
        yield session


def test_what_is_entered_to_classify_cases_could_have_been_typed(demo: Session) -> None:
    policy = current(demo).policy
    rows = demo.exec(
        select(Case, CaseCircumstances.known).join(
            CaseCircumstances, col(CaseCircumstances.case_id) == Case.id
        )
    ).all()
    assert rows
    for case, known in rows:
        asked = questions(case.procedure, case.jurisdiction, policy)
        assert check(asked, known) == []


def test_what_was_decided_by_hand_was_open_by_its_facts(demo: Session) -> None:
    rulebook = current(demo)
    rows = demo.exec(
        select(Case, ClassificationDecision).join(
            ClassificationDecision, col(ClassificationDecision.case_id) == Case.id
        )
    ).all()
    assert rows
    for case, decision in rows:
        found = one_of(demo, case, decision.code, rulebook, TODAY)
        assert (found.found.by_rules, found.found.holds) == ("ask", "yes")


def test_recomputing_everything_changes_nothing(demo: Session) -> None:
    rulebook = current(demo)
    before = _derived_rows(demo)
    cases = demo.exec(select(Case)).all()
    recompute.refresh_many(demo, cases, rulebook, TODAY)
    assert _derived_rows(demo) == before


def _derived_rows(session: Session) -> dict[str, list[object]]:
    rows: dict[str, list[object]] = {"case": [], "deadline": [], "dispute": []}
    for case in session.exec(select(Case).order_by(col(Case.id))):
        rows["case"].append([getattr(case, name) for name in (*_DERIVED, *_LIMIT, "derived_with")])
    for clock in session.exec(select(Deadline).order_by(Deadline.case_id, Deadline.rule)):  # type: ignore[arg-type]
        rows["deadline"].append(clock.model_dump())
    for dispute in session.exec(select(Dispute).order_by(col(Dispute.id))):
        rows["dispute"].append(dispute.model_dump())
    return rows


def test_no_history_holds_what_the_product_would_refuse(demo: Session) -> None:
    rulebook = current(demo)
    cases = demo.exec(select(Case)).all()
    matters = [recompute.matter_of(demo, case) for case in cases[:600]]
    found = {
        finding.code
        for derivation in derive_many(matters, rulebook, TODAY)
        for finding in derivation.findings
    }
    # Shown on the case, and in the way of nothing.
    assert found <= {"restart_after_due"}


def test_numbers_of_parties_are_valid_and_nobodys(demo: Session) -> None:
    parties = demo.exec(select(Party)).all()
    for party in parties:
        _, of_id = check_id(party.id_number, "id", TODAY)
        _, of_code = check_credit_code(party.credit_code, "code")
        _, of_phone = check_phone(party.phone, "phone")
        assert not of_id + of_code + of_phone, party.name
    ids = [party.id_number for party in parties if party.id_number]
    codes = [party.credit_code for party in parties if party.credit_code]
    assert len(set(ids)) == len(ids) > 500
    assert len(set(codes)) == len(codes) > 50


def test_parties_are_found_by_name(demo: Session) -> None:
    for party in demo.exec(select(Party).limit(50)):
        stored = select(NameGram.gram).where(NameGram.party_id == party.id)
        assert sorted(demo.exec(stored)) == grams(party.name)


@pytest.mark.parametrize("kind", ["petition", "work_injury", "wage_arrears"])
def test_each_kind_has_a_course_to_its_end_and_something_due(demo: Session, kind: str) -> None:
    query = select(Case.state, Case.outcome, Case.next_due_on).where(Case.kind == kind)
    found = demo.exec(query).all()
    assert {state for state, _, _ in found} >= {"open", "closed"}
    assert len({outcome for _, outcome, _ in found if outcome}) > 1
    due = [on for state, _, on in found if state == "open" and on is not None]
    assert any(on < TODAY for on in due)
    assert any(TODAY <= on < TODAY + timedelta(days=7) for on in due)


def test_every_kind_state_and_stage_is_there(demo: Session) -> None:
    def distinct(column: object) -> set[object]:
        return set(demo.exec(select(column).distinct()))  # type: ignore[call-overload]

    assert distinct(Case.kind) == set(KINDS)
    assert distinct(Case.state) == {"open", "closed", "voided"}
    assert distinct(Deadline.state) == {"running", "paused", "met", "met_late", "cancelled"}
    assert distinct(Approval.state) >= {"waiting", "approved", "refused"}
    assert distinct(Alert.stage) >= {"due_soon_7", "due_soon_3", "due_soon_1", "overdue"}
    assert {"correction", "resumed", "extension_approved", "counterclaim_accepted"} <= distinct(
        Event.type
    )
    assert demo.exec(select(func.count()).select_from(AlertReceipt)).one() > 0
    late = [one for one in demo.exec(select(Event)) if one.recorded_at.date() > one.on]
    assert late


def test_open_cases_are_due_today_this_week_and_some_overdue(demo: Session) -> None:
    due = demo.exec(select(Case.next_due_on).where(Case.state == "open")).all()
    days = [day for day in due if day is not None]
    overdue = [day for day in days if day < TODAY]
    assert TODAY in days
    assert sum(TODAY <= day <= TODAY + timedelta(days=7) for day in days) > 10
    assert 0 < len(overdue) < len(due) / 4


def test_nothing_lies_in_the_future_but_appointments(demo: Session) -> None:
    appointments = {
        name for name, known in current(demo).policy.events.items() if known.appointment
    }
    now = datetime.combine(TODAY, datetime.min.time(), UTC)
    for event in demo.exec(select(Event)):
        assert event.on < TODAY or event.type in appointments
        assert event.recorded_at < now
    assert max(demo.exec(select(Case.created_at))) < now
    assert max(one for one in demo.exec(select(AuditEntry.at)) if one) < now


def test_events_are_in_the_order_of_their_recording(demo: Session) -> None:
    at: dict[int, datetime] = {}
    for event in demo.exec(select(Event).order_by(Event.case_id, Event.id)):  # type: ignore[arg-type]
        assert at.get(event.case_id, event.recorded_at) <= event.recorded_at
        at[event.case_id] = event.recorded_at


def test_some_indicators_miss_their_target_and_some_meet_it(demo: Session) -> None:
    indicators = current(demo).policy.indicators
    periods = [month_of(month) for month in months_back(TODAY, 12)[:-1]]
    table = read(demo, periods, [1])
    judged = []
    for name in ("grassroots_resolution_rate", "premediation_rate", "arbitration_on_time_rate"):
        target = next(one for one in indicators[name].targets if one.plan == "chongming_14")
        figures = [table.get(name, 1, period) for period in periods]
        judged += [
            figure.percent >= target.at_least_percent
            for figure in figures
            if figure is not None and figure.percent is not None
        ]
    assert len(judged) == 33
    assert any(judged)
    assert not all(judged)
    assert demo.exec(select(func.count()).where(IndicatorValue.frozen)).one() > 0


def test_the_log_ins_open(demo: Session) -> None:
    units = {unit.id: unit for unit in demo.exec(select(Unit))}
    assert {login.role for login in LOGINS} == {
        "caseworker",
        "supervisor",
        "analyst",
        "administrator",
        "auditor",
    }
    for login in LOGINS:
        user = authenticate(demo, login.username, login.password, utc_now())
        assert isinstance(user, User)
        assert user.role == login.role
        assert units[user.unit_id].closed_on is None


def test_the_same_day_gives_the_same_bureau(session: Session, demo: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        fill(session, TODAY, CASES)
        numbers = select(Case.number, Case.title, Case.next_due_on).order_by(Case.id)  # type: ignore[arg-type]
        assert session.exec(numbers).all() == demo.exec(numbers).all()
        events = select(Event.type, Event.on, Event.recorded_at).order_by(Event.id)  # type: ignore[arg-type]
        assert session.exec(events).all() == demo.exec(events).all()


def test_work_goes_on_after_it(session: Session) -> None:
    fill(session, TODAY, 200)
    mediator = session.exec(select(User).where(User.username == "mediator")).one()
    counted = session.exec(
        select(CaseCounter.last).where(
            CaseCounter.unit_id == mediator.unit_id,
            CaseCounter.procedure == "mediation",
            CaseCounter.year == TODAY.year,
        )
    ).one()
    given = session.exec(
        select(func.max(Case.number)).where(
            Case.unit_id == mediator.unit_id,
            Case.procedure == "mediation",
            func.substr(Case.number, 8, 4) == str(TODAY.year),
        )
    ).one()
    assert given == f"CQ-MED-2026-{counted:05}"
    case = register_case(
        session,
        actor_for(session, mediator),
        Registration(
            kind="mediation",
            unit_id=mediator.unit_id,
            handler_id=mediator.id or 0,
            received_on=TODAY,
            parties=[
                PartyInput("person", "applicant", "李明"),
                PartyInput("employer", "respondent", "上海测试有限公司"),
            ],
        ),
        current(session),
        TODAY,
    )
    assert case.number == f"CQ-MED-2026-{counted + 1:05}"


def test_a_database_with_people_is_left_alone(demo: Session) -> None:
    with pytest.raises(NotEmptyError):
        load(demo, TODAY, 10, JobSettings())


def test_the_bureaus_own_duties_were_done_once_late_and_one_is_overdue(demo: Session) -> None:
    duties = demo.exec(select(BureauDuty).order_by(col(BureauDuty.due_on))).all()
    past = [duty.state for duty in duties if duty.due_on and duty.due_on < TODAY]
    assert past[-2:] == ["met_late", "running"]
    assert set(past[:-2]) == {"met"}
    assert {duty.rule for duty in duties} == {"insp_public_disclosure", "insp_credit_rating"}
    alerted = demo.exec(select(Alert.stage).where(col(Alert.duty_id).is_not(None))).all()
    assert set(alerted) == {"overdue", "escalated"}
