"""A clock in words: every step from the start event to the due day, with its articles."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

from rules.calendar import add_calendar_days, calendar_days_between, on_weekend
from rules.citing import Citation, cited, in_force, local_law, quote
from rules.common import Citation as Reference
from rules.counting import Measure
from rules.decisive import facts_told, not_ended
from rules.finding_words import capped, extending, held_elsewhere
from rules.matter import Clock, Finding, Matter
from rules.provisional import why_provisional
from rules.reliance import pause_basis, relied_on
from rules.rulebook import Rulebook
from rules.schema import ARRIVING, Condition, Rule
from rules.wording import Wording


def citations(clock: Clock, rulebook: Rulebook, language: str) -> list[Citation]:
    """The articles that the clock's period rests on, in the order of the policy."""
    version = _measure(clock, rulebook).version
    return cited(version.basis, rulebook, language)


def steps(clock: Clock, matter: Matter, rulebook: Rulebook, language: str) -> list[str]:
    """How the clock's day came about, one sentence a step, in order."""
    return list(_Account(clock, matter, rulebook, language).told())


def counted(clock: Clock, matter: Matter, rulebook: Rulebook, language: str) -> list[str]:
    """As `steps`, without the articles and marks."""
    return list(_Account(clock, matter, rulebook, language).reckoned())


def finding_text(finding: Finding, rulebook: Rulebook, language: str) -> str:
    """A contradiction in words."""
    say = Wording(rulebook, language)
    rule = rulebook.policy.rules.get(finding.rule or "")
    others, _, other_on = finding.detail.partition(" ")
    told = held_elsewhere(rule, finding, rulebook)
    return say(
        finding.code if told is None else f"{finding.code}_told",
        text="" if told is None else told[language],
        on=finding.on,
        event=say.event(finding.event),
        rule=rule.obligation[language] if rule else finding.rule or "",
        versions=say.versions(rule, finding.on) if rule and rule.versions else "",
        detail=finding.detail,
        needed=say.template("list_separator").join(say.event(one) for one in others.split(",")),
        other_on=other_on,
        cap=capped(rule, finding, say),
        article=extending(rule, finding, rulebook, language),
    )


def _measure(clock: Clock, rulebook: Rulebook) -> Measure:
    return rulebook.measures.of_version(rulebook.policy.rules[clock.rule], clock.version)


class _Account:
    """Tells one clock."""

    def __init__(self, clock: Clock, matter: Matter, rulebook: Rulebook, language: str) -> None:
        self.clock, self.matter, self.rulebook = clock, matter, rulebook
        self.say = Wording(rulebook, language)
        self.language = self.say.language
        self.rule: Rule = rulebook.policy.rules[clock.rule]
        self.measure = _measure(clock, rulebook)

    def told(self) -> Iterator[str]:
        """All steps in order."""
        yield from self.reckoned()
        yield from self._sources()

    def reckoned(self) -> Iterator[str]:
        """From the start event to the due day and the end."""
        yield self._start()
        yield from self._facts(self.rule.requires)
        if not self._payday and self.measure.unit not in ("stated", "same_day"):
            yield self._period()
        yield from self._stretches()
        yield from self._pauses()
        yield from self._extensions()
        yield from self._last_day()
        yield from not_ended(self.clock, self.matter, self.rulebook, self.say)
        yield from self._ending()

    def _start(self) -> str:
        clock = self.clock
        if self._payday:
            return self._agreed_payday()
        if self.measure.backward:
            code = "appointed"
        elif self.measure.unit in ("same_day", "stated", "hours", "quarters"):
            code = f"started_{self.measure.unit}"
        else:
            code = "restarted" if self._restarted else "started"
        on = clock.started_on
        event = self.say.event(clock.started_by)
        return self.say(code, on=on, weekday=self.say.weekday(on), event=event)

    @property
    def _payday(self) -> bool:
        """Nothing is counted: the appointed day itself, or the working day before it."""
        return self.measure.backward and self.measure.length == 0

    def _agreed_payday(self) -> str:
        on = self.clock.started_on
        how = self.rulebook.policy.counting[self.measure.version.counting].text[self.language]
        return self.say("payday", on=on, weekday=self.say.weekday(on), how=how)

    @property
    def _restarted(self) -> bool:
        return self.clock.started_by in self.rule.restarts_on

    def _facts(self, conditions: Iterable[Condition]) -> Iterator[str]:
        return facts_told(conditions, self.matter, self.rulebook, self.say)

    def _period(self) -> str:
        version = self.measure.version
        how = self.rulebook.policy.counting[version.counting].text[self.language]
        # Years are counted as months and told as years.
        counted_in = "years" if version.period.unit == "years" else self.measure.unit
        unit = self.say.unit(counted_in, version.period.length)
        named = "period" if version.counting.startswith("C") else "period_plain"
        length, code = version.period.length, version.counting
        return self.say(named, length=length, unit=unit, code=code, how=how)

    @cached_property
    def _counted_to(self) -> date | None:
        """The last day counted: the un-rolled last day, or the day it was stopped on."""
        if self.clock.raw_due_on is not None:
            return self.measure.ends_on(self.clock.raw_due_on)
        return self.clock.pauses[-1][0] if self.clock.pauses else None

    def _stretches(self) -> Iterator[str]:
        last = self._counted_to
        if last is None or self.measure.unit in ("same_day", "stated", "hours", "quarters"):
            return
        if self.measure.backward:
            yield from self._backward()
        elif self.measure.unit == "months":
            yield self._months()
        else:
            for after, stop in self._counted(last):
                yield self._stretch(after, stop)
        yield from self._specials(last)

    def _counted(self, last: date) -> Iterator[tuple[date, date]]:
        """The stretches counted up to `last`, each after its first day; pauses lie between."""
        at, left = self.clock.started_on, self._days_of_period
        for suspended, resumed in [*self._stood_still, (last, None)]:
            stop = min(suspended, last)
            if left is not None:
                # Stopped on a rest day after the last day: the period itself was full by then.
                stop = min(stop, add_calendar_days(at, left))
            if stop > at:
                yield at, stop
                left = left - calendar_days_between(at, stop) if left is not None else None
            at = max(at, resumed or stop)

    @property
    def _days_of_period(self) -> int | None:
        """How many calendar days are counted in all; None where they are not what counts."""
        if self.measure.unit != "calendar_days" or self.measure.lenient:
            return None
        return self.measure.length + self.clock.extended_days

    @property
    def _stood_still(self) -> list[tuple[date, date | None]]:
        """The pauses; one that was on when the clock ended lasted until then."""
        return [(since, until or self.clock.ended_on) for since, until in self.clock.pauses]

    def _stretch(self, after: date, last: date) -> str:
        if self.measure.unit == "working_days":
            days = self.rulebook.calendar.working_days_between(after, last)
        else:
            days = calendar_days_between(after, last)
        first = add_calendar_days(after, 1)
        unit = self.say.unit(self.measure.unit, days)
        return self.say("counted", first=first, last=last, days=days, unit=unit)

    def _months(self) -> str:
        measure, start = self.measure, self.clock.started_on
        raw = measure.ends_on(measure.due(start).raw_on)
        code = "counted_months" if raw.day == start.day else "counted_months_clamped"
        unit = self.say.unit("months", measure.length)
        return self.say(code, first=start, length=measure.length, unit=unit, last=raw)

    def _backward(self) -> Iterator[str]:
        clock, measure = self.clock, self.measure
        if measure.unit == "working_days":
            first, last = clock.started_on, clock.due_on
            unit = self.say.unit(measure.unit, measure.length)
            yield self.say("counted_back", first=first, days=measure.length, unit=unit, last=last)
            yield self.say("clear_day_warning", on=clock.warn_on)

    def _specials(self, last: date) -> Iterator[str]:
        """Holidays on weekdays and make-up workdays within the stretches counted."""
        if self.measure.unit != "working_days":
            return
        off: list[date] = []
        worked: list[date] = []
        for first, stop in self._looked_at(last):
            found = self.rulebook.calendar.specials(first, stop)
            off += found[0]
            worked += found[1]
        if off:
            yield self.say("days_off_met", days=self.say.days(off))
        if worked:
            yield self.say("make_up_met", days=self.say.days(worked))

    def _looked_at(self, last: date) -> list[tuple[date, date]]:
        """First and last day of each stretch of which the working days were counted."""
        if self.measure.backward:
            return [(last, self.clock.started_on)]
        return [(add_calendar_days(after, 1), stop) for after, stop in self._counted(last)]

    def _pauses(self) -> Iterator[str]:
        calendar = self.rulebook.calendar
        for suspended, resumed in self._stood_still:
            if resumed is None:
                continue
            if self.measure.unit == "working_days":
                days = calendar.working_days_between(suspended, resumed)
            else:
                days = calendar_days_between(suspended, resumed)
            unit = self._unit_of_days(days)
            yield self.say("paused", from_on=suspended, to_on=resumed, days=days, unit=unit)
        if self.clock.pauses:
            yield from self._based(
                "pause_basis", pause_basis(self.clock, self.matter, self.rulebook)
            )
        if self.clock.state == "paused":
            since, left = self.clock.pauses[-1][0], self.clock.days_left
            unit = self._unit_of_days(left)
            yield self.say("paused_now", from_on=since, days=left, unit=unit)

    def _unit_of_days(self, number: int | None) -> str:
        """What a pause is measured in: of months it takes calendar days."""
        unit = "calendar_days" if self.measure.unit == "months" else self.measure.unit
        return self.say.unit(unit, number)

    def _extensions(self) -> Iterator[str]:
        extension = self.measure.version.extension
        if not self.clock.extensions or extension is None:
            return
        total = 0
        for on, days in self.clock.extensions:
            total += days
            yield self.say(
                "extended",
                on=on,
                days=days,
                unit=self.say.unit(self.measure.unit, days),
                total=total,
                cap=self._cap(),
                approver=extension.approver[self.language],
            )
        if self.measure.unit == "calendar_days":
            yield self.say("extension_base_lenient" if self.measure.lenient else "extension_base")
        if self.clock.seq > 1 and self._restarted:
            yield self.say("extended_again_review")
        yield from self._based("extension_basis", extension.basis)

    def _cap(self) -> str:
        cap = self.measure.cap_in(self.rulebook.policy.chain(self.matter.jurisdiction))
        if cap is None:
            return self.say.template("no_cap")
        return self.say("capped", cap=cap, unit=self.say.unit(self.measure.unit, cap))

    def _last_day(self) -> Iterator[str]:
        clock, say = self.clock, self.say
        raw, due = clock.raw_due_on, clock.due_on
        if raw is None or due is None:
            return
        raw, last = self.measure.ends_on(raw), self.measure.ends_on(due)
        names = {"raw": raw, "raw_weekday": say.weekday(raw), "due": last}
        if last > raw:
            yield say("rolled", **names, weekday=say.weekday(last))
        elif last < raw:
            yield say("rolled_back", **names, weekday=say.weekday(last))
        elif self._rests_on_calendar and on_weekend(last) and self._works_on(last):
            yield say("make_up_last_day", due=last, weekday=say.weekday(last))
        if last != due:
            yield say("day_after", last=last)
        yield from self._other_reading()
        code = "arrives" if self.rule.kind in ARRIVING else "due"
        yield say(code, due=due, weekday=say.weekday(due))
        if self.measure.unit == "hours":
            yield say("due_at", at=clock.due_at) if clock.due_at else say("due_at_unknown")
        if clock.provisional:
            stretches = self._stretches_of_calendar(raw, due)
            yield from why_provisional(stretches, self.rulebook, say)

    @property
    def _rests_on_calendar(self) -> bool:
        """Would a rest day have moved its last day?"""
        return self.measure.unit == "working_days" or self.measure.roll != "none"

    def _works_on(self, day: date) -> bool:
        return self.rulebook.calendar.is_working_day(day)

    def _stretches_of_calendar(self, raw: date, due: date) -> list[tuple[date, date]]:
        """The days of which it matters whether they are off."""
        if self.measure.unit == "working_days":
            return self._looked_at(raw)
        return [(min(raw, due), max(raw, due))]

    def _other_reading(self) -> Iterator[str]:
        """An undefined 日 shows what the other reading would give (A-8)."""
        if not self.measure.version.both_readings:
            return
        calendar, start = self.rulebook.calendar, self.clock.started_on
        days = self.measure.length + self.clock.extended_days
        if self.measure.unit == "calendar_days":
            code, day = "other_reading", calendar.working_day_after(start, days)
        else:
            code, day = "other_reading_calendar", add_calendar_days(start, days)
            day = day if self.measure.roll == "none" else calendar.on_or_after(day)
        arrives = "_arrives" if self.rule.kind in ARRIVING else ""
        yield self.say(code + arrives, due=day)

    def _ending(self) -> Iterator[str]:
        clock = self.clock
        if clock.ended_on is None or clock.ended_by is None:
            return
        event = self.say.event(clock.ended_by)
        if clock.state == "cancelled":
            yield self.say(self._cancelled(clock.ended_by), on=clock.ended_on, event=event)
        else:
            late = calendar_days_between(clock.due_on, clock.ended_on) if clock.due_on else 0
            # Where hours count it may be late on the very day.
            code: str = (
                "met_late_by_time" if clock.state == "met_late" and not late else clock.state
            )
            if clock.ended_by in self.rule.lapsed_by:
                code = "lapsed_late" if clock.state == "met_late" else "lapsed"
            unit = self.say.unit("calendar_days", late)
            yield self.say(code, on=clock.ended_on, event=event, days=late, unit=unit)
        yield from self._facts(self.rule.ends_if.get(clock.ended_by, ()))

    def _cancelled(self, event_type: str) -> str:
        """What became of a clock that was not met."""
        if event_type in self.rule.restarts_on:
            return "discarded"
        return "cancelled_by" if event_type in self.rule.cancelled_by else "cancelled_with_case"

    def _sources(self) -> Iterator[str]:
        version = self.measure.version
        if f"kind_{self.rule.kind}" in self.rulebook.policy.wording:
            yield self.say(f"kind_{self.rule.kind}")
        if self.clock.ended_on is None:
            yield from self._consequence("consequence" if self.rule.can_be_missed else "effect")
        if self.rule.ending is not None and self.clock.state not in ("met", "met_late"):
            yield self.say("ending", text=self.rule.ending[self.language])
        if self.rule.label is not None:
            yield self.say("commitment_label", label=self.rule.label[self.language])
        yield from self._based("basis", version.basis)
        for law in local_law(self.rule, self.matter.jurisdiction, self.rulebook):
            basis = in_force(law.basis, self.clock.started_on, self.rulebook)
            for text in quote(basis, self.rulebook, self.language):
                yield self.say("basis_here", text=text, verified=law.verified)
        if self._restarted:
            known = self.rule.restart_basis[self.clock.started_by]
            basis = in_force(known, self.clock.started_on, self.rulebook)
            yield from self._based("restart_basis", basis)
        used = relied_on(self.clock, self.matter, self.rulebook)
        if used:
            names = self.say.template("list_separator").join(used)
            yield self.say("assumptions_used", names=names)
        yield self.say(
            "version_cited" if self.rule.only_cited_anew(version) else "version",
            first=self.rule.unchanged_since(version),
            from_on=version.from_,
            verified=version.verified,
        )

    def _consequence(self, code: str) -> Iterator[str]:
        text = self.rule.consequence
        if text is not None:
            yield self.say(code, text=text[self.language])
        elif code == "consequence":
            yield self.say("no_consequence")
        basis = in_force(self.rule.consequence_basis, self.clock.started_on, self.rulebook)
        yield from self._based("consequence_basis", basis)

    def _based(self, code: str, basis: Iterable[Reference]) -> Iterator[str]:
        for text in quote(dict.fromkeys(basis), self.rulebook, self.language):
            yield self.say(code, text=text)
