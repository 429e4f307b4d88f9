"""Folds the operations that a shape fires, in the order of events, into clocks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import ClassVar

from rules.counting import DueDates, Measure, Measures
from rules.matter import OURS, Clock, Event, Finding, State
from rules.plans import missed
from rules.running import NONE, Run, cancelled, unserved
from rules.shapes import Operation, RulePlan


class RuleFold:
    """Folds one rule's operations over one matter's events."""

    __slots__ = (
        "_once", "asked", "baseless", "effective", "events", "findings", "measures", "open", "plan",
        "rule", "runs",
    )  # fmt: skip

    def __init__(self, plan: RulePlan, events: Sequence[Event], measures: Measures) -> None:
        self.plan, self.rule = plan, plan.rule
        self.events, self.measures = events, measures
        self.runs: list[Run] = []
        # Those of them that have not ended.
        self.open: list[Run] = []
        self.findings: list[Finding] = []
        self.effective: set[int] = set()
        # The contested extensions that found a clock running.
        self.asked: set[int] = set()
        # The pauses that happened before the law knew them.
        self.baseless: set[int] = set()

    def fold(self, once: frozenset[str]) -> list[Clock]:
        """All clocks of the rule; `once` are the event types that happen once in a matter."""
        self._once = once
        events, steps = self.events, self._steps
        for operation in self.plan.operations if self.plan.steady else self._resumed_first():
            if steps[operation.kind](self, operation, events[operation.at]):
                self.effective.add(operation.at)
        return [self._clock(run) for run in self.runs]

    def _resumed_first(self) -> Iterator[Operation]:
        """Resume before pausing again on one day, when the pause was already on; of several
        notices all are to be served."""
        operations = list(self.plan.operations)
        while operations:
            first = operations[0]
            if first.kind == "pause" and self._again(first.pair):
                first = self._resume_of_the_day(operations, first) or first
            operations.remove(first)
            yield first

    def _again(self, pair: int) -> bool:
        """Does what stops a clock once, whatever happens, stop one already?"""
        once = self.rule.pauses[pair].ends_after is None
        return once and any(pair in run.stopped for run in self.open)

    def _resume_of_the_day(self, operations: list[Operation], pause: Operation) -> Operation | None:
        day = self.events[pause.at].on
        for one in operations:
            if one.kind == "resume" and one.pair == pause.pair:
                return one if self.events[one.at].on == day else None
        return None

    def _find(self, code: str, event: Event, detail: str = "") -> bool:
        self.findings.append(Finding(code, event.type, event.on, self.rule.id, detail))
        return False

    def _measure(self, run: Run) -> Measure:
        return self.measures.of_version(self.rule, run.found.version)

    def _counted(self, run: Run, stretches: Sequence[tuple[date, date]]) -> DueDates:
        """The dates of a run, with these pauses."""
        if not stretches:
            found = self.measures.extended(self.rule, run.on, run.extended)
        else:
            found = self._measure(run).due(run.on, run.extended, stretches)
        if run.until is None or run.until <= found.due_on:
            return found
        return self._measure(run).agreed_on(run.until)

    def _as_of(self, run: Run, on: date) -> DueDates:
        """The dates of a run; a pause that is still on counts as ended on `on`."""
        if run.stopped_since is None:
            return run.found
        return self._counted(run, (*run.stretches, (run.stopped_since, on)))

    def _begin(self, event: Event) -> Run | None:
        found = self.measures.plain(self.rule, event.on)
        if found is None:
            if missed(self.rule):
                deemed = self.rule.kind == "deemed_date"
                self._find("no_deemed_day" if deemed else "not_in_force", event)
            return None
        run = Run(len(self.runs) + 1, event, found)
        if self.plan.by_event and not self._stated(run, event):
            return None
        self.runs.append(run)
        self.open.append(run)
        return run

    def _stated(self, run: Run, event: Event) -> bool:
        """Takes the day, or the time of day, from the event."""
        measure = self._measure(run)
        if measure.unit == "hours":
            run.due_at = event.at
        elif event.pay_by is None:
            return self._find("no_day_stated", event)
        elif event.pay_by < event.on:
            return self._find("day_before_service", event, event.pay_by.isoformat())
        else:
            run.found = measure.agreed_on(event.pay_by)
        return True

    def _start(self, operation: Operation, event: Event) -> bool:
        if self.runs and event.type in self._once:
            # After another event began it, what the case has against this one is said of the case.
            again = any(one.type == event.type for one in self.events[: operation.at])
            return again and self._find("started_again", event)
        if event.type not in self.rule.restarts_on or not self._without_basis(event):
            self._begin(event)
        return True

    def _without_basis(self, event: Event) -> bool:
        """Says where the law did not know yet that this event begins the period anew."""
        since = self.measures.restarts_since(self.rule, event.type)
        if event.on < since:
            self._find("restart_without_basis", event, since.isoformat())
        return event.on < since

    def _wait(self, _operation: Operation, _event: Event) -> bool:
        """What the rule waits for never came: nothing begins."""
        return False

    def _restart(self, _operation: Operation, event: Event) -> bool:
        if self.runs and self._without_basis(event):
            return True
        running, self.open = self.open, []
        if not running:
            if not self.runs:
                return False
            if not self.rule.restarts_when_met:
                return self._find("restart_after_end", event)
        carried = NONE
        for run in running:
            if run.run_out(event.on):
                self._find("restart_after_due", event, run.found.due_on.isoformat())
            carried |= run.stopped
            run.ended, run.discarded = event, True
        fresh = self._begin(event)
        if fresh is not None and carried:
            fresh.stopped, fresh.stopped_since = carried, event.on
        return True

    def _pause(self, operation: Operation, event: Event) -> bool:
        since = self.measures.stops_since(self.rule, operation.pair)
        if self.open and event.on < since:
            self._find("pause_without_basis", event, since.isoformat())
            self.baseless.add(operation.pair)
            return True
        done = False
        for run in self.open:
            if operation.pair in run.stopped:
                if self.rule.pauses[operation.pair].ends_after is None:
                    self._find("paused_again", event)
            elif run.run_out(event.on):
                self._find("paused_after_due", event, run.found.due_on.isoformat())
            else:
                run.stopped |= {operation.pair}
                if run.stopped_since is None:
                    run.stopped_since = event.on
            done = True
        return done or self._after_end(event)

    def _resume(self, operation: Operation, event: Event) -> bool:
        if self._unserved(operation):
            return False
        done = False
        for run in self.open:
            if operation.pair not in run.stopped:
                if operation.pair not in self.baseless:
                    self._find("resumed_unpaused", event)
            else:
                run.stopped -= {operation.pair}
                if not run.stopped:
                    self._go_on(run, event)
            done = True
        return done or self._after_end(event)

    def _unserved(self, operation: Operation) -> bool:
        """Does what a deemed service would end go on, or was it not there to be ended?"""
        pause = self.rule.pauses[operation.pair]
        if pause.ends_after is None:
            return False
        stopped = any(operation.pair in run.stopped for run in self.open)
        return not stopped or unserved(pause, self.events[: operation.at + 1])

    def _go_on(self, run: Run, event: Event) -> None:
        if run.stopped_since is not None:
            run.stretches = (*run.stretches, (run.stopped_since, event.on))
            run.stopped_since = None
            run.found = self._counted(run, run.stretches)
            if run.found.due_on < event.on:
                # A-4 to the letter: the last day had been counted when it stopped.
                self._find("resumed_after_due", event, run.found.due_on.isoformat())

    def _after_end(self, event: Event) -> bool:
        """An event that speaks of a clock that has ended is a contradiction; of one that
        never ran, another rule may know more."""
        if self.runs:
            self._find("after_end", event)
            return True
        return False

    def _extend(self, operation: Operation, event: Event) -> bool:
        if event.rule is not None and event.rule != self.rule.id:
            return False
        running = self.open
        if event.rule is None and operation.at in self.plan.contested:
            if running:
                self.asked.add(operation.at)
            return True
        if not running:
            return self._after_end(event)
        run, days = running[-1], event.days or 0
        measure = self._measure(run)
        cap = measure.cap_in(self.plan.places)
        counted = self.runs if measure.per_matter else [run]
        if run.run_out(event.on):
            self._too_late(run, event)
        elif measure.times is not None and len(run.extensions) >= measure.times:
            self._find("extended_again", event, str(measure.times))
        elif cap is not None and sum(one.extended for one in counted) + days > cap:
            self._find("extended_over_cap", event, str(cap))
        else:
            run.extensions = (*run.extensions, (event.on, days))
            run.extended += days
            run.found = self._counted(run, run.stretches)
        return True

    def _too_late(self, run: Run, event: Event) -> None:
        """An extension after the last day counts for nothing; that it would have been in time by
        the version before, which whoever granted it may have gone by, is said."""
        before = self.measures.before(self.rule, run.found.version)
        code = "extended_late"
        if (
            before is not None
            and event.on <= before.due(run.on, run.extended, run.stretches).due_on
        ):
            code = "extended_late_by_change"
        self._find(code, event, run.found.due_on.isoformat())

    def _agree(self, _operation: Operation, event: Event) -> bool:
        if event.rule is not None and event.rule != self.rule.id:
            return False
        running = self.open
        if not running:
            return self._after_end(event)
        run, until = running[-1], event.until or event.on
        due_on = self._as_of(run, event.on).due_on
        if run.run_out(event.on):
            self._too_late(run, event)
        elif until <= due_on:
            self._find("agreed_not_later", event, due_on.isoformat())
        else:
            run.until = until
            run.found = self._counted(run, run.stretches)
        return True

    def _end(self, _operation: Operation, event: Event) -> bool:
        running = self.open
        if self.rule.ends_every:
            return self._end_every(event)
        if not running or self._served_otherwise(event):
            return False
        chosen = running[0]
        if len(running) > 1 and self._measure(chosen).notice:
            # A notice serves the next hearing; one given too late, the last of those past.
            ahead = [run for run in running if run.on >= event.on]
            chosen = min(ahead, key=lambda run: run.on) if ahead else running[-1]
        if chosen.stopped_since is not None and self.rule.kind in OURS:
            self._find("ended_while_stopped", event, chosen.stopped_since.isoformat())
        if self.rule.kind == "earliest" and event.on < chosen.found.due_on:
            self._find("too_early", event, chosen.found.due_on.isoformat())
        chosen.ended = event
        running.remove(chosen)
        return True

    def _end_every(self, event: Event) -> bool:
        """One act ends whatever runs by then; what its ground names is all it speaks of."""
        ended = [run for run in self.open if event.ground in (None, run.begun_by)]
        for run in ended:
            run.ended = event
        self.open = [run for run in self.open if run.ended is None]
        return bool(ended)

    def _cancel(self, _operation: Operation, event: Event) -> bool:
        running, self.open = self.open, cancelled(self.open, event)
        return bool(running)

    def _served_otherwise(self, event: Event) -> bool:
        """Is it service that is deemed to follow from something else than began this?"""
        deemed = self.rule.kind == "deemed_date" and event.ground is not None
        return deemed and event.ground not in self.rule.starts_on

    def _clock(self, run: Run) -> Clock:
        found, pauses, left = run.found, run.stretches, None
        state: State = "running"
        ended_on = ended_by = None
        raw_on: date | None
        due_on: date | None
        warn_on: date | None
        version, raw_on, due_on, warn_on, provisional = found
        if run.ended is not None:
            ended_by, ended_on, *_ = run.ended
            version, raw_on, due_on, warn_on, provisional = self._at_end(run, ended_on)
            state = "cancelled" if run.discarded else self._met(run, run.ended, due_on)
        elif run.stopped_since is not None:
            state = "paused"
            left = self._measure(run).left(run.stopped_since, found.raw_on)
            raw_on = due_on = warn_on = None
            provisional = False
        return Clock(
            self.rule.id,
            run.seq,
            version,
            self.rule.kind,
            state,
            run.on,
            run.begun_by,
            raw_on,
            due_on,
            warn_on,
            left,
            run.extended,
            ended_on,
            ended_by,
            provisional,
            pauses if run.stopped_since is None else (*pauses, (run.stopped_since, None)),
            run.extensions,
            run.due_at,
        )

    def _at_end(self, run: Run, on: date) -> DueDates:
        found = self._as_of(run, on)
        if run.stopped_since is not None and found.due_on < on and not run.discarded:
            # Nothing runs out while it is stopped: what was done meanwhile was done in time.
            return found._replace(raw_on=on, due_on=on, warn_on=on)
        return found

    def _met(self, run: Run, ended: Event, due_on: date) -> State:
        """In time? On the last day the time of day decides, where hours count and it is known;
        what has an earliest day is in time after it."""
        if self.rule.kind == "earliest":
            return "met"
        if ended.on == due_on and run.due_at is not None and ended.at is not None:
            return "met" if ended.at <= run.due_at else "met_late"
        return "met" if ended.on <= due_on else "met_late"

    _steps: ClassVar[dict[str, Callable[["RuleFold", Operation, Event], bool]]] = {
        "start": _start,
        "wait": _wait,
        "restart": _restart,
        "pause": _pause,
        "resume": _resume,
        "extend": _extend,
        "agree": _agree,
        "end": _end,
        "cancel": _cancel,
    }
