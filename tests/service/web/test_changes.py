"""Changes of the law as an administrator enters them: looked at, applied, taken back."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, col, select

from jobs import recompute
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import AuditEntry, CalendarYear, Case, Deadline, RuleChange, Unit, User
from models import Event as EventRow
from rules.amendments import Amendment
from rules.calendar import HolidayYear
from service.admin import amending, moves, years
from service.explaining import explain
from tests.support.browser import Browser
from tests.support.office import Office, open_office

VERSION = {
    "rule": "insp_investigation",
    "from_on": "2026-03-01",
    "length": "40",
    "cap": "10",
    "instrument": "Amending regulation",
    "article": "2",
    "words": "应当自立案之日起40个工作日内完成",
    "verified": "V1",
}
PATH = "/admin/law/new/version"


def _applied(admin: Browser, path: str, **typed: str) -> None:
    admin.get(path)
    page = admin.post(path, action="preview", **typed)
    digest = re.search(r'name="previewed" value="(\w+)"', page.text)
    assert digest is not None, page.text
    assert admin.post(path, action="apply", previewed=digest[1], **typed).status_code == 302


def test_a_period_cited_anew_before_it_changed_keeps_its_end_on_the_page(logged_in) -> None:
    admin = logged_in("administrator")
    typed = VERSION | {"rule": "inj_appraisal", "from_on": "2027-01-01", "length": "50"}
    _applied(admin, PATH, **typed)
    page = admin.get("/policy/rules/inj_appraisal").text
    assert "From Sat, Jan 1, 2011 to Thu, Dec 31, 2026" in page
    assert "the same period, cited since Tue, Jul 1, 2025, in force to Thu, Dec 31, 2026" in page
    assert "From Fri, Jan 1, 2027" in page


def test_a_change_is_applied_only_after_its_preview_and_taken_back(
    logged_in, session: Session
) -> None:
    admin = logged_in("administrator")
    before = current(session).fingerprint
    session.rollback()
    admin.get(PATH)
    page = admin.post(PATH, action="apply", **VERSION)
    assert "Nothing is saved yet" in page.text
    assert session.exec(select(RuleChange)).first() is None
    session.rollback()
    _applied(admin, PATH, **VERSION)
    row = session.exec(select(RuleChange)).one()
    assert (row.rule, row.length, row.cap) == ("insp_investigation", 40, 10)
    undo = f"/admin/law/{row.id}/undo"
    assert current(session).fingerprint != before
    session.rollback()
    assert "40 working days" in admin.get("/policy/rules/insp_investigation?on=2026-03-01").text
    assert admin.post(undo, because="").status_code == 422
    admin.post(undo, because="entered by mistake")
    session.rollback()
    assert current(session).fingerprint == before
    session.rollback()
    page = admin.get("/admin/law").text
    assert "taken back" in page
    assert "entered by mistake" in page
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "policy.change")).one()
    kept = ("rule", "length", "cap", "instrument", "article", "verified")
    assert [entry.detail[name] for name in kept] == [
        "insp_investigation", 40, 10, "Amending regulation", "2", "V1",
    ]  # fmt: skip
    assert "policy.undo" in session.exec(select(AuditEntry.action)).all()
    session.rollback()
    assert admin.get(undo).status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_the_dry_run_lists_what_moves_and_recomputing_moves_it_and_back(session: Session) -> None:
    office = open_office(session)
    office.today = date(2026, 11, 2)
    case = office.register("complaint")
    promise = Amendment(
        id="new",
        kind="promise",
        rule="insp_complaint_decision",
        from_on=date(2026, 1, 1),
        length=2,
        place="chongming",
        instrument="承诺书",
        article="1",
        words="",
        verified="UNVERIFIED",
    )
    found = amending.preview(session, promise, office.today)
    moves = [(move.number, move.rule, move.old, move.new) for move in found.moves]
    named = "insp_complaint_decision_promised"
    assert moves == [(case.number, named, None, date(2026, 11, 4))]
    assert _due(session, named) == []
    row = RuleChange(**_columns(promise), entered_by_id=office.users["chen"].id)
    session.add(row)
    session.commit()
    assert recompute.run(session, office.today, JobSettings())["recomputed"] == 1
    assert _due(session, named) == [date(2026, 11, 4)]
    back = amending.preview_undone(session, row, office.today)
    assert back.cases == 1
    row.undone_at = row.entered_at
    session.add(row)
    session.commit()
    recompute.run(session, office.today, JobSettings())
    assert _due(session, named) == []


def _closed_case(office: Office, session: Session) -> Case:
    """Filed on 2026-03-02, so due on 05-28; extended by ten in time; finished on 06-10 of 06-11."""
    office.today = date(2026, 3, 2)
    case = office.register("complaint")
    office.record(case, "complaint_accepted", office.today)
    office.today = date(2026, 6, 10)
    by = office.users["chen"].id or 0
    granted = EventRow(
        case_id=case.id or 0,
        type="extension_approved",
        on=date(2026, 5, 20),
        recorded_by_id=by,
        details={"days": 10},
    )
    session.add(granted)
    session.commit()
    for event in ("investigation_completed", "case_closed"):
        office.record(case, event, office.today)
    return case


FORTY = Amendment(
    id="new",
    kind="version",
    rule="insp_investigation",
    from_on=date(2026, 3, 1),
    length=40,
    cap=10,
    place="chongming",
    instrument="修改决定",
    article="2",
    words="",
    verified="V1",
)


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_the_dry_run_counts_closed_cases_that_become_late_and_extensions_that_fall(
    session: Session,
) -> None:
    office = open_office(session)
    case = _closed_case(office, session)
    found = amending.preview(session, FORTY, office.today)
    assert (found.moves, found.cases) == ([], 0)
    (move,) = found.ended
    # The 40th working day; the extension of 05-20 came after it.
    assert (move.number, move.old, move.new) == (case.number, date(2026, 6, 11), date(2026, 4, 28))
    assert (move.kept_so_far, move.kept_then, move.dropped) == (True, False, 1)
    assert (found.closed_cases, found.become_late, found.become_kept) == (1, 1, 0)
    assert found.dropped == 1
    row = RuleChange(**_columns(FORTY), entered_by_id=office.users["chen"].id)
    session.add(row)
    session.commit()
    # Back again it is the other way round, and the day is that of the law entered.
    back = amending.preview_undone(session, row, office.today)
    assert (back.become_late, back.become_kept) == (0, 1)
    recompute.run(session, office.today, JobSettings())
    assert _due(session, "insp_investigation") == [date(2026, 4, 28)]
    said = explain(session, case, current(session), office.today, "en").findings
    assert any("in time by the version before" in text for text in said)


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_the_dry_run_looks_at_the_newest_closed_cases_and_counts_the_others(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(session)
    first, second, third = (_closed_case(office, session) for _number in range(3))
    office.today = date(2026, 3, 2)
    still_open = office.register("complaint")
    office.record(still_open, "complaint_accepted", office.today)
    office.today = date(2026, 6, 10)
    monkeypatch.setattr(moves, "MOST_CLOSED", 2)
    found = amending.preview(session, FORTY, office.today)
    assert {move.number for move in found.ended} == {second.number, third.number}
    assert (found.closed_looked_at, found.closed_reached) == (2, 3)
    assert {move.number for move in found.running} == {still_open.number}
    monkeypatch.setattr(moves, "MOST_CLOSED", 4)
    found = amending.preview(session, FORTY, office.today)
    assert first.number in {move.number for move in found.ended}
    assert (found.closed_looked_at, found.closed_reached) == (3, 3)


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_the_dry_run_lists_only_what_the_change_itself_moves(session: Session) -> None:
    """What a change that is not recomputed yet will move is on neither side."""
    office = open_office(session)
    office.today = date(2026, 3, 2)
    case = office.register("complaint")
    office.record(case, "complaint_accepted", office.today)
    session.add(RuleChange(**_columns(FORTY), entered_by_id=office.users["chen"].id))
    session.commit()
    assert _due(session, "insp_investigation") == [date(2026, 5, 28)]
    year = HolidayYear(2027, "n", frozenset({date(2027, 1, 1)}), frozenset())
    changed = current(session).with_years([year])
    assert years.preview(session, changed, 2027, office.today).every == []
    undone = session.exec(select(RuleChange)).one()
    (move,) = amending.preview_undone(session, undone, office.today).moves
    assert (move.old, move.new) == (date(2026, 4, 28), date(2026, 5, 28))
    session.add(CalendarYear(year=2027, notice="n", days_off=["2027-01-01"]))
    session.commit()
    # What was entered of the law stays when a year is taken back.
    back = years.preview(session, years.without(session, 2027), 2027, office.today)
    assert back.every == []


def test_the_whole_list_comes_as_a_workbook(logged_in, session: Session) -> None:
    admin = logged_in("administrator")
    caseworker = session.exec(select(User).where(User.role == "caseworker")).one()
    unit = session.get_one(Unit, caseworker.unit_id)
    office = Office(session, unit, unit, unit, unit, {"chen": caseworker})
    case = _closed_case(office, session)
    admin.get(PATH)
    typed = {**VERSION, "from_on": "2026-03-01"}
    page = admin.post(PATH, action="preview", **typed).text
    assert "Verdicts that turn from in time to late" in page
    assert "Granted extensions that no longer count" in page
    answer = admin.post(PATH, action="list", **typed)
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0)
    titles, row = sheet.to_python()
    assert titles[:2] == ["Case", "State"]
    assert row[:3] == [case.number, "Closed", "Complete the investigation"]
    assert row[3:] == [date(2026, 6, 11), date(2026, 4, 28), "in time", "late", 1.0]
    assert session.exec(select(RuleChange)).first() is None


def test_page_and_workbook_say_how_many_closed_cases_were_left_aside(
    logged_in, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = logged_in("administrator")
    caseworker = session.exec(select(User).where(User.role == "caseworker")).one()
    unit = session.get_one(Unit, caseworker.unit_id)
    office = Office(session, unit, unit, unit, unit, {"chen": caseworker})
    for _number in range(2):
        _closed_case(office, session)
    said = "It reaches 2 closed cases. Only the newest 1 of them were looked at"
    admin.get(PATH)
    assert "It reaches" not in admin.post(PATH, action="preview", **VERSION).text
    monkeypatch.setattr(moves, "MOST_CLOSED", 1)
    assert said in admin.post(PATH, action="preview", **VERSION).text
    answer = admin.post(PATH, action="list", **VERSION)
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0)
    *_, aside, command = sheet.to_python()
    assert said in aside[0]
    assert command[0].endswith("--output anqi-insp_investigation.csv")


def _columns(amendment: Amendment) -> dict[str, object]:
    names = RuleChange.model_fields.keys() - {"id"}
    return {name: getattr(amendment, name) for name in names if hasattr(amendment, name)}


def _due(session: Session, rule: str) -> list[date | None]:
    return list(session.exec(select(Deadline.due_on).where(col(Deadline.rule) == rule)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"length": ""}, "Type the number of days"),
        ({"from_on": "2004-12-01"}, "when the last version came into force"),
        ({"from_on": "someday"}, "day"),
        ({"verified": "P1"}, "cannot act as law"),
        ({"rule": "insp_complaint_decision"}, "knows no extension"),
        ({"instrument": ""}, "Name the instrument"),
        ({"length": "9999"}, "9999 is longer than any period. Type at most 250."),
        ({"cap": "41"}, "An extension by 41 is longer than the period allows. Type at most 40."),
        ({"cap": "0"}, "Type at least 1"),
        ({"from_on": "2100-01-01"}, "The calendar runs from 1990-01-01 to 2099-12-31"),
    ],
)
def test_a_wrong_change_says_what_to_mend_and_keeps_what_was_typed(
    logged_in, changed: dict[str, str], said: str
) -> None:
    admin = logged_in("administrator")
    admin.get(PATH)
    response = admin.post(PATH, action="preview", **{**VERSION, **changed})
    assert response.status_code == 422
    assert said in response.text
    assert "40个工作日" in response.text


PROMISE = {
    "rule": "insp_complaint_decision",
    "from_on": "2026-03-01",
    "length": "3",
    "instrument": "Notice of promises",
    "article": "2",
    "verified": "V1",
}


def _promised(admin: Browser, from_on: str, length: str) -> str:
    path = "/admin/law/new/promise"
    admin.get(path)
    typed = {**PROMISE, "from_on": from_on, "length": length}
    return str(admin.post(path, action="preview", **typed).text)


def test_a_promise_is_not_older_than_the_rule_it_tightens(logged_in) -> None:
    admin = logged_in("administrator")
    page = _promised(admin, "1800-01-01", "3")
    assert "The rule itself begins on 2005-02-01. Choose that day or a later one." in page
    assert 'value="1800-01-01"' in page
    assert "Nothing is saved yet" in _promised(admin, "2005-02-01", "3")


def test_a_second_promise_follows_the_first_or_is_refused(logged_in) -> None:
    admin = logged_in("administrator")
    _applied(admin, "/admin/law/new/promise", **PROMISE)
    for day in ("2026-02-01", "2026-03-01"):
        page = _promised(admin, day, "2")
        assert "A promise of 3 is entered from 2026-03-01. Choose a later day" in page
    assert "Nothing is saved yet" in _promised(admin, "2026-03-02", "2")


def test_a_commitment_without_a_number_takes_no_length_that_is_a_slip(logged_in) -> None:
    admin = logged_in("administrator")
    path = "/admin/law/new/switch_on"
    admin.get(path)
    typed = {**PROMISE, "rule": "wage_clue_platform", "length": "9999"}
    page = admin.post(path, action="preview", **typed)
    assert page.status_code == 422
    assert "9999 is longer than any period" in page.text


def test_what_was_entered_before_it_was_refused_still_counts_and_is_taken_back(
    session: Session,
) -> None:
    office = open_office(session)
    promise = replace(FORTY, kind="promise", rule="insp_complaint_decision", length=2, cap=None)
    old = replace(promise, from_on=date(1800, 1, 1), verified="UNVERIFIED")
    row = RuleChange(**_columns(old), entered_by_id=office.users["chen"].id)
    session.add(row)
    session.commit()
    assert "insp_complaint_decision_promised" in current(session).policy.rules
    assert amending.preview_undone(session, row, office.today).cases == 0


@pytest.mark.parametrize(
    ("article", "written"), [("27④", "art. 27 para 4"), ("27(4)", "art. 27(4)")]
)
def test_a_change_is_listed_and_shown_with_its_article_written_out(
    logged_in, article: str, written: str
) -> None:
    admin = logged_in("administrator")
    _applied(admin, PATH, **{**VERSION, "article": article})
    assert f"Amending regulation {written}" in admin.get("/admin/law").text
    assert f"Amending regulation {written}" in admin.get("/policy/rules/insp_investigation").text


def test_only_an_administrator_changes_the_law(logged_in) -> None:
    for role in ("caseworker", "supervisor", "auditor"):
        assert logged_in(role).get("/admin/law").status_code == 403


def test_a_change_that_another_rests_on_is_taken_back_last(logged_in, session: Session) -> None:
    admin = logged_in("administrator")
    rule = "insp_complaint_decision"
    _applied(admin, PATH, **{**VERSION, "rule": rule, "length": "10", "cap": ""})
    promise = {name: text for name, text in VERSION.items() if name != "cap"}
    _applied(
        admin,
        "/admin/law/new/promise",
        **{**promise, "rule": rule, "length": "8", "from_on": "2026-03-02"},
    )
    version = session.exec(select(RuleChange.id).where(RuleChange.kind == "version")).one()
    session.rollback()
    assert admin.post(f"/admin/law/{version}/undo", because="mistake").status_code == 302
    assert "A later change rests on this one" in admin.get("/admin/law").text
    kept = session.exec(select(RuleChange).where(col(RuleChange.undone_at).is_(None))).all()
    assert len(kept) == 2
