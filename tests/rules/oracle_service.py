"""Service as the oracle sees it: which of several a recorded one answers."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from rules.matter import Event


class Service(NamedTuple):
    """What was put up or published, the event that says it was served, and the day on which it
    is deemed to be: 「经过三十日，即视为送达」."""

    event: Event
    served: str
    day: date | None

    def may_be_answered_by(self, event: Event) -> bool:
        return self.event.on <= event.on and event.ground in (None, self.event.type)


def which_service(event: Event, could: Sequence[Service]) -> Service | None:
    """What comes to its end on that very day; else the first still out, unless who recorded it
    may have meant another: one of another kind, or one that was served by then."""
    out = [one for one in could if one.day is None or one.day >= event.on]
    for one in out:
        if one.day == event.on:
            return one
    if event.ground is None:
        kinds = {one.event.type for one in could}
        if len(kinds) > 1 or len(out) < len(could):
            return None
    return out[0] if out else None
