"""What a case is called when nobody gave it a title: its parties, one for each side."""

from collections.abc import Sequence

from models.case import CaseKind
from models.party import PartyRole
from service.cases.parties import REQUIRED, CheckedParty

TITLE_LIMIT = 120
# The sides that a title names, where they are others than those a case must have.
SIDES: dict[CaseKind, tuple[PartyRole, ...]] = {**REQUIRED, "petition": ("petitioner", "employer")}


def title_of(kind: CaseKind, parties: Sequence[CheckedParty]) -> str:
    """The first party of each side, for instance `applicant – respondent`.

    The reporter of a violation is no party, so a tip-off is called after the employer.
    """
    named = ((party.given.role, party.name) for party in parties)
    return title_from(kind, list(named))


def title_from(kind: CaseKind, named: Sequence[tuple[PartyRole, str]]) -> str:
    """The same from roles and names."""
    sides = ([name for one, name in named if one == role] for role in SIDES[kind])
    names = [side[0] + ("…" if len(side) > 1 else "") for side in sides if side]
    return " – ".join(names)[:TITLE_LIMIT]
