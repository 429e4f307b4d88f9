"""Fills an empty database with the demo bureau, however large, in one pass over its days."""

import gc
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

from sqlmodel import Session, select

from jobs import deliver, rates, sweep
from jobs.rulebooks import current
from jobs.settings import JobSettings
from models import Unit, User
from rules.rulebook import Rulebook
from service.demo import duties
from service.demo.anchors import anchors
from service.demo.bulk import BulkWriter
from service.demo.desk import Desk
from service.demo.drafts import Draft, Writer
from service.demo.fresh import filling
from service.demo.histories import Teller
from service.demo.intake import Intake, planned
from service.demo.offices import open_bureau
from service.demo.people import Parties
from service.demo.promises import promise
from service.demo.rows import COLUMNS, Filler

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
    duties.keep(session, current(session), today, job_settings)
    rates.run(session, today, job_settings)
    sweep.run(session, today, job_settings)
    deliver.run(session, today, job_settings)


def fill(session: Session, today: date, cases: int) -> None:
    """The records alone, without rates and alerts: all of them or none. Commits."""
    rulebook = current(session)
    with _no_collector(), filling(session, COLUMNS) as own:
        _fill(own, rulebook, today, cases)


@contextmanager
def _no_collector() -> Iterator[None]:
    """No row or course refers to itself: looking for such garbage takes time and finds none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _fill(session: Session, rulebook: Rulebook, today: date, cases: int) -> None:
    rng = Random(_SEED)  # noqa: S311 - invented data, not secrets
    intake = planned(rng, rulebook, today, cases)
    jurisdiction = JobSettings().jurisdiction
    pack = rulebook.policy.jurisdictions[jurisdiction]
    bureau = open_bureau(session, rng, pack, intake.first)
    rulebook = promise(session, today)
    teller = Teller(Desk(rng, rulebook, intake.last), jurisdiction, today)
    employers = min(max(cases // _CASES_AN_EMPLOYER, _FEWEST_EMPLOYERS), _MOST_EMPLOYERS)
    parties = Parties(rng, employers)
    filler = Filler(BulkWriter(session), rng, rulebook, jurisdiction, parties)
    drafts = _in_order(teller, intake, Writer(rng, bureau, parties))
    for collected, draft in enumerate(drafts, start=1):
        filler.case(draft)
        if collected % _CHUNK == 0:
            filler.flush()
    filler.finish()


def _in_order(teller: Teller, intake: Intake, writer: Writer) -> Iterator[Draft]:
    """All cases by day of receipt; an arbitration that follows waits for its day."""
    prepared = anchors(teller.desk, teller.jurisdiction, teller.today)
    coming: dict[date, list[Draft]] = defaultdict(list)
    day = min([intake.first, *prepared])
    while day <= intake.last:
        for story in teller.day(day, intake.kinds.get(day, {}), prepared.get(day, ())):
            for _ in range(story.times):
                for draft in writer.drafts(story):
                    coming[draft.history.received_on].append(draft)
        yield from coming.pop(day, ())
        day += timedelta(days=1)
