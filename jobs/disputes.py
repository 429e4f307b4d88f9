"""Derives disputes from their cases: a quarrel counts once, however many cases it runs through."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy
from sqlmodel import Session, col, select

from models import Case, Dispute, MediationDetails, table_of
from rules.rulebook import builtin_rulebook

# The classes of outcome (`rules/policy/procedures.yaml`) that decide how a dispute ended, the
# strongest first; anything else is "other".
_CLASSES = ("award", "arbitral_mediation", "grassroots_mediation")
DISPUTED = ("mediation", "arbitration")
_DISPUTES = table_of(Dispute)
_INSERT = sqlalchemy.insert(_DISPUTES).returning(_DISPUTES.c.id)


class _Part(NamedTuple):
    received_on: date
    closed_on: date | None
    outcome: str | None
    premediation_offered_on: date | None


def add_dispute(session: Session, case: Case, premediation_offered_on: date | None) -> int:
    """A dispute whose one case this is, which need not be saved yet; returns its id."""
    part = _Part(case.received_on, case.closed_on, case.outcome, premediation_offered_on)
    row = {"unit_id": case.unit_id, **dispute_columns([part])}
    return int(session.execute(_INSERT, row).scalar_one())


def refresh_disputes(session: Session, dispute_ids: Iterable[int | None]) -> None:
    """Rewrite the derived columns of these disputes; two queries however many they are.

    The rows are locked first, so that two cases of one dispute cannot each miss the other.
    """
    wanted = sorted({one for one in dispute_ids if one is not None})
    if not wanted:
        return
    locked = select(Dispute).where(col(Dispute.id).in_(wanted)).order_by(col(Dispute.id))
    disputes = session.exec(
        locked.with_for_update().execution_options(populate_existing=True)
    ).all()
    parts = _parts(session, wanted)
    for dispute in disputes:
        for name, value in dispute_columns(parts[dispute.id or 0]).items():
            if getattr(dispute, name) != value:
                setattr(dispute, name, value)


def _parts(session: Session, dispute_ids: Sequence[int]) -> dict[int, list[_Part]]:
    query = (
        sqlalchemy.select(
            col(Case.dispute_id),
            col(Case.received_on),
            col(Case.closed_on),
            col(Case.outcome),
            col(MediationDetails.premediation_offered_on),
        )
        .outerjoin(MediationDetails, col(MediationDetails.case_id) == col(Case.id))
        .where(col(Case.dispute_id).in_(dispute_ids), col(Case.state) != "voided")
        .order_by(col(Case.received_on), col(Case.id))
    )
    parts: dict[int, list[_Part]] = defaultdict(list)
    for dispute_id, *values in session.execute(query):
        parts[dispute_id].append(_Part(*values))
    return parts


def dispute_columns(parts: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """The derived columns from `(received_on, closed_on, outcome, premediation_offered_on)`.

    A dispute is closed when all of its cases are; one with no case left (all voided) is none.
    """
    cases = [_Part(*part) for part in parts]
    offered = [one.premediation_offered_on for one in cases if one.premediation_offered_on]
    return {
        "received_on": min((one.received_on for one in cases), default=None),
        "premediation_offered_on": min(offered, default=None),
        **_closing(cases),
    }


def _closing(cases: Sequence[_Part]) -> dict[str, Any]:
    ended = [one.closed_on for one in cases if one.closed_on is not None]
    if not cases or len(ended) < len(cases):
        return {"closed_on": None, "outcome": None}
    classes = {_class_of(one.outcome) for one in cases}
    outcome = next((name for name in _CLASSES if name in classes), "other")
    return {"closed_on": max(ended), "outcome": outcome}


def _class_of(event: str | None) -> str | None:
    """The class of outcome of a closing event of mediation or arbitration."""
    procedures = builtin_rulebook().policy.procedures
    found = [procedures[name].closing.get(event or "") for name in DISPUTED]
    return next((one for one in found if one is not None), None)
