"""The operations of `/api/v1` on the bureau's own duties."""

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from jobs.duties import events_of
from models import DutyEvent
from rules.matter import Status
from service import duties
from service.access import NotFound
from service.api.operations import Operation, Operations
from service.api.schemas import CitationOut, EventOut
from service.dutypages import view
from service.web import clock, identity, language, rulebook
from service.web.database import session
from service.web.numbers import row_id_or_none


class DutyOut(BaseModel):
    """A duty of the bureau itself for one period, which ended on `ended_on`. `state` is
    `cancelled` where the rules in force know no such duty of it. `events` are what was recorded,
    oldest first, with what was taken back."""

    id: int
    rule: str
    obligation: str
    period: str
    ended_on: date
    state: str
    status: Status
    due_on: date | None
    done_on: date | None
    provisional: bool
    in_charge: str
    events: list[EventOut]
    steps: list[str]
    basis: list[CitationOut]


class Duties(BaseModel):
    """Those to be done first, by when they are due; then past periods, the newest first."""

    duties: list[DutyOut]


class DoneIn(BaseModel):
    """That the duty was done on a day, and where it can be read."""

    model_config = ConfigDict(extra="forbid")

    on: date
    note: str = ""


class TakenBackIn(BaseModel):
    """Why what was recorded does not count; both are kept."""

    model_config = ConfigDict(extra="forbid")

    reason: str


def attach(operations: Operations) -> None:
    """Add them to the API."""
    operations.add(
        Operation(
            "list_duties",
            "GET",
            "/duties",
            "duty.read",
            "The recurring duties of the bureau itself, period by period",
            answer=Duties,
        )
    )(list_duties)
    operations.add(
        Operation(
            "record_duty",
            "POST",
            "/duties/{number}/done",
            "duty.record",
            "Record that a duty was done; refused before its period has ended",
            answer=DutyOut,
            body=DoneIn,
            status=201,
        )
    )(record_duty)
    operations.add(
        Operation(
            "take_back_duty",
            "POST",
            "/duties/{number}/events/{event}/take-back",
            "duty.record",
            "Say that what was recorded of a duty does not count, and why; it is open again",
            answer=DutyOut,
            body=TakenBackIn,
            status=201,
        )
    )(take_back_duty)


def list_duties() -> Duties:
    """With the steps and articles of each date."""
    return Duties(duties=_shown(duties.seen(session(), identity.actor())))


def record_duty(number: str, body: DoneIn) -> DutyOut:
    """Answers with the duty as it stands afterwards; `number` is its `id`."""
    duty_id, actor = _id(number, "duty"), identity.actor()
    book, today = rulebook.current(), clock.today()
    duties.record_done(session(), actor, duty_id, body.on, body.note, book, today)
    return _one(duty_id)


def take_back_duty(number: str, event: str, body: TakenBackIn) -> DutyOut:
    """Answers with the duty as it stands afterwards; `event` is the `id` of one of its `events`."""
    duty_id, actor = _id(number, "duty"), identity.actor()
    book, today = rulebook.current(), clock.today()
    event_id = _id(event, "event")
    duties.take_back(session(), actor, duty_id, event_id, body.reason, book, today)
    return _one(duty_id)


def _id(text: str, what: str) -> int:
    found = row_id_or_none(text)
    if found is None:
        raise NotFound(what)
    return found


def _one(duty_id: int) -> DutyOut:
    return _shown([duties.get_duty(session(), identity.actor(), duty_id)])[0]


def _shown(found: Sequence[duties.Found]) -> list[DutyOut]:
    day, lang, book = clock.today(), language.short(), rulebook.current()
    events = events_of(session(), [one.duty for one in found])
    names = view.recorders(session(), [row for rows in events.values() for row in rows])
    answer = []
    for one in view.shown(session(), found, book, day, lang):
        rows = events[one.duty.id or 0]
        why = view.why(one.duty, rows, book, day, lang)
        answer.append(_duty(one, _events(rows, names), why))
    return answer


def _events(rows: Sequence[DutyEvent], names: Mapping[int, str]) -> list[EventOut]:
    corrected = {row.corrects_id: row.id for row in rows if row.corrects_id is not None}
    return [
        EventOut(
            id=row.id or 0,
            type=row.type,
            on=row.on,
            recorded_at=row.recorded_at,
            recorded_by=names[row.recorded_by_id],
            details=row.details,
            corrects_id=row.corrects_id,
            corrected_by=corrected.get(row.id or 0),
        )
        for row in rows
    ]


def _duty(one: view.Shown, events: list[EventOut], why: view.Why) -> DutyOut:
    duty = one.duty
    return DutyOut(
        id=duty.id or 0,
        rule=duty.rule,
        obligation=one.obligation,
        period=one.period,
        ended_on=duty.ended_on,
        state=duty.state,
        status=one.status,
        due_on=duty.due_on,
        done_on=duty.done_on,
        provisional=duty.provisional,
        in_charge=one.charge,
        events=events,
        steps=list(why.steps),
        basis=[CitationOut.model_validate(source) for source in why.sources],
    )
