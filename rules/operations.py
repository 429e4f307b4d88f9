"""What one rule's operations in a shape come to together, before any date is looked at."""

from collections.abc import Sequence
from functools import lru_cache

from rules.shapes import ENDS, Operation


@lru_cache(4096)
def operation_of(at: int, kind: str, pair: int) -> Operation:
    """Thousands of shapes are made of a few hundred of them."""
    return Operation(at, kind, pair)


def started_once(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """What may start a clock or restart one restarts what was started before it."""
    first = min((one.at for one in operations if one.kind == "start"), default=-1)
    restarting = {one.at for one in operations if one.kind == "restart"}
    return tuple(
        one
        for one in operations
        if one.at not in restarting or (one.kind == "start") is (one.at == first)
    )


def having_waited(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """What comes before the event that the rule waits for starts nothing until then, and nothing
    at all where it never comes."""
    awaited = [one.at for one in operations if one.kind == "await"]
    begun = [one.at for one in operations if one.kind == "start"]
    if not awaited:
        return tuple(
            operation_of(one.at, "wait", 0) if one.at in begun else one for one in operations
        )
    first = awaited[0]
    later = [one for one in operations if one.kind != "await" and one.at not in begun]
    later += [operation_of(at, "start", 0) for at in begun if at > first]
    if any(at < first for at in begun):
        later.append(operation_of(first, "start", 0))
    return tuple(sorted(later, key=lambda one: one.at))


def follow_each_other(kinds: Sequence[str]) -> bool:
    """Started once, then at most restarts, then at most one end?"""
    middle = kinds[1:-1] if kinds[-1] in ENDS else kinds[1:]
    return kinds[0] == "start" and all(one == "restart" for one in middle)


def steady(operations: Sequence[Operation]) -> bool:
    """Is a clock always resumed before it is stopped again for the same reason?"""
    stopped: set[int] = set()
    for one in operations:
        if one.kind == "resume":
            stopped.discard(one.pair)
        elif one.kind == "pause":
            if one.pair in stopped:
                return False
            stopped.add(one.pair)
    return True
