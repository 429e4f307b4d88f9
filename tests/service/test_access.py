"""The one gate: who sees which case, and what of it."""

from datetime import date

import pytest
from sqlmodel import Session, select

from jobs.rulebooks import current
from models import AuditEntry, Case
from service.access import (
    ACTIONS,
    Forbidden,
    NotFound,
    get_case,
    masked,
    may,
    require,
    sees_reporter,
)
from service.cases.editing import CaseEdit, edit_case
from service.cases.records import load, revisions
from tests.support.office import TODAY, Office, open_office


@pytest.fixture
def office(session: Session) -> Office:
    return open_office(session)


@pytest.fixture
def tip_off(office: Office) -> Case:
    """A tip-off with a reporter who must stay unknown."""
    return office.register(
        "report", details={"reporter_name": "赵一", "reporter_contact": "13900139000"}
    )


_ALLOWED = {
    "chen": "case.read case.register case.record case.edit duty.read duty.record report.read"
    " policy.read account.own",
    "chief": "case.read case.register case.record case.approve case.edit case.void case.reassign"
    " duty.read duty.record team.read report.read report.compute policy.read account.own",
    "analyst": "case.read duty.read report.read report.compute policy.read account.own",
    "admin": "admin.people admin.units admin.calendar admin.jobs admin.policy"
    " admin.duties policy.read account.own",
    "auditor": "case.read duty.read team.read report.read policy.read audit.read account.own",
}


@pytest.mark.parametrize("name", _ALLOWED)
def test_each_role_may_what_it_is_for(office: Office, name: str):
    actor = office.actor(name)
    assert {action for action in ACTIONS if may(actor, action)} == set(_ALLOWED[name].split())


def test_what_reaches_the_whole_bureau_is_administered_at_its_top(office: Office):
    office.users["admin"].unit_id = office.town.id or 0
    office.session.commit()
    local = office.actor("admin")
    here = "admin.people admin.units policy.read account.own"
    assert {action for action in ACTIONS if may(local, action)} == set(here.split())


def test_an_unknown_action_is_a_mistake_not_a_refusal(office: Office):
    with pytest.raises(ValueError, match="unknown action"):
        may(office.actor("chief"), "case.delete")


def test_a_case_is_seen_in_its_unit_and_above_only(office: Office):
    case = office.register("complaint")
    session = office.session
    for name in ("chen", "chief", "director", "analyst", "auditor"):
        assert get_case(session, office.actor(name), case.number).id == case.id
        assert get_case(session, office.actor(name), case.id or 0).id == case.id
    for name in ("wang", "boss", "lin"):
        with pytest.raises(NotFound):
            get_case(session, office.actor(name), case.number)
        with pytest.raises(Forbidden):
            require(office.actor(name), "case.record" if name != "boss" else "case.void", case)
    with pytest.raises(Forbidden):
        get_case(session, office.actor("admin"), case.number)


def test_a_case_that_is_not_there_looks_like_one_that_may_not_be_seen(office: Office):
    with pytest.raises(NotFound) as unknown:
        get_case(office.session, office.actor("chen"), "CQ-INS-2026-99999")
    case = office.register("complaint")
    with pytest.raises(NotFound) as hidden:
        get_case(office.session, office.actor("wang"), case.number)
    assert str(unknown.value) == str(hidden.value)


def test_every_read_is_kept_even_when_the_page_fails_later(office: Office):
    case = office.register("complaint")
    get_case(office.session, office.actor("auditor"), case.number)
    office.session.rollback()
    entry = office.session.exec(select(AuditEntry).filter_by(action="case.read")).one()
    assert (entry.case_id, entry.user_id) == (case.id, office.users["auditor"].id)


def test_units_whose_numbers_begin_alike_are_kept_apart(office: Office):
    """`/1/1/` is not above `/1/12/`."""
    from service.units import UnitInput, add_unit

    for serial in range(12):
        add_unit(
            office.session,
            None,
            UnitInput(
                f"T{serial}", f"单位{serial}", f"Unit {serial}", "township", office.district.id
            ),
        )
    assert office.actor("chen").unit_ids == (office.town.id,)


def test_a_reporter_is_not_known_in_another_unit(office: Office, tip_off: Case):
    assert not sees_reporter(office.session, office.actor("boss"), tip_off)


def test_old_values_are_shown_only_to_those_who_may_read_all_of_them(office: Office, tip_off: Case):
    session = office.session
    edit = CaseEdit(1, "typo", details={"reporter_name": "赵二"})
    edit_case(session, office.actor("chen"), tip_off, edit, current(session), TODAY)
    assert revisions(session, office.actor("auditor"), tip_off) == []
    (kept,) = revisions(session, office.actor("chief"), tip_off)
    assert kept.before["details"]["reporter_name"] == "赵一"
    assert kept.changed_by == "chen"


def test_a_timeline_names_who_recorded_what_and_what_was_corrected(office: Office):
    from service.cases.inputs import EventInput
    from service.cases.recording import correct_event

    case = office.register("arbitration", received_on=date(2026, 3, 2))
    wrong = office.record(case, "case_accepted", date(2026, 3, 3))
    correction = correct_event(
        office.session,
        office.actor("chief"),
        case,
        wrong.id or 0,
        "misread",
        EventInput("case_accepted", date(2026, 3, 4)),
        current(office.session),
        TODAY,
    )
    record = load(office.session, office.actor("chen"), case)
    shown = {one.id: one for one in record.events}
    assert shown[wrong.id or 0].corrected_by == correction.id
    assert shown[correction.id or 0].recorded_by == "chief"
    assert shown[correction.id or 0].details == {"note": "misread"}
    assert shown[shown[correction.id or 0].replacement_id or 0].on == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13800138000", "138****8000"), ("12333", "*****"), (None, ""), ("", "")],
)
def test_masks_leave_the_ends(number: str | None, shown: str):
    assert masked(number) == shown
