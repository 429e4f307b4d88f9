"""Events + policy + calendar → the clocks of a matter."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from operator import call

from rules.calendar import add_calendar_days
from rules.contradictions import after_period, contradictions
from rules.deemed import Services, services
from rules.folding import RuleFold
from rules.matter import Clock, Derivation, Event, Finding, Matter
from rules.plain import fold_plain
from rules.rulebook import Rulebook
from rules.shapes import Course, Plan, RulePlan, Setting

_CHUNK = 2_000
# The setting and the course, the events in order with the service deemed to have taken place,
# their days, and what is known of service where some was begun.
_Prepared = tuple[Setting, Course, Sequence[Event], Sequence[date], Services | None]


def derive(matter: Matter, rulebook: Rulebook, today: date) -> Derivation:
    """All clocks of a matter with its contradictions.

    Nothing depends on `today` but whether service by public notice is deemed to have taken
    place by then, and what has run out (an order to pay that was not obeyed). Events of a later
    day than `today` are taken as they are: the caller decides what may lie ahead. Raises
    OutOfCalendarError for days that cannot be counted.
    """
    found = _as_recorded(matter, rulebook, today)
    return _completed(matter, found, rulebook, today)[1]


def completed(matter: Matter, rulebook: Rulebook, today: date) -> Matter:
    """The matter with the events that the application has recorded by itself up to `today`:
    limits that passed and that nothing met."""
    if matter.procedure not in rulebook.expiring:
        return matter
    return _completed(matter, _as_recorded(matter, rulebook, today), rulebook, today)[0]


def derive_many(matters: Iterable[Matter], rulebook: Rulebook, today: date) -> Iterator[Derivation]:
    """As `derive`, in order; unseen shapes are put to the engine together."""
    remaining = iter(matters)
    while chunk := list(islice(remaining, _CHUNK)):
        prepared = [_prepared(one, rulebook, today) for one in chunk]
        rulebook.planner.learn([one[:2] for one in prepared if one[0] not in one[1].plans])
        for matter, one in zip(chunk, prepared, strict=True):
            found = _derived(one, rulebook)
            # Most procedures know nothing that runs out by itself.
            if matter.procedure in rulebook.expiring:
                found = _completed(matter, found, rulebook, today)[1]
            yield found


def _as_recorded(matter: Matter, rulebook: Rulebook, today: date) -> Derivation:
    prepared = _prepared(matter, rulebook, today)
    if prepared[0] not in prepared[1].plans:
        rulebook.planner.learn([prepared[:2]])
    return _derived(prepared, rulebook)


def _completed(
    matter: Matter, found: Derivation, rulebook: Rulebook, today: date
) -> tuple[Matter, Derivation]:
    """With what has run out, and what that begins in its turn. What was computed contradicts
    nothing: only what was recorded can."""
    if matter.procedure not in rulebook.expiring:
        return matter, found
    recorded, added = matter.events, frozenset[Event]()
    while more := {one for one in _run_out(recorded, found, rulebook) if one.on < today} - added:
        added |= more
        matter = replace(matter, events=(*recorded, *sorted(added)))
        found = _as_recorded(matter, rulebook, today)
    ahead = [one.on for one in _run_out(recorded, found, rulebook) if one.on >= today]
    if not added and not ahead:
        return matter, found
    days = [found.changes_on, *(add_calendar_days(on, 1) for on in ahead)]
    computed = {(one.type, one.on) for one in added}
    told = tuple(one for one in found.findings if (one.event, one.on) not in computed)
    first = min((day for day in days if day is not None), default=None)
    return matter, Derivation(found.clocks, told, first)


def _run_out(recorded: Sequence[Event], found: Derivation, rulebook: Rulebook) -> Iterator[Event]:
    """The events that the clocks come to on their due days, unless met by then; not where
    somebody has recorded one for that day or later."""
    come_to = rulebook.comes_to
    for clock in found.clocks:
        name, due_on = come_to.get(clock.rule), clock.due_on
        if name is None or due_on is None or clock.state == "cancelled":
            continue
        met = clock.ended_on is not None and clock.ended_on <= due_on
        if not met and not any(one.type == name and one.on >= due_on for one in recorded):
            yield Event(name, due_on)


def ordered_events(matter: Matter, rulebook: Rulebook) -> list[Event]:
    """The events by day and rank: the order in which they were recorded does not matter."""
    return list(_in_order(matter.events, rulebook)[0]) if matter.events else []


# Events in order, their days and course: a plain tuple, since one is made for each case.
_Ordered = tuple[Sequence[Event], Sequence[date], Course]


def _in_order(events: Sequence[Event], rulebook: Rulebook) -> _Ordered:
    """The events (at least one) in order."""
    columns = zip(*events, strict=True)
    types, days = next(columns), next(columns)
    course = rulebook.planner.course(types)
    if all(map(call, course.comparisons, days, days[1:])):
        return events, days, course
    places = sorted(range(len(days)), key=days.__getitem__)
    days = tuple([days[at] for at in places])
    course = rulebook.planner.course(tuple([types[at] for at in places]))
    if all(map(call, course.comparisons, days, days[1:])):
        return [events[at] for at in places], days, course
    events = sorted(events, key=lambda one: _place(one, rulebook))
    course = rulebook.planner.course(tuple([one.type for one in events]))
    return events, tuple([one.on for one in events]), course


def _place(event: Event, rulebook: Rulebook) -> tuple[date, int, str, int, date, date, str, str]:
    """What an event's place among others depends on; which was recorded first does not."""
    rank = rulebook.ranks[event.type]
    details = (event.days or 0, event.until or event.on, event.pay_by or event.on)
    return event.on, rank, event.type, *details, event.at or "", event.rule or ""


def _prepared(matter: Matter, rulebook: Rulebook, today: date) -> _Prepared:
    planner = rulebook.planner
    if not matter.events:
        return planner.setting(matter, date.max), planner.course(()), (), (), None
    events, days, course = _in_order(matter.events, rulebook)
    setting = planner.setting(matter, days[0])
    if not course.deems:
        return setting, course, events, days, None
    served = services(matter, setting, rulebook, today)
    if served.events is not matter.events:
        events, days, course = _in_order(served.events, rulebook)
    return setting, course, events, days, served


def _derived(prepared: _Prepared, rulebook: Rulebook) -> Derivation:
    setting, course, events, days, served = prepared
    changes_on = served.changes_on if served is not None else None
    plan = course.plans[setting]
    if plan.ambiguous:
        plan = _settled(plan, events, rulebook)
    clocks = fold_plain(plan.plain, days, rulebook.measures)
    if plan.quiet and clocks is not None:
        return Derivation(tuple(clocks), (), changes_on)
    findings: list[Finding] = []
    effective = plan.used
    if clocks is None:
        clocks, findings, effective = _fold_each(plan, events, rulebook)
    elif plan.disturbed:
        for before, rule in reversed(plan.disturbed):
            fold = RuleFold(rule, events, rulebook.measures)
            made = fold.fold(rulebook.once)
            if not made and rule.rule.id in plan.replaced:
                clocks, findings, effective = _fold_each(plan, events, rulebook)
                break
            clocks[before:before] = made
            findings += fold.findings
            effective |= fold.effective
    of_service = served.findings if served is not None else []
    findings += of_service
    if plan.bounded:
        findings += after_period(events, plan, clocks)
    if not findings and not plan.doubtful and plan.spoken_of <= effective:
        return Derivation(tuple(clocks), (), changes_on)
    told = contradictions(events, plan, rulebook.policy, findings, effective)
    if served is not None:
        # What was computed cannot contradict anything: only what was recorded can.
        computed = {(event.type, event.on) for event in served.computed}
        told = tuple(
            one for one in told if (one.event, one.on) not in computed or one in of_service
        )
    return Derivation(tuple(clocks), told, changes_on)


def _settled(plan: Plan, events: Sequence[Event], rulebook: Rulebook) -> Plan:
    """By its days only one of the clocks that an extension could mean may run, or none."""
    running: list[int] = []
    for rule in plan.rules:
        fold = RuleFold(rule, events, rulebook.measures)
        fold.fold(rulebook.once)
        running += fold.asked
    return plan.contesting(frozenset(at for at in running if running.count(at) > 1))


def _fold_each(
    plan: Plan, events: Sequence[Event], rulebook: Rulebook
) -> tuple[list[Clock], list[Finding], frozenset[int]]:
    """Rule by rule: when some rule was not in force on its day the one it replaces, if any,
    applies after all. The clocks, findings, and the events that some rule used."""
    clocks: list[Clock] = []
    findings: list[Finding] = []
    effective: set[int] = set()
    for rule in plan.rules:
        made = _fold_rule(rule, events, rulebook, findings, effective)
        given_way = rule
        while not made and given_way.rule.id in plan.replaced:
            given_way = plan.replaced[given_way.rule.id]
            made = _fold_rule(given_way, events, rulebook, findings, effective)
        clocks += made
    return clocks, findings, frozenset(effective)


def _fold_rule(
    rule: RulePlan,
    events: Sequence[Event],
    rulebook: Rulebook,
    findings: list[Finding],
    effective: set[int],
) -> list[Clock]:
    """The rule's clocks; adds its findings, and the events it had a use for."""
    fold = RuleFold(rule, events, rulebook.measures)
    made = fold.fold(rulebook.once)
    findings += fold.findings
    # Not in force: the finding about its start is enough.
    effective.update(fold.effective if made else [one.at for one in rule.operations])
    return made
