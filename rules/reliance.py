"""Which of the engineering assumptions a clock's date rests on, and what stopped it."""

from collections.abc import Iterator
from datetime import date

from rules.citing import in_force
from rules.common import Citation
from rules.matter import Clock, Matter
from rules.rulebook import Rulebook
from rules.schema import Rule

# Carried by no way of counting: they play a part by what happened.
_OF_EVENTS = frozenset({"A-7", "A-9", "A-10"})


def relied_on(clock: Clock, matter: Matter, rulebook: Rulebook) -> list[str]:
    """The codes (`A-2`, `A-4` …) in the order of the policy."""
    policy = rulebook.policy
    rule = policy.rules[clock.rule]
    version = next(one for one in rule.versions if one.from_ == clock.version)
    carried = {*policy.counting[version.counting].assumptions, *(["A-8"] * version.both_readings)}
    restarted = clock.started_by in rule.restarts_on
    # Of no account without a roll-over, a pause, an extension, deemed service or a restart.
    needs = {
        "A-3": clock.raw_due_on != clock.due_on,
        "A-4": bool(clock.pauses),
        "A-6": bool(clock.extensions),
        "A-7": _rests_on_deemed_service(clock, matter, rule),
        "A-9": restarted or clock.ended_by in rule.restarts_on,
        "A-10": restarted and bool(clock.extensions),
    }
    return [
        code
        for code, assumption in policy.assumptions.items()
        if (code in carried or code in _OF_EVENTS)
        and needs.get(code, True)
        and (not assumption.procedures or rule.procedure in assumption.procedures)
    ]


def _rests_on_deemed_service(clock: Clock, matter: Matter, rule: Rule) -> bool:
    """Is it the day of deemed service, or did a pause end on such a day?"""
    if rule.kind == "deemed_date":
        return True
    ends = {pause.to for pause in rule.pauses}
    recorded = {event.on for event in matter.events if event.type in ends}
    return not {until for _, until in clock.pauses if until is not None} <= recorded


def pause_basis(clock: Clock, matter: Matter, rulebook: Rulebook) -> Iterator[Citation]:
    """The articles of what did stop the clock, as far as they were in force by then."""
    chain = rulebook.policy.chain(matter.jurisdiction)
    for pause in rulebook.policy.rules[clock.rule].pauses:
        begun = [one.on for one in matter.events if one.type == pause.from_]
        stopped = [on for on in begun if _stood_still(clock, on)]
        if stopped and pause.jurisdiction in chain:
            yield from in_force(pause.basis, max(stopped), rulebook)


def _stood_still(clock: Clock, on: date) -> bool:
    """Was it stopped on a day, or had been by then, when it began anew?"""
    return any(
        since <= on <= (until or clock.ended_on or date.max) or on < since == clock.started_on
        for since, until in clock.pauses
    )
