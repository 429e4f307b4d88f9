"""The policy as of a day, and what changed between two."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask import request
from flask_babel import gettext as _

from rules.policy import Policy
from rules.schema import Rule, Version, counts_alike

Change = Literal["new", "ended", "changed", "cited"]


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that is another on the later day: the versions of both days, None for none."""

    rule: Rule
    change: Change
    before: Version | None
    after: Version | None


def asked_day(name: str, usual: date) -> tuple[date, str]:
    """The day that the address names, and a message when it is none that exists."""
    given = request.args.get(name, "").strip()
    if not given:
        return usual, ""
    try:
        return date.fromisoformat(given), ""
    except ValueError:
        return usual, _("%(given)s is not a day such as 2026-03-31.", given=given)


def changed(policy: Policy, first: date, last: date) -> list[Changed]:
    """The rules whose version on `last` is not that on `first`, in the order of the policy. A
    commitment that is off was never in force."""
    found = []
    for rule in (one for one in policy.rules.values() if one.use != "off"):
        before, after = rule.version_on(first), rule.version_on(last)
        if before != after:
            found.append(Changed(rule, _change(before, after), before, after))
    return found


def _change(before: Version | None, after: Version | None) -> Change:
    """A limit that comes to the same days has not changed, though other articles are cited."""
    if before is None:
        return "new"
    if after is None:
        return "ended"
    return "cited" if counts_alike(before, after) else "changed"
