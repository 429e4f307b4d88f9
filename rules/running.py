"""One running of a rule while its events are folded."""

from collections.abc import Iterable, Sequence
from datetime import date

from rules.counting import DueDates
from rules.matter import Event
from rules.schema import Pause

NONE: frozenset[int] = frozenset()


class Run:
    """One running of a rule while it is being folded. `found` are its dates as they stand,
    the pauses that have ended counted in.

    `stopped` are the numbers of the pauses that are on, and `stopped_since` the day since
    when the clock as a whole is stopped; `until` is the day agreed.
    """

    __slots__ = (
        "begun_by",
        "discarded",
        "due_at",
        "ended",
        "extended",
        "extensions",
        "found",
        "on",
        "seq",
        "stopped",
        "stopped_since",
        "stretches",
        "until",
    )

    def __init__(self, seq: int, begun: Event, found: DueDates) -> None:
        self.seq, self.on, self.begun_by, self.found = seq, begun.on, begun.type, found
        self.extended = 0
        self.extensions: tuple[tuple[date, int], ...] = ()
        self.stretches: tuple[tuple[date, date], ...] = ()
        self.stopped = NONE
        self.stopped_since: date | None = None
        self.until: date | None = None
        self.ended: Event | None = None
        self.discarded = False
        # The time of day on the last day, where hours count and it is known.
        self.due_at: str | None = None

    def run_out(self, on: date) -> bool:
        """Had its last day passed by then? Not while it is stopped."""
        return self.stopped_since is None and self.found.due_on < on


def cancelled(running: Iterable[Run], event: Event) -> list[Run]:
    """Ends what still runs, since nothing is left to be done; gives what stays open, its last day
    having passed before."""
    passed = []
    for run in running:
        if run.run_out(event.on):
            passed.append(run)
        else:
            run.ended, run.discarded = event, True
    return passed


def unserved(pause: Pause, events: Sequence[Event]) -> bool:
    """Does the last event serve something else (what was posted) than this pause waits for, or
    is one of several notices still to be served?"""
    begun = sum(one.type == pause.from_ for one in events)
    made = sum(one.type == pause.to and one.ground == pause.from_ for one in events)
    return events[-1].ground != pause.from_ or made < begun
