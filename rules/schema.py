"""The shapes of the policy files; a value that does not fit is refused with its line."""

from datetime import date
from itertools import chain
from typing import Annotated, Literal

from pydantic import Field, model_validator

from rules.calendar import add_calendar_days
from rules.common import Basis, Citation, Data, Identifier, StatementId, Text

Use = Literal["law", "target", "advisory", "off", "negative", "dead"]
Kind = Literal[
    # Ours to keep, and alerted.
    "duty", "target", "service_target", "recurring", "commitment",
    # Others' to keep: the parties', another authority's; a bar on acting; advice.
    "party", "authority", "bar", "advisory",
    # Days that arrive of themselves.
    "deemed_date", "earliest", "term", "retention",
]  # fmt: skip
# What comes of itself: nothing needs to be done for it.
ARRIVING = frozenset({"deemed_date", "earliest", "term", "retention"})
CountingUnit = Literal[
    "calendar_days", "working_days", "months", "same_day", "hours", "stated", "quarters",
]  # fmt: skip
Direction = Literal["forward", "backward"]
Roll = Literal["forward", "backward", "none"]
Code = Literal[
    "C1", "C2", "C3", "C4", "C5", "C6", "C7", "same_day", "hours", "stated", "each_period",
]  # fmt: skip


class Period(Data):
    """A length in its unit, spelled out: `{length: 45, unit: calendar_days}`.

    `stated` is the day that a document sets, `quarters` run to the end of a calendar quarter
    (four of them are a year). Lengths of both kinds stand in no unit of days.
    """

    length: Annotated[int, Field(ge=0, le=4000)]
    unit: Literal[
        "calendar_days", "working_days", "months", "years", "same_day", "hours", "stated",
        "quarters",
    ]  # fmt: skip


class Extension(Data):
    """By how much at most in total per running clock, in the unit of the rule, and by whom.

    Without a `cap` the law names none; `caps` are those of places; `times` is how often the text
    allows it, where it says so. `id` is the extension's own name where the tables of the law give
    it one.
    """

    id: Identifier | None = None
    times: Annotated[int, Field(ge=1)] | None = None
    cap: Annotated[int, Field(ge=1)] | None = None
    caps: dict[Identifier, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    # May an extension be longer than the period itself? Else it is taken for a slip.
    longer_than_period: bool = False
    approver: Text
    basis: Basis


class Version(Data):
    """The rule as it stands from one day to another."""

    from_: Annotated[date, Field(alias="from")]
    to: date | None = None
    period: Period
    counting: Code
    # Of an earliest day: is it the last day of the period (满十日), or the day after (十日后)?
    reached: Literal["last_day", "day_after"] = "last_day"
    extension: Extension | None = None
    agreed_extension: bool = False
    # The instrument leaves its 日 undefined, whatever the code it is counted by.
    undefined_days: bool = False
    basis: Basis
    verified: Annotated[str, Field(min_length=2)]

    @property
    def both_readings(self) -> bool:
        """May its days be calendar or working days, so that both dates are shown (A-8)?"""
        return self.undefined_days or self.counting == "C6"

    @model_validator(mode="after")
    def _in_order(self) -> "Version":
        if self.to is not None and self.to < self.from_:
            raise ValueError(
                f"the version ends on {self.to} before it begins on {self.from_};"
                " write the later day as `to`"
            )
        return self


class Pause(Data):
    """What stops the clock and what sets it going again.

    `jurisdiction` limits it to a place. `ends_after` names a rule of kind `deemed_date`
    that computes the resuming event when nobody recorded it.
    """

    from_: Annotated[Identifier, Field(alias="from")]
    to: Identifier
    jurisdiction: Identifier = "national"
    ends_after: Identifier | None = None
    # What is to be done, or is not known, where the law of its place does not hold.
    elsewhere: Text | None = None
    basis: Basis


class Conflict(Data):
    """Sources that differ: which of them was followed and why, with the articles of each."""

    text: Text
    basis: Annotated[tuple[Citation, ...], Field(min_length=2)]


class LocalLaw(Data):
    """A place's own law that says the same as the rule: shown there, with how it was verified."""

    basis: Basis
    verified: Annotated[str, Field(min_length=2)]


class Question(Data):
    """What no text read so far answers, and the rules and statements it bears on."""

    id: Identifier
    text: Text
    concerns: tuple[Identifier, ...] = ()


class Condition(Data):
    """A fact that must hold: one of `equals`, `one_of`, `at_least`; the last a number or the name
    of a threshold, of which the version of the day and place counts (`rules.facts`)."""

    fact: Identifier
    equals: str | int | bool | None = None
    one_of: Annotated[tuple[str, ...], Field(min_length=2)] | None = None
    at_least: int | Identifier | None = None

    @model_validator(mode="after")
    def _one_test(self) -> "Condition":
        tests = (self.equals, self.one_of, self.at_least)
        if sum(test is not None for test in tests) != 1:
            raise ValueError("give exactly one of equals, one_of, at_least")
        return self

    @property
    def values(self) -> tuple[str | int | bool, ...]:
        """The values of which the fact must have one, where that is what is tested."""
        return self.one_of or (() if self.equals is None else (self.equals,))

    @property
    def least(self) -> int | None:
        """The number that the fact must reach, where that stands in the condition itself."""
        return self.at_least if isinstance(self.at_least, int) else None

    @property
    def threshold(self) -> str | None:
        """The threshold that the fact must reach, where that is what is tested."""
        return self.at_least if isinstance(self.at_least, str) else None


class Rule(Data):
    """One time limit: what it obliges whom to, what starts and ends it, its versions."""

    id: Identifier
    procedure: Identifier
    jurisdiction: Identifier = "national"
    use: Use
    kind: Kind
    obligation: Text
    who: Text
    label: Text | None = None
    starts_on: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    # Nothing starts it before this has happened: what came earlier starts it then.
    waits_for: Identifier | None = None
    discharged_by: tuple[Identifier, ...] = ()
    # Of those, what takes away the premise it rests on: it ends, and nothing was done in time.
    lapsed_by: tuple[Identifier, ...] = ()
    # One of these ends every clock of it that runs, or those that its ground says began with it.
    ends_every: bool = False
    # While its day is not past: nothing is left to be done, though nobody did it.
    cancelled_by: tuple[Identifier, ...] = ()
    # By event of the two lists above, what must hold for it to end the limit.
    ends_if: dict[Identifier, Annotated[tuple[Condition, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    restarts_on: tuple[Identifier, ...] = ()
    restarts_when_met: bool = False
    # By restarting event, the article that recalculates the period.
    restart_basis: dict[Identifier, Basis] = Field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    requires: tuple[Condition, ...] = ()
    # It applies only where one of these has happened, whenever that was: an award given.
    only_after: tuple[Identifier, ...] = ()
    replaces: Identifier | None = None
    # By place, its own law to the same effect.
    also: dict[Identifier, LocalLaw] = Field(default_factory=dict)
    # What the application records on the due day, when that has passed and nothing met it.
    expires_as: Identifier | None = None
    # Ours, and still to be done when the case has closed: telling the parties that it has.
    outlives_case: bool = False
    conflict: Conflict | None = None
    # A question to counsel that the text leaves open.
    question: Text | None = None
    # Why those events end it, and others do not, where that is read from the article.
    ending: Text | None = None
    # None where the articles cited name none.
    consequence: Text | None = None
    consequence_basis: tuple[Citation, ...] = ()
    # Where no version cites anything: what was looked at for a number, and how it was verified.
    basis: tuple[Citation, ...] = ()
    verified: Annotated[str, Field(min_length=2)] | None = None
    # None but in a commitment whose number no source gives: the bureau sets it.
    versions: tuple[Version, ...] = ()

    @property
    def can_be_missed(self) -> bool:
        """What arrives of itself is not missed; records that must be kept may be."""
        return self.kind not in ARRIVING or self.kind == "retention"

    def version_on(self, day: date) -> Version | None:
        """The version in force on a day, or None."""
        for version in self.versions:
            if version.from_ <= day and (version.to is None or day <= version.to):
                return version
        return None

    def only_cited_anew(self, version: Version) -> bool:
        """Is it the version before it in all but the articles it is cited by?"""
        at = self.versions.index(version)
        return at > 0 and counts_alike(self.versions[at - 1], version)

    def changed_after(self, version: Version) -> date | None:
        """The last day of the limit as the version has it, however often it is cited anew before
        that; None where it goes on."""
        at = self.versions.index(version)
        while at + 1 < len(self.versions) and self.only_cited_anew(self.versions[at + 1]):
            at += 1
        return self.versions[at].to

    def unchanged_since(self, version: Version) -> date:
        """Since when the limit has been what the version makes it, its citations aside."""
        at = self.versions.index(version)
        while at and counts_alike(self.versions[at - 1], self.versions[at]):
            at -= 1
        return self.versions[at].from_

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition it tests: for it to apply, and for an event to end it."""
        return (*self.requires, *chain.from_iterable(self.ends_if.values()))

    @property
    def extended_by(self) -> tuple[str, ...]:
        """The events that lengthen it."""
        approved = any(version.extension for version in self.versions)
        agreed = any(version.agreed_extension for version in self.versions)
        return (("extension_approved",) if approved else ()) + (
            ("extension_agreed",) if agreed else ()
        )

    @model_validator(mode="after")
    def _can_end(self) -> "Rule":
        if not self.discharged_by and self.kind not in ARRIVING:
            raise ValueError(f"{self.id}: a {self.kind} needs the events that discharge it")
        if not self.versions and self.use != "off":
            raise ValueError(f"{self.id}: it needs at least one version")
        if not set(self.lapsed_by) <= set(self.discharged_by):
            raise ValueError(f"{self.id}: what it is lapsed_by must stand in discharged_by")
        return self

    @model_validator(mode="after")
    def _cites_once(self) -> "Rule":
        own = bool(self.basis) and self.verified is not None
        if self.versions and (self.basis or self.verified):
            raise ValueError(f"{self.id}: its versions say what it rests on; leave basis to them")
        if not self.versions and not own:
            raise ValueError(f"{self.id}: without a version it needs basis and verified")
        return self

    @model_validator(mode="after")
    def _versions_follow(self) -> "Rule":
        for earlier, later in zip(self.versions, self.versions[1:], strict=False):
            _check_follow(self.id, earlier, later)
        return self


class Statement(Data):
    """What the law does not limit (`negative`), or limited once and no longer does (`dead`):
    shown where one would look for a limit, and never counted."""

    id: StatementId
    procedure: Identifier
    jurisdiction: Identifier = "national"
    use: Literal["negative", "dead"]
    obligation: Text
    who: Text
    # In a sentence, what there is no limit for.
    says: Text
    basis: Basis
    verified: Annotated[str, Field(min_length=2)]


def counts_alike(one: Version, other: Version) -> bool:
    """Do both come to the same days, extended or not?"""
    extensions = [
        (each.extension.cap, each.extension.caps, each.extension.times) if each.extension else None
        for each in (one, other)
    ]
    counted = ("period", "counting", "reached", "agreed_extension", "both_readings")
    same = all(getattr(one, name) == getattr(other, name) for name in counted)
    return same and extensions[0] == extensions[1]


def _check_follow(rule: str, earlier: Version, later: Version) -> None:
    if earlier.to is None or later.from_ <= earlier.to:
        raise ValueError(
            f"{rule}: the version from {later.from_} overlaps the one from {earlier.from_};"
            f" end the earlier one on {add_calendar_days(later.from_, -1)}"
        )
    if later.from_ != add_calendar_days(earlier.to, 1):
        raise ValueError(
            f"{rule}: a gap between {earlier.to} and {later.from_};"
            f" end the earlier version on {add_calendar_days(later.from_, -1)}"
        )


class Counting(Data):
    """One counting code of the law: what a day is, where the count goes, how it ends."""

    unit: CountingUnit
    direction: Direction = "forward"
    roll: Roll = "none"
    text: Text
    assumptions: tuple[str, ...] = ()
    basis: tuple[Citation, ...] = ()
    # How far its articles reach.
    note: Text | None = None


class Assumption(Data):
    """An engineering assumption (A-1 …) to be confirmed by counsel, with its reading.

    It speaks of the `procedures` named, or of all.
    """

    text: Text
    procedures: tuple[Identifier, ...] = ()
    reading: Identifier
    readings: dict[Identifier, Text]

    @model_validator(mode="after")
    def _known_reading(self) -> "Assumption":
        if self.reading not in self.readings:
            raise ValueError(f"reading {self.reading!r} is not among {', '.join(self.readings)}")
        return self


class Fact(Data):
    """What is known of a matter beside its events; the default is assumed and said."""

    type: Literal["whole", "choice", "flag", "text"]
    default: str | int | bool | None = None
    choices: tuple[str, ...] = ()
    # What its choices are called, where the wording of the rules does not say it.
    called: dict[str, Text] = Field(default_factory=dict)
    label: Text
    assumed: Text | None = None
    procedures: tuple[Identifier, ...] = ()
    # What it comes to where nobody decided it: true when all of one list hold.
    holds_if: tuple[tuple[Condition, ...], ...] = ()

    @model_validator(mode="after")
    def _defined_or_assumed(self) -> "Fact":
        if self.holds_if and (self.type != "flag" or self.default is not None):
            raise ValueError("holds_if belongs to a flag without a default")
        return self

    def allows(self, value: object) -> bool:
        """May the fact have this value?"""
        if self.type == "flag":
            return isinstance(value, bool)
        if self.type == "whole":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 1
        if self.type == "choice":
            return isinstance(value, str) and value in self.choices
        return isinstance(value, str) and 0 < len(value) <= 80

    def expected(self) -> str:
        """What it takes, in words for an error line."""
        if self.type == "choice":
            return "one of " + ", ".join(self.choices)
        return {"flag": "true or false", "whole": "a whole number of at least 1"}.get(
            self.type, "a short text"
        )
