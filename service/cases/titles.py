"""What a case is called when nobody gave it a title: its parties, one for each side."""

from collections.abc import Sequence

from models.case import CaseKind
from service.cases.parties import REQUIRED, CheckedParty

TITLE_LIMIT = 120


def title_of(kind: CaseKind, parties: Sequence[CheckedParty]) -> str:
    """The first party of each side, for instance `applicant – respondent`.

    The reporter of a violation is no party, so a tip-off is called after the employer.
    """
    names = []
    for role in REQUIRED[kind]:
        side = [party.name for party in parties if party.given.role == role]
        names.append(side[0] + ("…" if len(side) > 1 else ""))
    return " – ".join(names)[:TITLE_LIMIT]
