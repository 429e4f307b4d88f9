"""`anqi explain CASE`: each date with its steps and articles, and no name."""

import io
from datetime import date

import pytest
from sqlmodel import Session, select

from jobs.rulebooks import current
from models import AuditEntry, Deadline
from service.explaining import explain, explain_case
from tests.support.office import TODAY, Office, open_office


@pytest.fixture
def office(session: Session) -> Office:
    return open_office(session)


def test_what_is_explained_is_what_is_stored(office: Office):
    case = office.register("arbitration", received_on=date(2026, 2, 2))
    office.record(case, "case_accepted", date(2026, 2, 4))
    office.record(case, "withdrawn", date(2026, 3, 6))
    found = explain(office.session, case, current(office.session), TODAY, "en")
    rows = office.session.exec(select(Deadline).where(Deadline.case_id == case.id)).all()
    stored = {(row.rule, row.seq, row.state, row.due_on, row.ended_on) for row in rows}
    assert stored == {
        (one.clock.rule, one.clock.seq, one.clock.state, one.clock.due_on, one.clock.ended_on)
        for one in found.clocks
    }
    assert all(one.steps and one.citations and one.obligation for one in found.clocks)


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "受理"), ("en", "accept")])
def test_the_command_prints_steps_and_articles(office: Office, language: str, words: str):
    case = office.register("arbitration", received_on=date(2026, 2, 2))
    office.record(case, "case_accepted", date(2026, 2, 4))
    out = io.StringIO()
    assert explain_case(office.session, case.number.lower(), language, out, TODAY) == 0
    text = out.getvalue()
    assert text.startswith(f"{case.number}  arbitration")
    assert "arb_award #1  running  2026-03-23" in text
    assert words in text.lower()
    assert "李明" not in text
    entry = office.session.exec(select(AuditEntry).filter_by(action="case.read")).one()
    assert (entry.case_id, entry.user_id) == (case.id, None)


def test_an_unknown_case_is_one_line_and_a_status(
    office: Office, capsys: pytest.CaptureFixture[str]
):
    out = io.StringIO()
    assert explain_case(office.session, "CQ-ARB-2026-00001", "zh_CN", out, TODAY) == 1
    assert (out.getvalue(), capsys.readouterr().err) == (
        "",
        "anqi: there is no case CQ-ARB-2026-00001\n",
    )
