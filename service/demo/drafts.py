"""Cases before they have a number: who, what, where, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from jobs.deriving import Derived, event_of, facts_of
from models.case import CaseKind
from models.party import PartyRole
from rules.matter import Matter
from service.cases.inputs import PROCEDURES
from service.cases.parties import REQUIRED
from service.cases.titles import TITLE_LIMIT
from service.demo import disputes, others
from service.demo.course import Course
from service.demo.data import bureau_data
from service.demo.desk import Desk
from service.demo.offices import Bureau, Office
from service.demo.people import Known, Parties

COURSES: Mapping[CaseKind, Any] = {
    "mediation": disputes.mediation,
    "arbitration": disputes.arbitration,
    "complaint": others.complaint,
    "report": others.report,
    "person": others.person,
    "household": others.household,
}
_GROUP, _LARGEST_GROUP = 0.06, 38
_VOIDED = 0.003


@dataclass(slots=True)
class Draft:
    """A case with its parties, before number, ids and deadlines."""

    kind: CaseKind
    office: Office
    handler_id: int
    received_on: date
    course: Course
    parties: list[tuple[Known, PartyRole]]
    worker_count: int
    details: dict[str, Any]
    claims: list[tuple[str, Decimal]]
    summary: str
    dispute: int | None = None
    void_reason: str | None = None
    derived: Derived | None = field(default=None)

    @property
    def procedure(self) -> str:
        """The procedure that this kind of case runs under."""
        return PROCEDURES[self.kind]

    @property
    def title(self) -> str:
        """The first party of each side, as the product makes it."""
        sides = (
            [known.name for known, one in self.parties if one == role]
            for role in REQUIRED[self.kind]
        )
        return " – ".join(side[0] + ("…" if side[1:] else "") for side in sides)[:TITLE_LIMIT]

    def matter(self, jurisdiction: str) -> Matter:
        """What the rules are asked about."""
        steps = self.course.steps
        events = tuple(event_of(step.type, step.on, step.details) for step in steps)
        facts = facts_of(self.procedure, {}, self.worker_count)
        return Matter(self.procedure, jurisdiction, events, facts)


@dataclass
class Writer:
    """Makes the drafts of one day after the other."""

    desk: Desk
    bureau: Bureau
    parties: Parties
    last_dispute: int = 0

    def matter(self, kind: CaseKind, day: date, course: Course | None = None) -> list[Draft]:
        """A matter that comes in on a day: its case, and the arbitration that follows it."""
        given = course
        if kind == "arbitration" and course is None:
            offered = disputes.offered_before(self.desk, day)
            course = disputes.arbitration(self.desk, day, offered_on=offered)
        course = course or COURSES[kind](self.desk, day)
        draft = self._draft(kind, day, course)
        if kind not in ("mediation", "arbitration"):
            return [draft]
        self.last_dispute += 1
        draft.dispute = self.last_dispute
        goes_on = draft.course.goes_on
        if given is not None or kind == "arbitration" or goes_on is None:
            return [draft]
        if goes_on > self.desk.horizon or not _ended(draft.course):
            return [draft]
        return [draft, self._follow_up(draft, goes_on)]

    def _follow_up(self, before: Draft, day: date) -> Draft:
        offered = before.course.premediation_offered_on
        course = disputes.arbitration(self.desk, day, offered_on=offered)
        draft = self._draft("arbitration", day, course, before)
        draft.dispute = before.dispute
        return draft

    def _draft(
        self, kind: CaseKind, day: date, course: Course, before: Draft | None = None
    ) -> Draft:
        rng = self.desk.rng
        offices, weights = self.bureau.taking(kind)
        office = rng.choices(offices, weights)[0]
        details, claims, summary = _particulars(rng, kind, before)
        draft = Draft(
            kind=kind,
            office=office,
            handler_id=rng.choice(office.caseworker_ids),
            received_on=day,
            course=_written_down(self.desk, course).until(self.desk.horizon),
            parties=before.parties if before else self._parties(kind),
            worker_count=before.worker_count if before else _workers(rng, kind),
            details=details,
            claims=claims,
            summary=summary,
        )
        if before is None and rng.random() < _VOIDED:
            draft.void_reason = rng.choice(bureau_data()["void_reasons"])
        return draft

    def _parties(self, kind: CaseKind) -> list[tuple[Known, PartyRole]]:
        make = self.parties
        if kind == "household":
            members: list[tuple[Known, PartyRole]] = [
                (make.person(), "member") for _ in range(self.desk.rng.randint(1, 2))
            ]
            return [(make.person(), "household_head"), *members]
        return [
            (make.employer() if role in ("employer", "respondent") else make.person(), role)
            for role in REQUIRED[kind]
        ]


def _ended(course: Course) -> bool:
    return course.steps[-1].type == "mediation_failed"


def _written_down(desk: Desk, course: Course) -> Course:
    """Some things are written down late, and a few wrongly at first."""
    for step in course.steps:
        if step.asked is None and not step.brought and desk.chance(0.035):
            step.known_on = max(step.known_on, desk.later(step.on, 1, 4))
    # The case itself stands in the register by now.
    course.steps[0].known_on = min(course.steps[0].known_on, desk.horizon)
    if len(course.steps) > 2 and desk.chance(0.006):
        _mistaken(desk, course)
    return course


def _mistaken(desk: Desk, course: Course) -> None:
    """One step between the first and the last was first written down under another day."""
    number = desk.rng.randrange(1, len(course.steps))
    step, before = course.steps[number], course.steps[number - 1]
    plain = step.asked is None and not step.brought and step.known_on >= step.on
    brings = number + 1 < len(course.steps) and course.steps[number + 1].brought
    if plain and not brings and before.on < step.on:
        step.mistaken_for = desk.working(before.on, before.on)
        step.corrected = desk.later(step.known_on, 1, 3)


def _workers(rng: Random, kind: CaseKind) -> int:
    if kind in ("person", "household") or rng.random() > _GROUP:
        return 1
    return 2 + int(_LARGEST_GROUP * rng.random() ** 3)


def pick(rng: Random, weights: Mapping[str, Any]) -> str:
    """A name, each as often as its weight says."""
    numbers = [one["weight"] if isinstance(one, dict) else one for one in weights.values()]
    return rng.choices(list(weights), numbers)[0]


def _particulars(
    rng: Random, kind: CaseKind, before: Draft | None
) -> tuple[dict[str, Any], list[tuple[str, Decimal]], str]:
    """Details, claims and summary of a case of this kind."""
    data = bureau_data()
    if before is not None:
        return {"cause": before.details["cause"]}, before.claims, before.summary
    if kind in ("arbitration", "mediation"):
        cause = pick(rng, data["causes"])
        one = data["causes"][cause]
        return {"cause": cause}, _claims(rng, one["claims"]), one["text"]
    if kind in ("complaint", "report"):
        violation = pick(rng, data["violations"])
        one = data["violations"][violation]
        kept = {"violation": violation, "channel": pick(rng, data["channels"])}
        return kept, _claims(rng, one["claims"]), one["text"]
    category = pick(rng, data["categories"])
    details: dict[str, Any] = {
        "category": category,
        "skills": rng.choice(data["skills"]),
        "household_size": None,
    }
    if kind == "household":
        details |= {"category": "household", "household_size": rng.randint(2, 4)}
        return details, [], data["household_text"]
    return details, [], data["categories"][category]["text"]


def _claims(rng: Random, kinds: list[str]) -> list[tuple[str, Decimal]]:
    """What is asked for, in yuan; a few thousand most often."""
    return [(kind, Decimal(int(rng.lognormvariate(9.6, 0.8) * 10)) / 10) for kind in kinds]
