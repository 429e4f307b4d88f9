"""Each indicator in a small world that is counted by hand."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import Session, select

from jobs.figures import percent
from jobs.indicators_sql import Part, condition, count
from jobs.periods import Period, month_of, periods_of
from models import Case, Unit, User
from rules.rulebook import builtin_rulebook
from tests.support.bureau import Bureau

MARCH = month_of(date(2026, 3, 1))
LATER = date(2026, 6, 1)
INDICATORS = builtin_rulebook().policy.indicators


@pytest.fixture
def handler(bureau: Bureau) -> User:
    return bureau.user("handler", bureau.unit("section"))


def figure(
    session: Session, indicator: str, period: Period = MARCH, today: date = LATER
) -> tuple[int, int]:
    """Numerator and denominator over all units."""
    counts = count(session, INDICATORS[indicator], [period], today).values()
    return (sum(one[0][0] for one in counts), sum(one[0][1] for one in counts))


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def arbitration(bureau: Bureau, handler: User, **values: Any) -> Case:
    return bureau.case(handler, "arbitration", **values)


def test_closure_rate_counts_what_was_carried_over_and_what_was_accepted(
    session: Session, bureau: Bureau, handler: User
) -> None:
    add = partial(arbitration, bureau, handler)
    add(accepted_on=day("02-10"), closed_on=day("02-28"))  # closed before: not on hand
    add(accepted_on=day("02-10"), closed_on=day("03-01"))  # carried over, closed: counts in both
    add(accepted_on=day("02-10"), closed_on=day("04-01"))  # carried over, not closed in March
    add(accepted_on=day("02-10"))  # carried over, still open
    add(accepted_on=day("03-31"), closed_on=day("03-31"))  # accepted and closed on the last day
    add(accepted_on=day("03-01"))  # accepted, open
    add(accepted_on=day("04-01"))  # accepted later
    add(closed_on=day("03-05"), outcome="case_refused")  # refused: never accepted
    assert figure(session, "arbitration_closure_rate") == (2, 5)


def test_arbitration_on_time_is_out_of_those_closed(
    session: Session, bureau: Bureau, handler: User
) -> None:
    for kept, closed_on in (
        (True, day("03-01")),
        (True, day("03-31")),
        (False, day("03-15")),
        (None, day("03-16")),  # overdue when it was withdrawn
        (True, day("04-01")),
    ):
        arbitration(bureau, handler, accepted_on=day("02-01"), closed_on=closed_on, limit_kept=kept)
    arbitration(bureau, handler, closed_on=day("03-05"), outcome="case_refused")
    assert figure(session, "arbitration_on_time_rate") == (2, 4)


def inspection(bureau: Bureau, handler: User, kind: str, settled: str, **values: Any) -> Case:
    return bureau.case(
        handler, kind, limit_rule="insp_investigation", limit_settled_on=day(settled), **values
    )


def test_inspection_counts_each_case_on_the_day_its_limit_was_decided(
    session: Session, bureau: Bureau, handler: User
) -> None:
    add = partial(inspection, bureau, handler)
    add("complaint", "03-10", closed_on=day("03-10"), limit_kept=True)
    add("report", "03-31", closed_on=day("03-31"), limit_kept=True)  # a tip-off counts too
    add("complaint", "03-20", closed_on=day("04-20"), limit_kept=False)  # fell due, closed late
    add("complaint", "03-21")  # fell due, still open
    add("complaint", "04-01", closed_on=day("04-01"), limit_kept=True)
    add("complaint", "02-28", closed_on=day("03-05"), limit_kept=False)  # decided in February
    bureau.case(handler, "complaint", closed_on=day("03-05"))  # refused before filing: no limit
    assert figure(session, "inspection_on_time_closure_rate") == (2, 4)


def test_a_case_that_is_due_today_has_not_failed_yet(
    session: Session, bureau: Bureau, handler: User
) -> None:
    inspection(bureau, handler, "complaint", "03-10")
    rate = "inspection_on_time_closure_rate"
    assert figure(session, rate, today=day("03-10")) == (0, 0)
    assert figure(session, rate, today=day("03-11")) == (0, 1)


def test_a_case_closed_on_its_due_date_counts_that_day_as_kept(
    session: Session, bureau: Bureau, handler: User
) -> None:
    inspection(bureau, handler, "complaint", "03-10", closed_on=day("03-10"), limit_kept=True)
    assert figure(session, "inspection_on_time_closure_rate", today=day("03-10")) == (1, 1)


def test_dispute_rates(session: Session, bureau: Bureau, handler: User) -> None:
    unit = session.get_one(Unit, handler.unit_id)
    for received, offered, closed, outcome in (
        ("03-01", "03-01", "03-20", "grassroots_mediation"),
        ("03-31", "04-02", "04-20", "arbitral_mediation"),
        ("03-10", None, "03-31", "award"),
        ("02-10", "02-10", "03-15", "grassroots_mediation"),  # received earlier, resolved now
        ("02-10", "02-10", "03-16", "arbitral_mediation"),
        ("03-12", "03-12", None, None),
    ):
        bureau.dispute(
            unit,
            received_on=day(received),
            premediation_offered_on=day(offered) if offered else None,
            closed_on=day(closed) if closed else None,
            outcome=outcome,
        )
    # Of a dispute whose cases were all voided nothing is left to count.
    bureau.dispute(unit)
    assert figure(session, "premediation_rate") == (3, 4)
    assert figure(session, "grassroots_resolution_rate") == (2, 4)
    assert figure(session, "mediation_rate") == (3, 4)


@pytest.mark.parametrize(
    ("indicator", "kind", "rule", "placed"),
    [
        (
            "employment_difficulty_on_time_rate",
            "person",
            "emp_difficult_placement_sh",
            "placed",
        ),
        (
            "zero_employment_household_on_time_rate",
            "household",
            "emp_zero_household_placement_sh",
            "household_member_placed",
        ),
    ],
)
def test_placement_counts_in_the_period_in_which_the_limit_runs_out(
    session: Session, bureau: Bureau, handler: User, indicator: str, kind: str, rule: str,
    placed: str,
) -> None:  # fmt: skip
    def add(due: str, closed: str | None = None, outcome: str | None = None) -> None:
        closed_on = day(closed) if closed else None
        kept = closed_on <= day(due) if closed_on else None
        bureau.case(
            handler, kind, limit_rule=rule, limit_due_on=day(due), closed_on=closed_on,
            outcome=outcome, limit_kept=kept,
            limit_settled_on=min(day(due), closed_on or day(due)),
        )  # fmt: skip

    add("03-10", "02-01", placed)  # placed early: counts when the limit runs out
    add("03-31", "03-31", placed)  # on the last day
    add("03-10", "03-11", placed)  # a day late
    add("03-20")  # still without work
    add("03-20", "03-19", "deregistered")  # left before the limit ran out: not counted
    add("03-20", "03-20", "deregistered")  # on its last day, when it has not run out: nor is this
    add("03-20", "03-21", "deregistered")  # left after it had run out
    add("04-01", "03-15", placed)  # runs out in April
    assert figure(session, indicator) == (2, 5)
    assert figure(session, indicator, today=day("03-20")) == (1, 2)


def test_the_published_closed_over_accepted_of_chongming(
    session: Session, bureau: Bureau, handler: User
) -> None:
    years = Period("year", date(2016, 1, 1), date(2020, 12, 31))
    case = {
        "kind": "arbitration", "procedure": "arbitration", "jurisdiction": "chongming",
        "unit_id": handler.unit_id, "handler_id": handler.id, "created_by_id": handler.id,
        "title": "x", "received_on": date(2018, 1, 1), "accepted_on": date(2018, 1, 2),
    }  # fmt: skip
    rows = [
        {**case, "number": f"C{n}", "closed_on": date(2019, 1, 2) if n < 9405 else None}
        for n in range(9572)
    ]
    session.execute(insert(Case), rows)
    found = figure(session, "closed_over_accepted_rate", years)
    assert found == (9405, 9572)
    assert percent(*found) == Decimal("98.26")
    definitions = {one.definition for one in INDICATORS.values()}
    assert len(definitions) == len(INDICATORS)


def test_no_cases_means_no_rate() -> None:
    assert percent(0, 0) is None


@pytest.mark.parametrize("part", ["numerator", "denominator", "difference"])
def test_the_list_behind_a_number_is_as_long_as_the_number(
    session: Session, bureau: Bureau, handler: User, part: Part
) -> None:
    inspection(bureau, handler, "complaint", "03-10", limit_kept=True, closed_on=day("03-10"))
    inspection(bureau, handler, "complaint", "03-12")
    inspection(bureau, handler, "complaint", "03-13", closed_on=day("05-10"), limit_kept=False)
    below = bureau.user("below", bureau.unit("elsewhere"))
    inspection(bureau, below, "complaint", "03-12")
    path = session.get_one(Unit, handler.unit_id).path
    where = condition(
        INDICATORS["inspection_on_time_closure_rate"], part, *MARCH[1:], LATER, unit_path=path
    )
    expected = {"numerator": 1, "denominator": 3, "difference": 2}
    assert len(session.exec(select(Case).where(where)).all()) == expected[part]


def test_the_cases_behind_a_dispute_rate_are_those_of_the_disputes_counted(
    session: Session, bureau: Bureau, handler: User
) -> None:
    unit = bureau.unit("court")
    counted = bureau.dispute(unit, received_on=day("03-02"), premediation_offered_on=day("03-02"))
    other = bureau.dispute(unit, received_on=day("03-02"))
    first = bureau.case(handler, "mediation", dispute_id=counted.id)
    second = arbitration(bureau, handler, dispute_id=counted.id)
    third = arbitration(bureau, handler, dispute_id=other.id)

    def ids(part: Part) -> set[int | None]:
        where = condition(INDICATORS["premediation_rate"], part, *MARCH[1:], LATER)
        return {one.id for one in session.exec(select(Case).where(where))}

    assert ids("numerator") == {first.id, second.id}
    assert ids("difference") == {third.id}


def test_all_periods_of_a_month_are_counted_as_each_alone(
    session: Session, bureau: Bureau, handler: User
) -> None:
    for month in range(1, 13):
        for n in range(month):
            arbitration(
                bureau,
                handler,
                accepted_on=date(2026, month, 1 + n),
                closed_on=date(2026, month, 20 + n % 5) if n % 3 else None,
                limit_kept=n % 2 == 0,
            )
    periods = periods_of(date(2026, 5, 1))
    for name, indicator in INDICATORS.items():
        together = count(session, indicator, periods, LATER).get(handler.unit_id)
        alone = [figure(session, name, period) for period in periods]
        assert (together or [(0, 0)] * 4) == alone, name
