"""Do the policy files fit together? Every problem is named with the file and line of the rule."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from rules.common import Citation
from rules.cross_checks import event_problems, problems, uncited, unknown
from rules.holiday_files import HolidayFile
from rules.policy import Policy, events_of
from rules.recordable import dead_ends
from rules.reference_checks import dangling, unknown_assumptions
from rules.schema import Rule, Statement, Version
from rules.sense_checks import senseless
from rules.thresholds import MARKS, sure
from rules.yaml_lines import PolicyError, load

_UNITS = {
    "C1": ("calendar_days",),
    "C2": ("working_days",),
    "C3": ("calendar_days",),
    "C4": ("months", "years"),
    "C5": ("working_days",),
    "C6": ("calendar_days",),
    "C7": ("calendar_days",),
    "same_day": ("same_day",),
    "hours": ("hours",),
    "stated": ("stated",),
    "each_period": ("quarters",),
}


def check_consistency(
    policy: Policy,
    calendars: Iterable[HolidayFile],
    directory: Path,
    line_of: Callable[[str, str], tuple[Path, int]],
) -> None:
    """Raise PolicyError for the first thing that names something that is not there."""
    for folder, name, reason in _of_entries(policy):
        raise PolicyError(*line_of(folder, name), f"{name}: {reason}")
    for problem in (*problems(policy, calendars), *dangling(policy)):
        path = directory / problem.file
        line = load(path)[1](problem.at) if path.is_file() else 1
        raise PolicyError(path, line, problem.reason)
    for name, reason in (*_of_texts(policy), *dead_ends(policy)):
        raise PolicyError(*line_of("deadlines", name), f"{name}: {reason}")


def _of_entries(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """What is wrong with limits, statements and events, each with its folder and id."""
    for rule in policy.rules.values():
        yield from (("deadlines", rule.id, reason) for reason in _problems(rule, policy))
    for statement in policy.statements.values():
        yield from (("deadlines", statement.id, reason) for reason in _statement(statement, policy))
    for event in policy.events.values():
        yield from (("events", event.id, reason) for reason in event_problems(event, policy))


def _of_texts(policy: Policy) -> Iterator[tuple[str, str]]:
    """Limits whose texts speak of an assumption that nobody made, and the reason."""
    for rule in policy.rules.values():
        conflict = rule.conflict.text if rule.conflict else None
        texts = (rule.label, conflict, rule.question, rule.ending)
        yield from ((rule.id, reason) for reason in unknown_assumptions(texts, policy))


def _problems(rule: Rule, policy: Policy) -> Iterator[str]:
    named = {*events_of(rule), *rule.only_after, *([rule.waits_for] if rule.waits_for else ())}
    yield from unknown(named, policy.events, "event")
    yield from unknown([rule.procedure], policy.procedures, "procedure")
    places = [rule.jurisdiction, *(pause.jurisdiction for pause in rule.pauses), *rule.also]
    yield from unknown(places, policy.jurisdictions, "jurisdiction")
    yield from unknown([one.fact for one in rule.conditions], policy.facts, "fact")
    others = [rule.replaces, *(pause.ends_after for pause in rule.pauses)]
    yield from unknown([one for one in others if one], policy.rules, "rule")
    for event in named:
        known = policy.events.get(event)
        if known is not None and rule.procedure not in known.procedures:
            yield f"the event {event} is not listed for the procedure {rule.procedure}"
    if rule.kind == "recurring":
        for event in rule.starts_on:
            if event in policy.events and policy.events[event].ends is None:
                yield f"it recurs, so {event} must say in events/ which period it `ends`"
    yield from _expiry(rule, policy)
    for citation in citations_of(rule):
        yield from uncited(citation, policy)
    for law in rule.also.values():
        yield from unknown(law.verified.split("+"), MARKS, "verification mark")
    yield from unknown(
        rule.verified.split("+") if rule.verified else (), MARKS, "verification mark"
    )
    for version in rule.versions:
        yield from _version(rule, version)
        yield from _backdated(version, policy)
    yield from _endings(rule)
    yield from senseless(rule, policy)


def _endings(rule: Rule) -> Iterator[str]:
    """Conditions are those of events that end it, each of them in one way."""
    for event in sorted(rule.ends_if.keys() - {*rule.discharged_by, *rule.cancelled_by}):
        yield f"ends_if names {event}, which does not end it; see discharged_by and cancelled_by"
    for event in sorted({*rule.discharged_by} & {*rule.cancelled_by}):
        yield f"{event} both discharges and cancels it; take it out of one of the two"


def _expiry(rule: Rule, policy: Policy) -> Iterator[str]:
    """What is recorded when it has run out: by the application alone, once that it began."""
    if rule.expires_as is None:
        return
    yield from unknown([rule.expires_as], policy.events, "event")
    known = policy.events.get(rule.expires_as)
    if known is not None and not (known.by_itself and rule.procedure in known.procedures):
        yield f"the event {known.id} must be by_itself and listed for {rule.procedure}"
    if rule.expires_as in events_of(rule):
        yield f"it expires as {rule.expires_as}, which it also speaks of"


def _backdated(version: Version, policy: Policy) -> Iterator[str]:
    """It cites nothing that was not in force yet on its first day, where those days are known."""
    basis = (*version.basis, *(version.extension.basis if version.extension else ()))
    for source in dict.fromkeys(one.source for one in basis if one.source in policy.sources):
        span = policy.sources[source].in_force
        if span is not None and version.from_ < span.from_:
            yield (
                f"the version begins on {version.from_} and cites {source}, in force from"
                f" {span.from_}; begin it then, and let an earlier one cite what was in force"
            )


def _statement(statement: Statement, policy: Policy) -> Iterator[str]:
    yield from unknown([statement.procedure], policy.procedures, "procedure")
    yield from unknown([statement.jurisdiction], policy.jurisdictions, "jurisdiction")
    for citation in statement.basis:
        yield from uncited(citation, policy)
    yield from unknown(statement.verified.split("+"), MARKS, "verification mark")


def citations_of(rule: Rule) -> Iterator[Citation]:
    """Every article a rule rests on, those of its pauses, restarts, extensions and conflicts
    included."""
    bases = [*rule.restart_basis.values()]
    bases += [pause.basis for pause in rule.pauses]
    bases += [law.basis for law in rule.also.values()]
    bases += [version.basis for version in rule.versions]
    bases += [one.extension.basis for one in rule.versions if one.extension]
    bases += [rule.conflict.basis] if rule.conflict else []
    bases += [rule.basis, rule.consequence_basis]
    yield from chain(*bases)


def _version(rule: Rule, version: Version) -> Iterator[str]:
    if version.period.unit not in _UNITS[version.counting]:
        units = " or ".join(_UNITS[version.counting])
        yield f"{version.counting} counts {units}, not {version.period.unit}"
    if version.period.unit == "hours" and version.period.length % 24:
        yield f"{version.period.length} hours are not whole days, which is all that is counted"
    if version.undefined_days and version.period.unit != "calendar_days":
        yield f"undefined_days is for calendar days, not for {version.period.unit}; leave it out"
    marks = version.verified.split("+")
    yield from unknown(marks, MARKS, "verification mark")
    if rule.use == "law" and not sure(version.verified):
        yield f"verified {version.verified} cannot act as law; use target, advisory or off"
    if rule.use == "target" and rule.label is None:
        yield "a target needs a label that says how far it is verified"
    if set(rule.restarts_on) != set(rule.restart_basis):
        yield "each restarting event needs its article in restart_basis, and only those"
