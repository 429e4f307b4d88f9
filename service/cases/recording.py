"""Recording what happened to a case, and correcting what was recorded wrongly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select

from jobs import recompute
from jobs.deriving import CORRECTION, event_of, matter_from, opening_row
from models import Case, Event
from rules.calendar import OutOfCalendarError
from rules.deadlines import derive
from rules.lawful import refusal
from rules.matter import Matter
from rules.rulebook import Rulebook
from service import audit
from service.access import Actor, NotFound, lock, require
from service.cases.deciding import may_decide, request_behind
from service.cases.inputs import EventInput
from service.cases.problems import Conflict, Unlawful, invalid
from service.transactions import one_transaction

__all__ = ["EventInput", "append", "correct_event", "record_event", "refuse_unlawful"]


_LONGEST = {"note": 4000, "ground": 200}


@one_transaction
def record_event(
    session: Session,
    actor: Actor,
    case: Case,
    entry: EventInput,
    rulebook: Rulebook,
    today: date,
) -> Event:
    """Append an event with what follows from it the same day, and derive anew.

    Raises Forbidden, Unlawful (with the article) when the law does not allow it now,
    InvalidInput for an event that needs approval or does not occur in this procedure.
    """
    lock(session, case)
    require(actor, "case.record", case)
    refuse_voided(case)
    check_type(case, entry.type, rulebook, approval=False)
    refuse_unlawful(recompute.matter_of(session, case), entry, rulebook, today, actor)
    event = append(session, actor, case, entry, rulebook)
    recompute.refresh(session, case, rulebook, today)
    return event


def append(
    session: Session, actor: Actor, case: Case, entry: EventInput, rulebook: Rulebook
) -> Event:
    """Add the event and those it brings with it (accepting a complaint files the case).

    Checks nothing and derives nothing: the caller does.
    """
    event = _row(session, actor, case, entry)
    for brought in rulebook.policy.events[entry.type].brings:
        twin = _row(session, actor, case, EventInput(brought, entry.on))
        twin.details = {"recorded_with": event.id}
    audit.record(session, actor.user_id, "case.event", case=case, type=entry.type, event=event.id)
    session.flush()
    return event


def _row(session: Session, actor: Actor, case: Case, entry: EventInput) -> Event:
    event = Event(
        case_id=case.id or 0,
        type=entry.type,
        on=entry.on,
        recorded_by_id=actor.user_id,
        details=entry.details(),
    )
    session.add(event)
    session.flush()
    return event


def refuse_voided(case: Case) -> None:
    """Nothing more is recorded in a voided case."""
    if case.state == "voided":
        raise Conflict("case_voided")


def check_type(case: Case, event_type: str, rulebook: Rulebook, *, approval: bool) -> None:
    """The event occurs in this procedure, and needs approval or does not, as the caller says."""
    known = rulebook.policy.events.get(event_type)
    if known is None or case.procedure not in known.procedures:
        raise invalid("type", "event_type")
    if known.approval and not approval:
        raise invalid("type", "event_needs_approval")
    if approval and not known.approval:
        raise invalid("type", "event_needs_no_approval")


def refuse_unlawful(
    matter: Matter, entry: EventInput, rulebook: Rulebook, today: date, actor: Actor
) -> None:
    """Raise Unlawful, worded in the actor's language, when the event may not be recorded now.

    Raises InvalidInput for a text that is too long, and for days that no calendar reaches.
    """
    for field, limit in _LONGEST.items():
        if len(getattr(entry, field) or "") > limit:
            raise invalid(field, "text_long", limit=limit)
    event = event_of(entry.type, entry.on, entry.details())
    try:
        refused = refusal(matter, event, rulebook, today, actor.language)
        if refused is None:
            with_event = replace(matter, events=[*matter.events, event])
            derive(with_event, rulebook, today)
    except OutOfCalendarError as error:
        raise invalid("on", "day_uncountable") from error
    if refused is not None:
        raise Unlawful(refused.field, refused.message, refused.article)


@one_transaction
def correct_event(
    session: Session,
    actor: Actor,
    case: Case,
    event_id: int,
    reason: str,
    replacement: EventInput | None,
    rulebook: Rulebook,
    today: date,
) -> Event:
    """Say that an event does not count, and which one counts in its place, if any.

    Both stay in the timeline. An event that was approved is corrected by those who approve;
    what counts in its place, by those who could have decided the request, and on no day before
    it. Returns the correction.
    """
    lock(session, case)
    require(actor, "case.record", case)
    refuse_voided(case)
    if not reason.strip():
        raise invalid("reason", "reason")
    rows = _rows(session, case)
    wrong = _correctable(rows, event_id)
    if rulebook.policy.events[wrong.type].approval:
        require(actor, "case.approve", case)
        if replacement is not None:
            _check_decided_anew(session, actor, case, rows, wrong, replacement)
    opens = opening_row(case, rows, rulebook) is wrong
    _check_replacement(case, wrong, opens, replacement, rulebook)
    taken_back = [wrong, *(row for row in rows if row.details.get("recorded_with") == wrong.id)]
    if replacement is not None:
        rest = matter_from(case, _without(rows, taken_back))
        refuse_unlawful(rest, replacement, rulebook, today, actor)
    correction = _correct(session, actor, case, taken_back, reason, today)
    if replacement is not None:
        event = append(session, actor, case, replacement, rulebook)
        correction.details = {**correction.details, "replacement_id": event.id}
    recompute.refresh(session, case, rulebook, today)
    return correction


def _rows(session: Session, case: Case) -> list[Event]:
    query = select(Event).where(Event.case_id == case.id).order_by(col(Event.on), col(Event.id))
    return list(session.exec(query))


def _correctable(rows: Sequence[Event], event_id: int) -> Event:
    event = next((row for row in rows if row.id == event_id), None)
    if event is None or event.type == CORRECTION:
        raise NotFound("event")
    if any(row.corrects_id == event_id for row in rows):
        raise invalid("event_id", "event_corrected")
    return event


def _check_replacement(
    case: Case,
    wrong: Event,
    opens: bool,
    replacement: EventInput | None,
    rulebook: Rulebook,
) -> None:
    """A case keeps an event that opens its kind; what needs approval is not slipped in."""
    if opens and replacement is None:
        raise invalid("type", "event_opening")
    if replacement is None:
        return
    openings = rulebook.policy.procedures[case.procedure].opening[case.kind]
    if opens and replacement.type not in openings:
        raise invalid("type", "event_replacement")
    same_kind = rulebook.policy.events[wrong.type].approval
    check_type(case, replacement.type, rulebook, approval=same_kind)


def _check_decided_anew(
    session: Session,
    actor: Actor,
    case: Case,
    rows: Sequence[Event],
    wrong: Event,
    replacement: EventInput,
) -> None:
    """What takes the place of an approved event is a decision on the same request."""
    request = request_behind(session, rows, wrong)
    if not may_decide(session, actor, request, case):
        raise invalid("on", "decided_by_another")
    earliest = request.requested_on if request else wrong.on
    if replacement.on < earliest:
        raise invalid("on", "decided_early", day=earliest.isoformat())


def _without(rows: Sequence[Event], taken_back: Sequence[Event]) -> list[Event]:
    gone = {row.id for row in taken_back}
    corrected = {row.corrects_id for row in rows}
    return [
        row
        for row in rows
        if row.id not in gone and row.id not in corrected and row.type != CORRECTION
    ]


def _correct(
    session: Session,
    actor: Actor,
    case: Case,
    taken_back: Sequence[Event],
    reason: str,
    today: date,
) -> Event:
    """A correction for the event and for each one it had brought; the first is returned."""
    corrections = []
    for row in taken_back:
        correction = _row(session, actor, case, EventInput(CORRECTION, today, note=reason))
        correction.corrects_id = row.id
        corrections.append(correction)
    audit.record(session, actor.user_id, "case.correct", case=case, event=taken_back[0].id)
    session.flush()
    return corrections[0]
