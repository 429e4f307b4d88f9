"""Folds the operations that a shape fires, in the order of events, into clocks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from rules.counting import Due, Measure, Measures, Stretch
from rules.matter import Clock, Event, Finding, State
from rules.plans import Operation, RulePlan

_day = date.fromordinal


def fold_plain(
    plans: Iterable[RulePlan], events: Sequence[Event], measures: Measures
) -> list[Clock] | None:
    """The clocks of rules that were started once and ended at most once.

    None when a rule was not in force on its day. One loop without calls: most clocks of most
    cases are made here.
    """
    clocks = []
    for plan in plans:
        rule = plan.rule
        begun_by, on, *_ = events[plan.start or 0]
        found = plan.dues.get(on) or measures.plain(rule, on)
        if found is None:
            return None
        version, raw_on, due_on, warn_on, provisional = found
        end = plan.end
        if end is None or end < 0:
            state: State = "running"
            ended_by = ended_on = None
        else:
            ended_by, ended_on, *_ = events[end]
            state = "met" if ended_on <= due_on else "met_late"
        clocks.append(
            Clock(
                rule.id,
                1,
                version,
                rule.kind,
                state,
                on,
                begun_by,
                raw_on,
                due_on,
                warn_on,
                None,
                0,
                ended_on,
                ended_by,
                provisional,
            )
        )
    return clocks


@dataclass(slots=True)
class _Run:
    """One running of a rule while it is being folded."""

    measure: Measure
    seq: int
    start: int
    started: Event
    extended: int = 0
    extensions: list[tuple[int, int]] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    # Pair numbers that are stopped now, and since when the clock as a whole is.
    stopped: set[int] = field(default_factory=set)
    stopped_since: int | None = None
    until: int | None = None
    ended: Event | None = None
    discarded: bool = False

    @property
    def open(self) -> bool:
        return self.ended is None

    def due(self, at: int | None = None) -> Due:
        """The due day; a pause that is still on counts as ended on `at`."""
        stretches = self.stretches
        if self.stopped_since is not None and at is not None:
            stretches = [*stretches, (self.stopped_since, at)]
        found = self.measure.due(self.start, self.extended, stretches)
        if self.until is not None and self.until > found.due:
            provisional = self.measure.calendar.provisional(self.until, self.until)
            return Due(self.until, self.until, self.until, provisional)
        return found

    def run_out(self, at: int) -> bool:
        """Had its last day passed by `at`? Not while it is stopped."""
        return self.stopped_since is None and self.due().due < at


class RuleFold:
    """Folds one rule's operations over one matter's events."""

    def __init__(self, plan: RulePlan, events: Sequence[Event], measures: Measures) -> None:
        self.plan, self.rule = plan, plan.rule
        self.events, self.measures = events, measures
        self.runs: list[_Run] = []
        self.findings: list[Finding] = []
        self.effective: set[int] = set()

    def fold(self, once: frozenset[str]) -> list[Clock]:
        """All clocks of the rule; `once` are the event types that happen once in a matter."""
        self._once = once
        for operation in self._ordered():
            event = self.events[operation.at]
            step: Callable[[Operation, Event, int], bool] = getattr(self, f"_{operation.kind}")
            if step(operation, event, event.on.toordinal()):
                self.effective.add(operation.at)
        return [self._clock(run) for run in self.runs]

    def _ordered(self) -> Iterator[Operation]:
        """Resume before pausing again on one day, when the pause was already on; and an act
        that serves an appointment comes after it, though its day lies before."""
        operations = list(self.plan.operations)
        if self.rule.versions[0].counting in ("C5", "C7"):
            operations.sort(key=lambda one: one.kind == "end")
        while operations:
            first = operations[0]
            if first.kind == "pause" and any(first.pair in run.stopped for run in self._open()):
                first = self._resume_of_the_day(operations, first) or first
            operations.remove(first)
            yield first

    def _resume_of_the_day(self, operations: list[Operation], pause: Operation) -> Operation | None:
        day = self.events[pause.at].on
        for one in operations:
            if one.kind == "resume" and one.pair == pause.pair:
                return one if self.events[one.at].on == day else None
        return None

    def _find(self, code: str, event: Event, detail: str = "") -> bool:
        self.findings.append(Finding(code, event.type, event.on, self.rule.id, detail))
        return False

    def _open(self) -> list[_Run]:
        return [run for run in self.runs if run.open]

    def _begin(self, event: Event, at: int) -> _Run | None:
        measure = self.measures.on(self.rule, at)
        if measure is None:
            self._find("not_in_force", event)
            return None
        run = _Run(measure, len(self.runs) + 1, at, event)
        self.runs.append(run)
        return run

    def _start(self, _operation: Operation, event: Event, at: int) -> bool:
        if self.runs and event.type in self._once:
            return self._find("started_again", event)
        self._begin(event, at)
        return True

    def _restart(self, _operation: Operation, event: Event, at: int) -> bool:
        running = self._open()
        if not running:
            if not self.runs:
                return False
            if not self.rule.restarts_when_met:
                return self._find("restart_after_end", event)
        carried: set[int] = set()
        for run in running:
            if run.run_out(at):
                self._find("restart_after_due", event, _day(run.due().due).isoformat())
            carried |= run.stopped
            run.ended, run.discarded = event, True
        fresh = self._begin(event, at)
        if fresh is not None and carried:
            fresh.stopped, fresh.stopped_since = carried, at
        return True

    def _pause(self, operation: Operation, event: Event, at: int) -> bool:
        done = False
        for run in self._open():
            if operation.pair in run.stopped:
                self._find("paused_again", event)
            elif run.run_out(at):
                self._find("paused_after_due", event, _day(run.due().due).isoformat())
            else:
                run.stopped.add(operation.pair)
                if run.stopped_since is None:
                    run.stopped_since = at
            done = True
        return done or self._after_end(event)

    def _resume(self, operation: Operation, event: Event, at: int) -> bool:
        done = False
        for run in self._open():
            if operation.pair not in run.stopped:
                self._find("resumed_unpaused", event)
            else:
                run.stopped.discard(operation.pair)
                if not run.stopped and run.stopped_since is not None:
                    run.stretches.append((run.stopped_since, at))
                    run.stopped_since = None
                    if run.due().due < at:
                        # A-4 to the letter: the last day had been counted when it stopped.
                        self._find("resumed_after_due", event, _day(run.due().due).isoformat())
            done = True
        return done or self._after_end(event)

    def _after_end(self, event: Event) -> bool:
        """An event that speaks of a clock that has ended is a contradiction; of one that
        never ran, another rule may know more."""
        if self.runs:
            self._find("after_end", event)
            return True
        return False

    def _extend(self, operation: Operation, event: Event, at: int) -> bool:
        if event.rule is not None and event.rule != self.rule.id:
            return False
        if event.rule is None and operation.at in self.plan.contested:
            return True
        running = self._open()
        if not running:
            return self._after_end(event)
        run = running[-1]
        cap = run.measure.cap
        counted = self.runs if run.measure.per_matter else [run]
        total = sum(one.extended for one in counted) + (event.days or 0)
        if run.run_out(at):
            self._find("extended_late", event, _day(run.due().due).isoformat())
        elif total > cap:
            self._find("extended_over_cap", event, str(cap))
        else:
            run.extensions.append((at, event.days or 0))
            run.extended += event.days or 0
        return True

    def _agree(self, _operation: Operation, event: Event, at: int) -> bool:
        if event.rule is not None and event.rule != self.rule.id:
            return False
        running = self._open()
        if not running:
            return self._after_end(event)
        run = running[-1]
        until = event.until.toordinal() if event.until else at
        if run.run_out(at):
            self._find("extended_late", event, _day(run.due().due).isoformat())
        elif until <= run.due(at).due:
            self._find("agreed_not_later", event, _day(run.due(at).due).isoformat())
        else:
            run.until = until
        return True

    def _end(self, _operation: Operation, event: Event, at: int) -> bool:
        running = self._open()
        if not running:
            return False
        if running[0].measure.backward and running[0].measure.unit == "working_days":
            # A notice serves the next hearing; one given too late, the last of those past.
            ahead = [run for run in running if run.start >= at]
            chosen = min(ahead, key=lambda run: run.start) if ahead else running[-1]
        else:
            chosen = running[0]
        chosen.ended = event
        return True

    def _clock(self, run: _Run) -> Clock:
        clock = Clock(
            rule=self.rule.id,
            seq=run.seq,
            version=run.measure.version.from_,
            kind=self.rule.kind,
            state="running",
            started_on=_day(run.start),
            started_by=run.started.type,
            extended_days=run.extended,
        )
        if run.stretches:
            clock.pauses = tuple([(_day(a), _day(b)) for a, b in run.stretches])
        if run.extensions:
            clock.extensions = tuple([(_day(at), days) for at, days in run.extensions])
        if run.ended is not None:
            self._ended(clock, run, run.ended)
        elif run.stopped_since is not None:
            clock.state = "paused"
            clock.days_left = run.measure.left(
                run.stopped_since, run.start, run.extended, run.stretches
            )
        else:
            _put(clock, run.due())
        if run.stopped_since is not None:
            clock.pauses = (*clock.pauses, (_day(run.stopped_since), None))
        return clock

    def _ended(self, clock: Clock, run: _Run, ended: Event) -> None:
        clock.ended_on, clock.ended_by = ended.on, ended.type
        at = ended.on.toordinal()
        found = run.due(at)
        if run.stopped_since is not None and found.due < at and not run.discarded:
            # Nothing runs out while it is stopped: what was done meanwhile was done in time.
            found = Due(at, at, at, found.provisional)
        _put(clock, found)
        if run.discarded:
            clock.state = "cancelled"
        else:
            clock.state = "met" if at <= found.due else "met_late"


def _put(clock: Clock, found: Due) -> None:
    clock.raw_due_on, clock.due_on = _day(found.raw), _day(found.due)
    clock.warn_on, clock.provisional = _day(found.warn), found.provisional
