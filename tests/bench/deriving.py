"""Cases derived per second of one core, beside the oracle and the engine asked case by case."""

import json
import os
import resource
import statistics
import time
from collections.abc import Iterator
from itertools import islice

import durable_rules_engine
from durable.engine import Host

from rules.deadlines import derive, derive_many
from rules.engine import SESSION, Engine, busiest, compile_procedure
from rules.matter import Matter
from rules.policy import Policy, load_policy
from rules.rulebook import load_rulebook
from tests.bench.histories import FEWEST, TODAY, histories
from tests.bench.measures import Measured, loop_speed
from tests.rules.oracle import Oracle

CASES = 200_000
_CHUNK = 10_000
_COMPARED = 2_000
_FEWEST_SHAPES = 2_000


def run(cases: int) -> list[Measured]:
    """Runs in a process of its own: its peak memory is that of deriving."""
    started = time.process_time()
    policy = load_policy()
    loaded = time.process_time() - started
    compiled = _compile_time(policy)
    rulebook = load_rulebook()
    spent, shapes, fewest, loops = 0.0, set(), FEWEST, []
    remaining = histories(cases)
    while chunk := list(islice(remaining, _CHUNK)):
        fewest = min(fewest, *(len(matter.events) for matter in chunk))
        shapes |= {_shape(matter) for matter in chunk}
        started = time.process_time()
        for _ in derive_many(chunk, rulebook, TODAY):
            pass
        spent += time.process_time() - started
        # Beside each part, since the speed of a core changes while others work.
        loops.append(loop_speed())
    if fewest < FEWEST or (cases >= CASES and len(shapes) < _FEWEST_SHAPES):
        raise ValueError(f"{len(shapes)} shapes, at least {fewest} events: not what is measured")
    speed = cases / spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    oracle, engine, uncached = _oracle_speed(), _engine_speed(), _uncached_speed()
    note = f"{cases:,} cases, {len(shapes):,} shapes, caches cold"
    loop = statistics.fmean(loops)
    most = max(busiest(policy, one)[1] for one in policy.procedures)
    return [
        Measured("derive", "processes waiting for the cores (load)", os.getloadavg()[0], ""),
        Measured("derive", "policy read and checked, processor time", loaded, "s"),
        Measured("derive", "all rules compiled, processor time", compiled, "s", 2),
        Measured("derive", "most rules that match one type of fact", most, "rules", 60),
        Measured("derive", "a plain Python loop beside it", loop, "M steps/s"),
        Measured("derive", "cases for a million steps of that loop", speed / loop, "cases"),
        Measured("derive", "cases a second and core", speed, "cases/s", 40_000, True, note),
        Measured("derive", "the plain-Python oracle", oracle, "cases/s"),
        Measured("derive", "durable_rules called bare, no clocks, no dates", engine, "cases/s"),
        Measured("derive", "derived with durable_rules called once per case", uncached, "cases/s"),
        Measured("derive", "against that", speed / uncached, "times", 5, True),
        Measured("derive", "against the bare calls", speed / engine, "times"),
        Measured("derive", "against the oracle", speed / oracle, "times"),
        Measured("derive", "peak memory", peak, "MB", 300),
    ]


def _shape(matter: Matter) -> int:
    facts = matter.facts.get("track")
    types = tuple(event.type for event in matter.events)
    return hash((matter.procedure, matter.jurisdiction, facts, types))


def _compile_time(policy: Policy) -> float:
    """Processor time to compile the rules of every procedure, ready to be asked."""
    started = time.process_time()
    engine = Engine(policy)
    for procedure in policy.procedures:
        engine.fire(procedure, [])
    return time.process_time() - started


def _oracle_speed() -> float:
    """The oracle's speed, and that it says the same."""
    rulebook = load_rulebook()
    matters = list(histories(_COMPARED, seed=2))
    oracle = Oracle(rulebook.policy, rulebook.policy.years)
    started = time.process_time()
    told = [oracle.derive(matter, TODAY) for matter in matters]
    spent = time.process_time() - started
    for matter, rows in zip(matters, told, strict=True):
        clocks = derive(matter, rulebook, TODAY).clocks
        ours = sorted((one.rule, one.state, str(one.due_on)) for one in clocks)
        if ours != sorted((row.rule, row.state, str(row.due_on)) for row in rows):
            raise ValueError(f"the oracle disagrees about {matter}")
    return _COMPARED / spent


def _uncached_speed() -> float:
    """The same derivation when the engine is asked anew for every case."""
    rulebook = load_rulebook()
    matters = list(histories(_COMPARED, seed=3))
    derive(matters[0], rulebook, TODAY)
    started = time.process_time()
    for matter in matters:
        rulebook.planner.forget()
        derive(matter, rulebook, TODAY)
    return _COMPARED / (time.process_time() - started)


class _QuietHost(Host):  # type: ignore[misc]
    """No dispatcher thread; the actions do nothing."""

    def _run(self) -> None:
        return

    def get_action(self, _name: str) -> object:
        return lambda _context: None


def _engine_speed() -> float:
    """The engine asked once for each case: its facts in, what fires out, nothing else."""
    policy = load_rulebook().policy
    host = _QuietHost({name: compile_procedure(policy, name) for name in policy.procedures})
    handles = {name: host.get_ruleset(name)._handle for name in policy.procedures}
    for handle in handles.values():
        # The engine crashes when a session is deleted that never ran an action.
        _ask(handle, [{"id": "s0", "sid": SESSION, "type": "sentinel"}])
    matters = [
        (matter.procedure, list(_facts(matter, policy.chain(matter.jurisdiction))))
        for matter in histories(_COMPARED, seed=3)
    ]
    started = time.process_time()
    for procedure, facts in matters:
        _ask(handles[procedure], facts)
    return _COMPARED / (time.process_time() - started)


def _facts(matter: Matter, chain: tuple[str, ...]) -> Iterator[dict[str, object]]:
    flags: dict[str, object] = {f"in_{place}": 1 for place in chain}
    flags |= {f"fact_{name}": value for name, value in matter.facts.items()}
    yield {"id": "s0", "sid": SESSION, "type": "sentinel"}
    for number, event in enumerate(matter.events):
        yield {**flags, "type": event.type, "id": f"f{number}", "sid": SESSION}


def _ask(handle: object, facts: list[dict[str, object]]) -> int:
    fired = 0
    _, state = durable_rules_engine.assert_facts(handle, json.dumps(facts))
    started = durable_rules_engine.start_action_for_state(handle, state)
    message = started[1] if started else None
    while message:
        fired += len(json.loads(message))
        message = durable_rules_engine.complete_and_start_action(handle, state)
    durable_rules_engine.delete_state(handle, SESSION)
    return fired
