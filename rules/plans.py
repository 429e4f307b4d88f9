"""Case shapes: which operations on which clocks a sequence of event types fires.

What fires depends on the kind of events and a few facts, never on dates. Cases of one shape
share one plan: the engine is asked once a shape, and only date arithmetic is left per case.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from operator import le, lt

from rules.counting import Measures
from rules.engine import Engine, FactRow, flag
from rules.facts import Known, judged_on, threshold_changes
from rules.matter import OURS, FactValue, Matter
from rules.oddities import Oddities
from rules.operations import follow_each_other, having_waited, operation_of, started_once, steady
from rules.policy import Policy
from rules.schema import Condition, Rule
from rules.shapes import (
    ENDS,
    MOST_SHAPES,
    Course,
    Operation,
    Plan,
    RulePlan,
    Setting,
    Undisturbed,
    disturbed_of,
)

# What a matter is made of, and in what order its events come.
_Shape = tuple[Setting, Course]
# A shape's setting with one event type.
_Fact = tuple[Setting, str]
# Their end depends on more than the day and type of the event that ends them.
_BY_EVENT = frozenset({"earliest", "deemed_date"})
# Rule, kind of operation, and the number of a pause.
_Fired = tuple[str, str, int]
_NOTHING: frozenset[int] = frozenset()
# A rule and a place, with the operations and the types of the events that fire them.
_Operated = tuple[str, str, tuple[Operation, ...], tuple[str, ...]]


@dataclass
class Planner:
    """Asks the engine about events it has not seen in a setting, and keeps the plans of shapes."""

    policy: Policy
    engine: Engine
    measures: Measures
    # By procedure, jurisdiction, since when the thresholds stand, and the values of what is stated.
    _settings: dict[tuple[FactValue | date | None, ...], Setting] = field(default_factory=dict)
    # By procedure, jurisdiction, and the values of what is tested.
    _distinct: dict[tuple[FactValue | None, ...], Setting] = field(default_factory=dict)
    _courses: dict[tuple[str, ...], Course] = field(default_factory=dict)
    # So many plans the courses hold.
    _known: int = 0
    _fired: dict[_Fact, tuple[_Fired, ...]] = field(default_factory=dict)
    _tested: dict[str, Mapping[str, Condition]] = field(default_factory=dict)
    _stated: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Shapes that differ elsewhere share what they come to for a rule.
    _rule_plans: dict[_Operated, RulePlan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._oddities = Oddities(self.policy)
        deeming = [rule for rule in self.policy.rules.values() if rule.kind == "deemed_date"]
        self._places = {name: place for place, name in enumerate(self.policy.rules)}
        events = self.policy.events.values()
        self._optional = frozenset(event.id for event in events if event.clock_optional)
        self._within = frozenset(event.id for event in events if event.within)
        self._deeming = frozenset(name for rule in deeming for name in rule.starts_on)
        self._changes = threshold_changes(self.policy)
        self._last_change = self._changes[-1]

    def tested(self, procedure: str) -> Mapping[str, Condition]:
        """What some rule of the procedure tests, by the name that patterns have for it, in a
        fixed order, with one of the conditions that do."""
        if procedure not in self._tested:
            found = {
                flag(condition): condition
                for rule in self.policy.rules.values()
                if rule.procedure == procedure
                for condition in rule.conditions
            }
            self._tested[procedure] = dict(sorted(found.items()))
        return self._tested[procedure]

    def setting(self, matter: Matter, first_on: date) -> Setting:
        """Where a matter stands, of whose events the first was on this day, and the values of
        what is tested in it, in their order."""
        procedure, stated = matter.procedure, matter.facts
        since = self._last_change
        if first_on < since:
            since = self._since(matter)
        given = (
            procedure,
            matter.jurisdiction,
            since,
            *map(stated.get, self._stated.get(procedure) or self._stated_facts(procedure)),
        )
        found = self._settings.get(given)
        if found is None:
            found = self._settings[given] = self._distinct_setting(matter, since)
        return found

    def _since(self, matter: Matter) -> date:
        """Since when the thresholds stand that a matter is judged by."""
        on = judged_on(matter, self.policy) or date.max
        return self._changes[bisect_right(self._changes, on) - 1]

    def _distinct_setting(self, matter: Matter, since: date) -> Setting:
        """The one setting for all matters in which what is tested comes to the same."""
        if len(self._settings) > MOST_SHAPES:
            self._settings.clear()
            self._distinct.clear()
            self.forget()
        places = self.policy.chain(matter.jurisdiction)
        known = Known(matter.facts, self.policy, since, places)
        tested = self.tested(matter.procedure).values()
        values = tuple(
            [known.holds(one) if one.threshold else known.value(one.fact) for one in tested]
        )
        fresh = Setting(matter.procedure, matter.jurisdiction, values)
        return self._distinct.setdefault((fresh.procedure, fresh.jurisdiction, *values), fresh)

    def _stated_facts(self, procedure: str) -> tuple[str, ...]:
        """The tested facts, and those that their definitions speak of."""
        if procedure not in self._stated:
            names = {one.fact for one in self.tested(procedure).values()}
            ways = [way for name in names for way in self.policy.facts[name].holds_if]
            defining = {one.fact for way in ways for one in way}
            self._stated[procedure] = tuple(sorted({*names, *defining}))
        return self._stated[procedure]

    def course(self, types: tuple[str, ...]) -> Course:
        """Events of these types, and what their days must satisfy to be in order."""
        found = self._courses.get(types)
        if found is None:
            if len(self._courses) > MOST_SHAPES:
                self.forget()
            ranks = [self.policy.events[name].rank for name in types]
            # On one day a lower rank comes first; equal ones need a closer look.
            comparisons = tuple([le if one < after else lt for one, after in pairwise(ranks)])
            found = Course(types, comparisons, not self._deeming.isdisjoint(types))
            self._courses[types] = found
        return found

    def deemed_by(self, setting: Setting, event_type: str) -> Rule | None:
        """The rule by which service is deemed to follow from an event; None for most events."""
        if event_type not in self._deeming:
            return None
        fired = self._ask([(setting, event_type)])[setting, event_type]
        starting = [self.policy.rules[name] for name, kind, _ in fired if kind == "start"]
        deeming = [rule for rule in starting if rule.kind == "deemed_date"]
        given_way = {rule.replaces for rule in deeming}
        return next((rule for rule in deeming if rule.id not in given_way), None)

    def learn(self, unseen: Sequence[_Shape]) -> None:
        """Puts to the engine, together, what courses without a plan in a setting come to."""
        if not unseen:
            return
        shapes = tuple(dict.fromkeys(unseen))
        if self._known + len(shapes) > MOST_SHAPES:
            self.forget()
        self._known += len(shapes)
        asked = dict.fromkeys((setting, name) for setting, one in shapes for name in one.types)
        fired = self._ask(asked)
        for setting, course in shapes:
            found = [fired[setting, name] for name in course.types]
            course.plans[setting] = self._build(setting, course.types, found)

    def forget(self) -> None:
        """Empty the caches: what is asked next is put to the engine again."""
        self._courses.clear()
        self._rule_plans.clear()
        self._fired.clear()
        self._known = 0

    def _ask(self, asked: Iterable[_Fact]) -> dict[_Fact, tuple[_Fired, ...]]:
        """What each fact fires. A pattern tests one fact alone, so that the answer for an event
        in a setting holds for every shape it occurs in."""
        fired = dict(self._fired)
        by_procedure: dict[str, list[_Fact]] = {}
        for fact in asked:
            if fact not in fired:
                by_procedure.setdefault(fact[0].procedure, []).append(fact)
        for procedure, facts in by_procedure.items():
            answers = self.engine.fire(procedure, [self._fact(fact) for fact in facts])
            fired |= {fact: _read(names) for fact, names in zip(facts, answers, strict=True)}
        self._fired.update(fired)
        return fired

    def _fact(self, fact: _Fact) -> FactRow:
        setting, event_type = fact
        flags: dict[str, str | int] = {
            f"in_{place}": 1 for place in self.policy.chain(setting.jurisdiction)
        }
        for name, value in zip(self.tested(setting.procedure), setting.values, strict=True):
            if value is not None:
                flags[name] = int(value) if isinstance(value, bool) else value
        return {**flags, "type": event_type}

    def _build(
        self, setting: Setting, types: tuple[str, ...], fired: Sequence[tuple[_Fired, ...]]
    ) -> Plan:
        by_rule: dict[str, list[Operation]] = {}
        for index, operations in enumerate(fired):
            for rule_id, kind, pair in operations:
                by_rule.setdefault(rule_id, []).append(operation_of(index, kind, pair))
        plans = {
            rule.id: self._rule_plan(rule, tuple(by_rule[rule.id]), setting.jurisdiction, types)
            for rule in self._in_order(by_rule)
            if _may_apply(rule, types)
        }
        replaced = _taken_out(plans)
        started = _allotted([plan for plan in plans.values() if plan.starts])
        spoken_of = _NOTHING.union(*[plan.at for plan in plans.values()])
        plain = [plan for plan in started if plan.undisturbed]
        return Plan(
            rules=started,
            plain=tuple(one for plan in plain for one in plan.undisturbed),
            disturbed=disturbed_of(started),
            used=_NOTHING.union(*[plan.at for plan in plain]),
            spoken_of=spoken_of - self._excused(setting.procedure, types),
            ambiguous=tuple(started[0].contested) if started else (),
            not_extendable=_not_extendable(plans, replaced),
            replaced=replaced,
            oddities=self._oddities.find(
                setting.procedure, setting.jurisdiction, types, [bool(names) for names in fired]
            ),
            bounded=self._bounded(setting.procedure, types),
        )

    def _bounded(self, procedure: str, types: Sequence[str]) -> tuple[tuple[int, str], ...]:
        """The events that are to come within a limit, with that limit."""
        if self._within.isdisjoint(types):
            return ()
        events = self.policy.events
        within = enumerate(events[name].within.get(procedure) for name in types)
        return tuple((at, limit) for at, limit in within if limit is not None)

    def _in_order(self, names: Iterable[str]) -> list[Rule]:
        """The rules of these ids in the order of the policy."""
        return [self.policy.rules[name] for name in sorted(names, key=self._places.__getitem__)]

    def _rule_plan(
        self, rule: Rule, operations: tuple[Operation, ...], place: str, types: Sequence[str]
    ) -> RulePlan:
        key = (rule.id, place, operations, tuple([types[one.at] for one in operations]))
        found = self._rule_plans.get(key)
        if found is None:
            found = self._rule_plans[key] = self._planned(rule, operations, place, types)
        return found

    def _planned(
        self, rule: Rule, operations: tuple[Operation, ...], place: str, types: Sequence[str]
    ) -> RulePlan:
        counting = self.policy.counting[rule.versions[0].counting]
        if counting.direction == "backward":
            # What serves an appointment comes after it, though its day lies before.
            operations = tuple(sorted(operations, key=lambda one: one.kind in ENDS))
        if not set(rule.restarts_on).isdisjoint(rule.starts_on):
            operations = started_once(operations)
        if rule.waits_for is not None:
            operations = having_waited(operations)
        by_event = counting.unit in ("hours", "stated")
        by_day = not (by_event or rule.ends_every) and rule.kind not in _BY_EVENT
        # A restart that begins it is to be held against the first day of its article.
        by_day = by_day and not any(
            one.kind == "start" and types[one.at] in rule.restarts_on for one in operations
        )
        if by_day and operations and follow_each_other([one.kind for one in operations]):
            return RulePlan(rule, operations, tuple(self._undisturbed(rule, operations, types)))
        places = self.policy.chain(place)
        return RulePlan(
            rule, operations, steady=steady(operations), places=places, by_event=by_event
        )

    def _undisturbed(
        self, rule: Rule, operations: Sequence[Operation], types: Sequence[str]
    ) -> Iterator[Undisturbed]:
        known = self.measures.known(rule)
        begun = [one.at for one in operations if one.kind not in ENDS]
        silent = rule.replaces is None and not missed(rule) and len(begun) == 1
        for number, start in enumerate(begun, 1):
            last = operations[min(number, len(operations) - 1)]
            ended_by = None if last.at == start else types[last.at]
            restarted = last.kind == "restart" and last.at != start
            since = self.measures.restarts_since(rule, types[last.at]) if restarted else date.min
            ending = (last.at, ended_by, restarted or last.kind == "cancel", since)
            yield rule, rule.id, number, rule.kind, known, start, types[start], *ending, silent

    def _excused(self, procedure: str, types: Sequence[str]) -> frozenset[int]:
        """Events that need no clock, and follow what the policy says they need, if anything (an
        application withdrawn before it is accepted)."""
        if self._optional.isdisjoint(types):
            return _NOTHING
        found: set[int] = set()
        for at, name in enumerate(types):
            known = self.policy.events[name]
            if known.clock_optional:
                needed = known.needs.get(procedure, ())
                if not needed or any(one in needed for one in types[:at]):
                    found.add(at)
        return frozenset(found)


def missed(rule: Rule) -> bool:
    """Must it be said where the rule was not in force yet? Not of limits of others, and nobody
    misses a promise before it was made."""
    return rule.kind in OURS - {"commitment"} or rule.kind == "deemed_date"


def _may_apply(rule: Rule, types: Sequence[str]) -> bool:
    """Has happened what the rule applies after?"""
    return not rule.only_after or not set(rule.only_after).isdisjoint(types)


def _read(names: Iterable[str]) -> tuple[_Fired, ...]:
    """The operations that fired names stand for (`pause:arb_award:0`), in a fixed order."""
    found = []
    for name in sorted(names):
        kind, rule, tail = name.split(":", 2)
        found.append((rule, kind, int(tail) if kind in ("pause", "resume") else 0))
    return tuple(found)


def _taken_out(plans: dict[str, RulePlan]) -> dict[str, RulePlan]:
    """A rule that replaces another appears instead of it, once it has started: takes the
    others out and returns them by the id of the rule in their place."""
    taken: dict[str, RulePlan] = {}
    for plan in list(plans.values()):
        name = plan.rule.replaces
        if name in plans and plan.starts:
            taken[plan.rule.id] = plans.pop(name)
    return taken


def _not_extendable(plans: dict[str, RulePlan], replaced: dict[str, RulePlan]) -> dict[int, str]:
    """Extensions that only a replaced rule knows, with the rule in its place."""
    found: dict[int, str] = {}
    for old in replaced.values():
        name = _standing(old.rule.id, plans, replaced)
        known = {one.at for one in plans[name].operations if one.kind == "extend"}
        for one in old.operations:
            if one.kind == "extend" and one.at not in known:
                found[one.at] = name
    return found


def _standing(name: str, plans: dict[str, RulePlan], replaced: dict[str, RulePlan]) -> str:
    """The rule that stands at the end in place of one that was taken out."""
    while name not in plans:
        name = next(by for by, old in replaced.items() if old.rule.id == name)
    return name


def _allotted(plans: list[RulePlan]) -> tuple[RulePlan, ...]:
    """The plans with the extensions that only their `rule` field can allot."""
    if sum(plan.extends for plan in plans) < 2:
        return tuple(plans)
    candidates = _extension_candidates(plans)
    contested = frozenset(index for index, names in candidates.items() if len(names) > 1)
    return tuple(replace(plan, contested=contested) if contested else plan for plan in plans)


def _extension_candidates(rules: list[RulePlan]) -> dict[int, list[str]]:
    """For each approved extension, the rules of which a clock could be running by then."""
    found: dict[int, list[str]] = {}
    for plan in rules:
        # At most: a clock may not have begun on its day.
        running = 0
        for one in plan.operations:
            if one.kind == "start":
                running += 1
            elif one.kind == "restart":
                running = max(running, 1)
            elif one.kind == "end":
                running = max(running - 1, 0)
            elif one.kind == "extend" and running:
                found.setdefault(one.at, []).append(plan.rule.id)
    return found
