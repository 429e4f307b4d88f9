"""How cases go, with what the rules make of it, before anybody is a party to them.

On a busy day – a demo of a million cases takes in thousands – several matters of a kind go
alike: each kind is told in so many ways a day, and the rules are asked about each of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any

from jobs.deriving import Derived, derived, event_of, facts_of
from jobs.disputes import dispute_columns
from models.case import CaseKind
from rules.deadlines import derive_many
from rules.facts import Known
from rules.matter import Matter
from service.cases.inputs import PROCEDURES
from service.demo import arrears, disputes, injuries, others, petitions
from service.demo.course import Course
from service.demo.data import bureau_data, one_of
from service.demo.desk import Desk

COURSES: Mapping[CaseKind, Any] = {
    "mediation": disputes.mediation,
    "arbitration": disputes.arbitration,
    "complaint": others.complaint,
    "report": others.report,
    "person": others.person,
    "household": others.household,
    "petition": petitions.petition,
    "work_injury": injuries.work_injury,
    "wage_arrears": arrears.wage_arrears,
}
_WAYS = 64
_GROUP, _LARGEST_GROUP = 0.06, 38
_VOIDED = 0.003


@dataclass(slots=True)
class History:
    """What happens in a case, and what the rules make of it (`Teller` asks them)."""

    kind: CaseKind
    received_on: date
    course: Course
    worker_count: int
    void_reason: str | None = None
    derived: Derived = field(init=False)

    @property
    def procedure(self) -> str:
        """The procedure that this kind of case runs under."""
        return PROCEDURES[self.kind]

    def matter(self, jurisdiction: str) -> Matter:
        """What the rules are asked about."""
        steps = self.course.steps
        events = tuple(event_of(step.type, step.on, step.details) for step in steps)
        facts = facts_of(self.kind, self.course.facts, self.worker_count)
        return Matter(self.procedure, jurisdiction, events, facts)


@dataclass(slots=True)
class Story:
    """A case, or a mediation with the arbitration that follows it, and how often it happens.

    `dispute` are the derived columns of a labour dispute; None in other matters.
    """

    histories: list[History]
    times: int = 1
    dispute: dict[str, Any] | None = None


@dataclass
class Teller:
    """Tells what comes in on a day, up to the desk's horizon; `today` is the rules' day."""

    desk: Desk
    jurisdiction: str
    today: date

    def day(
        self, day: date, kinds: Mapping[CaseKind, int], prepared: Sequence[tuple[CaseKind, Course]]
    ) -> list[Story]:
        """So many matters of each kind, and one for each course that was prepared."""
        stories = []
        for kind, count in kinds.items():
            ways = min(count, _WAYS)
            stories += [
                Story(self._matter(kind, day), times=len(range(way, count, ways)))
                for way in range(ways)
            ]
        stories += [Story([self._history(kind, day, course)]) for kind, course in prepared]
        self._ask(stories)
        return stories

    def _matter(self, kind: CaseKind, day: date) -> list[History]:
        """A matter that comes in on a day: its case, and the arbitration that follows it."""
        if kind == "arbitration":
            offered = disputes.offered_before(self.desk, day)
            course = disputes.arbitration(self.desk, day, offered_on=offered)
            return [self._history(kind, day, course)]
        first = self._history(kind, day, COURSES[kind](self.desk, day))
        goes_on = first.course.goes_on
        failed = first.course.steps[-1].type == "mediation_failed"
        if goes_on is None or goes_on > self.desk.horizon or not failed:
            return [first]
        offered = first.course.premediation_offered_on
        course = disputes.arbitration(self.desk, goes_on, offered_on=offered)
        course = self._as_written(course)
        course = self._told_at_once(course, first.worker_count)
        return [first, History("arbitration", goes_on, course, first.worker_count)]

    def _history(self, kind: CaseKind, day: date, course: Course) -> History:
        rng = self.desk.rng
        written, workers = self._as_written(course), _workers(rng, kind)
        history = History(kind, day, self._told_at_once(written, workers), workers)
        if rng.random() < _VOIDED:
            history.void_reason = one_of(rng, bureau_data()["void_reasons"])
        return history

    def _told_at_once(self, course: Course, workers: int) -> Course:
        """With the one notice that the parties of a collective arbitration get."""
        policy = self.desk.rulebook.policy
        matter = History("arbitration", self.today, course, workers).matter(self.jurisdiction)
        rule = policy.rules["arb_collective_one_off_notice"]
        collective = Known.of(matter, policy).all_hold(rule.requires)
        steps = []
        for step in course.steps:
            steps.append(step)
            if step.type == "tribunal_notice_served" and collective:
                steps.append(
                    replace(step, type="one_off_notice_served", mistaken_for=None, corrected=None)
                )
        return replace(course, steps=steps)

    def _as_written(self, course: Course) -> Course:
        return _written_down(self.desk, course).until(self.desk.horizon)

    def _ask(self, stories: Sequence[Story]) -> None:
        """Derive every history, and from them the disputes."""
        histories = [history for story in stories for history in story.histories]
        asked = [history.matter(self.jurisdiction) for history in histories]
        found = derive_many(asked, self.desk.rulebook, self.today)
        for history, matter, derivation in zip(histories, asked, found, strict=True):
            voided = history.void_reason is not None
            history.derived = derived(
                history.kind, matter, derivation, self.desk.rulebook, voided=voided
            )
        for story in stories:
            if story.histories[0].kind in ("mediation", "arbitration"):
                story.dispute = _dispute(story.histories)


def _dispute(histories: Sequence[History]) -> dict[str, Any]:
    """The dispute of these cases, counted once."""
    parts = [
        (
            history.received_on,
            history.derived.columns["closed_on"],
            history.derived.columns["outcome"],
            history.course.premediation_offered_on,
        )
        for history in histories
        if history.void_reason is None
    ]
    return dispute_columns(parts)


def _written_down(desk: Desk, course: Course) -> Course:
    """Some things are written down late, and a few wrongly at first."""
    for step in course.steps:
        if step.asked is None and not step.brought and desk.chance(0.035):
            step.known_on = max(step.known_on, desk.later(step.on, 1, 4))
    # The case itself stands in the register by now.
    for step in course.steps[: course.begun]:
        step.known_on = min(step.known_on, desk.horizon)
    if len(course.steps) > course.begun + 1 and desk.chance(0.006):
        _mistaken(desk, course)
    return course


def _mistaken(desk: Desk, course: Course) -> None:
    """One step between the first and the last was first written down under another day."""
    number = desk.rng.randrange(course.begun, len(course.steps))
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
