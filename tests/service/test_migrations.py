"""What migrations do to databases that are filled."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text
from sqlmodel import col, select

import models
from jobs.deriving import facts_of
from models import Approval, Case
from service.db import current_revision, engine_for, latest_revision, migrate, open_session

BEFORE_WHO_APPLIED = "0012"
BEFORE_REQUESTED_ON = "0013"
MOMENT = "2026-03-02 00:00:00+00:00"


def migrate_to(engine: Engine, revision: str, step: Any = command.upgrade) -> None:
    """To a revision that is not the latest."""
    config = Config()
    config.set_main_option("script_location", str(Path(models.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        step(config, revision)


def _filled(connection: Connection) -> None:
    """Two applications and a case of another kind, as the version before wrote them."""
    connection.execute(
        text(
            "INSERT INTO unit (id, path, code, name_zh, name_en, kind)"
            " VALUES (1, '/1/', 'CQ', '城桥', 'Chengqiao', 'district')"
        )
    )
    connection.execute(
        text(
            "INSERT INTO user_account (id, username, name, role, unit_id, password_hash,"
            " must_change_password, receives_reports, failed_logins, session_version, created_at)"
            " VALUES (1, 'chen', 'Chen', 'caseworker', 1, '', :no, :no, 0, 1, :at)"
        ),
        {"no": False, "at": MOMENT},
    )
    rows = [
        (1, "work_injury", {"track": "simplified"}),
        (2, "work_injury", {}),
        (3, "petition", {"matter_class": "§31(6)"}),
    ]
    for number, kind, facts in rows:
        connection.execute(
            text(
                "INSERT INTO case_record (id, number, kind, procedure, jurisdiction, unit_id,"
                " handler_id, title, summary, worker_count, facts, created_at, created_by_id,"
                " revision, state, received_on, paused)"
                " VALUES (:id, :number, :kind, :kind, 'shanghai', 1, 1, '', '', 1, :facts, :at, 1,"
                " 1, 'open', :on, :no)"
            ),
            {
                "id": number,
                "number": f"{number}",
                "kind": kind,
                "facts": json.dumps(facts),
                "at": MOMENT,
                "on": date(2026, 3, 2),
                "no": False,
            },
        )
    connection.execute(
        text(
            "INSERT INTO work_injury_details (case_id, applied_by, injury_kind) VALUES"
            " (1, 'employer', 'accident'), (2, 'relative', 'commuting')"
        )
    )


def _facts(engine: Engine) -> dict[int | None, dict[str, object]]:
    """As they are handed to the rules."""
    with open_session(engine) as session:
        cases = session.exec(select(Case).order_by(col(Case.id))).all()
        return {one.id: facts_of(one.kind, one.facts, one.worker_count) for one in cases}


def test_who_applied_becomes_a_fact_of_every_case_that_has_it(empty_database_url: str) -> None:
    engine = engine_for(empty_database_url)
    migrate_to(engine, BEFORE_WHO_APPLIED)
    with engine.begin() as connection:
        _filled(connection)
    migrate(engine)
    assert current_revision(engine) == latest_revision()
    assert _facts(engine) == {
        1: {"track": "simplified", "applied_by": "employer"},
        2: {"applied_by": "relative"},
        3: {"matter_class": "§31(6)"},
    }
    migrate_to(engine, BEFORE_WHO_APPLIED, command.downgrade)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT case_id, applied_by, injury_kind FROM work_injury_details")
        )
        assert {tuple(row) for row in rows} == {
            (1, "employer", "accident"),
            (2, "relative", "commuting"),
        }
    engine.dispose()


def test_requests_have_the_day_they_were_made_in_shanghai(empty_database_url: str) -> None:
    engine = engine_for(empty_database_url)
    migrate_to(engine, BEFORE_WHO_APPLIED)
    with engine.begin() as connection:
        _filled(connection)
    migrate_to(engine, BEFORE_REQUESTED_ON)
    moments = {1: "2026-03-08 15:59:59+00:00", 2: "2026-03-08 16:00:00+00:00"}
    with engine.begin() as connection:
        for row, at in moments.items():
            connection.execute(
                text(
                    "INSERT INTO approval (id, case_id, event_type, details, reason, state,"
                    " requested_at, requested_by_id, decision_note)"
                    " VALUES (:id, 1, 'suspended', '{}', 'so', 'waiting', :at, 1, '')"
                ),
                {"id": row, "at": at},
            )
    migrate(engine)
    with open_session(engine) as session:
        days = session.exec(select(Approval.requested_on).order_by(col(Approval.id))).all()
    assert list(days) == [date(2026, 3, 8), date(2026, 3, 9)]
    migrate_to(engine, BEFORE_REQUESTED_ON, command.downgrade)
    engine.dispose()
