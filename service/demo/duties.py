"""The bureau's own duties of the demo: past ones done, one of them late, and the last overdue."""

from datetime import date

from sqlmodel import Session, col, select

from jobs import duties
from jobs.settings import JobSettings
from models import AuditEntry, BureauDuty, DutyEvent, User
from rules.calendar import add_calendar_days
from rules.rulebook import Rulebook
from service.demo.moments import opening_of

_LATE_BY, _EARLY_BY = 9, 20
_NOTE = "门户网站公示栏"


def keep(session: Session, rulebook: Rulebook, today: date, settings: JobSettings) -> None:
    """Raise what periods ended in the demo's course, and record what the director did. Commits."""
    duties.bring_up_to_date(session, rulebook, today, settings)
    session.commit()
    director = session.exec(select(User).where(User.username == "director")).one()
    past = select(BureauDuty).where(col(BureauDuty.due_on) < today)
    done = session.exec(past.order_by(col(BureauDuty.due_on))).all()[:-1]
    for number, duty in enumerate(done, start=1):
        days = _LATE_BY if number == len(done) else -_EARLY_BY
        on = min(add_calendar_days(duty.due_on or today, days), add_calendar_days(today, -1))
        event = _recorded(session, duty, director, on, rulebook)
        duties.write(duty, [event], rulebook, today)
        session.add(duty)
    session.commit()


def _recorded(
    session: Session, duty: BureauDuty, by: User, on: date, rulebook: Rulebook
) -> DutyEvent:
    """The event and its entry in the audit log, of the morning of that day."""
    event = DutyEvent(
        duty_id=duty.id or 0,
        type=rulebook.policy.rules[duty.rule].discharged_by[0],
        on=on,
        recorded_at=opening_of(on),
        recorded_by_id=by.id or 0,
        details={"note": _NOTE},
    )
    session.add(event)
    session.flush()
    noted = {"rule": duty.rule, "period": duty.ended_on.isoformat(), "event": event.id}
    session.add(
        AuditEntry(
            at=event.recorded_at,
            user_id=by.id,
            action="duty.done",
            subject=f"duty:{duty.id}",
            detail=noted,
        )
    )
    return event
