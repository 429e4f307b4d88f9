"""Duties of the bureau itself: raised when a period has ended, derived from what was recorded.

A duty is a matter of its own with one event, the end of its period, and what people recorded
since. Rows are few, some a year, and are looked at together.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from jobs.deriving import as_event, counting_events
from jobs.inserting import add
from jobs.periods import Period, quarter_of, year_of
from jobs.settings import JobSettings
from models import BureauDuty, DutyCharge, DutyEvent, Unit, User
from rules.calendar import add_calendar_days, quarter_number
from rules.deadlines import derive
from rules.matter import Clock, Event, Matter
from rules.rulebook import Rulebook
from rules.schema import Rule
from rules.wording import Wording

_PERIODS = {"quarter": quarter_of, "year": year_of}


class Charge(NamedTuple):
    """Who has charge of a duty: the supervisors of a unit, and one person where named."""

    unit_id: int
    handler_id: int | None = None


def bring_up_to_date(
    session: Session, rulebook: Rulebook, today: date, settings: JobSettings
) -> dict[str, int]:
    """Raise what periods ended since, and derive anew what another policy or calendar derived.

    Returns how many duties were raised and how many changed; again, it does nothing. The caller
    commits.
    """
    raised = add(session, BureauDuty, list(_missing(session, rulebook, today, settings)))
    stale = session.exec(
        select(BureauDuty)
        .where(func.coalesce(col(BureauDuty.derived_with), "") != rulebook.fingerprint)
        .order_by(col(BureauDuty.id))
        .with_for_update()
    ).all()
    events = events_of(session, stale)
    for duty in stale:
        write(duty, events[duty.id or 0], rulebook, today)
    session.flush()
    return {"duties_raised": raised, "duties_derived": len(stale)}


def recurring(rulebook: Rulebook, place: str) -> list[Rule]:
    """The recurring rules that count in a place."""
    chain = rulebook.policy.chain(place)
    return [
        rule
        for rule in rulebook.policy.rules.values()
        if rule.kind == "recurring" and rule.use != "off" and rule.jurisdiction in chain
    ]


def _missing(
    session: Session, rulebook: Rulebook, today: date, settings: JobSettings
) -> Iterator[dict[str, Any]]:
    """A row for each period that ended since the installation began, where a rule in force on
    its last day makes a duty of it, that does not stand yet."""
    began = _began_on(session, settings)
    known = {(duty.rule, duty.ended_on) for duty in session.exec(select(BureauDuty))}
    for rule in recurring(rulebook, settings.jurisdiction) if began else ():
        event = rulebook.policy.events[rule.starts_on[0]]
        for period in _ended(_PERIODS[str(event.ends)](began or today), today):
            duty = BureauDuty(
                rule=rule.id,
                procedure=rule.procedure,
                jurisdiction=settings.jurisdiction,
                event=event.id,
                ended_on=period.ends_on,
            )
            if (rule.id, period.ends_on) not in known and clock_of(duty, (), rulebook, today):
                yield duty.model_dump(exclude={"id"})


def _began_on(session: Session, settings: JobSettings) -> date | None:
    """The day on which the installation got its first person."""
    first: datetime | None = session.exec(select(func.min(col(User.created_at)))).one()
    return first.astimezone(ZoneInfo(settings.time_zone)).date() if first else None


def _ended(period: Period, today: date) -> Iterator[Period]:
    """This period and those that follow, as far as they have ended."""
    while period.ended_by(today):
        yield period
        period = _PERIODS[period.kind](add_calendar_days(period.ends_on, 1))


def events_of(session: Session, duties: Sequence[BureauDuty]) -> Mapping[int, list[DutyEvent]]:
    """What was recorded of each, by id, oldest first; one query."""
    found: dict[int, list[DutyEvent]] = defaultdict(list)
    ids = [duty.id for duty in duties]
    query = select(DutyEvent).where(col(DutyEvent.duty_id).in_(ids)).order_by(col(DutyEvent.id))
    for row in session.exec(query) if ids else ():
        found[row.duty_id].append(row)
    return found


def matter_of(duty: BureauDuty, rows: Sequence[DutyEvent]) -> Matter:
    """What the rules are asked about: the end of the period, and what was recorded since."""
    recorded = [as_event(row) for row in counting_events(rows)]
    events = (Event(duty.event, duty.ended_on), *recorded)
    return Matter(duty.procedure, duty.jurisdiction, events)


def clock_of(
    duty: BureauDuty, rows: Sequence[DutyEvent], rulebook: Rulebook, today: date
) -> Clock | None:
    """The clock of the duty; None where the rules in force know no such duty of that period."""
    if duty.event not in rulebook.policy.events:
        return None
    found = derive(matter_of(duty, rows), rulebook, today).clocks
    return next((clock for clock in found if clock.rule == duty.rule), None)


def write(duty: BureauDuty, rows: Sequence[DutyEvent], rulebook: Rulebook, today: date) -> None:
    """What follows from the events into the columns of the duty; the caller saves."""
    clock = clock_of(duty, rows, rulebook, today)
    duty.state = clock.state if clock else "cancelled"
    duty.due_on = clock.due_on if clock else None
    duty.done_on = clock.ended_on if clock else None
    duty.provisional = clock is not None and clock.provisional
    duty.alertable = clock is not None and clock.state == "running"
    duty.derived_with = rulebook.fingerprint


def charges(session: Session, rules: Sequence[str]) -> dict[str, Charge]:
    """Who has charge of these rules; the unit at the top where nobody chose. Nothing where there
    is no unit."""
    top = session.exec(select(Unit.id).where(col(Unit.parent_id).is_(None)).order_by("id")).first()
    chosen = {row.rule: Charge(row.unit_id, row.handler_id) for row in session.exec(_CHARGES)}
    known = {rule: chosen.get(rule) or (Charge(top) if top else None) for rule in rules}
    return {rule: charge for rule, charge in known.items() if charge}


_CHARGES = select(DutyCharge)


def period_name(event: str, ended_on: date, rulebook: Rulebook, language: str) -> str:
    """What a period is called: "Q3 2026", "2026"; its last day where the policy has no name."""
    known = rulebook.policy.events.get(event)
    if known is None or known.ends is None:
        return ended_on.isoformat()
    say = Wording(rulebook, language)
    return say(f"period_{known.ends}", year=ended_on.year, quarter=quarter_number(ended_on))
