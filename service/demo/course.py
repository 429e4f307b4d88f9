"""An invented history while it is being written: events and requests, with both dates."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from models.approval import ApprovalState


@dataclass
class Step:
    """An event of a course. `known_on` is the day on which it was written down, at earliest.

    `brought` is written down with the step before. A step that was first written down as of
    the day `mistaken_for` was put right on the day `corrected`. `asked` is the request that an
    approved step goes back to.
    """

    type: str
    on: date
    known_on: date
    details: dict[str, Any]
    brought: bool = False
    mistaken_for: date | None = None
    corrected: date | None = None
    asked: "Request | None" = None


@dataclass
class Request:
    """A request for an extension or a suspension, decided on a day or left waiting."""

    type: str
    asked_on: date
    decided_on: date
    state: ApprovalState
    details: dict[str, Any]
    # Has the decision been made by the day up to which the course is told?
    decided: bool = True


@dataclass
class Course:
    """What happens in a case, from its opening event on."""

    steps: list[Step] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    premediation_offered_on: date | None = None
    # When mediation has failed: the day on which the parties go to arbitration.
    goes_on: date | None = None
    # What rule conditions may test, as the case keeps it.
    facts: dict[str, Any] = field(default_factory=dict)
    # How many of the steps registering records.
    begun: int = 1

    @property
    def latest(self) -> date:
        """The last day on which something happened or was decided."""
        decided = [request.decided_on for request in self.requests]
        return max([step.on for step in self.steps] + decided)

    def add(self, event: str, on: date, known_on: date | None = None, **details: Any) -> date:
        """Append an event; returns its day."""
        self.steps.append(Step(event, on, known_on or on, details))
        return on

    def bring(self, event: str, on: date) -> None:
        """Append an event that the one before brings with it."""
        self.steps.append(Step(event, on, on, {}, brought=True))

    def ask(
        self, event: str, asked_on: date, decided_on: date, state: ApprovalState, **details: Any
    ) -> bool:
        """Append a request, with its event when it is approved; returns whether it is."""
        request = Request(event, asked_on, decided_on, state, details)
        self.requests.append(request)
        if state == "approved":
            self.steps.append(Step(event, decided_on, decided_on, dict(details), asked=request))
        return state == "approved"

    def until(self, horizon: date) -> "Course":
        """What of it stands written down at the end of a day: nothing that comes later."""
        kept: list[Step] = []
        known_on = date.min
        for step in self.steps:
            known_on = max(known_on, step.known_on)
            if known_on > horizon:
                break
            step.known_on = known_on
            if step.corrected is not None and step.corrected > horizon:
                step.mistaken_for = step.corrected = None
            kept.append(step)
        asked = [one for one in self.requests if one.asked_on <= horizon]
        for request in asked:
            request.decided = request.decided_on <= horizon
        return replace(self, steps=kept, requests=asked)
