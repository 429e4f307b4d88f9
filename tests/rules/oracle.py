"""A plain-Python oracle: the policy read event by event, days counted by walking over them.

It shares nothing with the program but the policy's data: no engine, no plans, no folding and no
counting of ours. Slow and simple on purpose; `derive` must agree with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rules.calendar import HolidayYear
from rules.common import Citation
from rules.matter import Event, Matter
from rules.policy import Policy
from rules.schema import Pause, Rule, Version
from tests.rules.oracle_clocks import Row, Running
from tests.rules.oracle_counting import Counting
from tests.rules.oracle_days import DAY, Days
from tests.rules.oracle_facts import holds, with_its_ends
from tests.rules.oracle_service import Service, which_service

NOT_ACTING = ("off", "negative", "dead")
BACKWARD = ("C5", "C7")  # What serves an appointment: counted back from its day.


class Oracle(Counting):
    """One policy, with its calendar years."""

    def __init__(self, policy: Policy, years: Mapping[int, HolidayYear]) -> None:
        self.policy = policy
        self.days = Days(years, policy.fixed_days.days)

    def derive(self, matter: Matter, today: date) -> list[Row]:
        """A row for each clock, sorted; what ran out is counted in until nothing more does."""
        recorded = matter
        clocks = self._clocks(matter, today)
        while expired := self._expired(recorded, clocks, today) - set(matter.events):
            matter = replace(matter, events=(*matter.events, *expired))
            clocks = self._clocks(matter, today)
        return sorted((self._row(clock) for clock in clocks), key=str)

    def _expired(self, recorded: Matter, clocks: list[Running], today: date) -> set[Event]:
        """What a limit that nobody met by its day comes to, on that day."""
        found = set()
        for clock in clocks:
            name, (_, due, _) = clock.rule.expires_as, self._due(clock, clock.ended_on or today)
            told = any(one.type == name and one.on >= due for one in recorded.events)
            unmet = due < min(clock.ended_on or today, today)
            if name and clock.state != "cancelled" and not told and unmet:
                found.add(Event(name, due))
        return found

    def _clocks(self, matter: Matter, today: date) -> list[Running]:
        """The clocks that the events begin and end."""
        events = self._in_order(self._with_service(matter, today))
        rules = self._rules(matter, events)
        self.happened: list[Event] = []
        clocks: list[Running] = []
        late = []
        for day in sorted({event.on for event in events}):
            waiting = [event for event in events if event.on == day]
            while waiting:
                event = self._next(waiting, rules, clocks)
                waiting.remove(event)
                if self._apply(event, rules, clocks):
                    late.append(event)
        for event in late:
            self._end_appointed(event, rules, clocks)
        return clocks

    def _in_order(self, events: Sequence[Event]) -> list[Event]:
        def key(event: Event) -> tuple[object, ...]:
            rank = self.policy.events[event.type].rank
            details = (event.days or 0, event.until or event.on, event.pay_by or event.on)
            return (event.on, rank, event.type, *details, event.at or "", event.rule or "")

        return sorted(events, key=key)

    def _next(self, waiting: list[Event], rules: list[Rule], clocks: list[Running]) -> Event:
        """The first of the day; where it pauses what is paused, the resumption goes before."""
        first = waiting[0]
        for rule in rules:
            for number, pause in enumerate(self._pauses(rule)):
                paused = any(
                    number in clock.paused_by
                    for clock in clocks
                    if clock.rule is rule and clock.state == "running"
                )
                if first.type == pause.from_ and paused and not pause.ends_after:
                    return next((one for one in waiting if one.type == pause.to), first)
        return first

    def _rules(self, matter: Matter, events: Sequence[Event]) -> list[Rule]:
        self.places = self._places(matter.jurisdiction)
        applying = [
            with_its_ends(rule, matter, self.policy)
            for rule in self.policy.rules.values()
            if rule.procedure == matter.procedure
            and rule.jurisdiction in self.places
            and rule.use not in NOT_ACTING
            and all(holds(condition, matter, self.policy) for condition in rule.requires)
            and (not rule.only_after or any(event.type in rule.only_after for event in events))
        ]
        started = {
            rule.replaces
            for rule in applying
            for event in events
            if event.type in rule.starts_on and self._in_force(rule, event.on)
        }
        return [rule for rule in applying if rule.id not in started]

    def _places(self, name: str) -> set[str]:
        found = {name}
        while (name := self.policy.jurisdictions[name].within or "") and name not in found:
            found.add(name)
        return found

    def _in_force(self, rule: Rule, day: date) -> Version | None:
        fitting = (one for one in rule.versions if one.from_ <= day <= (one.to or date.max))
        return next(fitting, None)

    def _pauses(self, rule: Rule) -> list[Pause]:
        """Its pauses; one of another place stands for itself with no events."""
        return [
            pause
            if pause.jurisdiction in self.places
            else pause.model_copy(update={"from_": "", "to": ""})
            for pause in rule.pauses
        ]

    def _with_service(self, matter: Matter, today: date) -> Iterator[Event]:
        """The events, each recorded service with what it answers, and the service deemed to have
        taken place where none was recorded."""
        waiting = sorted(self._to_be_served(matter), key=lambda one: one.event.on)
        names = {one.served for one in waiting}
        told = [event for event in matter.events if event.type in names]
        yield from (event for event in matter.events if event.type not in names)
        for event in sorted(told, key=lambda one: (one.on, one.ground is None, one.ground)):
            could = [one for one in waiting if one.may_be_answered_by(event)]
            answered = which_service(event, could)
            if answered is not None:
                waiting.remove(answered)
                yield event._replace(ground=answered.event.type)
            else:
                yield event._replace(ground="none of them" if could else event.ground)
        for one in waiting:
            if one.day is not None and one.day <= today:
                yield Event(one.served, one.day, ground=one.event.type)

    def _to_be_served(self, matter: Matter) -> Iterator[Service]:
        for rule in self._rules(matter, matter.events):
            for event in matter.events if rule.kind == "deemed_date" else ():
                if event.type in rule.starts_on:
                    version = self._in_force(rule, event.on)
                    clock = Running(rule, version, event.on) if version else None
                    day = self._count(clock, [])[0] if clock else None
                    yield Service(event, rule.discharged_by[0], day)

    def _apply(self, event: Event, rules: list[Rule], clocks: list[Running]) -> bool:
        """True where it ends a clock that runs backward, which is done at last."""
        later = False
        self.happened.append(event)
        self._extend(event, rules, clocks)
        for rule in rules:
            ever = [clock for clock in clocks if clock.rule is rule]
            open_now = [clock for clock in ever if clock.state == "running"]
            if self._starts(event, rule):
                if not (ever and self.policy.events[event.type].once) and self._may(event, rule):
                    self._begin(rule, event.on, clocks, event)
            elif event.type in rule.restarts_on:
                known = self._known(rule.restart_basis[event.type], event.on)
                if known and (open_now or (ever and rule.restarts_when_met)):
                    self._restart(rule, event.on, open_now, clocks)
            elif event.type in rule.cancelled_by:
                self._cancel(event.on, open_now)
            elif event.type in rule.discharged_by and rule.versions[0].counting in BACKWARD:
                later = True
            elif event.type in rule.discharged_by and not self._of_other(event, rule):
                meant = [one for one in open_now if event.ground in (None, one.begun_by)]
                for clock in meant if rule.ends_every else open_now[:1]:
                    self._finish(clock, event.on, event.at)
            self._stop_or_go_on(rule, event, open_now)
        return later

    def _starts(self, event: Event, rule: Rule) -> bool:
        """What comes before that which the rule waits for starts it on the later day."""
        if event.type in rule.restarts_on:
            # It starts what nothing started before, and restarts what was.
            started = any(one.type in rule.starts_on for one in self.happened[:-1])
            return event.type in rule.starts_on and not started
        if rule.waits_for is None:
            return event.type in rule.starts_on
        before = [one.type for one in self.happened[:-1]]
        if event.type == rule.waits_for:
            earlier = any(name in rule.starts_on for name in before)
            return earlier and rule.waits_for not in before
        return event.type in rule.starts_on and rule.waits_for in before

    def _may(self, event: Event, rule: Rule) -> bool:
        """What would restart the rule starts it only once the law knows of the restart."""
        return event.type not in rule.restarts_on or self._known(
            rule.restart_basis[event.type], event.on
        )

    def _of_other(self, event: Event, rule: Rule) -> bool:
        """Service that is deemed to follow from something else than began the rule."""
        computed = rule.kind == "deemed_date" and event.ground is not None
        return computed and event.ground not in rule.starts_on

    def _stop_or_go_on(self, rule: Rule, event: Event, open_now: list[Running]) -> None:
        for number, pause in enumerate(self._pauses(rule)):
            for clock in open_now:
                if event.type == pause.from_ and self._known(pause.basis, event.on):
                    self._pause(clock, number, event.on)
                elif event.type == pause.to and self._ends(event, pause):
                    self._resume(clock, number, event.on)

    def _known(self, basis: Sequence[Citation], on: date) -> bool:
        """Was any of what is cited in force, or of an unknown first day?"""
        spans = [self.policy.sources[one.source].in_force for one in basis]
        return any(span is None or span.from_ <= on for span in spans)

    def _ends(self, event: Event, pause: Pause) -> bool:
        """A pause for service ends when all that was to be served in this way has been."""
        if pause.ends_after is None:
            return True
        begun = [one for one in self.happened if one.type == pause.from_]
        made = [one for one in self.happened if (one.type, one.ground) == (pause.to, pause.from_)]
        return event.ground == pause.from_ and len(made) >= len(begun)

    def _begin(
        self, rule: Rule, on: date, clocks: list[Running], event: Event | None = None
    ) -> Running | None:
        version = self._in_force(rule, on)
        stated = event.pay_by if event else None
        if version is None or (version.counting == "stated" and (stated is None or stated < on)):
            return None
        clocks.append(Running(rule, version, on, stated=stated, at=event.at if event else None))
        clocks[-1].begun_by = event.type if event else None
        return clocks[-1]

    def _restart(
        self, rule: Rule, on: date, open_now: list[Running], clocks: list[Running]
    ) -> None:
        """The elapsed days are discarded; what was suspended stays suspended."""
        stopped = {number for clock in open_now for number in clock.paused_by}
        for clock in open_now:
            self._finish(clock, on)
            clock.state = "cancelled"
        fresh = self._begin(rule, on, clocks)
        if fresh is not None and stopped:
            fresh.paused_by, fresh.paused_since = stopped, on

    def _cancel(self, on: date, open_now: list[Running]) -> None:
        """What has run out by then is past and stays so."""
        for clock in open_now:
            if not self._run_out(clock, on):
                self._finish(clock, on)
                clock.state = "cancelled"

    def _pause(self, clock: Running, number: int, on: date) -> None:
        if number in clock.paused_by or self._run_out(clock, on):
            return
        clock.paused_by.add(number)
        clock.paused_since = clock.paused_since or on

    def _resume(self, clock: Running, number: int, on: date) -> None:
        if number not in clock.paused_by:
            return
        clock.paused_by.remove(number)
        if not clock.paused_by and clock.paused_since is not None:
            clock.pauses.append((clock.paused_since, on))
            clock.paused_since = None

    def _extend(self, event: Event, rules: list[Rule], clocks: list[Running]) -> None:
        if event.type not in ("extension_approved", "extension_agreed"):
            return
        able = [
            clock
            for clock in clocks
            if clock.state == "running"
            and clock.rule in rules
            and event.type in clock.rule.extended_by
            and event.rule in (None, clock.rule.id)
        ]
        if event.type == "extension_agreed":
            # A day agreed on is one for every limit that can be agreed on.
            for clock in {clock.rule.id: clock for clock in able}.values():
                self._agree(clock, event)
            return
        if len({clock.rule.id for clock in able}) != 1:
            return
        clock = able[-1]
        allowed = clock.version.extension and clock.version.extension.times
        if self._run_out(clock, event.on) or (allowed and clock.times == allowed):
            return
        counted = [clock]
        if self.policy.reading("A-10") == "per_matter":
            counted = [one for one in clocks if one.rule is clock.rule]
        cap = self._cap(clock)
        if sum(one.extended for one in counted) + (event.days or 0) <= cap:
            clock.extended += event.days or 0
            clock.times += 1

    def _agree(self, clock: Running, event: Event) -> None:
        _, due, _ = self._due(clock, event.on)
        if event.until is not None and event.until > due and not self._run_out(clock, event.on):
            clock.until = event.until

    def _cap(self, clock: Running) -> float:
        known = clock.version.extension
        if known is None:
            return 0
        caps = [number for place, number in known.caps.items() if place in self.places]
        return caps[0] if caps else known.cap or float("inf")

    def _end_appointed(self, event: Event, rules: list[Rule], clocks: list[Running]) -> None:
        for rule in rules:
            open_now = [c for c in clocks if c.rule is rule and c.state == "running"]
            code = rule.versions[0].counting
            if code not in BACKWARD or event.type not in rule.discharged_by or not open_now:
                continue
            if code == "C5":
                ahead = [c for c in open_now if c.started_on >= event.on]
                chosen = min(ahead, key=lambda c: c.started_on) if ahead else open_now[-1]
            else:
                chosen = open_now[0]
            self._finish(chosen, event.on)

    def _finish(self, clock: Running, on: date, at: str | None = None) -> None:
        _, due, _ = self._due(clock, on)
        clock.ended_on = on
        stopped = clock.paused_since is not None
        in_time = on < due or (on == due and (at or "") <= (clock.at or "24:00"))
        if clock.version.counting != "hours":
            in_time = on <= due or stopped or clock.rule.kind == "earliest"
        clock.state = "met" if in_time else "met_late"

    def _run_out(self, clock: Running, on: date) -> bool:
        return clock.paused_since is None and self._due(clock, on)[1] < on

    def _due(self, clock: Running, at: date) -> tuple[date, date, bool]:
        """Un-rolled day, due day, provisional; a pause still on counts as ended on `at`."""
        pauses = list(clock.pauses)
        if clock.paused_since is not None:
            pauses.append((clock.paused_since, at))
        raw, due, unsure = self._count(clock, pauses)
        if clock.version.reached == "day_after":
            raw, due = raw + DAY, due + DAY
        if clock.until is not None and clock.until > due:
            return clock.until, clock.until, False
        return raw, due, unsure

    def _left(self, clock: Running) -> int:
        """What was left on the day it was stopped: days counted one by one."""
        raw, _, _ = self._count(clock, clock.pauses)
        day, left = clock.paused_since or raw, 0
        by_work = clock.version.counting == "C2"
        while day < raw:
            day += DAY
            left += 1 if not by_work or self.days.worked(day) else 0
        return left

    def _row(self, clock: Running) -> Row:
        name, start = clock.rule.id, clock.started_on
        if clock.state == "running" and clock.paused_since is not None:
            left = self._left(clock)
            return Row(name, "paused", start, None, None, left, clock.extended, False)
        raw, due, unsure = self._due(clock, clock.ended_on or start)
        stood_still = clock.state == "met" and clock.rule.kind != "earliest"
        if stood_still and clock.ended_on is not None and due < clock.ended_on:
            raw = due = clock.ended_on
        return Row(name, clock.state, start, raw, due, None, clock.extended, unsure)
