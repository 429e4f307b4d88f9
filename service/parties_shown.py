"""Names of the parties of many cases in one query, as a list shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from models import CaseParty, Party
from service.access import Actor, masked_name, sees_personal_data

MOST_NAMES = 2


@dataclass(slots=True)
class Names:
    """The first names of a case, and how many more there are."""

    shown: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, name: str) -> None:
        """Take one more name: shown while there is room, counted afterwards."""
        if len(self.shown) < MOST_NAMES:
            self.shown.append(name)
        else:
            self.more += 1


def parties_by_case(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, Names]:
    """Names by case id; people's are masked for those who work without personal data."""
    names: dict[int, Names] = {case_id: Names() for case_id in ids}
    if not ids:
        return names
    query = (
        select(CaseParty.case_id, Party.name, Party.kind)
        .join(Party, col(Party.id) == col(CaseParty.party_id))
        .where(col(CaseParty.case_id).in_(ids))
        .order_by(col(CaseParty.id))
    )
    personal = sees_personal_data(actor)
    for case_id, name, kind in session.exec(query):
        names[case_id].add(name if personal or kind == "employer" else masked_name(name))
    return names
