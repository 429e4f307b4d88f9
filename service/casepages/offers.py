"""Which events may be recorded now, those that meet a running deadline first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.lawful import next_events
from rules.matter import Matter
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Offer:
    """An event that is lawful now; `meets` are the obligations it would discharge.

    `onward` is what moves the case on: it meets a deadline or takes the case on, and does
    not end it.
    """

    type: str
    label: str
    approval: bool
    closes: bool
    meets: Sequence[str]
    onward: bool


def offers(matter: Matter, rulebook: Rulebook, today: date, language: str) -> list[Offer]:
    """The lawful events, those first that end a running clock; endings of the case come last,
    in the order of the policy."""
    policy = rulebook.policy
    procedure = policy.procedures[matter.procedure]
    closing = procedure.closing
    # Taken on once, a case is not taken on again as a matter of course (a transfer may come).
    begun = {name for rule in procedure.principal for name in policy.rules[rule].starts_on}
    taken_on = any(event.type in begun for event in matter.events)
    accepting = () if taken_on else procedure.accepting
    found = [
        Offer(
            type=one.type,
            label=policy.events[one.type].label[language],
            approval=one.approval,
            closes=one.type in closing,
            meets=[policy.rules[rule].obligation[language] for rule in one.ends],
            onward=one.type not in closing and bool(one.ends or one.type in accepting),
        )
        for one in next_events(matter, rulebook, today)
    ]
    endings = list(closing)
    return sorted(found, key=lambda one: endings.index(one.type) if one.closes else -1)


def discharging(rulebook: Rulebook, rule: str) -> Sequence[str]:
    """The events that meet a deadline, the usual one first."""
    return rulebook.policy.rules[rule].discharged_by
