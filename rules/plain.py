"""The clocks that nothing disturbed, which most are: dates put into what a shape comes to."""

from collections.abc import Iterable, Sequence
from datetime import date

from rules.counting import Measures
from rules.matter import Clock, State
from rules.shapes import Undisturbed


def fold_plain(
    plans: Iterable[Undisturbed], days: Sequence[date], measures: Measures
) -> list[Clock] | None:
    """The clocks that nothing disturbed; `days` are those of the events.

    None when a rule was not in force on its day, or was restarted after its clock had run out
    or before the law knew of that: a finding must say so. One loop without calls: most clocks of
    most cases are made here.
    """
    clocks: list[Clock] = []
    make = tuple.__new__
    for (
        rule, name, seq, kind, dues, start, begun_by, end, ended_by, discarded, since, silent
    ) in plans:  # fmt: skip
        on = days[start]
        found = dues.get(on) or measures.dates(rule, on)
        if found is None:
            if silent:
                continue
            return None
        version, raw_on, due_on, warn_on, provisional = found
        if ended_by is None:
            state: State = "running"
            ended_on = None
        else:
            ended_on = days[end]
            if not discarded:
                state = "met" if ended_on <= due_on else "met_late"
            elif since <= ended_on <= due_on:
                state = "cancelled"
            else:
                return None
        clocks.append(
            # As Clock(…) would, without a call in Python for each.
            make(
                Clock,
                (
                    name,
                    seq,
                    version,
                    kind,
                    state,
                    on,
                    begun_by,
                    raw_on,
                    due_on,
                    warn_on,
                    None,
                    0,
                    ended_on,
                    ended_by,
                    provisional,
                    (),
                    (),
                    None,
                ),
            )
        )
    return clocks
