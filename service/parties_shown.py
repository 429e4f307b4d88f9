"""Names of the parties of many cases in one query, as a list shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from models import CaseParty, Party, plain_rows
from service.access import Actor, masked_name, sees_personal_data

_PARTIES = (
    select(CaseParty.case_id, CaseParty.role, Party.name, Party.kind)
    .join(Party, col(Party.id) == col(CaseParty.party_id))
    .where(col(CaseParty.case_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(CaseParty.id))
)


@dataclass(slots=True)
class Names:
    """The parties of a case by their part in it, in the order they were entered."""

    sides: dict[str, list[str]] = field(default_factory=dict)

    def add(self, role: str, name: str) -> None:
        """Take one more name."""
        self.sides.setdefault(role, []).append(name)

    def __str__(self) -> str:
        """The first of each side, and how many more stand on it."""
        return " – ".join(_side(names) for names in self.sides.values())


def _side(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(name)s and %(num)s more", name=names[0], num=len(names) - 1)


def parties_by_case(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, Names]:
    """Names by case id; people's are masked for those who work without personal data."""
    names: dict[int, Names] = {case_id: Names() for case_id in ids}
    if not ids:
        return names
    personal = sees_personal_data(actor)
    for case_id, role, name, kind in plain_rows(session, _PARTIES, {"ids": ids}):
        shown = name if personal or kind == "employer" else masked_name(name)
        names[case_id].add(role, shown)
    return names
