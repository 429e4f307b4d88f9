"""Fills an empty database with the demo bureau, however large, in one pass over its days."""

import heapq
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sqlmodel import Session, select

from jobs import deliver, rates, sweep
from jobs.deriving import derived
from jobs.disputes import dispute_columns
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import Unit, User
from rules.deadlines import derive_many
from rules.rulebook import Rulebook
from service.demo.anchors import anchors
from service.demo.bulk import BulkWriter
from service.demo.desk import Desk
from service.demo.drafts import Draft, Writer
from service.demo.intake import Intake, planned
from service.demo.offices import Bureau, open_bureau
from service.demo.people import Parties
from service.demo.rows import Filler

CASES = 5_200
_SEED = 310_230
_CHUNK = 2_500
# A long-standing employer comes back; a district has some tens of thousands.
_CASES_AN_EMPLOYER, _FEWEST_EMPLOYERS, _MOST_EMPLOYERS = 9, 60, 60_000


class NotEmptyError(ValueError):
    """The database has data already: the demo would mix invented people with real ones."""


def load(
    session: Session,
    today: date,
    cases: int | None = None,
    settings: JobSettings | None = None,
) -> None:
    """Units, people and about `cases` cases (5,200) over the year and a half before `today`,
    as they stand when the office opens on that day; then its rates, sweep and inbox.

    The same `today` and `cases` give the same bureau. Commits. Raises NotEmptyError when the
    database has units or people.
    """
    if session.exec(select(User.id).limit(1)).first() or session.exec(select(Unit.id)).first():
        raise NotEmptyError("the database has units or people already; the demo needs a fresh one")
    fill(session, today, cases or CASES)
    job_settings = settings or JobSettings()
    rates.run(session, today, job_settings)
    sweep.run(session, today, job_settings)
    deliver.run(session, today, job_settings)


def fill(session: Session, today: date, cases: int) -> None:
    """The records alone, without rates and alerts. Commits."""
    rng = Random(_SEED)  # noqa: S311 - invented data, not secrets
    rulebook = current(session)
    intake = planned(rng, rulebook, today, cases)
    desk = Desk(rng, rulebook, intake.last)
    jurisdiction = JobSettings().jurisdiction
    pack = rulebook.policy.jurisdictions[jurisdiction]
    bureau = open_bureau(session, rng, pack, intake.first)
    employers = min(max(cases // _CASES_AN_EMPLOYER, _FEWEST_EMPLOYERS), _MOST_EMPLOYERS)
    parties = Parties(rng, employers)
    filler = Filler(BulkWriter(session), rng, rulebook, jurisdiction, parties)
    drafts = _in_order(desk, bureau, parties, intake, today, filler)
    for collected, draft in enumerate(drafts, start=1):
        filler.case(draft)
        if collected % _CHUNK == 0:
            filler.flush()
            session.commit()
    filler.finish()
    session.commit()


def _in_order(
    desk: Desk, bureau: Bureau, parties: Parties, intake: Intake, today: date, filler: Filler
) -> Iterator[Draft]:
    """All cases by day of receipt; an arbitration waits for its day."""
    writer = Writer(desk, bureau, parties)
    prepared = anchors(desk, filler.jurisdiction, today)
    waiting: list[tuple[date, int, Draft]] = []
    serial = 0
    day = min([intake.first, *prepared])
    while day <= intake.last:
        matters = [writer.matter(kind, day) for kind in intake.kinds.get(day, ())]
        matters += [writer.matter(kind, day, course) for kind, course in prepared.get(day, ())]
        _derive(matters, desk.rulebook, filler.jurisdiction, today)
        for matter in matters:
            _found_dispute(filler, matter)
            for draft in matter:
                serial += 1
                heapq.heappush(waiting, (draft.received_on, serial, draft))
        while waiting and waiting[0][0] <= day:
            yield heapq.heappop(waiting)[2]
        day += timedelta(days=1)


def _derive(matters: list[list[Draft]], rulebook: Rulebook, jurisdiction: str, today: date) -> None:
    drafts = [draft for matter in matters for draft in matter]
    asked = [draft.matter(jurisdiction) for draft in drafts]
    for draft, matter, found in zip(
        drafts, asked, derive_many(asked, rulebook, today), strict=True
    ):
        voided = draft.void_reason is not None
        draft.derived = derived(draft.kind, matter, found, rulebook, voided=voided)


def _found_dispute(filler: Filler, matter: list[Draft]) -> None:
    """The dispute of a matter's cases, counted once."""
    first = matter[0]
    if first.dispute is None:
        return
    parts = [
        (
            draft.received_on,
            draft.derived.columns["closed_on"],
            draft.derived.columns["outcome"],
            draft.course.premediation_offered_on,
        )
        for draft in matter
        if draft.derived is not None and draft.void_reason is None
    ]
    filler.dispute({"id": first.dispute, "unit_id": first.office.unit_id, **dispute_columns(parts)})
