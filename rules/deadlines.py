"""Events + policy + calendar → the clocks of a matter."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from rules.folding import RuleFold, fold_plain
from rules.matter import Clock, Derivation, Event, Finding, Matter
from rules.plans import Plan, Shape
from rules.rulebook import Rulebook

_CHUNK = 2_000


def derive(matter: Matter, rulebook: Rulebook, today: date) -> Derivation:
    """All clocks of a matter with its contradictions.

    Nothing depends on `today` but whether service by public notice is deemed to have taken
    place by then. Events of a later day than `today` are taken as they are: the caller
    decides what may lie ahead. Raises OutOfCalendarError for days that cannot be counted.
    """
    matter, changes_on = _with_deemed(matter, rulebook, today)
    events = _ordered(matter.events, rulebook)
    shape = _shape(matter, events, rulebook)
    return _fold(events, rulebook.planner.plan(shape), rulebook, changes_on)


def derive_many(matters: Iterable[Matter], rulebook: Rulebook, today: date) -> Iterator[Derivation]:
    """As `derive`, in order; unseen shapes are put to the engine together."""
    remaining = iter(matters)
    while chunk := list(islice(remaining, _CHUNK)):
        prepared = []
        for one in chunk:
            matter, changes_on = _with_deemed(one, rulebook, today)
            events = _ordered(matter.events, rulebook)
            prepared.append((_shape(matter, events, rulebook), events, changes_on))
        rulebook.planner.learn(shape for shape, _, _ in prepared)
        for shape, events, changes_on in prepared:
            yield _fold(events, rulebook.planner.plan(shape), rulebook, changes_on)


def ordered_events(matter: Matter, rulebook: Rulebook) -> list[Event]:
    """The events by day and rank: the order in which they were recorded does not matter."""
    return _ordered(matter.events, rulebook)


def _ordered(events: Sequence[Event], rulebook: Rulebook) -> list[Event]:
    if len(events) < 2:
        return list(events)
    ranks = rulebook.ranks
    keyed = [
        (e.on.toordinal() * 128 + ranks[e.type], e.type, e.days or 0, e.until or e.on, i)
        for i, e in enumerate(events)
    ]
    keyed.sort()
    return [events[key[4]] for key in keyed]


def _shape(matter: Matter, events: Sequence[Event], rulebook: Rulebook) -> Shape:
    tested = rulebook.planner.tested_facts(matter.procedure)
    facts, defaults = matter.facts, rulebook.fact_defaults
    values = tuple([facts.get(name, defaults[name]) for name in tested]) if tested else ()
    return (matter.procedure, matter.jurisdiction, values, tuple([e.type for e in events]))


def _fold(
    events: Sequence[Event], plan: Plan, rulebook: Rulebook, changes_on: date | None
) -> Derivation:
    measures = rulebook.measures
    if plan.plain:
        clocks = []
        findings = [_idle(events[index]) for index in plan.idle]
        for rule in plan.rules:
            clock, finding = fold_plain(rule, events, measures)
            if clock is not None:
                clocks.append(clock)
            elif finding is not None:
                findings.append(finding)
        return Derivation(tuple(clocks), tuple(findings), changes_on)
    return _fold_all(events, plan, rulebook, changes_on)


def _fold_all(
    events: Sequence[Event], plan: Plan, rulebook: Rulebook, changes_on: date | None
) -> Derivation:
    clocks: list[Clock] = []
    findings: list[Finding] = []
    effective: set[int] = set()
    for rule in plan.rules:
        fold = RuleFold(rule, events, rulebook.measures)
        clocks += fold.fold(rulebook.once)
        findings += fold.findings
        effective |= fold.effective
    found_at = {(finding.event, finding.on) for finding in findings}
    for index in sorted(plan.spoken_of - effective):
        if (events[index].type, events[index].on) not in found_at:
            findings.append(_idle(events[index]))
    for index in plan.ambiguous:
        event = events[index]
        if event.rule is None:
            findings.append(Finding("ambiguous_extension", event.type, event.on))
    findings = sorted(set(findings), key=lambda one: (one.on, one.event, one.code, one.rule or ""))
    return Derivation(tuple(clocks), tuple(findings), changes_on)


def _idle(event: Event) -> Finding:
    return Finding("nothing_running", event.type, event.on, event.rule)


def _with_deemed(matter: Matter, rulebook: Rulebook, today: date) -> tuple[Matter, date | None]:
    """The matter with the service that is deemed to have taken place by `today`, and the day
    on which the next one will be. An earlier service that was recorded stands."""
    starting = rulebook.deeming
    if not any(event.type in starting for event in matter.events):
        return matter, None
    added: list[Event] = []
    changes_on: date | None = None
    for event in matter.events:
        deemed = _deemed(event, matter, rulebook)
        if deemed is None:
            continue
        if deemed.on <= today:
            added.append(deemed)
        elif changes_on is None or deemed.on < changes_on:
            changes_on = deemed.on
    if not added:
        return matter, changes_on
    return replace(matter, events=(*matter.events, *added)), changes_on


def _deemed(event: Event, matter: Matter, rulebook: Rulebook) -> Event | None:
    """The service deemed to follow from this event, unless it was recorded by then."""
    rule = rulebook.deeming.get(event.type)
    if rule is None or rule.procedure != matter.procedure:
        return None
    start = event.on.toordinal()
    measure = rulebook.measures.on(rule, start)
    if measure is None:
        return None
    # the N-th day itself, without roll-over.
    day = date.fromordinal(measure.due(start).raw)
    resumed = rule.discharged_by[0]
    if any(one.type == resumed and event.on <= one.on <= day for one in matter.events):
        return None
    return Event(resumed, day)
