"""Due soon and overdue: once per clock, stage and date, to be found on the right day."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from jobs import sweep
from jobs.settings import JobSettings
from models import Alert, Case, User
from rules.rulebook import builtin_rulebook
from tests.support.bureau import Bureau

DUE = date(2026, 3, 20)
SETTINGS = JobSettings()


@pytest.fixture
def handler(bureau: Bureau) -> User:
    return bureau.user("handler", bureau.unit("section"))


def alerts(session: Session, case: Case | None = None) -> list[tuple[str, date]]:
    query = select(Alert).order_by(Alert.id)
    found = session.exec(query).all()
    return [(one.stage, one.due_on) for one in found if case is None or one.case_id == case.id]


def sweep_on(session: Session, today: date) -> dict[str, int]:
    return sweep.run(session, today, SETTINGS)


@pytest.mark.parametrize(
    ("days_before", "stage"),
    [
        (8, None),
        (7, "due_soon_7"),
        (4, "due_soon_7"),
        (3, "due_soon_3"),
        (2, "due_soon_3"),
        (1, "due_soon_1"),
        (0, "due_soon_1"),
    ],
)
def test_a_clock_is_in_one_stage_on_each_day_before_it_is_due(
    session: Session, bureau: Bureau, handler: User, days_before: int, stage: str | None
) -> None:
    case = bureau.due(handler, DUE)
    sweep_on(session, DUE - timedelta(days_before))
    assert alerts(session, case) == ([(stage, DUE)] if stage else [])


def test_overdue_begins_on_the_day_after_the_due_date(
    session: Session, bureau: Bureau, handler: User
) -> None:
    case = bureau.due(handler, DUE)
    sweep_on(session, DUE)
    assert ("overdue", DUE) not in alerts(session, case)
    sweep_on(session, DUE + timedelta(1))
    assert ("overdue", DUE) in alerts(session, case)


def test_it_is_escalated_after_the_days_the_policy_sets(
    session: Session, bureau: Bureau, handler: User
) -> None:
    case = bureau.due(handler, DUE)
    sweep_on(session, DUE + timedelta(4))
    assert alerts(session, case) == [("overdue", DUE)]
    sweep_on(session, DUE + timedelta(5))
    assert alerts(session, case) == [("overdue", DUE), ("escalated", DUE)]


def test_each_stage_is_raised_once_however_often_the_sweep_runs(
    session: Session, bureau: Bureau, handler: User
) -> None:
    bureau.due(handler, DUE)
    days = [DUE + timedelta(day) for day in range(-10, 11)]
    for day in [day for day in days for _twice in range(2)]:
        sweep_on(session, day)
    stages = [stage for stage, _ in alerts(session)]
    assert stages == ["due_soon_7", "due_soon_3", "due_soon_1", "overdue", "escalated"]


def test_after_a_stop_a_clock_gets_its_present_stage_and_not_those_it_missed(
    session: Session, bureau: Bureau, handler: User
) -> None:
    soon = bureau.due(handler, DUE + timedelta(4))
    late = bureau.due(handler, DUE)
    sweep_on(session, DUE + timedelta(2))
    assert alerts(session, soon) == [("due_soon_3", DUE + timedelta(4))]
    # Stamped with the day it was due, not with the day the sweep came back.
    assert alerts(session, late) == [("overdue", DUE)]


def test_a_date_that_moves_is_alerted_anew(session: Session, bureau: Bureau, handler: User) -> None:
    case = bureau.case(handler)
    clock = bureau.clock(case, DUE)
    sweep_on(session, DUE + timedelta(1))
    clock.due_on = DUE + timedelta(30)
    session.add(clock)
    session.commit()
    sweep_on(session, DUE + timedelta(31))
    assert alerts(session, case) == [("overdue", DUE), ("overdue", DUE + timedelta(30))]


@pytest.mark.parametrize(
    "make",
    [
        lambda bureau, case: bureau.clock(case, DUE, kind="party"),
        lambda bureau, case: bureau.clock(case, None, state="paused"),
        lambda bureau, case: bureau.clock(case, DUE, state="met", ended_on=DUE),
        lambda bureau, case: bureau.clock(case, DUE, alertable=False),
    ],
    ids=["a party's own limit", "paused", "met", "of a closed case"],
)
def test_what_is_not_ours_to_keep_now_is_never_alerted(
    session: Session, bureau: Bureau, handler: User, make: Callable[[Bureau, Case], object]
) -> None:
    make(bureau, bureau.case(handler))
    for day in range(-8, 40):
        sweep_on(session, DUE + timedelta(day))
    assert alerts(session) == []


def test_two_clocks_of_one_rule_are_alerted_each(
    session: Session, bureau: Bureau, handler: User
) -> None:
    case = bureau.case(handler)
    bureau.clock(case, DUE, seq=1)
    bureau.clock(case, DUE, seq=2)
    assert sweep_on(session, DUE + timedelta(1))["overdue"] == 2


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_sweep_reads_the_index_of_alertable_due_dates(session: Session) -> None:
    for stage in sweep.stages(builtin_rulebook().policy.alerts, DUE):
        statement = sweep.missing(stage).compile(session.get_bind())
        plan = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}",
            tuple(str(statement.params[name]) for name in statement.positiontup or ()),
        )
        steps = " ".join(str(step) for step in plan)
        assert "ix_deadline_alertable_due_on (due_on" in steps, (stage.name, steps)
