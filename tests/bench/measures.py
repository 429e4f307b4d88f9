"""What a measurement is, and the table of them."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

_STEPS = 500_000


@dataclass
class Measured:
    """One line of the table. `goal` is met when `value` is at least (or at most) it."""

    part: str
    name: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def median_of(times: int, work: Callable[[], Any]) -> float:
    """The median wall-clock seconds of some runs, garbage collected before each."""
    found = []
    for _ in range(times):
        gc.collect()
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return statistics.median(found)


def loop_speed() -> float:
    """Millions of steps a second and core of a plain Python loop: how quick the core is now.

    It looks up and stores in a small dictionary and makes a tuple at each step, as deriving does.
    """
    kept: dict[int, tuple[int, int]] = {}
    started = time.process_time()
    for step in range(_STEPS):
        place = step & 1023
        kept[place] = (step, len(kept))
    return _STEPS / 1e6 / (time.process_time() - started)


def table(rows: Sequence[Measured]) -> str:
    """The rows as text in columns."""
    lines = [f"{'':8}{'measured':58}{'value':>14} {'unit':16}{'goal':>10}"]
    for row in rows:
        sign = "" if row.goal is None else f"{'>=' if row.at_least else '<='} {row.goal:g}"
        verdict = {None: "", True: "  met", False: "  MISSED"}[row.met]
        lines.append(
            f"{row.part:8}{row.name:58}{row.value:>14,.2f} {row.unit:16}{sign:>10}{verdict}"
            + (f"  ({row.note})" if row.note else "")
        )
    return "\n".join(lines)


def as_json(rows: Sequence[Measured]) -> list[dict[str, Any]]:
    """The rows with their verdicts."""
    return [{**asdict(row), "met": row.met} for row in rows]
