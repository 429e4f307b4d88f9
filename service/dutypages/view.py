"""What the pages show of the bureau's own duties, with the names of those in charge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from jobs import duties as job
from jobs.duties import Charge
from models import BureauDuty, DutyEvent, Unit, User
from rules.citing import Citation
from rules.deadlines import derive
from rules.matter import Status, status
from rules.rulebook import Rulebook
from service.access import Actor, may
from service.duties import Found, seen
from service.explaining import explain_matter


@dataclass(frozen=True)
class Shown:
    """A duty of one period in words, and whether this person may record it."""

    duty: BureauDuty
    status: Status
    obligation: str
    period: str
    charge: str
    kept_by_me: bool


@dataclass(frozen=True)
class Why:
    """Why it is due on its day; empty where the rules in force know no such duty."""

    steps: Sequence[str]
    sources: Sequence[Citation]


def shown(
    session: Session, found: Iterable[Found], rulebook: Rulebook, today: date, language: str
) -> list[Shown]:
    """The duties with their words; two queries for the names."""
    listed = list(found)
    names = charge_names(session, [one.charge for one in listed], language) if listed else {}
    return [_shown(one, names[one.charge], rulebook, today, language) for one in listed]


def open_ones(
    session: Session, actor: Actor, rulebook: Rulebook, today: date, language: str, *, mine: bool
) -> list[Shown] | None:
    """The open duties this person sees, or those they are to keep themselves; None for who has
    none of any period."""
    if not may(actor, "duty.read"):
        return None
    found = [one for one in seen(session, actor) if one.kept_by_me or not mine]
    if not found:
        return None
    return shown(session, [one for one in found if one.duty.alertable], rulebook, today, language)


def charge_names(session: Session, charges: Sequence[Charge], language: str) -> dict[Charge, str]:
    """Who has charge, in words: the person and the unit, or the unit's supervisors."""
    units = session.exec(select(Unit).where(col(Unit.id).in_({one.unit_id for one in charges})))
    of_units = {one.id: one.name_zh if language == "zh" else one.name_en for one in units}
    handlers = {one.handler_id for one in charges if one.handler_id is not None}
    people = session.exec(select(User).where(col(User.id).in_(handlers))).all() if handlers else []
    names = {one.id: one.name for one in people}
    return {one: _in_charge(one, of_units[one.unit_id], names) for one in charges}


def _in_charge(charge: Charge, unit: str, names: Mapping[int | None, str]) -> str:
    if charge.handler_id is None:
        return _("the supervisors of %(unit)s", unit=unit)
    return f"{names[charge.handler_id]} · {unit}"


def _shown(one: Found, charge: str, rulebook: Rulebook, today: date, language: str) -> Shown:
    duty = one.duty
    rule = rulebook.policy.rules.get(duty.rule)
    return Shown(
        duty=duty,
        status=status("recurring", duty.state, duty.due_on, today),
        obligation=rule.obligation[language] if rule else duty.rule,
        period=job.period_name(duty.event, duty.ended_on, rulebook, language),
        charge=charge,
        kept_by_me=one.kept_by_me,
    )


def why(
    duty: BureauDuty, rows: Sequence[DutyEvent], rulebook: Rulebook, today: date, language: str
) -> Why:
    """The steps and articles of its date, from the events as they stand."""
    if job.clock_of(duty, rows, rulebook, today) is None:
        return Why((), ())
    matter = job.matter_of(duty, rows)
    found = explain_matter(matter, derive(matter, rulebook, today), rulebook, today, language)
    clock = next(one for one in found.clocks if one.clock.rule == duty.rule)
    return Why(clock.steps, clock.citations)


def recorders(session: Session, rows: Sequence[DutyEvent]) -> dict[int, str]:
    """The names of those who recorded, by id."""
    ids = {row.recorded_by_id for row in rows}
    found = session.exec(select(User).where(col(User.id).in_(ids))) if ids else ()
    return {user.id or 0: user.name for user in found}
