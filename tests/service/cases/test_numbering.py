"""Numbers under concurrent registration: each once, none left out, on both databases."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from models import Case
from service.db import engine_for, open_session
from tests.support.office import Office, open_office

_WRITERS, _EACH = 6, 10


def _register_many(url: str) -> None:
    """What each writer does, with an engine of its own as in a process of its own."""
    engine = engine_for(url)
    try:
        for _ in range(_EACH):
            with open_session(engine) as session:
                _office(session).register("arbitration")
    finally:
        engine.dispose()


def _office(session: Session) -> Office:
    from models import Unit, User

    users = {user.username: user for user in session.exec(select(User))}
    units = {unit.code: unit for unit in session.exec(select(Unit))}
    return Office(session, units["CM"], units["ARB"], units["CQ"], units["BZ"], users)


@pytest.mark.slow
def test_several_writers_get_each_number_once(session: Session, engine: Engine):
    open_office(session)
    url = engine.url.render_as_string(hide_password=False)
    failures: list[BaseException] = []

    def write() -> None:
        try:
            _register_many(url)
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failures.append(error)

    writers = [threading.Thread(target=write) for _ in range(_WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=120)
    assert failures == []
    session.rollback()
    numbers = sorted(session.exec(select(Case.number)))
    assert numbers == [f"CQ-ARB-2026-{count:05d}" for count in range(1, _WRITERS * _EACH + 1)]


_PROCESS = """
import sys
from models.encryption import use_keyring
from tests.conftest import TEST_KEYRING
from tests.service.cases.test_numbering import _register_many
use_keyring(TEST_KEYRING)
_register_many(sys.argv[1])
"""


@pytest.mark.slow
def test_several_processes_get_each_number_once(session: Session, engine: Engine):
    open_office(session)
    url = engine.url.render_as_string(hide_password=False)
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", _PROCESS, url]
    writers = [subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE) for _ in range(3)]
    errors = [writer.communicate(timeout=120)[1].decode() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], errors
    session.rollback()
    numbers = sorted(session.exec(select(Case.number)))
    assert numbers == [f"CQ-ARB-2026-{count:05d}" for count in range(1, 3 * _EACH + 1)]


def test_the_number_of_a_voided_case_is_not_given_out_again(session: Session):
    from service.cases.editing import void_case

    office = open_office(session)
    case = office.register("arbitration")
    void_case(session, office.actor("chief"), case, "entered twice")
    assert office.register("arbitration").number == "CQ-ARB-2026-00002"
