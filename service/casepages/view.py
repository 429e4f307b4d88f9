"""What the page of a case shows, made ready for its template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from jobs.deriving import CORRECTION
from models import Approval, Case, Unit
from rules.deadlines import completed
from rules.matter import Matter
from rules.rulebook import Rulebook
from service.access import Actor, sees_numbers, sees_reporter
from service.cases import records
from service.cases.deciding import may_decide
from service.cases.records import CaseRecord, EventView, RevisionView


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the timeline; a corrected one says why it does not count any more."""

    event: EventView
    recorded_on: date
    correction: EventView | None = None

    @property
    def late(self) -> bool:
        """Was it recorded on a later day than it happened?"""
        return self.event.on < self.recorded_on


@dataclass(frozen=True, slots=True)
class Request:
    """A request for approval, and what this person may do with it."""

    approval: Approval
    reason: str
    decision_note: str
    requested_by: str
    decided_by: str
    may_decide: bool
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with all that stands on its page, apart from its deadlines."""

    record: CaseRecord
    unit: Unit
    timeline: Sequence[Line]
    requests: Sequence[Request]
    revisions: Sequence[RevisionView]
    reveals_numbers: bool
    reveals_reporter: bool


def view_of(
    session: Session, actor: Actor, case: Case, rulebook: Rulebook, zone: ZoneInfo, today: date
) -> CaseView:
    """Read the page's content; `case` came through the gate."""
    record = records.load(session, actor, case)
    arrived = _arrived(record.matter, rulebook, today, actor.language)
    return CaseView(
        record=record,
        unit=session.get_one(Unit, case.unit_id),
        timeline=timeline([*record.events, *arrived], rulebook, zone),
        requests=_requests(session, actor, case, record),
        revisions=records.revisions(session, actor, case),
        reveals_numbers=sees_numbers(actor, case),
        reveals_reporter=case.kind == "report" and sees_reporter(session, actor, case),
    )


def timeline(events: Sequence[EventView], rulebook: Rulebook, zone: ZoneInfo) -> list[Line]:
    """Newest first, events of one day in the rank of the policy.

    A correction is no line of its own: it stands with the event that it took back.
    """
    known = rulebook.policy.events
    corrections = {event.corrects_id: event for event in events if event.type == CORRECTION}
    shown = [event for event in events if event.type != CORRECTION]
    shown.sort(key=lambda event: (event.on, known[event.type].rank, event.id), reverse=True)
    return [
        Line(event, event.recorded_at.astimezone(zone).date(), corrections.get(event.id))
        for event in shown
    ]


def _arrived(matter: Matter, rulebook: Rulebook, today: date, language: str) -> list[EventView]:
    """What has come by itself: no row of its own, nothing to correct."""
    added = completed(matter, rulebook, today).events[len(matter.events) :]
    return [
        EventView(
            id=0,
            type=event.type,
            on=event.on,
            recorded_at=datetime.combine(event.on, time(12), UTC),
            recorded_by=rulebook.policy.events[event.type].recorded_by[language],
            details={},
            corrects_id=None,
            corrected_by=None,
            replacement_id=None,
        )
        for event in added
    ]


def _requests(session: Session, actor: Actor, case: Case, record: CaseRecord) -> list[Request]:
    """The requests of the case, the newest first."""
    return [
        Request(
            approval=one.approval,
            reason=one.reason,
            decision_note=one.decision_note,
            requested_by=one.requested_by,
            decided_by=one.decided_by,
            may_decide=_open(one.approval, case) and may_decide(session, actor, one.approval, case),
            may_take_back=_open(one.approval, case)
            and actor.role in ("caseworker", "supervisor")
            and actor.user_id in (one.approval.requested_by_id, case.handler_id),
        )
        for one in reversed(record.approvals)
    ]


def _open(approval: Approval, case: Case) -> bool:
    return approval.state == "waiting" and case.state != "voided"
