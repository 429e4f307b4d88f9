"""Computes the indicators by SQL and keeps what was reported.

While a period runs its figures are written over; once it has ended they are frozen. What a
later correction changes is a restatement beside the first figure, never over it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import bindparam, delete, func, update
from sqlmodel import Session, col, select

from jobs import commitments, mail_texts
from jobs.indicators_sql import Counts, count
from jobs.inserting import add
from jobs.outbox import message_row
from jobs.periods import Period, months_back, periods_of, previous_month
from jobs.recipients import unit_ids
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import Case, IndicatorValue, Message, Unit, User
from models.base import metadata, utc_now
from rules.commitments import Kept
from rules.policy import Policy

# How far back a report looks; older months are computed only when asked for.
HISTORY_MONTHS = 24


class Key(NamedTuple):
    """What one figure is about."""

    indicator: str
    unit_id: int
    period: Period


Figures = dict[Key, tuple[int, int]]
# What is counted in which period, and by which definition.
Definitions = dict[tuple[str, Period], str]

# Some hundreds of figures are read and written at once: as rows, not as objects.
_TABLE = metadata.tables["indicator_value"]
_WRITE_OVER = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in ("definition", "numerator", "denominator")})
)


def run(
    session: Session, today: date, settings: JobSettings, month: date | None = None
) -> dict[str, Any]:
    """Compute the figures of `month` with its quarter, year to date and year.

    Without a month: the present one, and every ended month of the last two years that was
    never frozen (the month before, on the 1st; all of them after a stop). When the month
    before is frozen for the first time its report is queued for its readers. Commits after
    each month. Raises ValueError for a month that has not begun.
    """
    if month is not None and month.replace(day=1) > today:
        raise ValueError(f"the month {month:%Y-%m} has not begun on {today}")
    months = [month.replace(day=1)] if month is not None else _outstanding(session, today)
    result: dict[str, Any] = {"months": [f"{one:%Y-%m}" for one in months]}
    result |= {"written": 0, "restated": 0, "mailed": 0}
    policy = current(session).policy
    for one in months:
        first_time = not _frozen_months(session, [one])
        figures, definitions = compute(session, policy, settings.jurisdiction, one, today)
        written, restated = _save(session, one, figures, definitions, today)
        if first_time and one == previous_month(today):
            result["mailed"] += _queue_reports(session, one, settings)
        session.commit()
        result["written"] += written
        result["restated"] += restated
    return result


def compute(
    session: Session, policy: Policy, place: str, month: date, today: date
) -> tuple[Figures, Definitions]:
    """The figures of a month's four periods as of `today`, for every unit with those below it,
    and the definitions they were counted by.

    A unit where nothing counts is left out, but the units at the top always stand.
    """
    paths = {unit.id or 0: unit.path for unit in session.exec(select(Unit))}
    periods = periods_of(month)
    definitions: Definitions = {}
    figures: Figures = {}
    for name, counts, defined in _counted(session, policy, place, periods, today):
        definitions |= {(name, period): text for period, text in defined.items()}
        for unit_id, found in counts.items():
            for above in unit_ids(paths[unit_id]):
                for period, figure in zip(periods, found, strict=True):
                    if period in defined and any(figure):
                        key = Key(name, above, period)
                        sums = figures.get(key, (0, 0))
                        figures[key] = (sums[0] + figure[0], sums[1] + figure[1])
    for name, period in definitions:
        for unit_id, path in paths.items():
            if len(unit_ids(path)) == 1:
                figures.setdefault(Key(name, unit_id, period), (0, 0))
    return figures, definitions


def _counted(
    session: Session, policy: Policy, place: str, periods: Sequence[Period], today: date
) -> Iterator[tuple[str, Counts, dict[Period, str]]]:
    """Each indicator, and each limit that a commitment in force sets or stands with: its name,
    its counts, and its definition in the periods in which it is counted."""
    for name, indicator in policy.indicators.items():
        counts = count(session, indicator, periods, today)
        yield name, counts, dict.fromkeys(periods, indicator.definition_id)
    limits: dict[str, Kept] = {}
    defined: dict[str, dict[Period, str]] = defaultdict(dict)
    for period in periods:
        for one in commitments.in_force(policy, place, period):
            for kept in one.counted:
                limits[kept.id] = kept
                defined[kept.id][period] = kept.definition(period.starts_on, period.ends_on)
    for name, texts in defined.items():
        yield name, commitments.count(session, limits[name], periods, today), texts


def _outstanding(session: Session, today: date) -> list[date]:
    *ended, present = months_back(today, HISTORY_MONTHS + 1)
    first: date | None = session.execute(select(func.min(col(Case.received_on)))).scalar_one()
    frozen = _frozen_months(session, ended)
    begun = [one for one in ended if first is not None and one >= first.replace(day=1)]
    return [one for one in begun if one not in frozen] + [present]


def _frozen_months(session: Session, months: Sequence[date]) -> set[date]:
    query = (
        select(col(IndicatorValue.starts_on))
        .where(
            IndicatorValue.period == "month",
            col(IndicatorValue.frozen).is_(True),
            col(IndicatorValue.starts_on).in_(months),
        )
        .distinct()
    )
    return set(session.exec(query))


def _save(
    session: Session, month: date, figures: Figures, definitions: Definitions, today: date
) -> tuple[int, int]:
    """Write what is new or differs, and of which day it is; returns how many rows were written
    and restated. What is counted no more stays in periods that were closed, and only there."""
    periods = periods_of(month)
    latest = _latest(session, periods)
    frozen = {(key.indicator, key.period) for key, row in latest.items() if row.frozen}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    _forget(session, [row.id for key, row in latest.items() if not _stays(key, row, definitions)])
    for key in figures.keys() | {
        key for key in latest if (key.indicator, key.period) in definitions
    }:
        values = _values(figures.get(key, (0, 0)), definitions[key.indicator, key.period])
        row = latest.get(key)
        if row is None:
            # A unit that first counts after the freeze had nothing in the first figure.
            late = (key.indicator, key.period) in frozen
            new.append(_row(key, values, int(late), today))
        elif all(getattr(row, name) == value for name, value in values.items()):
            continue
        elif row.frozen:
            new.append(_row(key, values, row.restatement + 1, today))
        else:
            changed.append({"row_id": row.id, **values})
    if changed:
        session.connection().execute(_WRITE_OVER, changed)
    dated = sum(_date(session, period, definitions, today) for period in periods)
    add(session, IndicatorValue, new)
    return len(new) + dated, sum(row["restatement"] > 0 for row in new)


def _latest(session: Session, periods: Sequence[Period]) -> dict[Key, Any]:
    """The last figure stored for each key of these periods."""
    wanted = {(one.kind, one.starts_on, one.ends_on): one for one in periods}
    rows = session.execute(
        sqlalchemy.select(_TABLE)
        .where(
            _TABLE.c.starts_on.in_({period.starts_on for period in periods}),
            _TABLE.c.ends_on.in_({period.ends_on for period in periods}),
        )
        .order_by(_TABLE.c.restatement)
    )
    found = ((wanted.get((row.period, row.starts_on, row.ends_on)), row) for row in rows)
    return {Key(row.indicator, row.unit_id, period): row for period, row in found if period}


def _stays(key: Key, row: Any, definitions: Definitions) -> bool:
    return row.frozen or (key.indicator, key.period) in definitions


def _forget(session: Session, ids: Sequence[int]) -> None:
    """Drop figures of a period that runs, of what is counted in it no more."""
    if ids:
        session.connection().execute(delete(_TABLE).where(_TABLE.c.id.in_(ids)))


def _values(figure: tuple[int, int], definition: str) -> dict[str, Any]:
    """What a figure says."""
    return {
        "definition": definition,
        "numerator": figure[0],
        "denominator": figure[1],
    }


def _row(key: Key, values: Mapping[str, Any], restatement: int, today: date) -> dict[str, Any]:
    return {
        "indicator": key.indicator,
        "unit_id": key.unit_id,
        "period": key.period.kind,
        "starts_on": key.period.starts_on,
        "ends_on": key.period.ends_on,
        "restatement": restatement,
        **values,
        **_dated(key.period, today),
    }


def _dated(period: Period, today: date) -> dict[str, Any]:
    return {"as_of_on": today, "computed_at": utc_now(), "frozen": period.ended_by(today)}


def _date(session: Session, period: Period, definitions: Definitions, today: date) -> int:
    """All figures of a period that was not frozen are as of today; returns how many."""
    found = session.connection().execute(
        update(_TABLE)
        .where(
            _TABLE.c.period == period.kind,
            _TABLE.c.starts_on == period.starts_on,
            _TABLE.c.ends_on == period.ends_on,
            _TABLE.c.frozen.is_(False),
            _TABLE.c.indicator.in_([name for name, of in definitions if of == period]),
        )
        .values(**_dated(period, today))
    )
    return found.rowcount


def _queue_reports(session: Session, month: date, settings: JobSettings) -> int:
    """Queue the month's Excel for its readers, each for their own unit."""
    readers = session.exec(
        select(User, Unit)
        .join(Unit, col(Unit.id) == col(User.unit_id))
        .where(
            col(User.receives_reports).is_(True),
            col(User.disabled_at).is_(None),
            col(User.email).is_not(None),
        )
    ).all()
    return add(session, Message, [_report(user, unit, month, settings) for user, unit in readers])


def _report(user: User, unit: Unit, month: date, settings: JobSettings) -> dict[str, Any]:
    language = mail_texts.language_of(user.language, settings)
    text = mail_texts.write(
        "report",
        language,
        unit=unit.name_zh if language == "zh" else unit.name_en,
        month=f"{month:%Y-%m}",
        url=f"{settings.public_url}/reports?month={month:%Y-%m}",
    )
    return message_row(
        f"<report.{month:%Y-%m}.{user.id}@{settings.mail_domain}>",
        user,
        text,
        attachment={
            "report": "monthly",
            "month": f"{month:%Y-%m}",
            "unit_id": unit.id,
            "language": language,
        },
    )
