"""The whole list of what a change of the law moves, from the command line: all cases, a chunk of
them in memory, whole or not at all."""

import csv
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from models import Case, RuleChange, Unit, User
from service import cli
from service.admin import amending, moves, moves_sheet
from service.config import load_settings
from service.db import open_session
from service.installation import opened, set_up
from tests.service.web.test_changes import FORTY, PATH, VERSION, _closed_case, _columns
from tests.support.office import Office, open_office

TODAY = date(2026, 6, 10)


def _bureau(session: Session) -> tuple[Office, list[Case]]:
    """Three closed cases and an open one, all of which forty working days move."""
    office = open_office(session)
    cases = [_closed_case(office, session) for _number in range(3)]
    office.today = date(2026, 3, 2)
    still_open = office.register("complaint")
    office.record(still_open, "complaint_accepted", office.today)
    return office, [*cases, still_open]


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_all_that_moves_is_given_chunk_by_chunk(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, cases = _bureau(session)
    whole = amending.preview(session, FORTY, TODAY)
    monkeypatch.setattr(moves, "MOST_CLOSED", 1)
    monkeypatch.setattr(moves, "_CHUNK", 2)
    together: list[int] = []
    derived = moves._moves

    def counted(looking: Session, chunk: list[Case], *rest: object) -> Iterator[moves.Move]:
        together.append(len([one for one in looking.identity_map.values() if type(one) is Case]))
        return derived(looking, chunk, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(moves, "_moves", counted)
    found = list(moves.every(session, *amending.entering(session, FORTY), TODAY))
    assert {move.number for move in found} == {case.number for case in cases}
    assert sorted(found, key=repr) == sorted(whole.every, key=repr)
    assert together == [2, 2]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session of an installation that commands find."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANQI_DATA", str(tmp_path / "data"))
    set_up(load_settings())
    with opened(load_settings()) as engine, open_session(engine) as session:
        yield session


def _read(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_the_command_lists_every_case_and_changes_nothing(
    installed: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, cases = _bureau(installed)
    installed.commit()
    monkeypatch.setattr(moves, "MOST_CLOSED", 1)
    command = moves_sheet.command_for(FORTY, entered=False)
    name, *arguments = shlex.split(command)
    assert name == "anqi"
    assert cli.run([*arguments, "--today", "2026-06-10", "--language", "en"]) == 0
    path = Path("anqi-insp_investigation.csv")
    assert f"{path}: 4 deadlines move" in capsys.readouterr().out
    titles, *rows = _read(path)
    assert titles == [
        "Case", "State", "Deadline", "Due so far", "Due then", "Verdict so far", "Verdict then",
        "Extensions no longer counted",
    ]  # fmt: skip
    assert [row[0] for row in rows] == [case.number for case in reversed(cases)]
    assert rows[0] == [
        cases[-1].number, "Open", "Complete the investigation", "2026-05-28", "2026-04-28", "late",
        "late", "",
    ]  # fmt: skip
    assert rows[1][1:] == [
        "Closed", "Complete the investigation", "2026-06-11", "2026-04-28", "in time", "late", "1",
    ]  # fmt: skip
    assert installed.exec(select(RuleChange)).first() is None
    # What is there is not overwritten.
    before = path.read_bytes()
    assert cli.run(arguments) == 2
    assert "there is a file anqi-insp_investigation.csv already" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_change_that_is_entered_is_listed_by_what_taking_it_back_moves(
    installed: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    office, cases = _bureau(installed)
    row = RuleChange(**_columns(FORTY), entered_by_id=office.users["chen"].id)
    installed.add(row)
    installed.commit()
    command = moves_sheet.command_for(row, entered=True)
    assert command == f"anqi what-moves --change {row.id} --output anqi-insp_investigation.csv"
    assert cli.run([*shlex.split(command)[1:], "--today", "2026-06-10"]) == 0
    titles, *rows = _read(Path("anqi-insp_investigation.csv"))
    assert titles[:3] == ["案件", "状态", "期限"]
    assert {row[0] for row in rows} == {case.number for case in cases}
    assert rows[0][3:5] == ["2026-04-28", "2026-05-28"]
    assert cli.run(["what-moves", "--change", "99", "--output", "x.csv"]) == 2
    assert "no change 99 is in force" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give a RULE with --from, or the --change that is entered"),
        (["insp_investigation"], "give a RULE with --from"),
        (["insp_investigation", "--change", "1"], "give a RULE with --from"),
        (["insp_investigation", "--from", "soon"], "'soon' is not a day like 2026-11-22"),
        (["insp_investigation", "--from", "2026-03-01"], "Type the number of days"),
        (["no_such_rule", "--from", "2026-03-01"], "Choose a rule from the list"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_and_leaves_no_file(
    installed: Session, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    given = ["what-moves", *arguments, "--output", "x.csv", "--language", "en"]
    assert cli.run(given) == 2
    assert said in capsys.readouterr().err
    assert not list(Path().glob("x.csv*"))


def test_a_list_that_breaks_off_leaves_no_file(tmp_path: Path, app: Flask) -> None:
    def broken() -> Iterator[moves.Move]:
        yield moves.Move("A-1", "arb_award", None, None, False, True, None, None, 0)
        raise RuntimeError("the power failed")

    with app.app_context(), pytest.raises(RuntimeError):
        moves_sheet.write_csv(broken(), str, tmp_path / "x.csv")
    assert not list(tmp_path.glob("x.csv*"))


def test_the_page_and_the_workbook_name_the_command_where_cases_are_left_aside(
    logged_in, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = logged_in("administrator")
    said = "All of them are listed by this command on the server:"
    admin.get(PATH)
    assert said not in admin.post(PATH, action="preview", **VERSION).text
    caseworker = session.exec(select(User).where(User.role == "caseworker")).one()
    unit = session.get_one(Unit, caseworker.unit_id)
    office = Office(session, unit, unit, unit, unit, {"chen": caseworker})
    for _number in range(2):
        _closed_case(office, session)
    monkeypatch.setattr(moves, "MOST_CLOSED", 1)
    page = admin.post(PATH, action="preview", **VERSION).text
    assert said in page
    assert (
        "<code>anqi what-moves insp_investigation --kind version --from 2026-03-01 --length 40"
        " --cap 10 --verified V1 --output anqi-insp_investigation.csv</code>"
    ) in page
