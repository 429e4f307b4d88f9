"""Which events may be recorded now, and why another may not: refused with its article."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from rules.calendar import LAST_ENTERED, add_calendar_days, check_countable
from rules.citing import quote
from rules.common import Citation
from rules.deadlines import completed, derive, ordered_events
from rules.event_types import EventType
from rules.explain import finding_text
from rules.facts import Known
from rules.matter import OURS, Clock, Event, Finding, Matter
from rules.oddities import BEFORE_RECEIPT, Oddities, allowed_after_closing, holds_elsewhere
from rules.policy import events_of
from rules.rulebook import Rulebook
from rules.schema import Rule
from rules.wording import Wording

# Contradictions that are shown on the case and do not stand in the way of recording.
_WARNINGS = frozenset(
    {
        "before_needed",
        "restart_after_due",
        "resumed_after_due",
        "not_in_force",
        "no_deemed_day",
        "deemed_early",
        "after_period",
        "ended_while_stopped",
        "pause_without_basis",
        "restart_without_basis",
    }
)
# The field to mend, where it is not the day.
_FIELDS = {
    "extended_over_cap": "days",
    "which_service": "ground",
    "day_before_service": "pay_by",
}
# Not its day is wrong, but that it should have happened.
_OF_THE_EVENT = frozenset(
    {"nothing_running", "started_again", "pause_not_applicable", "contradicts"}
)
# These do not either, unless nothing that the event speaks of was running.
_DOUBTS = frozenset({"needed_missing", "contradicts"})


@dataclass(frozen=True, slots=True)
class NextEvent:
    """An event that may be recorded now; one that needs a supervisor's approval is asked
    for. `ends` are the rules with a running clock that it would end."""

    type: str
    approval: bool
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: the field to mend (`on`, `days`, `type` …), the message, and the article."""

    field: str
    message: str
    article: str


def next_events(matter: Matter, rulebook: Rulebook, today: date) -> list[NextEvent]:
    """The events that are lawful today, those first that end a running clock.

    What happened on a day before a clock ran out may be recorded after it has, so an event
    that was lawful on the last day of an open clock it speaks of is among them; an approval
    is not, since it is given on the day it is decided. Once the case has ended, only what
    follows an ending is left, and what ends a clock of the parties.
    """
    rules = rulebook.policy.rules
    closing = rulebook.policy.procedures[matter.procedure].closing
    # Once the case has ended nothing is left to be met, whatever may still be recorded.
    closed = any(event.type in closing for event in matter.events)
    open_clocks = [
        clock
        for clock in derive(matter, rulebook, today).clocks
        if clock.state in ("running", "paused") and (not closed or clock.kind not in OURS)
    ]
    found = []
    for known in _offered(matter, rulebook):
        spoken_of = [clock for clock in open_clocks if known.id in events_of(rules[clock.rule])]
        past = {clock.due_on for clock in spoken_of if clock.due_on and clock.due_on < today}
        if known.rank < BEFORE_RECEIPT:
            past |= _before(matter)
        days = [today] if known.approval else [today, *sorted(past)]
        ended = {c.rule for c in spoken_of if known.id in _meeting(c, matter, rulebook)}
        if closed and not (ended or allowed_after_closing(known)):
            # It may have happened before the case ended and be recorded late, from its own
            # form; it is nothing that comes next.
            continue
        asked = (refusal(matter, _sample(known, day), rulebook, today, "en") for day in days)
        # What only does not say which of several it answers is for a person to say.
        if any(refused is None or refused.field == "ground" for refused in asked):
            found.append(NextEvent(known.id, known.approval, tuple(sorted(ended))))
    return sorted(found, key=lambda one: (not one.ends, rulebook.ranks[one.type], one.type))


def _meeting(clock: Clock, matter: Matter, rulebook: Rulebook) -> tuple[str, ...]:
    """The events that meet a clock of the matter."""
    rule = rulebook.policy.rules[clock.rule]
    return Known.of(matter, rulebook.policy).discharging(rule)


def _before(matter: Matter) -> set[date]:
    """The day before anything else happened, when facts from before the receipt lie."""
    return {add_calendar_days(min(one.on for one in matter.events), -1)} if matter.events else set()


def _sample(known: EventType, today: date) -> Event:
    """The event today, with the smallest details that it could have."""
    fields = known.fields.known()
    return Event(
        known.id,
        today,
        days=1 if "days" in fields else None,
        until=LAST_ENTERED if "until" in fields else None,
        pay_by=today if "pay_by" in fields else None,
    )


def _offered(matter: Matter, rulebook: Rulebook) -> Iterable[EventType]:
    """The events of the procedure that mean something where the matter is."""
    policy = rulebook.policy
    procedure = policy.procedures[matter.procedure]
    known = Known.of(matter, policy)
    meant = {*procedure.closing, *procedure.accepting, *procedure.follows.values()}
    meant.update(procedure.opening_or_later)
    for rule in policy.rules.values():
        here = rule.procedure == matter.procedure and rule.jurisdiction in known.places
        if here and rule.use != "off" and known.all_hold(rule.requires):
            meant |= events_of(rule)
    # And what these need first, such as a decision that is served.
    needed = [policy.events[name].needs.get(matter.procedure, ()) for name in meant]
    meant.update(*needed)
    meant -= procedure.openings.difference(procedure.opening_or_later)
    for event in policy.events.values():
        if event.id in meant and matter.procedure in event.procedures:
            yield event


def refusal(
    matter: Matter, event: Event, rulebook: Rulebook, today: date, language: str
) -> Refusal | None:
    """None when the event may be recorded; otherwise what is wrong, in a language."""
    return _Judge(matter, event, rulebook, today, language).judge()


class _Judge:
    """Holds one event against one matter."""

    def __init__(
        self, matter: Matter, event: Event, rulebook: Rulebook, today: date, language: str
    ) -> None:
        self.matter, self.event = completed(matter, rulebook, today), event
        self.rulebook, self.policy, self.today = rulebook, rulebook.policy, today
        self.say = Wording(rulebook, language)
        self.label = self.say.event(event.type)

    def judge(self) -> Refusal | None:
        """The first thing that is wrong."""
        known = self.policy.events.get(self.event.type)
        if known is None or self.matter.procedure not in known.procedures:
            return self._refuse("type", "refused_unknown_event")
        if known.by_itself:
            return self._refuse("type", "refused_by_itself")
        checks = (
            self._day,
            self._details,
            self._closed,
            self._no_pause_here,
            self._needs,
            self._not_after,
            self._once,
            self._still_running,
        )
        for check in checks:
            refused = check(known)
            if refused is not None:
                return refused
        return self._contradiction(known)

    def _refuse(self, field: str, code: str, **values: object) -> Refusal:
        message = self.say(code, event=self.label, **values)
        return Refusal(field, message, self._article())

    def _day(self, known: EventType) -> Refusal | None:
        # Raises OutOfCalendarError: what cannot be counted is wrong whatever has happened.
        check_countable(self.event.on)
        if self.event.on > self.today and not known.appointment:
            return self._refuse("on", "refused_future", today=self.today)
        start = self._received_on()
        if start is not None and self.event.on < start and known.rank >= BEFORE_RECEIPT:
            return self._refuse("on", "refused_before_start", start=start)
        return None

    def _received_on(self) -> date | None:
        openings = self.policy.procedures[self.matter.procedure].openings
        return min((e.on for e in self.matter.events if e.type in openings), default=None)

    def _details(self, known: EventType) -> Refusal | None:
        for name, use in known.fields.known().items():
            if use == "required" and getattr(self.event, name) is None:
                return self._refuse(name, f"refused_{name}_missing")
        if self.event.days is not None and self.event.days < 1:
            return self._refuse("days", "refused_days_missing")
        if self.event.rule is not None and self.event.rule not in self.policy.rules:
            return self._refuse("rule", "refused_unknown_rule", rule=self.event.rule)
        return self._ground(known)

    def _ground(self, known: EventType) -> Refusal | None:
        """A ground is one of those listed for the procedure, by its code."""
        ground, procedure = self.event.ground, self.matter.procedure
        if ground is None or known.knows_ground(procedure, ground):
            return None
        listed = self.say.template("list_separator").join(known.grounds[procedure])
        return self._refuse("ground", "refused_unknown_ground", ground=ground, known=listed)

    def _closed(self, known: EventType) -> Refusal | None:
        closing = self.policy.procedures[self.matter.procedure].closing
        ended = [e for e in ordered_events(self.matter, self.rulebook) if e.type in closing]
        if not ended or allowed_after_closing(known) or self._before(ended[0]):
            return None
        return self._refuse("type", "refused_closed", closed=ended[0].on)

    def _before(self, other: Event) -> bool:
        ranks = self.rulebook.ranks
        mine = (self.event.on, ranks[self.event.type])
        return mine < (other.on, ranks[other.type])

    def _needs(self, known: EventType) -> Refusal | None:
        """Something must have happened before, on that day or earlier. What opens a case may
        follow what happened elsewhere."""
        needed = known.needs.get(self.matter.procedure, ())
        if not needed or self._opens(known):
            return None
        if any(e.type in needed and e.on <= self.event.on for e in self.matter.events):
            return None
        return self._refuse("type", "refused_needs", needed=self._labels(needed))

    def _opens(self, known: EventType) -> bool:
        """Does the event open the matter: is it one that can, with none on its day or before?"""
        openings = self.policy.procedures[self.matter.procedure].openings
        earlier = (e for e in self.matter.events if e.type in openings and e.on <= self.event.on)
        return known.id in openings and not any(earlier)

    def _still_running(self, known: EventType) -> Refusal | None:
        """A case is not closed while one of the limits named for that runs."""
        procedure = self.policy.procedures[self.matter.procedure]
        blocking = procedure.closes_after.get(known.id, ())
        if not blocking:
            return None
        for clock in derive(self.matter, self.rulebook, self.event.on).clocks:
            if clock.rule in blocking and self._unsettled(clock):
                rule = self.policy.rules[clock.rule]
                named = rule.obligation[self.say.language]
                ends = self._labels(rule.discharged_by)
                message = self.say(
                    "refused_still_running", event=self.label, rule=named, needed=ends
                )
                return Refusal("type", message, self._article_of(rule, None))
        return None

    def _unsettled(self, clock: Clock) -> bool:
        """Does it still run? What is others' to keep does so up to its day alone."""
        if clock.state not in ("running", "paused"):
            return False
        past = clock.due_on is not None and clock.due_on < self.event.on
        return clock.kind in OURS or not past

    def _labels(self, events: Iterable[str]) -> str:
        return self.say.template("list_separator").join(self.say.event(one) for one in events)

    def _not_after(self, known: EventType) -> Refusal | None:
        """Something has happened that leaves no room for it. What comes from before the
        receipt may be of its day."""
        barring = known.not_after.get(self.matter.procedure, ())
        for event in self.matter.events:
            same_day = event.on == self.event.on and known.rank >= BEFORE_RECEIPT
            if event.type in barring and (event.on < self.event.on or same_day):
                return self._refuse(
                    "type", "refused_not_after", other=self.say.event(event.type), on=event.on
                )
        return None

    def _once(self, known: EventType) -> Refusal | None:
        """What happens once in a matter has happened."""
        earlier = [e.on for e in self.matter.events if e.type == known.id]
        if known.once and earlier:
            return self._refuse("type", "refused_once", on=min(earlier))
        return None

    def _no_pause_here(self, known: EventType) -> Refusal | None:
        """A suspension where the law that applies knows none (national inspection)."""
        oddities = Oddities(self.policy)
        elsewhere = oddities.pauses_elsewhere(self.matter.procedure, self.matter.jurisdiction)
        if known.id not in elsewhere:
            return None
        rule = self.policy.rules[elsewhere[known.id]]
        named = rule.obligation[self.say.language]
        told = holds_elsewhere(known.id, rule, self.policy)
        if told is None:
            return self._refuse("type", "refused_no_pause_here", rule=named)
        text = told[self.say.language]
        return self._refuse("type", "refused_no_pause_here_told", rule=named, text=text)

    def _contradiction(self, known: EventType) -> Refusal | None:
        """What the history would contradict with the event that it does not without."""
        before = derive(self.matter, self.rulebook, self.today)
        added = replace(self.matter, events=(*self.matter.events, self.event))
        after = derive(added, self.rulebook, self.today)
        for finding in after.findings:
            if finding in before.findings or finding.code in _WARNINGS:
                continue
            if finding.code not in _DOUBTS:
                return self._contradicted(finding)
            if finding.event == known.id and after.clocks == before.clocks and self._speaks(known):
                if finding.code == "contradicts":
                    return self._contradicted(finding)
                return self._contradicted(Finding("nothing_running", known.id, self.event.on))
        return None

    def _speaks(self, known: EventType) -> bool:
        """Does it speak of a limit here, and only while that runs?"""
        return bool(self._touched()) and not known.clock_optional

    def _contradicted(self, finding: Finding) -> Refusal:
        field = _FIELDS.get(finding.code, "on")
        if finding.code in _OF_THE_EVENT:
            field = "type"
        needed = self._starts() if finding.code == "nothing_running" else ()
        if needed:
            message = self.say("refused_needs", event=self.label, needed=self._labels(needed))
        else:
            message = finding_text(finding, self.rulebook, self.say.language)
        return Refusal(field, message, self._article(finding))

    def _starts(self) -> tuple[str, ...]:
        """The events that would start a clock that this one speaks of."""
        starts = [event for rule in self._touched() for event in rule.starts_on]
        return tuple(dict.fromkeys(event for event in starts if event != self.event.type))

    def _touched(self) -> list[Rule]:
        """The rules here that know the event, the more particular place first."""
        chain = self.policy.chain(self.matter.jurisdiction)
        found = [
            rule
            for rule in self.policy.rules.values()
            if rule.procedure == self.matter.procedure
            and rule.jurisdiction in chain
            and rule.kind != "deemed_date"
            and rule.use != "off"
            and self.event.type in events_of(rule)
        ]
        ending = [rule for rule in found if self.event.type not in rule.starts_on]
        return ending or found

    def _article(self, finding: Finding | None = None) -> str:
        """The article to show: that of the finding's rule, of a rule that knows the event,
        else of the procedure's own limit."""
        rules = self.policy.rules
        named = finding.rule if finding and finding.rule in rules else None
        touched = [rule.id for rule in self._touched()]
        principal = self.policy.procedures[self.matter.procedure].principal
        for name in [named, *touched, *principal]:
            if name is not None:
                return self._article_of(rules[name], finding)
        return ""

    def _article_of(self, rule: Rule, finding: Finding | None) -> str:
        version = rule.version_on(self.event.on) or rule.versions[-1]
        basis: tuple[Citation, ...] = version.basis
        if finding and finding.code.startswith("extended") and version.extension:
            basis = version.extension.basis
        return quote(basis[:1], self.rulebook, self.say.language)[0]
