"""The text of docs/events.md, made from the policy: every event, who records it, what it does.

`python -m rules.event_guide > docs/events.md` writes it anew; a test compares the two.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rules.event_types import Contradiction, EventType
from rules.schema import Condition, Rule

# The effects an event can have on a clock, in the order in which they are told.
_EFFECTS = ("starts", "restarts", "pauses", "resumes", "extends", "ends", "cancels")
_SHARED = "several procedures"

_INTRODUCTION = """\
# Events

Generated from `rules/policy` by `python -m rules.event_guide`; do not edit.

Events are what happened to a case: append-only, and the truth that every date is derived from.
A mistake is corrected by an event that says so. Below, *does* names the rules in force that the
event starts, restarts, pauses, resumes, extends, ends or cancels – with the fact on which
alone it does, if any; an event without effect belongs to a rule
that is switched off, or only closes a case. Of the events of one day the smaller *rank* is
taken first, so that the order of recording never matters.

*Details* are given with the event: `days` in the unit of the rule it extends, `rule` where several
clocks could be meant, `until` the day agreed, `ground` the reason (or which of
several it answers, by the event that began that), `pay_by` the day an order sets.
An *appointment* may lie ahead, every other event is at the latest today's. An event that *needs
approval* is recorded when a supervisor approves the request. One that happens *once* cannot be
recorded a second time; one that *needs* others cannot be recorded before one of them, nor one that
comes *not after* others once one of them has happened. What *presupposes* or *contradicts* others
is recorded all the same, and the case says that it does not fit; `unless` names what makes room for
it when it came in between. A history that has such an event nevertheless says so on the case and in
`anqi what-if`, with the day and what to do. Whether what is needed was recorded at all is not asked
where a history begins with what stands on it, as a question about one limit does, nor where an
event says that it is *not asked whether what it needs was recorded*."""


def render(events: Iterable[EventType], rules: Iterable[Rule]) -> str:
    """The whole document, in Markdown, with Chinese and English names side by side."""
    listed = list(events)
    effects = _effects(rules)
    parts = [_INTRODUCTION]
    for heading, group in _groups(listed).items():
        parts.append(f"## {heading[0].upper()}{heading[1:].replace('_', ' ')}\n")
        parts[-1] += "\n".join(_table(group, effects))
    notes = [event for event in listed if event.note and not event.proposed]
    parts.append("## Notes\n\n" + "\n".join(_note(event) for event in notes))
    proposed = [event for event in listed if event.proposed]
    parts.append("## Proposed\n\nAdded by this project, with the reason:\n\n")
    parts[-1] += "\n".join(_note(event) for event in proposed)
    return "\n\n".join(parts) + "\n"


def _effects(rules: Iterable[Rule]) -> Mapping[tuple[str, str], list[str]]:
    """`(event, effect)` to the rules it has this effect on."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for rule in rules:
        for event, effect, where in _of_rule(rule):
            name = f"`{rule.id}`" + (f" ({where})" if where else "")
            if name not in found[event, effect]:
                found[event, effect].append(name)
    return found


def _of_rule(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Each event of a rule, its effect, and where alone the effect applies."""
    here = _place(rule.jurisdiction)
    for effect, events in (
        ("starts", rule.starts_on),
        ("restarts", rule.restarts_on),
        ("extends", rule.extended_by),
    ):
        yield from ((event, effect, here) for event in events)
    for effect, events in (("ends", rule.discharged_by), ("cancels", rule.cancelled_by)):
        for event in events:
            tested = map(_tested, rule.ends_if.get(event, ()))
            yield event, effect, "; ".join(filter(None, (here, *tested)))
    for pause in rule.pauses:
        where = here if pause.jurisdiction == "national" else _place(pause.jurisdiction)
        yield pause.from_, "pauses", where
        yield pause.to, "resumes", where


def _place(jurisdiction: str) -> str:
    """Nothing where it applies everywhere."""
    return "" if jurisdiction == "national" else jurisdiction


def _tested(condition: Condition) -> str:
    if condition.at_least is not None:
        return f"`{condition.fact}` at least {condition.at_least}"
    values = " or ".join(f"`{str(value).lower()}`" for value in condition.values)
    return f"`{condition.fact}` {values}"


def _groups(events: Iterable[EventType]) -> dict[str, list[EventType]]:
    """Events by their procedure, those of several procedures first."""
    groups: dict[str, list[EventType]] = {_SHARED: []}
    for event in events:
        heading = event.procedures[0] if len(event.procedures) == 1 else _SHARED
        groups.setdefault(heading, []).append(event)
    return {heading: group for heading, group in groups.items() if group}


def _table(
    events: Iterable[EventType], effects: Mapping[tuple[str, str], list[str]]
) -> Iterator[str]:
    yield ""
    yield "| event | name | recorded by | rank | does | details |"
    yield "|---|---|---|---|---|---|"
    for event in sorted(events, key=lambda one: (one.rank, one.id)):
        cells = (
            f"`{event.id}`",
            f"{event.label.zh} / {event.label.en}",
            f"{event.recorded_by.zh} / {event.recorded_by.en}",
            str(event.rank),
            _does(event.id, effects),
            _details(event),
        )
        yield "| " + " | ".join(cells) + " |"


def _does(event: str, effects: Mapping[tuple[str, str], list[str]]) -> str:
    told = [
        f"{effect} {', '.join(effects[event, effect])}"
        for effect in _EFFECTS
        if (event, effect) in effects
    ]
    return "; ".join(told) or "–"


def _details(event: EventType) -> str:
    told = [f"`{name}` {use}" for name, use in event.fields.known().items()]
    if len(event.procedures) > 1:
        told.insert(0, "in " + ", ".join(event.procedures).replace("_", " "))
    flags = {
        "appointment": event.appointment,
        "needs approval": event.approval,
        "once": event.once,
        "proposed": event.proposed,
    }
    told += [name for name, holds in flags.items() if holds]
    told += [_named("needs", *item) for item in event.needs.items()]
    told += [f"not asked whether what it needs was recorded ({one})" for one in event.needs_unsaid]
    told += [_named("presupposes", *item) for item in event.presupposes.items()]
    told += [_named("not after", *item) for item in event.not_after.items()]
    told += [_contradicted(*item) for item in event.contradicts.items()]
    told += [f"within `{rule}`" for rule in event.within.values()]
    for procedure, grounds in event.grounds.items():
        codes = ", ".join(f"`{code}`" for code in grounds)
        told.append(f"grounds in {procedure.replace('_', ' ')}: {codes}")
    return "; ".join(told) or "–"


def _named(word: str, procedure: str, events: Iterable[str]) -> str:
    return f"{word} {_any_of(events)} ({procedure.replace('_', ' ')})"


def _contradicted(procedure: str, known: Contradiction) -> str:
    unless = f", unless {_any_of(known.unless_since)} since" if known.unless_since else ""
    where = procedure.replace("_", " ")
    return f"contradicts {_any_of(known.events)}{unless} ({where})"


def _any_of(events: Iterable[str]) -> str:
    return " or ".join(f"`{event}`" for event in events)


def _note(event: EventType) -> str:
    if event.note is None:
        return f"- `{event.id}`"
    return f"- `{event.id}`: {event.note.en}\n  {event.note.zh}"


if __name__ == "__main__":
    from rules.policy import load_policy

    policy = load_policy()
    sys.stdout.write(render(policy.events.values(), policy.rules.values()))
