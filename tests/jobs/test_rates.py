"""Figures are stored by unit, frozen when their period has ended, and restated beside that."""

from datetime import date

import pytest
from sqlmodel import Session, select

from jobs import rates
from jobs.settings import JobSettings
from models import Case, IndicatorValue, Message, Unit, User
from tests.support.bureau import Bureau

SETTINGS = JobSettings()
FEBRUARY = date(2026, 2, 1)
IN_MARCH = date(2026, 3, 1)
RATE = "inspection_on_time_closure_rate"


@pytest.fixture
def top(bureau: Bureau) -> Unit:
    return bureau.unit("bureau", kind="district")


@pytest.fixture
def handler(bureau: Bureau, top: Unit) -> User:
    return bureau.user("handler", bureau.unit("township", top, "township"))


def settled(bureau: Bureau, handler: User, on: date, *, kept: bool) -> Case:
    return bureau.case(
        handler,
        limit_rule="insp_investigation",
        limit_settled_on=on,
        limit_due_on=on,
        limit_kept=kept,
        closed_on=on,
    )


def stored(session: Session, unit: Unit | int, period: str = "month") -> list[tuple[int, ...]]:
    """Numerator, denominator, frozen, restatement of February's figure, in order."""
    unit_id = unit if isinstance(unit, int) else unit.id
    rows = session.exec(
        select(IndicatorValue)
        .where(
            IndicatorValue.indicator == RATE,
            IndicatorValue.unit_id == unit_id,
            IndicatorValue.period == period,
            IndicatorValue.starts_on <= FEBRUARY,
            IndicatorValue.ends_on >= FEBRUARY,
        )
        .order_by(IndicatorValue.restatement)
        .execution_options(populate_existing=True)
    )
    return [(row.numerator, row.denominator, row.frozen, row.restatement) for row in rows]


def test_the_numbers_of_a_unit_include_those_below_it(
    session: Session, bureau: Bureau, top: Unit, handler: User
) -> None:
    committee = bureau.user("below", bureau.unit("firm", session.get(Unit, handler.unit_id)))
    settled(bureau, handler, date(2026, 2, 3), kept=True)
    settled(bureau, committee, date(2026, 2, 4), kept=False)
    rates.run(session, IN_MARCH, SETTINGS, FEBRUARY)
    assert stored(session, committee.unit_id)[0][:2] == (0, 1)
    assert stored(session, handler.unit_id)[0][:2] == (1, 2)
    assert stored(session, top)[0][:2] == (1, 2)


def test_a_month_is_written_over_until_it_has_ended_and_then_frozen(
    session: Session, bureau: Bureau, top: Unit, handler: User
) -> None:
    settled(bureau, handler, date(2026, 2, 3), kept=True)
    rates.run(session, date(2026, 2, 10), SETTINGS, FEBRUARY)
    assert stored(session, top) == [(1, 1, False, 0)]
    settled(bureau, handler, date(2026, 2, 20), kept=True)
    rates.run(session, date(2026, 2, 28), SETTINGS, FEBRUARY)
    assert stored(session, top) == [(2, 2, False, 0)]
    rates.run(session, IN_MARCH, SETTINGS, FEBRUARY)
    assert stored(session, top) == [(2, 2, True, 0)]
    assert stored(session, top, "quarter") == [(2, 2, False, 0)]


def test_a_later_correction_is_a_restatement_beside_the_first_figure(
    session: Session, bureau: Bureau, top: Unit, handler: User
) -> None:
    case = settled(bureau, handler, date(2026, 2, 3), kept=True)
    rates.run(session, IN_MARCH, SETTINGS, FEBRUARY)
    case.limit_kept = False
    session.add(case)
    for _again in range(2):
        result = rates.run(session, date(2026, 3, 9), SETTINGS, FEBRUARY)
    assert stored(session, top) == [(1, 1, True, 0), (0, 1, True, 1)]
    assert result["restated"] == 0


def test_a_unit_that_first_counts_after_the_freeze_is_restated_from_nothing(
    session: Session, bureau: Bureau, top: Unit, handler: User
) -> None:
    rates.run(session, IN_MARCH, SETTINGS, FEBRUARY)
    assert stored(session, handler.unit_id) == []
    settled(bureau, handler, date(2026, 2, 3), kept=True)
    rates.run(session, date(2026, 3, 9), SETTINGS, FEBRUARY)
    assert stored(session, handler.unit_id) == [(1, 1, True, 1)]
    assert stored(session, top) == [(0, 0, True, 0), (1, 1, True, 1)]


def test_what_was_voided_since_leaves_an_unfrozen_figure(
    session: Session, bureau: Bureau, top: Unit, handler: User
) -> None:
    case = settled(bureau, handler, date(2026, 2, 3), kept=False)
    rates.run(session, date(2026, 2, 10), SETTINGS, FEBRUARY)
    for name in ("limit_rule", "limit_settled_on", "limit_due_on", "closed_on", "limit_kept"):
        setattr(case, name, None)
    case.state = "voided"
    session.add(case)
    rates.run(session, date(2026, 2, 11), SETTINGS, FEBRUARY)
    assert stored(session, top) == [(0, 0, False, 0)]
    assert stored(session, handler.unit_id) == [(0, 0, False, 0)]


def test_each_figure_names_the_definition_it_was_made_by(
    session: Session, bureau: Bureau, top: Unit
) -> None:
    rates.run(session, IN_MARCH, SETTINGS, FEBRUARY)
    found = {(row.indicator, row.definition) for row in session.exec(select(IndicatorValue))}
    indicators = rates.current(session).policy.indicators
    assert found == {(name, one.definition_id) for name, one in indicators.items()}


def test_after_a_stop_every_month_that_was_never_frozen_is_made_up(
    session: Session, bureau: Bureau, top: Unit, handler: User
) -> None:
    bureau.case(handler, received_on=date(2025, 12, 8))
    result = rates.run(session, date(2026, 3, 5), SETTINGS)
    assert result["months"] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert rates.run(session, date(2026, 3, 6), SETTINGS)["months"] == ["2026-03"]
    assert rates.run(session, date(2026, 4, 1), SETTINGS)["months"] == ["2026-03", "2026-04"]


def test_a_month_that_has_not_begun_is_refused(session: Session, top: Unit) -> None:
    with pytest.raises(ValueError, match="2026-04 has not begun"):
        rates.run(session, date(2026, 3, 31), SETTINGS, date(2026, 4, 1))


def test_the_month_before_is_mailed_once_to_its_readers_when_it_is_frozen(
    session: Session, bureau: Bureau, top: Unit, handler: User
) -> None:
    bureau.case(handler, received_on=date(2026, 2, 2))
    reader = bureau.user("reader", top, "analyst", receives_reports=True, language="en")
    bureau.user("gone", top, receives_reports=True, disabled_at=reader.created_at)
    bureau.user("unreachable", top, receives_reports=True, email=None)
    rates.run(session, date(2026, 2, 28), SETTINGS)
    assert session.exec(select(Message)).all() == []
    for _again in range(2):
        rates.run(session, IN_MARCH, SETTINGS)
    (message,) = session.exec(select(Message)).all()
    assert message.user_id == reader.id
    assert message.subject == "[Anqi] bureau: indicators for 2026-02"
    assert message.attachment == {
        "report": "monthly",
        "month": "2026-02",
        "unit_id": top.id,
        "language": "en",
    }
