"""durable_rules decides which operations an event fires; the only module that imports it.

A fact is one event with the flags of its matter; each pattern tests one fact only; what fires
is only a name (`start:arb_award`). Facts go in batches between two sentinels under one
constant session id, and working memory is emptied after each: a fact that the engine cannot
read would silently drop the rest of its batch, and a session left behind is never freed.
"""

import json
import os
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import durable_rules_engine
from durable.engine import Host

from rules.policy import Policy
from rules.schema import Condition, Pause, Rule

SESSION = "b"
# Facts a batch, sentinels not counted; measured to be about the fastest.
BATCH = 256
# More than 64 rules matching one fact are error 303 of the engine.
MOST_RULES_A_FACT = 60
_CAP = 64
_SENTINEL = "sentinel"
_NO_MATCH_FOR_SOME = 1

FactRow = Mapping[str, str | int]


class EngineError(RuntimeError):
    """The engine lost a fact or refused a batch: nothing derived from it may be used."""


class _QuietHost(Host):  # type: ignore[misc]
    """A host without dispatcher and timer threads; its actions do nothing."""

    def _run(self) -> None:
        """Start no threads."""

    def get_action(self, action_name: str) -> Any:
        """The one action there is. Raises EngineError for another name."""
        if action_name != "fired":
            raise EngineError(f"no action {action_name!r}")
        return lambda _context: None


class Engine:
    """The rulesets of a policy, one a procedure, compiled once per process."""

    def __init__(self, policy: Policy) -> None:
        self.definitions = {name: compile_procedure(policy, name) for name in policy.procedures}
        self._lock = threading.Lock()
        self._host: _QuietHost | None = None
        self._pid = 0

    def fire(self, procedure: str, facts: Sequence[FactRow]) -> list[frozenset[str]]:
        """The names that each fact fires, in the order of the facts."""
        found: list[frozenset[str]] = []
        with self._lock:
            handle = self._ruleset(procedure)
            for first in range(0, len(facts), BATCH):
                found += _run_batch(handle, facts[first : first + BATCH])
        return found

    def _ruleset(self, procedure: str) -> Any:
        if self._host is None or self._pid != os.getpid():
            # The engine takes the `run` keys out of what it is given: it gets a copy.
            self._host = _QuietHost(json.loads(json.dumps(self.definitions)))
            self._pid = os.getpid()
            for name in self.definitions:
                # `delete_state` crashes on a session that never ran an action.
                _run_batch(_handle(self._host, name), [])
        return _handle(self._host, procedure)


def _handle(host: Host, ruleset: str) -> Any:
    """The C handle of a ruleset, which the Python layer keeps to itself."""
    return host.get_ruleset(ruleset)._handle  # noqa: SLF001


def _run_batch(handle: Any, facts: Sequence[FactRow]) -> list[frozenset[str]]:
    rows = [_sentinel(0), *(_row(number, fact) for number, fact in enumerate(facts)), _sentinel(1)]
    fired: list[set[str]] = [set() for _ in facts]
    seen: set[str] = set()
    code, state = durable_rules_engine.assert_facts(handle, json.dumps(rows))
    try:
        if code not in (0, _NO_MATCH_FOR_SOME):
            raise EngineError(f"the engine refused a batch with code {code}")
        for name, fact_id in _actions(handle, state):
            if name == _SENTINEL:
                seen.add(fact_id)
            else:
                fired[int(fact_id[1:])].add(name)
    finally:
        durable_rules_engine.delete_state(handle, SESSION)
    if seen != {"s0", "s1"}:
        raise EngineError("the engine dropped facts of a batch: a sentinel is missing")
    return [frozenset(names) for names in fired]


def _actions(handle: Any, state: Any) -> Iterable[tuple[str, str]]:
    """Rule name and fact id of everything that fires, until the engine has no more."""
    started = durable_rules_engine.start_action_for_state(handle, state)
    message = started[1] if started else None
    while message:
        for name, matches in json.loads(message).items():
            for match in matches if isinstance(matches, list) else [matches]:
                yield name, match.get("m", match)["id"]
        message = durable_rules_engine.complete_and_start_action(handle, state)


def _sentinel(number: int) -> dict[str, str]:
    return {"id": f"s{number}", "sid": SESSION, "type": _SENTINEL}


def _row(number: int, fact: FactRow) -> dict[str, str | int]:
    plain = {name: _plain(one) if isinstance(one, str) else one for name, one in fact.items()}
    return {**plain, "id": f"f{number}", "sid": SESSION}


def _plain(text: str) -> str:
    """A text as the engine can compare it: by itself it matches nothing beyond ASCII (§, 工)."""
    return text if text.isascii() else ascii(text)


def _fnv1a(text: str) -> int:
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


_IDS = ["s0", "s1", *(f"f{number}" for number in range(BATCH))]
if len({_fnv1a(name) for name in _IDS}) != len(_IDS):
    # The engine compares ids by this 32-bit hash.
    raise EngineError("two fact ids share a hash; choose another batch size")


def compile_procedure(policy: Policy, procedure: str) -> dict[str, Any]:
    """The ruleset of a procedure in the engine's JSON form.

    Raises EngineError when more rules than the engine bears would match one event.
    """
    event, number = busiest(policy, procedure)
    if number > MOST_RULES_A_FACT:
        raise EngineError(f"{number} rules match {event}; {MOST_RULES_A_FACT} are the most")
    rules = {_SENTINEL: _pattern([{"type": _SENTINEL}])}
    for name, event, tests in _acting(policy, procedure):
        rules[name] = _pattern([{"type": event}, *tests])
    return rules


def busiest(policy: Policy, procedure: str) -> tuple[str, int]:
    """The event of a procedure that most of the engine's rules match, and how many do."""
    matching = Counter(event for _, event, _ in _acting(policy, procedure))
    return max(matching.items(), key=lambda one: one[1], default=("", 0))


def _acting(policy: Policy, procedure: str) -> Iterable[tuple[str, str, list[dict[str, Any]]]]:
    """The operations of the rules that count something, of which the engine makes its rules."""
    for rule in policy.rules.values():
        if rule.procedure == procedure and rule.use not in ("off", "negative", "dead"):
            yield from _operations(rule)


def _operations(rule: Rule) -> Iterable[tuple[str, str, list[dict[str, Any]]]]:
    """Name, event and tests of each operation of a rule."""
    here = [{f"in_{rule.jurisdiction}": 1}, *(_test(one) for one in rule.requires)]
    plain = {
        "start": rule.starts_on,
        "await": (rule.waits_for,) if rule.waits_for else (),
        "end": rule.discharged_by,
        "cancel": rule.cancelled_by,
        "restart": rule.restarts_on,
        "extend": tuple(event for event in rule.extended_by if event == "extension_approved"),
        "agree": tuple(event for event in rule.extended_by if event == "extension_agreed"),
    }
    for operation, events in plain.items():
        for event in events:
            ends = rule.ends_if.get(event, ()) if operation in ("end", "cancel") else ()
            yield f"{operation}:{rule.id}:{event}", event, [*here, *map(_test, ends)]
    for number, pause in enumerate(rule.pauses):
        yield from _pause(rule, number, pause, here)


def _pause(
    rule: Rule, number: int, pause: Pause, here: list[dict[str, Any]]
) -> Iterable[tuple[str, str, list[dict[str, Any]]]]:
    tests = [*here, {f"in_{pause.jurisdiction}": 1}]
    yield f"pause:{rule.id}:{number}", pause.from_, tests
    yield f"resume:{rule.id}:{number}", pause.to, tests


def flag(condition: Condition) -> str:
    """What a pattern tests of a matter: a fact, or whether that reaches a threshold, which is
    another number on another day and in another place."""
    if condition.threshold is not None:
        return f"reached_{condition.threshold}_{condition.fact}"
    return f"fact_{condition.fact}"


def _test(condition: Condition) -> dict[str, Any]:
    name = flag(condition)
    if condition.threshold is not None:
        return {name: 1}
    if condition.least is not None:
        return {"$gte": {name: condition.least}}
    tests = [{name: _comparable(value)} for value in condition.values]
    return tests[0] if len(tests) == 1 else {"$or": tests}


def _comparable(value: str | int | bool) -> str | int:
    if isinstance(value, str):
        return _plain(value)
    return int(value)


def _pattern(tests: list[dict[str, Any]]) -> dict[str, Any]:
    match = tests[0] if len(tests) == 1 else {"$and": tests}
    return {"all": [{"m": match}], "run": "fired", "cap": _CAP}
