"""The operations of `/api/v1` on the bureau's own duties."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from jobs.duties import events_of
from rules.matter import Status
from service import duties
from service.access import NotFound
from service.api.operations import Operation, Operations
from service.api.schemas import CitationOut
from service.dutypages import view
from service.web import clock, identity, language, rulebook
from service.web.database import session
from service.web.numbers import row_id_or_none


class DutyOut(BaseModel):
    """A duty of the bureau itself for one period, which ended on `ended_on`. `state` is
    `cancelled` where the rules in force know no such duty of it."""

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


def list_duties() -> Duties:
    """With the steps and articles of each date."""
    return Duties(duties=_shown(duties.seen(session(), identity.actor())))


def record_duty(number: str, body: DoneIn) -> DutyOut:
    """Answers with the duty as it stands afterwards; `number` is its `id`."""
    duty_id, actor = row_id_or_none(number), identity.actor()
    if duty_id is None:
        raise NotFound("duty")
    book, today = rulebook.current(), clock.today()
    duties.record_done(session(), actor, duty_id, body.on, body.note, book, today)
    return _shown([duties.get_duty(session(), actor, duty_id)])[0]


def _shown(found: Sequence[duties.Found]) -> list[DutyOut]:
    day, lang, book = clock.today(), language.short(), rulebook.current()
    events = events_of(session(), [one.duty for one in found])
    return [
        _duty(one, view.why(one.duty, events[one.duty.id or 0], book, day, lang))
        for one in view.shown(session(), found, book, day, lang)
    ]


def _duty(one: view.Shown, why: view.Why) -> DutyOut:
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
        steps=list(why.steps),
        basis=[CitationOut.model_validate(source) for source in why.sources],
    )
