"""Use cases of changes of the law: laid over the policy, looked at first, taken back whole."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from jobs import asking, rulebooks
from jobs.schedule import RECOMPUTE
from models import Case, RuleChange
from models import Event as EventRow
from models.base import utc_now
from rules.amendments import Amendment
from rules.meant import check_meant
from rules.policy import Policy
from rules.rulebook import Rulebook
from rules.schema import Rule
from service import audit
from service.access import Actor, NotFound, require
from service.admin.moves import Preview, moved
from service.transactions import one_transaction

# No stored change has it; it sorts behind those of the same day.
NEW = "new"


def listed(session: Session) -> list[RuleChange]:
    """Every change that was ever entered, the newest first."""
    return list(session.exec(select(RuleChange).order_by(col(RuleChange.id).desc())))


def wanted(session: Session, change_id: int) -> RuleChange:
    """A change in force. Raises NotFound for one that does not exist or was taken back."""
    row = session.get(RuleChange, change_id)
    if row is None or row.undone_at is not None:
        raise NotFound("change")
    return row


def in_force(session: Session, *, without: int | None = None) -> list[Amendment]:
    """The changes that count now, but for one."""
    rows = [row for row in listed(session) if row.undone_at is None and row.id != without]
    return [rulebooks.as_amendment(row) for row in rows]


class Sides(NamedTuple):
    """The rulebook as it is and as it would be, and the cases that the difference reaches."""

    usual: Rulebook
    changed: Rulebook
    which: ColumnElement[bool]


def preview(session: Session, amendment: Amendment, today: date) -> Preview:
    """What the change moves. Raises AmendmentError for one that cannot be."""
    return moved(session, *entering(session, amendment), today)


def preview_undone(session: Session, row: RuleChange, today: date) -> Preview:
    """What taking the change back moves. Raises AmendmentError where a later one rests on it."""
    return moved(session, *taking_back(session, row), today)


def entering(session: Session, amendment: Amendment) -> Sides:
    """Without the change and with it. Raises AmendmentError for one that cannot be."""
    return _sides(session, _with(session, amendment), amendment.rule, amendment.from_on)


def taking_back(session: Session, row: RuleChange) -> Sides:
    """With the change and without it. Raises AmendmentError where a later one rests on it."""
    changed = rulebooks.with_changes(session, in_force(session, without=row.id))
    return _sides(session, changed, row.rule, row.from_on)


def _with(session: Session, amendment: Amendment) -> Rulebook:
    """The rulebook with the change. Raises AmendmentError for one that cannot be, or be meant."""
    check_meant(rulebooks.current(session).policy, amendment)
    return rulebooks.with_changes(session, [*in_force(session), amendment])


def _sides(session: Session, changed: Rulebook, rule: str, from_on: date) -> Sides:
    """Reached are the cases in which the rule may begin from that day on."""
    known = changed.policy.rules[rule]
    beginning = {*known.starts_on, *known.restarts_on}
    began = and_(col(EventRow.type).in_(beginning), col(EventRow.on) >= from_on)
    # What comes by itself is stored nowhere: what it follows from is.
    leading = _leading(changed.policy, beginning)
    reached = select(EventRow.case_id).where(or_(began, col(EventRow.type).in_(leading)))
    which = and_(col(Case.procedure) == known.procedure, col(Case.id).in_(reached))
    return Sides(rulebooks.current(session), changed, which)


def _leading(policy: Policy, events: set[str]) -> set[str]:
    """The events from which one of these follows by itself."""
    return {
        name
        for rule in policy.rules.values()
        if not events.isdisjoint(_comes_to(rule))
        for name in (*rule.starts_on, *rule.restarts_on)
    }


def _comes_to(rule: Rule) -> set[str]:
    """What happens by itself in the end: service is deemed to take place, a limit runs out."""
    deemed = rule.discharged_by if rule.kind == "deemed_date" else ()
    return {*deemed, *([rule.expires_as] if rule.expires_as else [])}


@one_transaction
def apply(session: Session, actor: Actor, amendment: Amendment) -> RuleChange:
    """Enter the change; a run that moves the dates is asked for. Raises AmendmentError."""
    require(actor, "admin.policy")
    _with(session, amendment)
    row = RuleChange(
        kind=amendment.kind,
        rule=amendment.rule,
        from_on=amendment.from_on,
        length=amendment.length,
        cap=amendment.cap,
        place=amendment.place,
        instrument=amendment.instrument,
        article=amendment.article,
        words=amendment.words,
        verified=amendment.verified,
        entered_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    _note(session, actor, "policy.change", row)
    return row


@one_transaction
def undo(session: Session, actor: Actor, change_id: int, because: str) -> None:
    """Take a change back; what it moved moves back. Raises NotFound, AmendmentError where a
    later change rests on it."""
    require(actor, "admin.policy")
    row = wanted(session, change_id)
    rulebooks.with_changes(session, in_force(session, without=change_id))
    row.undone_at, row.undone_by_id, row.undone_because = utc_now(), actor.user_id, because
    session.add(row)
    _note(session, actor, "policy.undo", row)


def _note(session: Session, actor: Actor, action: str, row: RuleChange) -> None:
    audit.record(
        session,
        actor.user_id,
        action,
        subject=f"change:{row.id}",
        kind=row.kind,
        rule=row.rule,
        from_on=row.from_on.isoformat(),
        length=row.length,
        cap=row.cap,
        instrument=row.instrument,
        article=row.article,
        verified=row.verified,
        because=row.undone_because,
    )
    asking.ask(session, RECOMPUTE, actor.user_id, utc_now())
