"""The shape of a procedure: its kinds of cases, and what opens, accepts and closes them."""

from typing import Annotated

from pydantic import Field

from rules.common import Data, Identifier, Text


class CaseKindData(Data):
    """A kind of case within a procedure and the events of which one opens it, the usual first."""

    label: Text
    opening_events: Annotated[tuple[Identifier, ...], Field(min_length=1)]


class ProcedureData(Data):
    """A procedure: what opens, accepts and closes its cases, and its principal limits."""

    id: Identifier
    label: Text
    code: str
    kinds: dict[str, CaseKindData] = Field(default_factory=dict)
    # The events by which the authority takes a case on.
    accepting: Annotated[tuple[Identifier, ...], Field(alias="acceptance_events")] = ()
    # The events that close a case, each with the class of its outcome.
    closing: dict[Identifier, Identifier] = Field(default_factory=dict, alias="closing_events")
    # The rules whose limit is the procedure's own.
    principal: Annotated[tuple[Identifier, ...], Field(alias="principal_rules")] = ()
    follows: dict[Identifier, Identifier] = Field(default_factory=dict)
    # Opening events that also happen in a case which another one opened.
    opening_or_later: tuple[Identifier, ...] = ()
    # By closing event, the rules of which no clock may run when it is recorded.
    closes_after: dict[Identifier, tuple[Identifier, ...]] = Field(default_factory=dict)

    @property
    def opening(self) -> dict[str, tuple[str, ...]]:
        """The opening events by kind of case, the usual one first."""
        return {kind: data.opening_events for kind, data in self.kinds.items()}

    @property
    def openings(self) -> frozenset[str]:
        """Every event that opens a case of this procedure."""
        return frozenset(event for events in self.opening.values() for event in events)
