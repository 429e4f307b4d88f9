"""Duties of the bureau are raised by themselves, derived from events, and alerted once."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine as EngineOf
from sqlmodel import Session, col, select

from jobs import deliver, duties, outbox, recompute, sweep
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import Alert, AlertReceipt, BureauDuty, DutyCharge, DutyEvent, Message, Unit, User
from rules.engine import Engine
from rules.rulebook import Rulebook, builtin_rulebook
from service.db import open_session
from tests.support.bureau import Bureau

SETTINGS = JobSettings(public_url="https://anqi.example")
PUBLISHED, RATED = "insp_public_disclosure", "insp_credit_rating"
BEGAN = datetime(2025, 8, 15, 1, 0, tzinfo=UTC)


@pytest.fixture
def top(bureau: Bureau) -> Unit:
    return bureau.unit("bureau", kind="district")


@pytest.fixture
def director(bureau: Bureau, top: Unit) -> User:
    """The first person of an installation that began on 15 August 2025."""
    return bureau.user("director", top, "supervisor", created_at=BEGAN, language="en")


def sweep_on(session: Session, today: date, settings: JobSettings = SETTINGS) -> dict[str, int]:
    return sweep.run(session, today, settings)


def raised(session: Session, rule: str = PUBLISHED) -> list[BureauDuty]:
    query = select(BureauDuty).where(BureauDuty.rule == rule).order_by(col(BureauDuty.ended_on))
    return list(session.exec(query.execution_options(populate_existing=True)))


def periods(session: Session, rule: str = PUBLISHED) -> list[date]:
    return [duty.ended_on for duty in raised(session, rule)]


def done(session: Session, duty: BureauDuty, on: date, by: User) -> DutyEvent:
    """Record that it was done, as the use case does."""
    event = DutyEvent(
        duty_id=duty.id or 0, type="violation_published", on=on, recorded_by_id=by.id or 0
    )
    session.add(event)
    session.flush()
    duties.write(duty, [event], current(session), on)
    session.flush()
    return event


def test_each_quarter_and_each_year_that_ended_since_the_installation_began(
    session: Session, director: User
) -> None:
    sweep_on(session, date(2026, 4, 1))
    assert periods(session) == [date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31)]
    assert periods(session, RATED) == [date(2025, 12, 31)]
    assert [(duty.state, duty.due_on) for duty in raised(session)] == [
        ("running", date(2025, 12, 31)),
        ("running", date(2026, 3, 31)),
        ("running", date(2026, 6, 30)),
    ]
    assert raised(session, RATED)[0].due_on == date(2026, 12, 31)


def test_the_last_day_of_a_quarter_belongs_to_it(session: Session, director: User) -> None:
    sweep_on(session, date(2025, 9, 30))
    assert periods(session) == []
    sweep_on(session, date(2025, 10, 1))
    assert periods(session) == [date(2025, 9, 30)]


def test_a_period_that_ended_before_is_not_raised(session: Session, director: User) -> None:
    director.created_at = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)  # already 1 April here
    sweep_on(session, date(2026, 4, 1))
    assert periods(session) == []


def test_nothing_is_raised_where_nobody_works_yet(session: Session) -> None:
    assert sweep_on(session, date(2026, 4, 1))["duties_raised"] == 0


def test_raising_again_changes_nothing(session: Session, director: User) -> None:
    first = sweep_on(session, date(2026, 4, 1))
    ids = [duty.id for duty in raised(session)]
    again = sweep_on(session, date(2026, 4, 1))
    assert (first["duties_raised"], again["duties_raised"], again["duties_derived"]) == (4, 0, 0)
    assert [duty.id for duty in raised(session)] == ids


def with_rule(rule: str, **update: Any) -> Rulebook:
    """The built-in rulebook, in which one rule differs."""
    known = builtin_rulebook()
    changed = known.policy.rules[rule].model_copy(update=update)
    rules = {**known.policy.rules, rule: changed}
    policy = replace(known.policy, rules=rules, files_digest="another")
    return Rulebook(policy, known.calendar.years, Engine(policy))


def test_what_another_place_owes_is_not_raised(session: Session, director: User) -> None:
    elsewhere = with_rule(PUBLISHED, jurisdiction="zhejiang")
    duties.bring_up_to_date(session, elsewhere, date(2026, 4, 1), SETTINGS)
    assert periods(session) == []
    assert periods(session, RATED) == [date(2025, 12, 31)]
    there = replace(SETTINGS, jurisdiction="quzhou")
    duties.bring_up_to_date(session, elsewhere, date(2026, 4, 1), there)
    assert len(periods(session)) == 3


def test_a_rule_is_raised_from_the_day_it_is_in_force(session: Session, director: User) -> None:
    version = builtin_rulebook().policy.rules[PUBLISHED].versions[0]
    later = version.model_copy(update={"from_": date(2026, 1, 1)})
    book = with_rule(PUBLISHED, versions=(later,))
    duties.bring_up_to_date(session, book, date(2026, 4, 1), SETTINGS)
    assert periods(session) == [date(2026, 3, 31)]


def test_a_change_of_policy_moves_what_stands_and_keeps_what_was_done(
    session: Session, director: User
) -> None:
    sweep_on(session, date(2026, 4, 1))
    first, *_rest = raised(session)
    done(session, first, date(2025, 12, 1), director)
    version = builtin_rulebook().policy.rules[PUBLISHED].versions[0]
    longer = version.model_copy(update={"period": version.period.model_copy(update={"length": 2})})
    book = with_rule(PUBLISHED, versions=(longer,))
    duties.bring_up_to_date(session, book, date(2026, 4, 1), SETTINGS)
    assert [(duty.state, duty.due_on) for duty in raised(session)] == [
        ("met", date(2026, 3, 31)),
        ("running", date(2026, 6, 30)),
        ("running", date(2026, 9, 30)),
    ]


def test_a_duty_that_the_rules_know_no_more_is_cancelled_and_comes_back(
    session: Session, director: User
) -> None:
    sweep_on(session, date(2026, 4, 1))
    without = with_rule(PUBLISHED, jurisdiction="zhejiang")
    duties.bring_up_to_date(session, without, date(2026, 4, 1), SETTINGS)
    assert {(duty.state, duty.alertable) for duty in raised(session)} == {("cancelled", False)}
    recompute.run(session, date(2026, 4, 1), SETTINGS)
    assert {duty.state for duty in raised(session)} == {"running"}


@pytest.mark.parametrize(
    ("on", "state"),
    [(date(2025, 12, 31), "met"), (date(2026, 1, 1), "met_late")],
)
def test_done_by_its_last_day_is_in_time(
    session: Session, director: User, on: date, state: str
) -> None:
    sweep_on(session, date(2026, 1, 5))
    duty = raised(session)[0]
    done(session, duty, on, director)
    assert (duty.state, duty.done_on, duty.alertable) == (state, on, False)


def alerts(session: Session, rule: str = PUBLISHED) -> list[tuple[str, date]]:
    query = select(Alert).where(Alert.rule == rule).order_by(col(Alert.id))
    return [(one.stage, one.due_on) for one in session.exec(query)]


def test_alerts_come_once_for_each_stage_however_often_the_job_runs(
    session: Session, director: User
) -> None:
    due = date(2025, 12, 31)
    for day in (date(2025, 12, 23), date(2025, 12, 24), date(2025, 12, 28), date(2025, 12, 30)):
        sweep_on(session, day)
        sweep_on(session, day)
    assert alerts(session) == [("due_soon_7", due), ("due_soon_3", due), ("due_soon_1", due)]
    sweep_on(session, due)
    assert len(alerts(session)) == 3
    sweep_on(session, date(2026, 1, 1))
    assert alerts(session)[3:] == [("overdue", due)]
    for _again in range(3):
        sweep_on(session, date(2026, 1, 5))
    assert alerts(session)[4:] == [("escalated", due)]


def test_what_was_done_is_not_alerted(session: Session, director: User) -> None:
    sweep_on(session, date(2025, 11, 1))
    done(session, raised(session)[0], date(2025, 11, 1), director)
    session.commit()
    sweep_on(session, date(2026, 1, 20))
    assert alerts(session) == []


def told(session: Session) -> set[str]:
    query = select(User.username).join(AlertReceipt, col(AlertReceipt.user_id) == col(User.id))
    return set(session.exec(query))


def overdue(session: Session, today: date = date(2026, 1, 1)) -> dict[str, Any]:
    sweep_on(session, today)
    return deliver.run(session, today, SETTINGS)


def test_without_a_choice_the_supervisors_at_the_top_are_told(
    session: Session, bureau: Bureau, top: Unit, director: User
) -> None:
    bureau.user("below", bureau.unit("brigade", top), "supervisor")
    bureau.user("clerk", top)
    overdue(session)
    assert told(session) == {"director"}


def test_who_has_charge_is_told_and_those_above_when_it_is_escalated(
    session: Session, bureau: Bureau, top: Unit, director: User
) -> None:
    brigade = bureau.unit("brigade", top)
    inspector = bureau.user("inspector", brigade)
    bureau.user("chief", brigade, "supervisor")
    session.add(DutyCharge(rule=PUBLISHED, unit_id=brigade.id or 0, handler_id=inspector.id))
    session.flush()
    overdue(session)
    assert told(session) == {"inspector", "chief"}
    overdue(session, date(2026, 1, 5))
    assert told(session) == {"inspector", "chief", "director"}


def test_where_no_supervisor_stands_above_all_are_told(
    session: Session, bureau: Bureau, top: Unit, director: User
) -> None:
    director.role = "administrator"
    bureau.user("chief", bureau.unit("brigade", top), "supervisor")
    session.flush()
    overdue(session)
    assert told(session) == {"chief"}


def test_the_mail_names_the_period_and_leads_to_the_duty(session: Session, director: User) -> None:
    overdue(session)
    duty = raised(session)[0]
    (mail,) = session.exec(select(Message)).all()
    assert mail.subject == (
        "[Anqi] Q3 2025: Publish serious violations every quarter is overdue"
        " (was due on 2025-12-31)"
    )
    assert f"https://anqi.example/duties/{duty.id}" in mail.body
    director.language = "zh_CN"
    overdue(session, date(2026, 1, 5))
    mails = session.exec(select(Message).order_by(col(Message.id))).all()
    assert (
        mails[-1].subject
        == "【按期】上报：2025年第3季度“每季度向社会公布重大劳动保障违法行为”已超期5天"
    )


def test_a_crash_between_the_steps_loses_no_alert_and_doubles_none(
    session: Session, engine: EngineOf, director: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the alerts are committed, and before their receipts are: each is found once."""
    session.commit()
    today = date(2026, 1, 1)

    def stop(*_args: Any) -> None:
        raise KeyboardInterrupt

    for module, name, run in (
        (sweep, "raise_alerts", sweep.run),
        (outbox, "_receipt", deliver.run),
    ):
        with monkeypatch.context() as broken, open_session(engine) as dying:
            broken.setattr(module, name, stop)
            with pytest.raises(KeyboardInterrupt):
                run(dying, today, SETTINGS)
        run(session, today, SETTINGS)
    deliver.run(session, today, SETTINGS)
    overdue_alerts = session.exec(select(Alert).where(Alert.stage == "overdue")).all()
    assert len(overdue_alerts) == len(session.exec(select(AlertReceipt)).all()) == 1
    assert len(session.exec(select(Message)).all()) == 1


def test_periods_are_named_in_both_languages(session: Session) -> None:
    book = current(session)

    def name(event: str, language: str) -> str:
        return duties.period_name(event, date(2025, 12, 31), book, language)

    assert [name("quarter_ended", one) for one in ("zh", "en")] == ["2025年第4季度", "Q4 2025"]
    assert [name("year_ended", one) for one in ("zh", "en")] == ["2025年度", "2025"]
    assert name("no_such_event", "en") == "2025-12-31"
