"""Case shapes: which operations on which clocks a sequence of event types fires.

What fires depends on the kind of events and a few facts, never on dates. Cases of one shape
share one plan: the engine is asked once a shape, and only date arithmetic is left per case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from rules.counting import Measures, PlainDue
from rules.engine import Engine, FactRow
from rules.matter import FactValue
from rules.oddities import Oddities, Oddity
from rules.policy import Policy
from rules.schema import Rule

# (procedure, jurisdiction, tested facts, event types in order)
Shape = tuple[str, str, tuple[FactValue | None, ...], tuple[str, ...]]
MOST_SHAPES = 50_000
# A shape's setting (procedure, jurisdiction, tested facts) with one event type.
_Fact = tuple[tuple[str, str, tuple[FactValue | None, ...]], str]
# Rule, kind of operation, and the number of a pause.
_Fired = tuple[str, str, int]


class Operation(NamedTuple):
    """What the event number `at` does to a clock; `pair` tells apart its pauses."""

    at: int
    kind: str
    pair: int = 0


@dataclass(frozen=True, slots=True)
class RulePlan:
    """The operations of one rule in order. `start`, `end` hold the event indexes of the
    plain case – started once, ended at most once – and are None where more can happen."""

    rule: Rule
    operations: tuple[Operation, ...]
    start: int | None = None
    end: int | None = None
    # Extension events that only their `rule` field can allot.
    contested: frozenset[int] = frozenset()
    # The dates of the rule's undisturbed clocks by the day they began, as far as known.
    dues: dict[date, PlainDue | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The plans of the rules that a shape starts; `plain` when all of them are.

    `spoken_of` are the events that some rule knows, `idle` those of them that a plain plan
    has no use for: contradictions. `ambiguous` are extensions that several rules could mean,
    `not_extendable` those whose rule gave way to one, named here, that knows no extension.
    `replaced` are the plans of rules that gave way to another, by its id: they apply after all
    when that one was not in force on the day.
    """

    rules: tuple[RulePlan, ...]
    plain: bool
    spoken_of: frozenset[int]
    idle: tuple[int, ...]
    ambiguous: tuple[int, ...]
    not_extendable: dict[int, str] = field(default_factory=dict)
    replaced: dict[str, RulePlan] = field(default_factory=dict)
    oddities: tuple[Oddity, ...] = ()


@dataclass
class Planner:
    """Asks the engine about events it has not seen in a setting, and keeps the plans of shapes."""

    policy: Policy
    engine: Engine
    measures: Measures
    _plans: dict[Shape, Plan] = field(default_factory=dict)
    _fired: dict[_Fact, tuple[_Fired, ...]] = field(default_factory=dict)
    _tested: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._oddities = Oddities(self.policy)

    def tested_facts(self, procedure: str) -> tuple[str, ...]:
        """The facts that some rule of the procedure tests, in a fixed order."""
        if procedure not in self._tested:
            names = {
                condition.fact
                for rule in self.policy.rules.values()
                if rule.procedure == procedure
                for condition in rule.requires
            }
            self._tested[procedure] = tuple(sorted(names))
        return self._tested[procedure]

    def plan(self, shape: Shape) -> Plan:
        """The plan of a shape, from the cache or by asking the engine."""
        found = self._plans.get(shape)
        return self.learn([shape])[shape] if found is None else found

    def learn(self, shapes: Iterable[Shape]) -> dict[Shape, Plan]:
        """Ask the engine about all shapes not seen before, in batches; the new plans."""
        learned: dict[Shape, Plan] = {}
        unseen = [shape for shape in dict.fromkeys(shapes) if shape not in self._plans]
        if len(self._plans) + len(unseen) > MOST_SHAPES:
            self.forget()
        fired = self._ask(dict.fromkeys((shape[:3], name) for shape in unseen for name in shape[3]))
        for shape in unseen:
            setting = shape[:3]
            learned[shape] = self._build(shape, [fired[setting, name] for name in shape[3]])
        self._plans.update(learned)
        return learned

    def forget(self) -> None:
        """Empty the caches: what is asked next is put to the engine again."""
        self._plans.clear()
        self._fired.clear()

    def _ask(self, asked: Iterable[_Fact]) -> dict[_Fact, tuple[_Fired, ...]]:
        """What each fact fires. A pattern tests one fact alone, so that the answer for an event
        in a setting holds for every shape it occurs in."""
        fired = dict(self._fired)
        by_procedure: dict[str, list[_Fact]] = {}
        for fact in asked:
            if fact not in fired:
                by_procedure.setdefault(fact[0][0], []).append(fact)
        for procedure, facts in by_procedure.items():
            answers = self.engine.fire(procedure, [self._fact(fact) for fact in facts])
            fired |= {fact: _read(names) for fact, names in zip(facts, answers, strict=True)}
        self._fired.update(fired)
        return fired

    def _fact(self, fact: _Fact) -> FactRow:
        (procedure, jurisdiction, values), event_type = fact
        flags: dict[str, str | int] = {
            f"in_{place}": 1 for place in self.policy.chain(jurisdiction)
        }
        for name, value in zip(self.tested_facts(procedure), values, strict=True):
            if value is not None:
                flags[f"fact_{name}"] = int(value) if isinstance(value, bool) else value
        return {**flags, "type": event_type}

    def _build(self, shape: Shape, fired: Sequence[tuple[_Fired, ...]]) -> Plan:
        by_rule: dict[str, list[Operation]] = {}
        for index, operations in enumerate(fired):
            for rule_id, kind, pair in operations:
                by_rule.setdefault(rule_id, []).append(Operation(index, kind, pair))
        plans = {
            rule.id: _rule_plan(rule, tuple(by_rule[rule.id]), self.measures.known(rule))
            for rule in self.policy.rules.values()
            if rule.id in by_rule and rule.kind != "deemed_date"
        }
        replaced = _taken_out(plans)
        spoken_of = [bool(names) for names in fired]
        return replace(
            _finish(list(plans.values()), self._excused(shape)),
            replaced=replaced,
            not_extendable=_not_extendable(plans, replaced),
            oddities=self._oddities.find(shape[0], shape[1], shape[3], spoken_of),
        )

    def _excused(self, shape: Shape) -> frozenset[int]:
        """Events that need no clock, and follow what the policy says they need (an application
        withdrawn before it is accepted)."""
        procedure, _, _, types = shape
        found: set[int] = set()
        for at, name in enumerate(types):
            known = self.policy.events[name]
            if known.clock_optional:
                needed = known.needs.get(procedure, ())
                if any(one in needed for one in types[:at]):
                    found.add(at)
        return frozenset(found)


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
        if name in plans and any(one.kind == "start" for one in plan.operations):
            taken[plan.rule.id] = plans.pop(name)
    return taken


def _not_extendable(plans: dict[str, RulePlan], replaced: dict[str, RulePlan]) -> dict[int, str]:
    """Extensions that only a replaced rule knows, with the rule in its place."""
    found: dict[int, str] = {}
    for name, old in replaced.items():
        known = {one.at for one in plans[name].operations if one.kind == "extend"}
        for one in old.operations:
            if one.kind == "extend" and one.at not in known:
                found[one.at] = name
    return found


def _rule_plan(
    rule: Rule, operations: tuple[Operation, ...], dues: dict[date, PlainDue | None]
) -> RulePlan:
    kinds = [one.kind for one in operations]
    backward = rule.versions[0].counting in ("C5", "C7")
    # What serves an appointment comes before it, in the order of days.
    plain = kinds in (["start"], ["start", "end"]) or (backward and kinds == ["end", "start"])
    if not plain:
        return RulePlan(rule, operations)
    at = {one.kind: one.at for one in operations}
    return RulePlan(rule, operations, at["start"], at.get("end", -1), dues=dues)


def _finish(rules: list[RulePlan], excused: frozenset[int]) -> Plan:
    """Allot extensions, and see which events nothing has a use for."""
    started = [plan for plan in rules if any(one.kind == "start" for one in plan.operations)]
    candidates = _extension_candidates(started)
    ambiguous = tuple(index for index, names in candidates.items() if len(names) > 1)
    contested = frozenset(ambiguous)
    allotted = tuple(replace(plan, contested=contested) for plan in started)
    useful = {one.at for plan in started for one in plan.operations if one.kind == "start"}
    useful |= {plan.end for plan in started if plan.end is not None}
    spoken_of = frozenset(one.at for plan in rules for one in plan.operations) - excused
    return Plan(
        rules=allotted,
        plain=all(plan.start is not None for plan in started),
        spoken_of=spoken_of,
        idle=tuple(sorted(spoken_of - useful)),
        ambiguous=ambiguous,
    )


def _extension_candidates(rules: list[RulePlan]) -> dict[int, list[str]]:
    """For each approved extension, the rules of which a clock could be running by then."""
    found: dict[int, list[str]] = {}
    for plan in rules:
        running = False
        for one in plan.operations:
            if one.kind in ("start", "restart"):
                running = True
            elif one.kind == "end":
                running = False
            elif one.kind == "extend" and running:
                found.setdefault(one.at, []).append(plan.rule.id)
    return found
