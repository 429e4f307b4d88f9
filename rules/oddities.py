"""What is odd in a shape before any date is looked at: events that have no place in it."""

from collections.abc import Sequence
from typing import NamedTuple

from rules.common import Text
from rules.event_types import Contradiction, EventType
from rules.policy import Policy
from rules.schema import Rule

# Below this rank an event is a fact from before the matter reached the authority.
BEFORE_RECEIPT = 10
# From this rank on an event belongs to the time after a case has ended (judgment, service).
AFTER_OUTCOME = 94


class Oddity(NamedTuple):
    """The event number `at` is out of place; `other_at` is the event that closed the case, that
    should have come first and came later, or that left no room for it and came before. `missing`
    are the events of which one should have come first and none did."""

    at: int
    code: str
    rule: str | None = None
    other_at: int | None = None
    missing: tuple[str, ...] = ()


def allowed_after_closing(event: EventType) -> bool:
    """May this event follow the closing of its case? An appointment's day may lie after it."""
    return event.rank >= AFTER_OUTCOME or event.after_closing


def _unmet(
    needed: tuple[str, ...], types: Sequence[str], at: int, unrecorded: frozenset[str]
) -> Oddity | None:
    """What it stands on comes only later, or is not there at all, nor among what was not
    recorded."""
    if not needed or any(name in needed for name in types[:at]):
        return None
    later = next((place for place in range(at + 1, len(types)) if types[place] in needed), None)
    if later is not None:
        return Oddity(at, "before_needed", None, later)
    missing = unrecorded.isdisjoint(needed)
    return Oddity(at, "needed_missing", missing=needed) if missing else None


def _contradicted(known: Contradiction | None, types: Sequence[str], at: int) -> Oddity | None:
    """The last outcome before it that it contradicts. A request after that outcome, or one for
    each outcome and one more, makes room for another."""
    if known is None:
        return None
    outcomes = [place for place in range(at) if types[place] in known.events]
    if not outcomes:
        return None
    requests = [place for place in range(at) if types[place] in known.unless_since]
    if requests and (requests[-1] > outcomes[-1] or len(requests) > len(outcomes)):
        return None
    return Oddity(at, "contradicts", None, outcomes[-1])


def _barred_before(barring: Sequence[str], types: Sequence[str], at: int) -> int | None:
    """The first of the events before it of which none may have been."""
    return next((place for place in range(at) if types[place] in barring), None)


# The events of which one has to come before an event, and those that would be against it.
_Binding = tuple[frozenset[str], frozenset[str]]


def _against(event: EventType, procedure: str) -> frozenset[str]:
    known = event.contradicts.get(procedure)
    itself = (event.id,) if event.once else ()
    return frozenset(
        (*event.not_after.get(procedure, ()), *(known.events if known else ()), *itself)
    )


def _odd(binding: _Binding, seen: set[str]) -> bool:
    """May an event be out of place after those seen? Asked of every event, since few are."""
    needed, against = binding
    return bool(needed and seen.isdisjoint(needed)) or not seen.isdisjoint(against)


class Oddities:
    """Finds what is odd; what it looks up for a place is kept."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._pauses: dict[tuple[str, str], dict[str, str]] = {}
        self._pauses_of: dict[str, dict[str, str]] = {}
        self._ancestors: dict[tuple[str, str], frozenset[str]] = {}
        self._bindings: dict[str, dict[str, _Binding]] = {}

    def find(
        self, procedure: str, jurisdiction: str, types: Sequence[str], fired: Sequence[bool]
    ) -> tuple[Oddity, ...]:
        """All oddities of events in their order, one an event; `fired` says which of them any
        rule had a use for."""
        pauses = self.pauses_elsewhere(procedure, jurisdiction)
        any_pause = self._pauses_anywhere(procedure)
        closing = self.policy.procedures[procedure].closing
        closed_at: int | None = None
        unrecorded = self._unrecorded(procedure, types)
        bindings = self._bindings_in(procedure)
        seen: set[str] = set()
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
                after = Oddity(at, "after_closure", None, closed_at)
                excluded = _contradicted(event.contradicts.get(procedure), types, at)
                found.append(excluded if excluded and excluded.other_at == closed_at else after)
            elif _odd(bindings[name], seen):
                found += self._out_of_place(event, procedure, types, at, unrecorded)
            if closed_at is None and name in closing:
                closed_at = at
            seen.add(name)
        return tuple(found)

    def _out_of_place(
        self,
        event: EventType,
        procedure: str,
        types: Sequence[str],
        at: int,
        unrecorded: frozenset[str],
    ) -> list[Oddity]:
        """What the events before it, and those that are not there, say against it; one at most."""
        unmet = _unmet(event.stands_on(procedure), types, at, unrecorded)
        unsaid = procedure in event.needs_unsaid
        if unmet is not None and not (unsaid and unmet.code == "needed_missing"):
            return [unmet]
        bar = _barred_before(event.not_after.get(procedure, ()), types, at)
        if bar is not None:
            return [Oddity(at, "after_barring", None, bar)]
        if event.once and event.id in types[:at]:
            return [Oddity(at, "started_again")]
        excluded = _contradicted(event.contradicts.get(procedure), types, at)
        return [] if excluded is None else [excluded]

    def _bindings_in(self, procedure: str) -> dict[str, _Binding]:
        """By event, those of which one has to come before it, and those of which none may."""
        if procedure not in self._bindings:
            self._bindings[procedure] = {
                event.id: (frozenset(event.stands_on(procedure)), _against(event, procedure))
                for event in self.policy.events.values()
            }
        return self._bindings[procedure]

    def _unrecorded(self, procedure: str, types: Sequence[str]) -> frozenset[str]:
        """What a history that begins in the middle stands on: all that its first events need,
        facts from before the receipt aside, may have happened without being recorded."""
        found: frozenset[str] = frozenset()
        for name in types:
            found |= self._ancestors_of(procedure, name)
            if self.policy.events[name].rank >= BEFORE_RECEIPT:
                break
        return found

    def _ancestors_of(self, procedure: str, name: str) -> frozenset[str]:
        """All that has to happen before an event, whichever way it comes about."""
        if (procedure, name) not in self._ancestors:
            events, found, waiting = self.policy.events, set[str](), {name}
            while waiting:
                named = {other for one in waiting for other in events[one].stands_on(procedure)}
                waiting = named - found
                found |= waiting
            self._ancestors[procedure, name] = frozenset(found)
        return self._ancestors[procedure, name]

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
                known |= {*rule.cancelled_by}
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


def holds_elsewhere(event: str, rule: Rule, policy: Policy) -> Text | None:
    """What holds of an event that stops the rule's clock under other places' law only, where more
    is known than that it does nothing."""
    for one in policy.rules.values():
        for pause in one.pauses if one.procedure == rule.procedure else ():
            if pause.elsewhere is not None and event in (pause.from_, pause.to):
                return pause.elsewhere
    return None
