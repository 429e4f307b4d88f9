"""Every number of a report opens exactly as many cases, or disputes, as it says."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from jobs.indicators_sql import Part
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import Case, IndicatorValue, User
from rules.indicators import Indicator
from service.access import Actor, actor_for
from service.cases.searching import COUNT_LIMIT, CaseFilter, find_cases
from service.db import engine_for, open_session
from service.demo.loading import load

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def bureau(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A demo bureau with its figures, loaded once and only read."""
    from models.encryption import use_keyring
    from tests.conftest import TEST_KEYRING

    use_keyring(TEST_KEYRING)
    path = tmp_path_factory.mktemp("figures") / "demo.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    engine = engine_for(f"sqlite:///{path}")
    with open_session(engine) as session:
        load(session, TODAY, 1_500, JobSettings())
        yield session
    engine.dispose()


def _opened(
    session: Session, actor: Actor, figure: IndicatorValue, indicator: Indicator, part: Part
) -> int:
    wanted = CaseFilter(
        indicator=figure.indicator,
        period_from=figure.starts_on,
        period_to=figure.ends_on,
        unit_id=figure.unit_id,
        part=part,
    )
    page = find_cases(session, actor, wanted, TODAY, size=COUNT_LIMIT)
    assert page.total == len(page.rows)
    if indicator.subject != "dispute":
        return page.total
    ids = [row.id for row in page.rows]
    disputes = select(Case.dispute_id).where(col(Case.id).in_(ids)).distinct()
    return len(session.exec(disputes).all())


def _figures(session: Session) -> dict[str, list[IndicatorValue]]:
    """By indicator, the figures of all units for periods that have something to count."""
    found = defaultdict(list)
    query = select(IndicatorValue).where(
        IndicatorValue.denominator > 0, IndicatorValue.starts_on >= date(2026, 1, 1)
    )
    for figure in session.exec(query):
        found[figure.indicator].append(figure)
    return found


def test_each_number_opens_as_many_as_it_says(bureau: Session) -> None:
    analyst = bureau.exec(select(User).where(User.username == "analyst")).one()
    actor = actor_for(bureau, analyst)
    indicators = current(bureau).policy.indicators
    figures = _figures(bureau)
    # Beside them only what the bureau promised, and the limit of the law that it stands with.
    promised = {"insp_complaint_decision_promised", "insp_complaint_decision"}
    assert set(figures) == {*indicators, *promised}
    for name in indicators:
        found = figures[name]
        assert len({figure.unit_id for figure in found}) > 1
        for figure in found[:: max(1, len(found) // 40)]:
            opened = [
                _opened(bureau, actor, figure, indicators[name], part)
                for part in ("numerator", "denominator")
            ]
            assert opened == [figure.numerator, figure.denominator], (name, figure)
            if indicators[name].is_share:
                missed = _opened(bureau, actor, figure, indicators[name], "difference")
                assert missed == figure.denominator - figure.numerator, (name, figure)
