"""What a case shape comes to: the operations of each rule, told apart from dates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from rules.counting import Dates
from rules.matter import FactValue
from rules.oddities import Oddity
from rules.schema import Rule

# So many plans are kept.
MOST_SHAPES = 50_000
# Operations after which nothing runs.
ENDS = frozenset({"end", "cancel"})


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Procedure, jurisdiction and the tested facts of a matter. There is one of each, so that it
    is looked up by what it is and not by what is in it."""

    procedure: str
    jurisdiction: str
    values: tuple[FactValue | None, ...]


class Operation(NamedTuple):
    """What the event number `at` does to a clock; `pair` tells apart its pauses."""

    at: int
    kind: str
    pair: int = 0


# A clock that nothing disturbs between its beginning and its end: what it is made of but for the
# dates. A plain tuple, which is taken apart more quickly than a named one: one is for each clock of
# each case. In order:
# rule, its id, number of the clock, kind;
# the dates of the rule's undisturbed clocks by the day they began, as far as known;
# the number of the event that begins it, and its type;
# the number of the event that ends it, and its type, None when it runs on;
# whether a restart, or what cancels it, ended it, and since when the law knows that restart;
# whether nobody misses it where it was not in force yet: it replaces nothing, is not ours, and
# nothing would begin it anew.
Undisturbed = tuple[
    Rule, str, int, str, dict[date, Dates | None], int, str, int, str | None, bool, date, bool
]


@dataclass(frozen=True, slots=True)
class RulePlan:
    """The operations of one rule in order.

    `undisturbed` are its clocks where one follows the other, ended by a restart or in the
    end: no more than that can happen to it; else it is empty. `contested` are
    extensions that only their `rule` field can allot. `steady` plans never stop a clock twice
    for one reason, so that the order of operations on one day is plain.
    """

    rule: Rule
    operations: tuple[Operation, ...]
    undisturbed: tuple[Undisturbed, ...] = ()
    contested: frozenset[int] = frozenset()
    steady: bool = True
    # Where the matter is, from the particular to the general.
    places: tuple[str, ...] = ()
    # Its day depends on more than the day of the event that begins it.
    by_event: bool = False
    # The events it has a use for; does one of them start it, does one extend it?
    at: frozenset[int] = field(init=False)
    starts: bool = field(init=False)
    extends: bool = field(init=False)

    def __post_init__(self) -> None:
        kinds = {one.kind for one in self.operations}
        object.__setattr__(self, "at", frozenset(one.at for one in self.operations))
        object.__setattr__(self, "starts", "start" in kinds)
        object.__setattr__(self, "extends", "extend" in kinds)


@dataclass(frozen=True, slots=True)
class Plan:
    """The plans of the rules that a shape starts, in the order of the policy.

    `plain` are the clocks of those that are undisturbed and `used` the events these have a
    use for; `disturbed` are the other rules, each with the number of plain clocks before it.
    `spoken_of` are the events that some rule knows. `ambiguous` are extensions that several
    rules could mean, `not_extendable` those whose rule gave way to one, named here, that knows
    no extension. `replaced` are the plans of rules that gave way to another, by its id: they
    apply after all when that one was not in force on the day. `doubtful` plans contradict
    something whatever the days are.
    """

    rules: tuple[RulePlan, ...]
    plain: tuple[Undisturbed, ...]
    disturbed: tuple[tuple[int, RulePlan], ...]
    used: frozenset[int]
    spoken_of: frozenset[int]
    ambiguous: tuple[int, ...]
    not_extendable: dict[int, str]
    replaced: dict[str, RulePlan]
    oddities: tuple[Oddity, ...]
    # By number, the events that are to come within the limit named.
    bounded: tuple[tuple[int, str], ...] = ()
    # Nothing but plain clocks, which use all that is spoken of, and no doubt: most cases.
    quiet: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        quiet = not (self.disturbed or self.doubtful or self.bounded)
        quiet = quiet and self.spoken_of <= self.used
        object.__setattr__(self, "quiet", quiet)

    def contesting(self, contested: frozenset[int]) -> "Plan":
        """The same plan, but only these extensions could mean several rules."""
        rules = tuple(replace(plan, contested=contested) for plan in self.rules)
        return replace(
            self, rules=rules, disturbed=disturbed_of(rules), ambiguous=tuple(sorted(contested))
        )

    @property
    def doubtful(self) -> bool:
        """Does the shape contradict something, whatever its days are?"""
        return bool(self.oddities or self.not_extendable or self.ambiguous)


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Types of events one after the other; a setting and a course are a shape.

    They stand in their order when each comparison holds between the days of an event and the
    next. `deems` when one of them leads to deemed service. `plans` are what they come to, by
    setting, as far as known.
    """

    types: tuple[str, ...]
    comparisons: tuple[Callable[[date, date], bool], ...]
    deems: bool
    plans: dict[Setting, Plan] = field(default_factory=dict)


def disturbed_of(plans: Sequence[RulePlan]) -> tuple[tuple[int, RulePlan], ...]:
    """The plans that can be disturbed, each with the number of plain clocks before it."""
    found: list[tuple[int, RulePlan]] = []
    before = 0
    for plan in plans:
        if plan.undisturbed:
            before += len(plan.undisturbed)
        else:
            found.append((before, plan))
    return tuple(found)
