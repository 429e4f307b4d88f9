"""What the closing of a case does to its clocks: the one implementation, for stored cases as for
matters that are only asked about."""

from collections.abc import Collection
from datetime import date

from rules.deadlines import derive
from rules.matter import OURS, Clock, Derivation, Event, Matter
from rules.rulebook import Rulebook

# What only advises us is ours to do as well: nothing of it is left when the case has closed.
_ENDING = OURS | {"advisory"}


def settled(matter: Matter, rulebook: Rulebook, today: date) -> Derivation:
    """As `derive`, with the clocks as they are shown: what the case left open ended with it."""
    found = derive(matter, rulebook, today)
    return found._replace(clocks=tuple(shown_clocks(matter, found, rulebook)))


def shown_clocks(matter: Matter, derivation: Derivation, rulebook: Rulebook) -> list[Clock]:
    """The clocks as they are stored and shown: what was still open when the case closed ended
    with it, and a duty that begins a case of its own elsewhere is not ours."""
    closing = closing_of(matter, rulebook)
    if closing is None:
        return list(derivation.clocks)
    clocks = (_of_whom(clock, closing, rulebook, matter.procedure) for clock in derivation.clocks)
    return [ended_with_case(clock, closing, rulebook) for clock in clocks]


def closing_of(matter: Matter, rulebook: Rulebook) -> Event | None:
    """The event that closed the case, if it has closed."""
    return first_of(matter, rulebook, rulebook.policy.procedures[matter.procedure].closing)


def first_of(matter: Matter, rulebook: Rulebook, types: Collection[str]) -> Event | None:
    """The earliest event of these types; on one day their rank decides."""
    found = [event for event in matter.events if event.type in types]
    ranks = rulebook.policy.events
    return min(found, key=lambda event: (event.on, ranks[event.type].rank), default=None)


def ended_with_case(clock: Clock, closing: Event | None, rulebook: Rulebook) -> Clock:
    """A duty still open when the case closes ends with it, unless it was already overdue or
    outlives the case."""
    if closing is None or clock.kind not in _ENDING or clock.started_on > closing.on:
        return clock
    if clock.state not in ("running", "paused"):
        return clock
    if clock.due_on is not None and clock.due_on < closing.on:
        return clock
    if rulebook.policy.rules[clock.rule].outlives_case:
        return clock
    return clock._replace(state="cancelled", ended_on=closing.on, ended_by=closing.type)


def _of_whom(clock: Clock, closing: Event, rulebook: Rulebook, procedure: str) -> Clock:
    """After the case has closed a duty is another authority's: what opens a case of its own (a
    review asked for), and what an order runs into that was handed on with the case."""
    rule, started = rulebook.policy.rules[clock.rule], rulebook.policy.events[clock.started_by]
    if clock.kind not in OURS or clock.started_on < closing.on:
        return clock
    opens = started.id in rulebook.policy.procedures[procedure].openings
    elsewhere = opens or (started.by_itself and not rule.outlives_case)
    return clock._replace(kind="authority") if elsewhere else clock
