"""The shape of `policy/events/`: what can happen in a matter, and with which details."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from rules.common import Data, Identifier, Text


class FieldUse(Data):
    """Which details an event takes."""

    days: Literal["required", "optional"] | None = None
    rule: Literal["required", "optional"] | None = None
    until: Literal["required", "optional"] | None = None
    ground: Literal["required", "optional"] | None = None
    pay_by: Literal["required", "optional"] | None = None
    at: Literal["required", "optional"] | None = None

    def known(self) -> dict[str, str]:
        """The details by name, with `required` or `optional`."""
        return {name: use for name, use in self.model_dump().items() if use}


class Contradiction(Data):
    """The outcomes that an event cannot follow, and what makes room for another one, such as a
    new request."""

    events: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    unless_since: tuple[Identifier, ...] = ()


class EventType(Data):
    """A kind of event. `rank` orders events of one day, the smaller first."""

    id: Identifier
    label: Text
    recorded_by: Text
    procedures: tuple[Identifier, ...] = ()
    rank: Annotated[int, Field(ge=0, le=127)]
    fields: FieldUse = FieldUse()
    # By procedure, the grounds that the event may name; any text where none are listed.
    grounds: dict[Identifier, dict[Identifier, Text]] = Field(default_factory=dict)
    # What its ground is called where it is no ground: which of several it answers, by the event
    # that began it.
    asks: Text | None = None
    appointment: bool = False
    approval: bool = False
    once: bool = False
    # The application records it; nobody is offered it, and nobody may record it by hand.
    by_itself: bool = False
    # The period of which it is the end: what recurs begins with each.
    ends: Literal["quarter", "year"] | None = None
    proposed: bool = False
    note: Text | None = None
    # May be recorded after the case is closed; so may whatever has a rank of 94 or more.
    after_closing: bool = False
    # No contradiction when nothing of its runs: it may come before the clock, or after it.
    clock_optional: bool = False
    # By procedure, the events of which one must have happened before.
    needs: dict[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)
    # The procedures in which it may honestly stand without what it needs: nothing is said of that.
    needs_unsaid: tuple[Identifier, ...] = ()
    # By procedure, the events of which one should be recorded before: as `needs`, but said only.
    presupposes: dict[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)
    # By procedure, the events of which none may have happened before.
    not_after: dict[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)
    # By procedure, the outcomes that it contradicts where they came before: said only.
    contradicts: dict[Identifier, Contradiction] = Field(default_factory=dict)
    # By procedure, the limit within which it is to come: said only where it came after.
    within: dict[Identifier, Identifier] = Field(default_factory=dict)
    # It may end a case that stands still: nobody has to say first that it went on.
    while_stopped: bool = False
    # The events recorded with it on the same day; filled from procedures.yaml.
    brings: tuple[Identifier, ...] = ()

    def stands_on(self, procedure: str) -> tuple[Identifier, ...]:
        """The events of which one comes before it, whether recording insists on that or not."""
        return self.needs.get(procedure) or self.presupposes.get(procedure, ())

    def knows_ground(self, procedure: str, ground: str) -> bool:
        """May the event name this ground in a matter of the procedure?"""
        known = self.grounds.get(procedure)
        return known is None or ground in known

    @model_validator(mode="after")
    def _grounds_fit(self) -> "EventType":
        if self.grounds and self.fields.ground is None:
            raise ValueError(
                f"{self.id}: it lists grounds and has no field for one;"
                " add `ground: optional` to its fields, or leave the grounds out"
            )
        if not self.grounds.keys() <= set(self.procedures):
            raise ValueError(
                f"{self.id}: it lists grounds of a procedure it does not occur in;"
                " add that procedure, or leave its grounds out"
            )
        return self
