"""Can every limit begin and be met with the events there are?"""

from collections.abc import Iterable, Iterator

from rules.policy import Policy
from rules.schema import Rule


def recordable(policy: Policy, procedure: str) -> frozenset[str]:
    """The events of a procedure that some history can hold: one of those they need, if any,
    can happen before them."""
    waiting = {
        event.id: event.needs.get(procedure, ())
        for event in policy.events.values()
        if procedure in event.procedures
    }
    found: set[str] = set()
    while possible := {
        name for name, needed in waiting.items() if not needed or not found.isdisjoint(needed)
    }:
        found |= possible
        waiting = {name: needed for name, needed in waiting.items() if name not in possible}
    return frozenset(found)


def dead_ends(policy: Policy) -> Iterator[tuple[str, str]]:
    """Rules that cannot begin, be met or go on again: their id, with reason and remedy."""
    possible = {name: recordable(policy, name) for name in policy.procedures}
    for rule in policy.rules.values():
        for reason in _dead_ends(rule, policy, possible[rule.procedure]):
            yield rule.id, reason


def _dead_ends(rule: Rule, policy: Policy, possible: frozenset[str]) -> Iterator[str]:
    yield from _none_of(rule.starts_on, possible, "begin")
    yield from _none_of([rule.waits_for] if rule.waits_for else [], possible, "begin")
    yield from _none_of(rule.discharged_by, possible, "discharge")
    yield from _none_of(rule.cancelled_by, possible, "cancel")
    for pause in rule.pauses:
        yield from _none_of([pause.to], possible, "resume")
    begun_and_ended = {*rule.starts_on, *rule.restarts_on} & {
        *rule.discharged_by,
        *rule.cancelled_by,
    }
    for event in sorted(begun_and_ended):
        yield f"{event} both begins and ends it; take it out of one of the two"
    for start in rule.starts_on:
        if rule.discharged_by and all(
            start in policy.events[end].not_after.get(rule.procedure, ())
            for end in rule.discharged_by
        ):
            yield f"nothing that ends it may follow {start}; see not_after in events/"


def _none_of(events: Iterable[str], possible: frozenset[str], what: str) -> Iterator[str]:
    listed = list(events)
    if listed and possible.isdisjoint(listed):
        yield (
            f"nothing can {what} it: what {' or '.join(listed)} needs never happens;"
            " see needs in events/"
        )
