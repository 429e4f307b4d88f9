"""Can a change that is entered be meant? Slips of the pen are refused before anything moves.

Asked of what is entered now, not of what is stored: an installation that kept such a change
before still reads it, and its administrator takes it back.
"""

from rules.amendments import Amendment, AmendmentError, promised_of
from rules.calendar import FIRST_DAY, LAST_DAY
from rules.policy import Policy
from rules.schema import Rule, Version
from rules.sense_checks import longest


def check_meant(policy: Policy, one: Amendment) -> None:
    """Raise AmendmentError for a day, length or extension that is a slip.

    `policy` is the one in force, with the changes entered so far.
    """
    rule = policy.rules.get(one.rule)
    if rule is None:
        return
    _check_day(rule, one)
    last = rule.versions[-1] if rule.versions else None
    _check_length(last, one)
    _check_cap(last, one)
    _check_promise(policy, one)


def _check_day(rule: Rule, one: Amendment) -> None:
    if rule.versions and one.from_on < rule.versions[0].from_:
        raise AmendmentError("from_on", "before_rule", day=rule.versions[0].from_)
    if not FIRST_DAY <= one.from_on <= LAST_DAY:
        raise AmendmentError("from_on", "out_of_calendar", first=FIRST_DAY, last=LAST_DAY)


def _check_length(last: Version | None, one: Amendment) -> None:
    if one.length is None:
        return
    most = longest(last.period.unit if last else "working_days")
    if most is None:
        raise AmendmentError("length", "counts_nothing")
    if one.length > most:
        raise AmendmentError("length", "too_long", length=one.length, most=most)


def _check_cap(last: Version | None, one: Amendment) -> None:
    extension = last.extension if last else None
    if one.cap is None or one.length is None or last is None or extension is None:
        return
    if one.cap < 1:
        raise AmendmentError("cap", "no_cap")
    most = longest(last.period.unit) if extension.longer_than_period else one.length
    if most is not None and one.cap > most:
        raise AmendmentError("cap", "cap_too_long", cap=one.cap, most=most)


def _check_promise(policy: Policy, one: Amendment) -> None:
    """A promise follows the one before it; of two for the same days nobody knows which counts."""
    made = policy.rules.get(promised_of(one.rule)) if one.kind == "promise" else None
    if made is None:
        return
    last = made.versions[-1]
    if one.from_on <= last.from_:
        raise AmendmentError(
            "from_on", "promised_already", length=last.period.length, day=last.from_
        )
