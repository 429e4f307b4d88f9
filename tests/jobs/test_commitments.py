"""Commitments are counted from the stored clocks, kept by month and restated like rates."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, col, select

from jobs import commitments, rates
from jobs.indicators_sql import PARTS, Part
from jobs.periods import month_of, quarter_of
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import Case, IndicatorValue, RuleChange, Unit, User
from models.base import utc_now
from rules.commitments import Kept, counted
from tests.support.bureau import Bureau

SETTINGS = JobSettings()
MARCH = month_of(date(2026, 3, 1))
IN_APRIL = date(2026, 4, 1)
LAW, PROMISED = "insp_complaint_decision", "insp_complaint_decision_promised"


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture
def handler(bureau: Bureau) -> User:
    """Somebody of a township that promised to decide within three working days."""
    top = bureau.unit("bureau", kind="district")
    handler = bureau.user("handler", bureau.unit("township", top, "township"))
    bureau.promise(LAW, 3)
    return handler


def clock(bureau: Bureau, case: Case, due: str | None, **values: Any) -> None:
    values = {"rule": PROMISED, "kind": "commitment", **values}
    if "ended_on" in values:
        values = {"state": "met", **values}
    bureau.clock(case, day(due) if due else None, **values)


def settle(bureau: Bureau, handler: User, due: str, ended: str | None = None, **more: Any) -> Case:
    """A case with one clock of the promise."""
    case = bureau.case(handler)
    if ended is not None:
        more = {"ended_on": day(ended), **more}
    clock(bureau, case, due, **more)
    return case


def limit(session: Session, name: str = PROMISED) -> Kept:
    return counted(current(session).policy)[name]


def figure(
    session: Session, name: str = PROMISED, *, period: Any = MARCH, today: date = IN_APRIL
) -> tuple[int, int]:
    counts = commitments.count(session, limit(session, name), [period], today).values()
    return (sum(one[0][0] for one in counts), sum(one[0][1] for one in counts))


def test_each_clock_counts_on_the_day_it_was_settled(
    session: Session, bureau: Bureau, handler: User
) -> None:
    settle(bureau, handler, "03-10", "03-10")  # kept on the last day
    settle(bureau, handler, "04-10", "03-31")  # ended in March, long before it was due
    settle(bureau, handler, "03-10", "04-20")  # fell due in March, ended late
    settle(bureau, handler, "03-31")  # fell due, still open
    settle(bureau, handler, "04-01", "04-01")  # settled in April
    settle(bureau, handler, "02-27", "03-02")  # settled in February, late
    assert figure(session) == (2, 4)
    assert figure(session, period=quarter_of(day("03-01"))) == (2, 5)


def test_what_was_discarded_settles_nothing(
    session: Session, bureau: Bureau, handler: User
) -> None:
    settle(bureau, handler, "03-10", "03-05", state="cancelled")  # restarted, or closed before
    settle(bureau, handler, "03-10", rule="insp_lookback", kind="bar", settled_on=None)
    case = bureau.case(handler)
    clock(bureau, case, None, state="paused", days_left=2)
    assert figure(session) == (0, 0)


def test_a_voided_case_counts_no_more(session: Session, bureau: Bureau, handler: User) -> None:
    settle(bureau, handler, "03-10", "03-05").state = "voided"
    assert figure(session) == (0, 0)


def test_what_is_due_today_may_still_be_kept(
    session: Session, bureau: Bureau, handler: User
) -> None:
    settle(bureau, handler, "03-10")
    assert figure(session, today=day("03-10")) == (0, 0)
    assert figure(session, today=day("03-11")) == (0, 1)


def test_of_the_law_only_those_that_began_since_the_promise(
    session: Session, bureau: Bureau, handler: User
) -> None:
    law = {"rule": LAW, "kind": "duty"}
    settle(bureau, handler, "03-12", "03-12", **law)
    settle(bureau, handler, "03-12", "03-12", started_on=date(2025, 12, 30), **law)
    assert figure(session, LAW) == (1, 1)


def test_each_number_opens_its_cases(session: Session, bureau: Bureau, handler: User) -> None:
    kept = settle(bureau, handler, "03-10", "03-10").number
    late = settle(bureau, handler, "03-10", "03-11").number
    still = settle(bureau, handler, "03-11").number
    settle(bureau, handler, "04-11")
    settle(bureau, handler, "03-10", "03-05").state = "voided"
    elsewhere = bureau.user("elsewhere", bureau.unit("other"))
    settle(bureau, elsewhere, "03-10", "03-10")
    expected = {
        "numerator": {kept},
        "denominator": {kept, late, still},
        "difference": {late, still},
    }

    def opened(part: Part) -> set[str]:
        unit = session.get_one(Unit, handler.unit_id)
        found = commitments.condition(
            limit(session), part, *MARCH[1:], IN_APRIL, unit_path=unit.path
        )
        return set(session.exec(select(Case.number).where(found)))

    assert {part: opened(part) for part in PARTS} == expected


def stored(session: Session, name: str = PROMISED) -> list[tuple[Any, ...]]:
    """What is kept of March for the bureau as a whole."""
    rows = session.exec(
        select(IndicatorValue)
        .join(Unit, col(Unit.id) == col(IndicatorValue.unit_id))
        .where(
            IndicatorValue.indicator == name,
            IndicatorValue.period == "month",
            IndicatorValue.starts_on == MARCH.starts_on,
            Unit.code == "bureau",
        )
        .order_by(IndicatorValue.restatement)
        .execution_options(populate_existing=True)
    )
    return [(row.numerator, row.denominator, row.frozen, row.restatement) for row in rows]


def test_a_closed_month_keeps_its_figure_and_a_correction_stands_beside_it(
    session: Session, bureau: Bureau, handler: User
) -> None:
    settle(bureau, handler, "03-10", "03-10")
    rates.run(session, day("03-20"), SETTINGS, MARCH.starts_on)
    assert stored(session) == [(1, 1, False, 0)]
    rates.run(session, IN_APRIL, SETTINGS, MARCH.starts_on)
    assert (stored(session), stored(session, LAW)) == ([(1, 1, True, 0)], [(0, 0, True, 0)])
    settle(bureau, handler, "03-10", "03-12")
    rates.run(session, IN_APRIL, SETTINGS, MARCH.starts_on)
    assert stored(session) == [(1, 1, True, 0), (1, 2, True, 1)]


def test_when_it_is_taken_back_closed_months_stay_and_the_running_one_goes(
    session: Session, bureau: Bureau, handler: User
) -> None:
    settle(bureau, handler, "03-10", "03-10")
    rates.run(session, IN_APRIL, SETTINGS, MARCH.starts_on)
    rates.run(session, IN_APRIL, SETTINGS, IN_APRIL)
    change = session.exec(select(RuleChange)).one()
    change.undone_at = utc_now()
    session.flush()
    rates.run(session, day("04-02"), SETTINGS, MARCH.starts_on)
    rates.run(session, day("04-02"), SETTINGS, IN_APRIL)
    assert stored(session) == [(1, 1, True, 0)]
    running = select(IndicatorValue).where(
        IndicatorValue.indicator == PROMISED, col(IndicatorValue.frozen).is_(False)
    )
    assert session.exec(running).all() == []


def test_a_commitment_entered_later_gives_months_before_it_no_figures(
    session: Session, bureau: Bureau, handler: User
) -> None:
    change = session.exec(select(RuleChange)).one()
    change.from_on = IN_APRIL
    settle(bureau, handler, "03-10", "03-10")
    rates.run(session, IN_APRIL, SETTINGS, MARCH.starts_on)
    assert stored(session) == []


def test_counting_asks_once_however_many_cases(
    session: Session, bureau: Bureau, handler: User
) -> None:
    for _number in range(20):
        settle(bureau, handler, "03-10", "03-10")
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: asked.append(a[2]))
    wanted = limit(session)
    asked.clear()
    commitments.count(session, wanted, [MARCH, quarter_of(day("03-01"))], IN_APRIL)
    assert len(asked) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_counting_reads_the_index_of_settled_clocks(
    session: Session, bureau: Bureau, handler: User
) -> None:
    query = commitments._sums(limit(session), [MARCH], IN_APRIL)
    sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = session.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all()
    assert any("ix_deadline_rule_settled_on" in row[-1] for row in plan), plan
    assert not any(row[-1].startswith("SCAN deadline") for row in plan), plan
