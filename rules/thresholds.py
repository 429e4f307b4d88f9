"""The shapes of thresholds, minimum wages and classifications; what holds where and when."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from rules.calendar import add_calendar_days
from rules.common import Basis, Data, Identifier, Text

# How a text was verified. One that was not read, or whose number was only seen in passing, may
# be a target or a commitment, never law; nothing is decided by it.
MARKS = ("V1", "V2", "V3", "P1", "P2", "P3", "UNVERIFIED")
UNVERIFIED_MARKS = ("P1", "P3", "UNVERIFIED")
Amount = Annotated[Decimal, Field(gt=0)]
# More than these is a slip of the pen.
MOST, MOST_YUAN = 100_000, Decimal("999999999999.99")
# The least and the most that a number can be.
Bounds = tuple[Decimal, Decimal]


def sure(verified: str) -> bool:
    """Was a text with these marks (`V1+P2`) read, or quoted by a source that may be relied on?"""
    return not set(verified.split("+")) <= set(UNVERIFIED_MARKS)


class ThresholdVersion(Data):
    """A threshold in a place from one day to another: its number, the span that it lies in, a
    condition in words, or why there is no number (`gap`)."""

    from_: Annotated[date, Field(alias="from")]
    to: date | None = None
    jurisdiction: Identifier = "national"
    value: Amount | None = None
    least: Amount | None = None
    most: Amount | None = None
    condition: Text | None = None
    holds: Literal["yes", "part", "no"] | None = None
    gap: Text | None = None
    basis: Basis
    verified: Annotated[str, Field(min_length=2)]

    def covers(self, day: date) -> bool:
        """Is it in force on the day?"""
        return self.from_ <= day and (self.to is None or day <= self.to)

    @model_validator(mode="after")
    def _says_something(self) -> "ThresholdVersion":
        span = self.least is not None or self.most is not None
        if (self.value is not None) + span + (self.gap is not None) > 1:
            raise ValueError("give a value, a span of least and most, or a gap")
        if not (self.value or span or self.gap or self.condition):
            raise ValueError("give a value, least or most, a condition, or the gap")
        if self.gap is None and not sure(self.verified):
            raise ValueError(f"verified {self.verified} decides nothing: leave a gap that says so")
        return self


class Threshold(Data):
    """A number that the law classifies cases by, in its `unit`; `set_locally` when places set
    their own within the national span."""

    label: Text
    unit: Literal[
        "persons", "yuan", "months", "times", "percent", "average_wages", "condition",
    ]  # fmt: skip
    set_locally: bool = False
    versions: Annotated[tuple[ThresholdVersion, ...], Field(min_length=1)]

    def on(self, day: date, places: Sequence[str]) -> ThresholdVersion | None:
        """The version in force, of the first of the places that has one."""
        for place in places:
            for version in self.versions:
                if version.jurisdiction == place and version.covers(day):
                    return version
        return None

    def bounds(self, day: date, places: Sequence[str]) -> Bounds | None:
        """Where its number lies for certain: twice its value, or the span that a place's own,
        unverified number lies in. None when nothing is known."""
        for place in places:
            version = self.on(day, (place,))
            if version is None or version.gap is not None:
                continue
            if version.value is not None:
                return version.value, version.value
            if version.least is not None and version.most is not None:
                return version.least, version.most
        return None


class MinimumWage(Data):
    """A minimum wage in yuan a month and an hour. Without `from_` it is only known until when
    it held; a `gap` says that the number, or a place's tier, could not be verified."""

    place: Identifier
    tier: Annotated[int, Field(ge=1)] | None = None
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    monthly: Amount | None = None
    hourly: Amount | None = None
    gap: Text | None = None
    source: Text
    verified: Annotated[str, Field(min_length=2)]

    def covers(self, day: date) -> bool:
        """Was it, as far as known, the standard of the day?"""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)

    @property
    def certain(self) -> bool:
        """May anything be decided by it?"""
        return self.monthly is not None and self.from_ is not None and sure(self.verified)

    @model_validator(mode="after")
    def _number_or_gap(self) -> "MinimumWage":
        if (self.monthly is None) == (self.gap is None):
            raise ValueError("give the monthly wage, or the gap that says why there is none")
        if self.from_ is None and self.to is None:
            raise ValueError("give from, to or both")
        return self


class CaseQuestion(Data):
    """A fact that classifies a case. With a `type` it is entered in cases of its procedures and
    place: yes or no, a whole number, or an amount; without one the case itself says it."""

    label: Text
    type: Literal["flag", "count", "yuan"] | None = None
    procedures: tuple[Identifier, ...] = ()
    jurisdiction: Identifier = "national"
    # The least whole number that makes sense.
    least: int = 0

    def allows(self, value: object) -> bool:
        """May it be answered so?"""
        if self.type == "flag":
            return isinstance(value, bool)
        if self.type == "count":
            return (
                isinstance(value, int)
                and not isinstance(value, bool)
                and self.least <= value <= MOST
            )
        return isinstance(value, Decimal) and value.is_finite() and 0 <= value <= MOST_YUAN


class ClassificationData(Data):
    """What a case may be classified as, from which day, where, and in which words. `fact` is
    what a decision on it settles, `claims` the kinds of claims whose amounts count,
    `claims_in_doubt` those that are to be told apart first."""

    label: Text
    procedures: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    fact: Identifier | None = None
    claims: tuple[Identifier, ...] = ()
    claims_in_doubt: tuple[Identifier, ...] = ()
    jurisdiction: Identifier = "national"
    from_: Annotated[date, Field(alias="from")]
    basis: Basis
    verified: Annotated[str, Field(min_length=2)]
    says: dict[Identifier, Text]


class ClassificationPolicy(Data):
    """The file `classifications.yaml`: what is asked by fact, sentences of all, and the
    classifications by code."""

    questions: dict[Identifier, CaseQuestion]
    common: dict[Identifier, Text]
    classifications: dict[Identifier, ClassificationData]


def wages_on(
    wages: Iterable[MinimumWage], day: date, places: Sequence[str], tier: int | None
) -> tuple[list[MinimumWage], list[MinimumWage]]:
    """The minimum wages that can be meant in the first of the places that has any on the day,
    and the gaps met on the way to them. A tier picks its own wage and needs no gap."""
    known = [wage for wage in wages if wage.covers(day)]
    gaps: list[MinimumWage] = []
    for place in places:
        here = [wage for wage in known if wage.place == place]
        gaps += [wage for wage in here if wage.gap is not None]
        found = [wage for wage in here if wage.monthly is not None]
        if tier is not None and any(wage.tier is not None for wage in found):
            return [wage for wage in found if wage.tier == tier], []
        if found:
            return found, gaps
    return [], gaps


def wrong_versions(
    versions: Iterable[tuple[int, tuple[object, ...], date | None, date | None]],
) -> Iterator[tuple[int, str]]:
    """Overlaps, gaps and days in the wrong order among dated versions, each `(number, what it
    is a version of, first day, last day)`: the number of the version and the reason."""
    last: dict[tuple[object, ...], tuple[date | None, date | None]] = {}
    for number, of, first, to in versions:
        if first is not None and to is not None and to < first:
            yield number, f"ends on {to} before it begins on {first}; correct one of the two"
        if of in last:
            before = last[of][1]
            if first is None or before is None or first <= before:
                yield number, f"overlaps the version from {last[of][0]}"
            elif first != add_calendar_days(before, 1):
                yield number, f"leaves a gap after {before}; begin the next one on the day after"
        last[of] = (first, to)
