"""Who is told: the handler and the handler's supervisors; above them when it is escalated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from jobs.sweep import ESCALATED
from models import Unit, User


@dataclass(frozen=True)
class People:
    """Those who can be told, read once for a batch: active handlers and all supervisors.

    `chains` gives for a handler the ids of the units from the root down to the handler's own,
    `units` the same for a unit.
    """

    users: Mapping[int, User]
    chains: Mapping[int, Sequence[int]]
    supervisors: Mapping[int, Sequence[int]]
    units: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def in_charge(self, unit_id: int, handler_id: int | None, stage: str) -> set[int]:
        """The ids of the users who receive an alert about a duty of the bureau itself: the person
        in charge, if any, and the supervisors of the unit, as of a case. Where nobody stands
        there or above, all supervisors, so that it is never lost."""
        told = self._told(self.units[unit_id], handler_id, stage)
        return told or {one for at in self.supervisors.values() for one in at}

    def of(self, handler_id: int, stage: str) -> set[int]:
        """The ids of the users who receive an alert of this stage about a handler's case.

        The supervisors are those of the handler's unit, or of the nearest unit above that has
        any. An escalated alert goes to the next ones above them; where there is nobody above,
        to themselves, so that it is never lost.
        """
        return self._told(self.chains[handler_id], handler_id, stage)

    def _told(self, chain: Sequence[int], handler_id: int | None, stage: str) -> set[int]:
        levels = [found for unit in reversed(chain) if (found := self._at(unit))]
        if stage == ESCALATED:
            return set(levels[min(1, len(levels) - 1)]) if levels else self._active(handler_id)
        return self._active(handler_id) | set(levels[0] if levels else ())

    def _at(self, unit_id: int) -> Sequence[int]:
        return self.supervisors.get(unit_id, ())

    def _active(self, handler_id: int | None) -> set[int]:
        return set() if handler_id is None else {handler_id} & self.users.keys()


def people(session: Session, handler_ids: set[int], unit_ids_: set[int] | None = None) -> People:
    """Read who can be told about the cases of these handlers and the duties of these units, in
    two queries, or three."""
    handlers = session.exec(
        select(User, Unit.path)
        .join(Unit, col(Unit.id) == col(User.unit_id))
        .where(col(User.id).in_(handler_ids))
    ).all()
    supervisors = session.exec(
        select(User).where(User.role == "supervisor", col(User.disabled_at).is_(None))
    ).all()
    at_unit: dict[int, list[int]] = defaultdict(list)
    for supervisor in supervisors:
        at_unit[supervisor.unit_id].append(_id(supervisor))
    active = [user for user, _ in handlers if user.disabled_at is None]
    return People(
        users={_id(user): user for user in (*active, *supervisors)},
        chains={_id(user): unit_ids(path) for user, path in handlers},
        supervisors=at_unit,
        units=_chains(session, unit_ids_) if unit_ids_ else {},
    )


def _chains(session: Session, wanted: set[int]) -> dict[int, Sequence[int]]:
    rows = session.exec(select(Unit).where(col(Unit.id).in_(wanted)))
    return {unit.id or 0: unit_ids(unit.path) for unit in rows}


def unit_ids(path: str) -> list[int]:
    """The ids in a unit's path, from the root down: `/1/4/` gives 1 and 4."""
    return [int(part) for part in path.strip("/").split("/")]


def in_tree_order(units: Iterable[Unit]) -> list[Unit]:
    """Each unit before those below it; units of one level in the order they were made."""
    return sorted(units, key=lambda unit: unit_ids(unit.path))


def _id(user: User) -> int:
    return user.id or 0
