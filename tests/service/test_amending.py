"""Use cases of changes of the law: the cases they reach, and what follows from them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from jobs import rulebooks
from jobs.schedule import RECOMPUTE, run_asked
from jobs.settings import JobSettings
from models import Case, Deadline, RuleChange
from models.base import utc_now
from rules import engine as durable
from rules.amendments import Amendment, AmendmentError
from rules.rulebook import Rulebook, builtin_rulebook
from service.admin import amending
from service.db import open_session
from tests.support.office import Office, open_office


@pytest.fixture
def office(session: Session) -> Office:
    return open_office(session)


def _change(rule: str, length: int, **values: object) -> Amendment:
    return replace(
        Amendment(
            id=amending.NEW,
            kind="version",
            rule=rule,
            from_on=date(2026, 1, 1),
            length=length,
            place="chongming",
            instrument="修改决定",
            article="2",
            words="",
            verified="V1",
        ),
        **values,
    )


def _due(office: Office, case: Case, rule: str) -> date | None:
    query = select(Deadline.due_on).where(Deadline.case_id == case.id, Deadline.rule == rule)
    return office.session.exec(query).one()


def test_applying_and_taking_back_both_move_the_deadlines_in_the_next_run(
    office: Office, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.register("complaint")
    rule, admin = "insp_complaint_decision", office.actor("admin")

    def run() -> tuple[str | None, date | None]:
        office.session.commit()
        done = run_asked(lambda: open_session(engine), JobSettings())
        office.session.expire_all()
        return done, _due(office, case, rule)

    before = _due(office, case, rule)
    change = amending.apply(office.session, admin, _change(rule, 3)).id or 0
    done, then = run()
    assert done == RECOMPUTE
    assert then == date(2026, 3, 12) != before
    # A run is named by its second.
    monkeypatch.setattr(amending, "utc_now", lambda: utc_now() + timedelta(seconds=2))
    amending.undo(office.session, admin, change, "a slip")
    assert run() == (RECOMPUTE, before)


def test_what_a_later_change_rests_on_is_not_taken_back_before_it(office: Office) -> None:
    admin, rule = office.actor("admin"), "insp_complaint_decision"
    longer = amending.apply(office.session, admin, _change(rule, 10)).id or 0
    promise = _change(rule, 8, kind="promise", from_on=date(2026, 2, 1))
    kept = amending.apply(office.session, admin, promise).id or 0
    with pytest.raises(AmendmentError):
        amending.undo(office.session, admin, longer, "a slip")
    assert office.session.get_one(RuleChange, longer).undone_at is None
    for change in (kept, longer):
        amending.undo(office.session, admin, change, "both")
    assert amending.in_force(office.session) == []


@pytest.mark.parametrize(
    ("rule", "length", "listed"),
    [("wage_blacklist_decision", 10, False), ("wage_blacklist_removal", 3, True)],
)
def test_the_dry_run_reaches_cases_in_which_the_limit_before_ran_out_by_itself(
    office: Office, rule: str, length: int, listed: bool
) -> None:
    """That it ran out is stored nowhere: what it follows from is."""
    case = office.register(
        "wage_arrears",
        opening="order_to_pay_served",
        received_on=date(2026, 2, 9),
        pay_by=date(2026, 2, 26),
    )
    today = office.today
    if listed:
        office.record(case, "blacklist_listed", today)
        today = date(2029, 3, 10)
    found = amending.preview(office.session, _change(rule, length), today)
    assert [(move.number, move.rule) for move in found.moves] == [(case.number, rule)]


def test_the_dry_run_reaches_cases_in_which_service_is_deemed_to_have_taken_place(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As no rule begins with it today, one is made to."""
    book = builtin_rulebook()
    begun = book.policy.rules["arb_defence"].model_copy(update={"starts_on": ("deemed_served",)})
    policy = replace(book.policy, rules={**book.policy.rules, begun.id: begun})
    changed = Rulebook(policy, book.calendar.years, durable.Engine(policy))
    monkeypatch.setattr(rulebooks, "builtin_rulebook", lambda: changed)
    case = office.register("arbitration", received_on=date(2026, 1, 5))
    office.record(case, "case_accepted", date(2026, 1, 6))
    office.record(case, "notice_published", date(2026, 1, 12))
    found = amending.preview(office.session, _change(begun.id, 20), office.today)
    assert [(move.number, move.rule) for move in found.moves] == [(case.number, begun.id)]
