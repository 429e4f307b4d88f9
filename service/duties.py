"""Use cases of the bureau's own duties: who sees and keeps them, recording, taking back."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from jobs import duties
from jobs.deriving import CORRECTION
from jobs.duties import Charge
from models import BureauDuty, DutyCharge, DutyEvent, Unit, User
from rules.rulebook import Rulebook
from service import audit
from service.access import Actor, Forbidden, NotFound, keeps_duty, require, sees_duty
from service.cases.inputs import EventInput
from service.cases.problems import Conflict, Unlawful, invalid
from service.cases.recording import refuse_unlawful
from service.transactions import one_transaction

_LONGEST_REASON = 2000


@dataclass(frozen=True)
class Found:
    """A duty of one period, who has charge of it, and whether the actor may record it."""

    duty: BureauDuty
    charge: Charge
    kept_by_me: bool


def seen(session: Session, actor: Actor) -> list[Found]:
    """The duties this person sees: the open ones first, by when they are due, then the newest."""
    require(actor, "duty.read")
    query = select(BureauDuty).order_by(
        col(BureauDuty.alertable).desc(), col(BureauDuty.due_on), col(BureauDuty.id)
    )
    rows = session.exec(query).all()
    if not rows:
        return []
    charges = duties.charges(session, [row.rule for row in rows])
    found = [_found(actor, row, charges[row.rule]) for row in rows if row.rule in charges]
    mine = [one for one in found if _sees(actor, one.charge)]
    past = [one for one in mine if not one.duty.alertable]
    past.sort(key=lambda one: (one.duty.ended_on, one.duty.rule), reverse=True)
    return [one for one in mine if one.duty.alertable] + past


def get_duty(session: Session, actor: Actor, duty_id: int, *, for_change: bool = False) -> Found:
    """The duty, when this person may see it. Raises NotFound otherwise."""
    require(actor, "duty.read")
    query = select(BureauDuty).where(BureauDuty.id == duty_id)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.exec(query).one_or_none()
    charge = duties.charges(session, [row.rule]).get(row.rule) if row else None
    if row is None or charge is None or not _sees(actor, charge):
        raise NotFound("duty")
    return _found(actor, row, charge)


def _found(actor: Actor, row: BureauDuty, charge: Charge) -> Found:
    return Found(row, charge, keeps_duty(actor, charge.unit_id, charge.handler_id))


def _sees(actor: Actor, charge: Charge) -> bool:
    return sees_duty(actor, charge.unit_id, charge.handler_id)


def events(session: Session, duty: BureauDuty) -> list[DutyEvent]:
    """What was recorded of the duty, oldest first."""
    return duties.events_of(session, [duty])[duty.id or 0]


@one_transaction
def record_done(
    session: Session,
    actor: Actor,
    duty_id: int,
    on: date,
    note: str,
    rulebook: Rulebook,
    today: date,
) -> DutyEvent:
    """Record that the duty was done on a day, also when that is some time ago.

    Raises NotFound, Forbidden, Conflict when it was recorded already, Unlawful for a day in the
    future, InvalidInput for one before the period has ended or a note that is too long.
    """
    duty = _to_keep(session, actor, duty_id)
    if duty.state != "running":
        raise Conflict("duty_done")
    if on < duty.ended_on:
        raise invalid("on", "duty_early", day=duty.ended_on.isoformat())
    rows = events(session, duty)
    entry = EventInput(rulebook.policy.rules[duty.rule].discharged_by[0], on, note=note)
    try:
        refuse_unlawful(duties.matter_of(duty, rows), entry, rulebook, today, actor)
    except Unlawful as error:
        # The type is not chosen, so what is wrong with it is the day.
        raise Unlawful("on", error.message, error.article) from error
    event = _append(session, actor, duty, entry)
    _settle(session, actor, duty, rulebook, today, "duty.done", event)
    return event


@one_transaction
def take_back(
    session: Session,
    actor: Actor,
    duty_id: int,
    event_id: int,
    reason: str,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Say that what was recorded does not count; both stay. The duty is open again.

    Raises NotFound, Forbidden, Conflict when it was taken back already, InvalidInput without a
    reason.
    """
    duty = _to_keep(session, actor, duty_id)
    if not reason.strip():
        raise invalid("reason", "duty_reason")
    if len(reason) > _LONGEST_REASON:
        raise invalid("reason", "text_long", limit=_LONGEST_REASON)
    rows = events(session, duty)
    wrong = next((row for row in rows if row.id == event_id and row.type != CORRECTION), None)
    if wrong is None:
        raise NotFound("event")
    if any(row.corrects_id == event_id for row in rows):
        raise Conflict("duty_taken_back")
    correction = EventInput(CORRECTION, today, note=reason)
    _append(session, actor, duty, correction, corrects_id=event_id)
    _settle(session, actor, duty, rulebook, today, "duty.take_back", wrong)


@one_transaction
def give_charge(
    session: Session, actor: Actor, rule: str, unit_id: int, handler_id: int | None
) -> None:
    """Choose who has charge of a recurring rule: a unit, and one of its people if wanted.

    Raises Forbidden, InvalidInput for a unit that is closed or a person who does not work there.
    """
    require(actor, "admin.duties")
    unit = session.get(Unit, unit_id)
    if unit is None or unit.closed_on is not None or unit.id not in actor.unit_ids:
        raise invalid("unit_id", "unit")
    if handler_id is not None and not _works_in(session, handler_id, unit):
        raise invalid("handler_id", "handler_choice")
    row = session.get(DutyCharge, rule) or DutyCharge(rule=rule, unit_id=unit_id)
    row.unit_id, row.handler_id = unit_id, handler_id
    session.add(row)
    audit.record(
        session, actor.user_id, "duty.charge", subject=rule, unit=unit_id, handler=handler_id
    )


def _works_in(session: Session, user_id: int, unit: Unit) -> bool:
    user = session.get(User, user_id)
    if (
        user is None
        or user.disabled_at is not None
        or user.role not in ("caseworker", "supervisor")
    ):
        return False
    return session.get_one(Unit, user.unit_id).path.startswith(unit.path)


def _to_keep(session: Session, actor: Actor, duty_id: int) -> BureauDuty:
    found = get_duty(session, actor, duty_id, for_change=True)
    if not found.kept_by_me:
        raise Forbidden("duty.record")
    return found.duty


def _append(
    session: Session,
    actor: Actor,
    duty: BureauDuty,
    entry: EventInput,
    corrects_id: int | None = None,
) -> DutyEvent:
    event = DutyEvent(
        duty_id=duty.id or 0,
        type=entry.type,
        on=entry.on,
        recorded_by_id=actor.user_id,
        details=entry.details(),
        corrects_id=corrects_id,
    )
    session.add(event)
    session.flush()
    return event


def _settle(
    session: Session,
    actor: Actor,
    duty: BureauDuty,
    rulebook: Rulebook,
    today: date,
    action: str,
    event: DutyEvent,
) -> None:
    """Derive the duty anew, and note who did what."""
    duties.write(duty, events(session, duty), rulebook, today)
    session.add(duty)
    audit.record(
        session,
        actor.user_id,
        action,
        subject=f"duty:{duty.id}",
        rule=duty.rule,
        period=duty.ended_on.isoformat(),
        event=event.id,
    )
