"""A demo is loaded whole or not at all, and leaves the database as any other writer would."""

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime
from random import Random

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, func, select

from jobs.rulebooks import current
from models import AuditEntry, Case, Deadline, Dispute, Unit
from service.db import DatabaseError, open_session
from service.demo.bulk import BulkWriter
from service.demo.desk import Desk
from service.demo.histories import Teller
from service.demo.loading import fill
from service.demo.rows import COLUMNS, Filler

TODAY = date(2026, 11, 20)
# Indexes and, where they stand beside their tables, constraints.
_SCHEMA = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name",
    "postgresql": "SELECT indexname AS name, indexdef FROM pg_indexes WHERE schemaname = 'public' "
    "UNION ALL SELECT conname, conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace ORDER BY name, indexdef",
}


def _schema(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(text(_SCHEMA[engine.dialect.name]))
        return [(name, definition) for name, definition in rows]


def _settings(engine: Engine) -> list[object]:
    """What a connection of the pool works with, on SQLite."""
    if engine.dialect.name != "sqlite":
        return []
    names = (
        "journal_mode",
        "foreign_keys",
        "cache_size",
        "temp_store",
        "mmap_size",
        "analysis_limit",
    )
    with engine.connect() as connection:
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]


def test_indexes_references_and_settings_are_afterwards_as_they_were(engine: Engine) -> None:
    before, settings = _schema(engine), _settings(engine)
    with open_session(engine) as session:
        fill(session, TODAY, 100)
    assert len(before) > 40
    assert _schema(engine) == before
    assert _settings(engine) == settings


def test_a_load_that_stops_leaves_an_empty_database(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, settings = _schema(engine), _settings(engine)

    def stopped(self: Filler) -> None:
        self.flush()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, open_session(engine) as session:
        patched.setattr(Filler, "finish", stopped)
        with pytest.raises(KeyboardInterrupt):
            fill(session, TODAY, 100)
    assert (_schema(engine), _settings(engine)) == (before, settings)
    with open_session(engine) as session:
        assert session.exec(select(Unit.id)).first() is None
        assert session.exec(select(Case.id)).first() is None
        fill(session, TODAY, 100)
        assert session.exec(select(func.count()).select_from(Case)).one() > 80


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_file_that_somebody_else_has_open_is_left_alone(engine: Engine) -> None:
    settings = _settings(engine)
    other = sqlite3.connect(str(engine.url.database))
    with closing(other), open_session(engine) as session:
        other.execute("SELECT count(*) FROM unit").fetchone()
        with pytest.raises(DatabaseError, match="stop whatever else works on it"):
            fill(session, TODAY, 100)
    assert _settings(engine) == settings


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_every_reference_leads_somewhere(session: Session) -> None:
    # PostgreSQL has looked when the references were made again.
    fill(session, TODAY, 300)
    assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_values_are_stored_as_the_product_stores_them(session: Session) -> None:
    moment = datetime(2026, 3, 1, 0, 30, 7, tzinfo=UTC)
    names = ("at", "action", "detail", "subject")
    row = (int(moment.timestamp()), "case.read", {"until": "2026-03-02"}, "")
    session.add(AuditEntry(**dict(zip(names, (moment, *row[1:]), strict=True))))
    session.flush()
    BulkWriter(session).write(AuditEntry, names, [row])
    stored = text(f"SELECT {', '.join(names)} FROM audit_entry")
    by_the_product, in_bulk = session.execute(stored).all()
    assert in_bulk == by_the_product


def test_everything_that_is_derived_is_written(session: Session) -> None:
    teller = Teller(Desk(Random(1), current(session), date(2026, 11, 19)), "chongming", TODAY)
    (story,) = teller.day(date(2026, 6, 3), {"arbitration": 1}, [])
    found = story.histories[0].derived
    assert set(found.columns) <= set(COLUMNS[Case])
    assert set(found.deadlines[0]) <= set(COLUMNS[Deadline])
    assert set(story.dispute or ()) <= set(COLUMNS[Dispute])


def test_on_a_busy_day_matters_go_alike_in_many_ways(session: Session) -> None:
    teller = Teller(Desk(Random(1), current(session), date(2026, 11, 19)), "chongming", TODAY)
    stories = teller.day(date(2026, 6, 3), {"arbitration": 1_000, "complaint": 5}, [])
    times: Counter[str] = Counter()
    for story in stories:
        times[story.histories[0].kind] += story.times
    assert times == {"arbitration": 1_000, "complaint": 5}
    told = [story for story in stories if story.histories[0].kind == "arbitration"]
    assert 50 < len(told) < 100
    assert max(story.times for story in told) - min(story.times for story in told) <= 1
    courses = [story.histories[0].course.steps for story in told]
    assert len({tuple(step.type for step in course) for course in courses}) > 20
    assert len({tuple(step.on for step in course) for course in courses}) > 50
