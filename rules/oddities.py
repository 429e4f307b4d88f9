"""What is odd in a shape before any date is looked at: events that have no place in it."""

from collections.abc import Sequence
from typing import NamedTuple

from rules.event_types import EventType
from rules.policy import Policy

# From this rank on an event belongs to the time after a case has ended (judgment, service).
AFTER_OUTCOME = 94


class Oddity(NamedTuple):
    """The event number `at` is out of place; `other_at` is the event that closed the case, that
    should have come first and came later, or that left no room for it and came before."""

    at: int
    code: str
    rule: str | None = None
    other_at: int | None = None


def allowed_after_closing(event: EventType) -> bool:
    """May this event follow the closing of its case? An appointment's day may lie after it."""
    return event.rank >= AFTER_OUTCOME or event.after_closing


def _needed_later(needed: Sequence[str], types: Sequence[str], at: int) -> int | None:
    """The first of the events that it needs, where all there are come after it. What is not
    there at all may not have been recorded."""
    if not needed or any(name in needed for name in types[:at]):
        return None
    return next((place for place in range(at + 1, len(types)) if types[place] in needed), None)


def _barred_before(barring: Sequence[str], types: Sequence[str], at: int) -> int | None:
    """The first of the events before it of which none may have been."""
    return next((place for place in range(at) if types[place] in barring), None)


class Oddities:
    """Finds what is odd; what it looks up for a place is kept."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._pauses: dict[tuple[str, str], dict[str, str]] = {}
        self._pauses_of: dict[str, dict[str, str]] = {}

    def find(
        self, procedure: str, jurisdiction: str, types: Sequence[str], fired: Sequence[bool]
    ) -> tuple[Oddity, ...]:
        """All oddities of events in their order, one an event; `fired` says which of them any
        rule had a use for."""
        pauses = self.pauses_elsewhere(procedure, jurisdiction)
        any_pause = self._pauses_anywhere(procedure)
        closing = self.policy.procedures[procedure].closing
        closed_at: int | None = None
        found: list[Oddity] = []
        for at, name in enumerate(types):
            event = self.policy.events[name]
            if procedure not in event.procedures:
                found.append(Oddity(at, "other_procedure"))
            elif name in pauses:
                found.append(Oddity(at, "no_pause_here", pauses[name]))
            elif name in any_pause and not fired[at]:
                found.append(Oddity(at, "pause_not_applicable", any_pause[name]))
            elif name == "extension_agreed" and not fired[at]:
                found.append(Oddity(at, "extends_nothing"))
            elif closed_at is not None and not (event.appointment or allowed_after_closing(event)):
                found.append(Oddity(at, "after_closure", None, closed_at))
            elif (later := _needed_later(event.needs.get(procedure, ()), types, at)) is not None:
                found.append(Oddity(at, "before_needed", None, later))
            elif (bar := _barred_before(event.not_after.get(procedure, ()), types, at)) is not None:
                found.append(Oddity(at, "after_barring", None, bar))
            if closed_at is None and name in closing:
                closed_at = at
        return tuple(found)

    def _pauses_anywhere(self, procedure: str) -> dict[str, str]:
        """Every event that pauses or resumes, with the first rule it does so for."""
        if procedure not in self._pauses_of:
            known: dict[str, str] = {}
            for rule in self.policy.rules.values():
                for pause in rule.pauses if rule.procedure == procedure else ():
                    known.setdefault(pause.from_, rule.id)
                    known.setdefault(pause.to, rule.id)
            self._pauses_of[procedure] = known
        return self._pauses_of[procedure]

    def pauses_elsewhere(self, procedure: str, jurisdiction: str) -> dict[str, str]:
        """Events that pause or resume under other places' law only, each with the rule that
        they would speak of here."""
        key = (procedure, jurisdiction)
        if key not in self._pauses:
            self._pauses[key] = self._look_up(procedure, set(self.policy.chain(jurisdiction)))
        return self._pauses[key]

    def _look_up(self, procedure: str, places: set[str]) -> dict[str, str]:
        elsewhere: dict[str, str] = {}
        known: set[str] = set()
        in_place_of = self._replaced(procedure, places)
        for rule in self.policy.rules.values():
            if rule.procedure != procedure:
                continue
            if rule.jurisdiction in places:
                known |= {*rule.starts_on, *rule.discharged_by, *rule.restarts_on}
            for pause in rule.pauses:
                if {rule.jurisdiction, pause.jurisdiction} <= places:
                    known |= {pause.from_, pause.to}
                else:
                    meant = rule.id if rule.jurisdiction in places else rule.replaces or rule.id
                    meant = in_place_of.get(meant, meant)
                    elsewhere.setdefault(pause.from_, meant)
                    elsewhere.setdefault(pause.to, meant)
        return {event: rule for event, rule in elsewhere.items() if event not in known}

    def _replaced(self, procedure: str, places: set[str]) -> dict[str, str]:
        """The rules that another always stands for in these places, with that one."""
        return {
            rule.replaces: rule.id
            for rule in self.policy.rules.values()
            if rule.replaces is not None
            and rule.procedure == procedure
            and rule.jurisdiction in places
            and rule.use != "off"
            and not (rule.requires or rule.only_after)
        }
