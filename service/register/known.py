"""Known parties that rows of the form were filled with."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models import Case, CaseParty, Party
from service.access import Actor, visible_cases


def known_parties(session: Session, actor: Actor, ids: Sequence[int]) -> list[Party]:
    """The parties with these ids of which this person may know, in one query."""
    if not ids:
        return []
    seen = (
        select(CaseParty.party_id)
        .join(Case, col(Case.id) == CaseParty.case_id)
        .where(CaseParty.party_id == Party.id, visible_cases(actor))
        .exists()
    )
    return list(session.exec(select(Party).where(col(Party.id).in_(ids), seen)))
