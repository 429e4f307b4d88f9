"""Do the policy files fit together? Every problem is named with the file and line of the rule."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rules.policy import Policy, events_of
from rules.schema import Citation, Rule, Version
from rules.yaml_lines import PolicyError

# Marks of texts that were not read: such a number may be a target or a commitment, never law.
UNVERIFIED_MARKS = ("P1", "P3", "UNVERIFIED")
_UNITS = {
    "C1": "calendar_days",
    "C2": "working_days",
    "C3": "calendar_days",
    "C4": "months",
    "C5": "working_days",
    "C6": "calendar_days",
    "C7": "calendar_days",
    "same_day": "same_day",
}


def check_consistency(policy: Policy, line_of: Callable[[str], tuple[Path, int]]) -> None:
    """Raise PolicyError for the first rule that names something that is not there."""
    for rule in policy.rules.values():
        for problem in _problems(rule, policy):
            path, line = line_of(rule.id)
            raise PolicyError(path, line, f"{rule.id}: {problem}")
    for reason in _elsewhere(policy):
        raise PolicyError(Path("procedures.yaml"), 1, reason)


def _problems(rule: Rule, policy: Policy) -> Iterator[str]:
    yield from _unknown(events_of(rule), policy.events, "event")
    yield from _unknown([rule.procedure], policy.procedures, "procedure")
    places = [rule.jurisdiction, *(pause.jurisdiction for pause in rule.pauses)]
    yield from _unknown(places, policy.jurisdictions, "jurisdiction")
    yield from _unknown([one.fact for one in rule.requires], policy.facts, "fact")
    others = [rule.replaces, *(pause.ends_after for pause in rule.pauses)]
    yield from _unknown([one for one in others if one], policy.rules, "rule")
    for event in events_of(rule):
        known = policy.events.get(event)
        if known is not None and rule.procedure not in known.procedures:
            yield f"the event {event} is not listed for the procedure {rule.procedure}"
    for citation in citations_of(rule):
        yield from _uncited(citation, policy)
    for version in rule.versions:
        yield from _version(rule, version)


def citations_of(rule: Rule) -> Iterator[Citation]:
    """Every article a rule rests on, those of its pauses, restarts and extensions included."""
    for basis in rule.restart_basis.values():
        yield from basis
    for pause in rule.pauses:
        yield from pause.basis
    for version in rule.versions:
        yield from version.basis
        if version.extension:
            yield from version.extension.basis


def _unknown(names: Iterable[str], known: Iterable[str], what: str) -> Iterator[str]:
    listed = set(known)
    for name in sorted(set(names) - listed):
        yield f"there is no {what} {name!r}"


def _uncited(citation: Citation, policy: Policy) -> Iterator[str]:
    source = policy.sources.get(citation.source)
    if source is None:
        yield f"there is no source {citation.source!r} in sources.yaml"
    elif citation.article not in source.articles:
        yield f"{citation.source} has no article {citation.article!r} in sources.yaml"


def _version(rule: Rule, version: Version) -> Iterator[str]:
    if version.period.unit != _UNITS[version.counting]:
        yield f"{version.counting} counts {_UNITS[version.counting]}, not {version.period.unit}"
    if rule.use == "law" and version.verified in UNVERIFIED_MARKS:
        yield f"verified {version.verified} cannot act as law; use target, advisory or off"
    if rule.use == "target" and rule.label is None:
        yield "a target needs a label that says how far it is verified"
    if set(rule.restarts_on) != set(rule.restart_basis):
        yield "each restarting event needs its article in restart_basis, and only those"


def _elsewhere(policy: Policy) -> Iterator[str]:
    for procedure in policy.procedures.values():
        named = [
            *procedure.opening.values(),
            *procedure.closing,
            *procedure.accepting,
            *procedure.follows,
            *procedure.follows.values(),
        ]
        yield from (f"{procedure.id}: {one}" for one in _unknown(named, policy.events, "event"))
        yield from (
            f"{procedure.id}: {one}" for one in _unknown(procedure.principal, policy.rules, "rule")
        )
    for place in policy.jurisdictions.values():
        if place.within is not None and place.within not in policy.jurisdictions:
            yield f"{place.id}: there is no jurisdiction {place.within!r}"
    for code, counting in policy.counting.items():
        yield from (f"{code}: {one}" for c in counting.basis for one in _uncited(c, policy))
        yield from (
            f"{code}: {one}"
            for one in _unknown(counting.assumptions, policy.assumptions, "assumption")
        )
