"""What a history says against itself, beyond what each clock finds while it is folded."""

from collections.abc import Iterator, Sequence

from rules.matter import Clock, Event, Finding
from rules.oddities import Oddity
from rules.policy import Policy
from rules.shapes import Plan

# Two events in an order that cannot be: the finding names the other one.
_ON_OTHER_DAYS = frozenset({"before_needed", "after_barring"})
# What a clock may say of the event already, in words of its own.
_TOLD_BY_CLOCKS = frozenset({"after_closure", "needed_missing", "started_again", "contradicts"})


def contradictions(
    events: Sequence[Event],
    plan: Plan,
    policy: Policy,
    found: Sequence[Finding],
    effective: frozenset[int],
) -> tuple[Finding, ...]:
    """`found` with what else is odd, in order of days. `effective` are the numbers of the
    events that some clock had a use for."""
    found = [one for one in found if not _goes_without(one, policy)]
    doubtful = found or plan.oddities or plan.not_extendable or plan.ambiguous
    if not doubtful and plan.spoken_of <= effective:
        return ()
    told = {(finding.event, finding.on) for finding in found}
    more: list[Finding] = []
    odd = set()
    for oddity in plan.oddities:
        event = events[oddity.at]
        if oddity.code in _ON_OTHER_DAYS and _on_one_day(oddity, events):
            continue
        odd.add(oddity.at)
        if oddity.code not in _TOLD_BY_CLOCKS or (event.type, event.on) not in told:
            more.append(_odd(oddity, events))
    more += (
        _idle(events[index], plan.not_extendable.get(index), policy)
        for index in sorted((plan.spoken_of | plan.not_extendable.keys()) - effective - odd)
        if (events[index].type, events[index].on) not in told
    )
    more += _ambiguous(events, plan)
    # One event that happened twice is one contradiction, however many clocks it started.
    once = (one._replace(rule=None) if one.code == "started_again" else one for one in found)
    every = {*once, *more}
    return tuple(sorted(every, key=lambda one: (one.on, one.event, one.code, one.rule or "")))


def _goes_without(finding: Finding, policy: Policy) -> bool:
    """Need nobody say that the case went on before this ended it: it was withdrawn?"""
    return finding.code == "ended_while_stopped" and policy.events[finding.event].while_stopped


def after_period(events: Sequence[Event], plan: Plan, clocks: Sequence[Clock]) -> Iterator[Finding]:
    """What came when the limit within which it was to come had passed for everybody."""
    for at, rule in plan.bounded:
        event = events[at]
        days = [one.due_on for one in clocks if one.rule == rule and one.started_on <= event.on]
        passed = [day for day in days if day is not None and day < event.on]
        if passed and len(passed) == len(days):
            yield Finding("after_period", event.type, event.on, rule, max(passed).isoformat())


def _odd(oddity: Oddity, events: Sequence[Event]) -> Finding:
    event, detail = events[oddity.at], ",".join(oddity.missing)
    if oddity.other_at is not None:
        other = events[oddity.other_at]
        detail = other.type if oddity.code in _ON_OTHER_DAYS else other.on.isoformat()
        if oddity.code == "contradicts":
            detail = f"{other.type} {other.on}"
    return Finding(oddity.code, event.type, event.on, oddity.rule, detail)


def _on_one_day(oddity: Oddity, events: Sequence[Event]) -> bool:
    """Does it lie on the day of what it should follow, or precede? On one day either may."""
    return oddity.other_at is not None and events[oddity.at].on == events[oddity.other_at].on


def _idle(event: Event, replacing: str | None, policy: Policy) -> Finding:
    """Nothing was running that the event speaks of, or what it speaks of knows no extension."""
    named = policy.rules.get(event.rule) if event.rule else None
    if named is not None and event.type not in named.extended_by:
        return Finding("not_extendable", event.type, event.on, named.id)
    if named is None and replacing is not None:
        return Finding("not_extendable", event.type, event.on, replacing)
    return Finding("nothing_running", event.type, event.on, event.rule)


def _ambiguous(events: Sequence[Event], plan: Plan) -> Iterator[Finding]:
    for index in plan.ambiguous:
        if events[index].rule is None:
            yield Finding("ambiguous_extension", events[index].type, events[index].on)
