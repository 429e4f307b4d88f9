"""Service that is deemed to have taken place, and which service a recorded one answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from rules.matter import Event, Finding, Matter
from rules.rulebook import Rulebook
from rules.schema import Rule
from rules.shapes import Setting

# The ground of a recorded service that answers none of those that were begun.
_NONE = ""


@dataclass(slots=True)
class _Service:
    """A service that was begun, and the day on which it is deemed made: None where nothing
    entered tells it. `made` when an event says so."""

    begun: Event
    rule: Rule
    day: date | None
    made: bool = False

    def open_on(self, on: date) -> bool:
        """Has it neither been made nor been deemed to be by then?"""
        return not self.made and (self.day is None or on <= self.day)


@dataclass(slots=True)
class Services:
    """The events: those recorded, with the service that each answers as its ground, and those
    `computed`. What is odd about the recorded ones, and the day on which the next service will be
    deemed made."""

    events: Sequence[Event]
    computed: Sequence[Event] = ()
    findings: list[Finding] = field(default_factory=list)
    changes_on: date | None = None


def services(matter: Matter, setting: Setting, rulebook: Rulebook, today: date) -> Services:
    """What was served by `today`, recorded or of itself. A service ends nothing that another one
    began: a document that was posted leaves a public notice as it is."""
    begun = sorted(_begun(matter, setting, rulebook), key=lambda one: (one.begun.on, one.rule.id))
    served = {one.rule.discharged_by[0] for one in begun}
    found = Services(matter.events)
    recorded = [event for event in matter.events if event.type in served]
    if recorded:
        # One that names what it answers goes before one of its day that does not.
        recorded.sort(key=lambda one: (one.on, one.ground is None, one.ground))
        answers = [_answer(event, begun, found.findings, rulebook) for event in recorded]
        found.events = [*(one for one in matter.events if one.type not in served), *answers]
    _deem(begun, found, today)
    return found


def _begun(matter: Matter, setting: Setting, rulebook: Rulebook) -> Iterator[_Service]:
    for event in matter.events:
        rule = rulebook.planner.deemed_by(setting, event.type)
        if rule is not None:
            dates = rulebook.measures.plain(rule, event.on)
            yield _Service(event, rule, dates.due_on if dates else None)


def _deem(begun: Sequence[_Service], found: Services, today: date) -> None:
    """Adds what no event says: on the day itself (A-7)."""
    left = [(one.day, one) for one in begun if one.day is not None and not one.made]
    computed = [
        Event(one.rule.discharged_by[0], day, ground=one.begun.type)
        for day, one in left
        if day <= today
    ]
    if computed:
        found.events, found.computed = [*found.events, *computed], computed
    found.changes_on = min((day for day, _ in left if day > today), default=None)


def _answer(
    event: Event, begun: Sequence[_Service], findings: list[Finding], rulebook: Rulebook
) -> Event:
    """The recorded service, with what it answers as its ground."""
    spoken_of = [
        one for one in begun if one.begun.on <= event.on and event.ground in (None, one.begun.type)
    ]
    known = [one for one in spoken_of if not one.made]
    meant = _meant(event, known)
    if meant is not None:
        meant.made = True
        if meant.day is not None and event.on < meant.day and _stops(meant.begun.type, rulebook):
            findings.append(_found("deemed_early", event, meant))
        return event._replace(ground=meant.begun.type)
    still_open = [one for one in known if one.open_on(event.on)]
    passed = [one for one in spoken_of if one.day is not None and one.day < event.on]
    if not (still_open or passed):
        return event
    code = "which_service" if still_open else "deemed_already"
    findings.append(_found(code, event, (still_open or passed)[-1]))
    return event._replace(ground=_NONE)


def _meant(event: Event, known: Sequence[_Service]) -> _Service | None:
    """The service that comes to its end on this day; else the first that is open, where it can
    mean no other kind, nor one that was deemed made before."""
    still_open = [one for one in known if one.open_on(event.on)]
    for one in still_open:
        if one.day == event.on:
            return one
    plain = len(still_open) == len(known) and len({one.begun.type for one in known}) == 1
    return still_open[0] if still_open and (plain or event.ground is not None) else None


def _stops(begun_by: str, rulebook: Rulebook) -> bool:
    """Does a limit stand still until what began with this event is served?"""
    every = rulebook.policy.rules.values()
    return any(
        pause.ends_after and pause.from_ == begun_by for one in every for pause in one.pauses
    )


def _found(code: str, event: Event, service: _Service) -> Finding:
    day = service.day.isoformat() if service.day is not None else ""
    return Finding(code, event.type, event.on, service.rule.id, day)
