"""Events + policy + calendar → the clocks of a matter."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from operator import lt

from rules.contradictions import contradictions
from rules.folding import RuleFold, fold_plain
from rules.matter import Clock, Derivation, Event, Finding, Matter
from rules.plans import Plan, RulePlan, Shape
from rules.rulebook import Rulebook

_CHUNK = 2_000


def derive(matter: Matter, rulebook: Rulebook, today: date) -> Derivation:
    """All clocks of a matter with its contradictions.

    Nothing depends on `today` but whether service by public notice is deemed to have taken
    place by then. Events of a later day than `today` are taken as they are: the caller
    decides what may lie ahead. Raises OutOfCalendarError for days that cannot be counted.
    """
    shape, events, deemed, changes_on = _prepared(matter, rulebook, today)
    return _fold(events, rulebook.planner.plan(shape), rulebook, changes_on, deemed)


def derive_many(matters: Iterable[Matter], rulebook: Rulebook, today: date) -> Iterator[Derivation]:
    """As `derive`, in order; unseen shapes are put to the engine together."""
    remaining = iter(matters)
    while chunk := list(islice(remaining, _CHUNK)):
        prepared = [_prepared(one, rulebook, today) for one in chunk]
        rulebook.planner.learn(shape for shape, _, _, _ in prepared)
        for shape, events, deemed, changes_on in prepared:
            yield _fold(events, rulebook.planner.plan(shape), rulebook, changes_on, deemed)


def ordered_events(matter: Matter, rulebook: Rulebook) -> list[Event]:
    """The events by day and rank: the order in which they were recorded does not matter."""
    return list(_ordered(matter.events, rulebook))


def _ordered(events: Sequence[Event], rulebook: Rulebook) -> Sequence[Event]:
    ranks = rulebook.ranks
    days = [event.on.toordinal() * 128 + ranks[event.type] for event in events]
    if all(map(lt, days, days[1:])):
        return events
    keyed = [(days[i], e.type, e.days or 0, e.until or e.on, i) for i, e in enumerate(events)]
    keyed.sort()
    return [events[key[4]] for key in keyed]


def _prepared(
    matter: Matter, rulebook: Rulebook, today: date
) -> tuple[Shape, Sequence[Event], Sequence[Event], date | None]:
    """The matter's shape, its events in order with the service deemed to have taken place,
    that service, and the day on which the next one will be."""
    events = matter.events
    deemed: Sequence[Event] = ()
    changes_on = None
    if not rulebook.deeming.keys().isdisjoint([event.type for event in events]):
        deemed, changes_on = _deemed_service(matter, rulebook, today)
        events = (*events, *deemed)
    events = _ordered(events, rulebook)
    tested = rulebook.planner.tested_facts(matter.procedure)
    facts, defaults = matter.facts, rulebook.fact_defaults
    values = tuple([facts.get(name, defaults[name]) for name in tested]) if tested else ()
    types = tuple([event.type for event in events])
    return (matter.procedure, matter.jurisdiction, values, types), events, deemed, changes_on


def _fold(
    events: Sequence[Event],
    plan: Plan,
    rulebook: Rulebook,
    changes_on: date | None,
    deemed: Sequence[Event],
) -> Derivation:
    if deemed:
        # What was computed cannot contradict anything: only what was recorded can.
        found = _fold_all(events, plan, rulebook, changes_on)
        computed = {(event.type, event.on) for event in deemed}
        kept = tuple(one for one in found.findings if (one.event, one.on) not in computed)
        return replace(found, findings=kept)
    if not plan.plain:
        return _fold_all(events, plan, rulebook, changes_on)
    clocks = fold_plain(plan.rules, events, rulebook.measures)
    if clocks is None:
        return _fold_all(events, plan, rulebook, changes_on)
    if not (plan.idle or plan.oddities or plan.not_extendable):
        return Derivation(tuple(clocks), (), changes_on)
    used = plan.spoken_of.difference(plan.idle)
    findings = contradictions(events, plan, rulebook.policy, (), used)
    return Derivation(tuple(clocks), findings, changes_on)


def _fold_all(
    events: Sequence[Event], plan: Plan, rulebook: Rulebook, changes_on: date | None
) -> Derivation:
    clocks: list[Clock] = []
    findings: list[Finding] = []
    effective: set[int] = set()
    for rule in plan.rules:
        before = len(clocks)
        _fold_rule(rule, events, rulebook, clocks, findings, effective)
        given_way = plan.replaced.get(rule.rule.id)
        if given_way is not None and len(clocks) == before:
            _fold_rule(given_way, events, rulebook, clocks, findings, effective)
    told = contradictions(events, plan, rulebook.policy, findings, frozenset(effective))
    return Derivation(tuple(clocks), told, changes_on)


def _fold_rule(
    rule: RulePlan,
    events: Sequence[Event],
    rulebook: Rulebook,
    clocks: list[Clock],
    findings: list[Finding],
    effective: set[int],
) -> None:
    """Adds the rule's clocks and findings, and the events it had a use for."""
    if rule.start is None:
        fold = RuleFold(rule, events, rulebook.measures)
        clocks += fold.fold(rulebook.once)
        findings += fold.findings
        effective |= fold.effective
        return
    made = fold_plain((rule,), events, rulebook.measures)
    if made is None:
        started = events[rule.start]
        findings.append(Finding("not_in_force", started.type, started.on, rule.rule.id))
    else:
        clocks += made
    effective.update([one.at for one in rule.operations])


def _deemed_service(
    matter: Matter, rulebook: Rulebook, today: date
) -> tuple[Sequence[Event], date | None]:
    """Service that is deemed to have taken place by `today`, and the day on which the next
    one will be. An earlier service that was recorded stands."""
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
    return added, changes_on


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
