"""Do the files beside the rules fit together? Each problem with its file and its place in it."""

from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from string import Formatter
from typing import NamedTuple

from rules.calendar import on_weekend
from rules.common import Citation, Text
from rules.event_types import EventType
from rules.holiday_files import HolidayFile
from rules.policy import Policy
from rules.procedures import ProcedureData
from rules.thresholds import MARKS, MinimumWage, wrong_versions
from rules.yaml_lines import Path_

# The readings that counting knows besides the usual one, by assumption.
READINGS = {
    "A-3": {"roll", "no_roll"},
    "A-5": {"nth_working_day", "clear_days"},
    "A-6": {"unrolled_base", "rolled_base"},
    "A-8": {"calendar_days", "working_days"},
    "A-10": {"per_running_clock", "per_matter"},
}
# As many names as an error line holds.
_MOST_NAMED = 8


class Problem(NamedTuple):
    """What is wrong, in which file (relative to the policy) and where in its data."""

    file: str
    at: Path_
    reason: str


def unknown(names: Iterable[str], known: Iterable[str], what: str) -> Iterator[str]:
    """A reason for each name that is not known."""
    listed = sorted(known)
    for name in sorted(set(names).difference(listed)):
        near = get_close_matches(name, listed, 1)
        remedy = f"did you mean {near[0]!r}?" if near else _listed(listed)
        yield f"there is no {what} {name!r}; {remedy}"


def _listed(known: list[str]) -> str:
    """What there is, as far as a line can hold it."""
    some = ", ".join(known[:_MOST_NAMED])
    return f"known: {some}" + (", …" if len(known) > _MOST_NAMED else "")


def uncited(citation: Citation, policy: Policy) -> Iterator[str]:
    """A reason when a source or its article is not in sources/."""
    source = policy.sources.get(citation.source)
    if source is None:
        yield from unknown([citation.source], policy.sources, "source")
    elif citation.article not in source.articles:
        yield (
            f"{citation.source} has no article {citation.article!r} in sources/;"
            f" quote it there ({_listed(list(source.articles))})"
        )


def problems(policy: Policy, calendars: Iterable[HolidayFile]) -> Iterator[Problem]:
    """Everything that is wrong outside the rules and events."""
    for index, procedure in enumerate(policy.procedures.values()):
        for reason in _procedure(procedure, policy):
            yield Problem("procedures.yaml", (index,), f"{procedure.id}: {reason}")
    yield from _jurisdictions(policy)
    yield from _counting(policy)
    yield from _assumptions(policy)
    yield from _facts(policy)
    yield from _thresholds(policy)
    yield from _minimum_wages(policy)
    yield from _classifications(policy)
    yield from _wording(policy)
    yield from _calendars(policy, calendars)


def _procedure(procedure: ProcedureData, policy: Policy) -> Iterator[str]:
    named = [
        *procedure.openings,
        *procedure.closing,
        *procedure.accepting,
        *procedure.follows,
        *procedure.follows.values(),
    ]
    yield from unknown(named, policy.events, "event")
    blocking = [rule for rules in procedure.closes_after.values() for rule in rules]
    yield from unknown([*procedure.principal, *blocking], policy.rules, "rule")
    for event in procedure.opening_or_later:
        if event not in procedure.openings:
            yield f"{event} is in opening_or_later and opens no kind of case"
    for event in procedure.closes_after:
        if event not in procedure.closing:
            yield f"{event} is in closes_after and closes no case"
    for event in named:
        if event in policy.events and procedure.id not in policy.events[event].procedures:
            yield f"the event {event} is not listed for this procedure"


def event_problems(event: EventType, policy: Policy) -> Iterator[str]:
    """What an event names that is not there, or where it does not occur."""
    yield from unknown(event.procedures, policy.procedures, "procedure")
    for name, procedure, others in _named_beside(event):
        if procedure not in event.procedures:
            yield f"{name} in {procedure}, where it does not occur; leave that out"
        yield from unknown(others, policy.events, "event")
        for other in others:
            if other in policy.events and procedure not in policy.events[other].procedures:
                yield f"{name}: {other} does not occur in {procedure}"
    for procedure in event.needs_unsaid:
        if procedure not in event.needs:
            yield f"needs_unsaid in {procedure}, where it needs nothing; leave that out"
    yield from unknown(event.within.values(), policy.rules, "rule")
    for procedure in event.presupposes:
        if procedure in event.needs:
            yield f"it needs and presupposes something in {procedure}; say it in one of the two"


def _named_beside(event: EventType) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What is said of other events: by which word, in which procedure, and of which."""
    for name in ("needs", "presupposes", "not_after"):
        by_procedure: dict[str, tuple[str, ...]] = getattr(event, name)
        yield from ((name, procedure, others) for procedure, others in by_procedure.items())
    for procedure, known in event.contradicts.items():
        yield "contradicts", procedure, known.events
        yield "contradicts", procedure, known.unless_since


def _jurisdictions(policy: Policy) -> Iterator[Problem]:
    for place in policy.jurisdictions.values():
        file = f"jurisdictions/{place.id}.yaml"
        if place.within is not None and place.within not in policy.jurisdictions:
            for reason in unknown([place.within], policy.jurisdictions, "jurisdiction"):
                yield Problem(file, ("within",), reason)
            return
    for name in policy.jurisdictions:
        seen, at = {name}, policy.jurisdictions[name].within
        while at is not None and at not in seen:
            seen.add(at)
            at = policy.jurisdictions[at].within
        if at is not None:
            yield Problem(f"jurisdictions/{name}.yaml", ("within",), f"{name} lies within itself")


def _counting(policy: Policy) -> Iterator[Problem]:
    for code, counting in policy.counting.items():
        reasons = [reason for one in counting.basis for reason in uncited(one, policy)]
        reasons += unknown(counting.assumptions, policy.assumptions, "assumption")
        for reason in reasons:
            yield Problem("counting.yaml", (code,), f"{code}: {reason}")


def _assumptions(policy: Policy) -> Iterator[Problem]:
    file = "assumptions.yaml"
    for code in READINGS:
        if code not in policy.assumptions:
            yield Problem(file, (), f"{code} is missing")
    for code, assumption in policy.assumptions.items():
        known = READINGS.get(code, {assumption.reading})
        for reason in unknown(assumption.readings, known, "way of counting for the reading"):
            yield Problem(file, (code, "readings"), f"{code}: {reason}")


def _facts(policy: Policy) -> Iterator[Problem]:
    for name, fact in policy.facts.items():
        for reason in unknown(fact.procedures, policy.procedures, "procedure"):
            yield Problem("facts.yaml", (name, "procedures"), f"{name}: {reason}")
        if fact.called and fact.called.keys() != set(fact.choices):
            yield Problem("facts.yaml", (name, "called"), f"{name}: name each of its choices")
        named = [one.fact for way in fact.holds_if for one in way]
        for reason in unknown(named, set(policy.facts) - {name}, "fact"):
            yield Problem("facts.yaml", (name, "holds_if"), f"{name}: {reason}")
        if fact.default is not None and not fact.allows(fact.default):
            reason = f"{name}: the default {fact.default!r} is not {fact.expected()}"
            yield Problem("facts.yaml", (name, "default"), reason)


def _thresholds(policy: Policy) -> Iterator[Problem]:
    file = "thresholds.yaml"
    for name, threshold in policy.thresholds.items():
        dated = [
            (index, (one.jurisdiction,), one.from_, one.to)
            for index, one in enumerate(threshold.versions)
        ]
        for index, reason in wrong_versions(dated):
            yield Problem(file, (name, "versions", index), f"{name}: {reason}")
        for index, one in enumerate(threshold.versions):
            reasons = [reason for cited in one.basis for reason in uncited(cited, policy)]
            reasons += unknown([one.jurisdiction], policy.jurisdictions, "jurisdiction")
            reasons += unknown(one.verified.split("+"), MARKS, "verification mark")
            for reason in reasons:
                yield Problem(file, (name, "versions", index), f"{name}: {reason}")


def _minimum_wages(policy: Policy) -> Iterator[Problem]:
    file, wages = "minimum_wages.yaml", policy.minimum_wages
    dated = [(index, (one.place, one.tier), one.from_, one.to) for index, one in enumerate(wages)]
    for index, reason in wrong_versions(dated):
        yield Problem(file, (index,), f"{wages[index].place}: {reason}")
    for index, one in enumerate(wages):
        if one.tier is None and any(_of_a_tier_then(other, one) for other in wages):
            yield Problem(file, (index,), f"{one.place}: overlaps a tier of the same place")
        reasons = [*unknown([one.place], policy.jurisdictions, "jurisdiction")]
        reasons += unknown(one.verified.split("+"), MARKS, "verification mark")
        for reason in reasons:
            yield Problem(file, (index,), f"{one.place}: {reason}")


def _of_a_tier_then(other: MinimumWage, one: MinimumWage) -> bool:
    """Does the other hold in a tier of the same place on some day of this one?"""
    starts = [day for day in (one.from_, other.from_) if day is not None]
    ends = [day for day in (one.to, other.to) if day is not None]
    overlap = not starts or not ends or max(starts) <= min(ends)
    return other.place == one.place and other.tier is not None and overlap


def _classifications(policy: Policy) -> Iterator[Problem]:
    file, found = "classifications.yaml", policy.classifications
    for code, text in found.common.items():
        yield from _texts(file, ("common", code), text)
    for name, asked in found.questions.items():
        reasons = [*unknown(asked.procedures, policy.procedures, "procedure")]
        reasons += unknown([asked.jurisdiction], policy.jurisdictions, "jurisdiction")
        for reason in reasons:
            yield Problem(file, ("questions", name), f"{name}: {reason}")
    for code, data in found.classifications.items():
        at: Path_ = ("classifications", code)
        for name, text in data.says.items():
            yield from _texts(file, (*at, "says", name), text)
        reasons = [reason for cited in data.basis for reason in uncited(cited, policy)]
        reasons += unknown(data.procedures, policy.procedures, "procedure")
        reasons += unknown([data.fact] if data.fact else [], policy.facts, "fact")
        reasons += unknown([data.jurisdiction], policy.jurisdictions, "jurisdiction")
        reasons += unknown(data.verified.split("+"), MARKS, "verification mark")
        for reason in reasons:
            yield Problem(file, at, f"{code}: {reason}")


def _texts(file: str, at: Path_, text: Text) -> Iterator[Problem]:
    if _fields(text.zh) != _fields(text.en):
        yield Problem(file, at, f"{at[-1]}: zh and en do not have the same names in braces")


def _wording(policy: Policy) -> Iterator[Problem]:
    for code, text in policy.wording.items():
        if _fields(text["zh"]) != _fields(text["en"]):
            reason = f"{code}: zh and en do not have the same names in braces"
            yield Problem("wording.yaml", (code,), reason)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _calendars(policy: Policy, calendars: Iterable[HolidayFile]) -> Iterator[Problem]:
    seen: set[int] = set()
    for year in calendars:
        file = f"calendars/{year.year}.yaml"
        if year.year in seen:
            yield Problem(file, ("year",), f"the year {year.year} stands twice")
        seen.add(year.year)
        for reason in unknown([year.source], policy.sources, "source"):
            yield Problem(file, ("source",), reason)
        for name in ("days_off", "make_up_workdays"):
            days: tuple[date, ...] = getattr(year, name)
            for index, day in enumerate(days):
                for reason in _day(day, days[:index], year):
                    yield Problem(file, (name, index), f"{day} {reason}")
    yield from _fixed_days(policy)


def _fixed_days(policy: Policy) -> Iterator[Problem]:
    """Each of the years that are said to give these days off must do so."""
    file, fixed = "calendars/fixed_days.yaml", policy.fixed_days
    for index, year in enumerate(fixed.years):
        known = policy.years.get(year)
        if known is None:
            yield Problem(
                file, ("years", index), f"there is no calendars/{year}.yaml; leave it out"
            )
            continue
        for month, day in fixed.as_days():
            if date(year, month, day) not in known.days_off:
                reason = f"{year} does not give {month:02}-{day:02} as a day off; leave the day out"
                yield Problem(file, ("years", index), reason)


def _day(day: date, before: tuple[date, ...], year: HolidayFile) -> Iterator[str]:
    if day.year != year.year:
        yield f"is not a day of {year.year}"
    if day in before:
        yield "stands twice"
    if day in year.days_off and day in year.make_up_workdays:
        yield "is off and worked"
    if day in year.make_up_workdays and not on_weekend(day):
        yield "is a weekday and needs no make-up"
