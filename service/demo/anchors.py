"""Open cases that fall due on and around today, and one that stands still, so that the working
lists have something true."""

from datetime import date, timedelta

from jobs.deriving import derived, event_of
from models.case import CaseKind
from rules.deadlines import derive
from rules.matter import Matter
from service.cases.inputs import PROCEDURES
from service.demo import disputes
from service.demo.course import Course
from service.demo.desk import Desk
from service.demo.histories import COURSES

# Days from today to the due date, some of them past.
_AHEAD = (0, 0, 1, 1, 2, 3, 4, 5, 6, 7, -1, -2, -4, -7, -11)
_KINDS: tuple[CaseKind, ...] = (
    "arbitration", "mediation", "complaint", "person", "household", "petition",
    "work_injury", "wage_arrears",
)  # fmt: skip
# Days since the day of receipt.
_SHORTEST, _LONGEST = 20, 160

# Where more time is asked for, and the rule that would be extended.
_EXTENDED: dict[CaseKind, str] = {"arbitration": "arb_award", "complaint": "insp_investigation"}

Anchors = dict[date, list[tuple[CaseKind, Course]]]


def anchors(desk: Desk, jurisdiction: str, today: date) -> Anchors:
    """By day of receipt, cases that are left open until their next due date, and the one."""
    wanted = {today + timedelta(days=ahead): _AHEAD.count(ahead) for ahead in _AHEAD}
    found: Anchors = {}
    for kind in _KINDS:
        missing = dict(wanted)
        for back in range(_LONGEST):
            day = desk.horizon - timedelta(days=back)
            if not desk.rulebook.calendar.is_working_day(day):
                continue
            course = COURSES[kind](desk, day, held=True)
            due = _next_due(desk, kind, jurisdiction, course.until(desk.horizon), today)
            if due is not None and missing.get(due, 0) > 0:
                missing[due] -= 1
                if due > today and kind in _EXTENDED:
                    _ask(desk, course, day, _EXTENDED[kind])
                found.setdefault(day, []).append((kind, course))
    day, course = _paused(desk)
    found.setdefault(day, []).append(("arbitration", course))
    return found


def _paused(desk: Desk) -> tuple[date, Course]:
    """An arbitration that waits for another case, and the day on which it came in."""
    for back in range(_SHORTEST, _LONGEST):
        day = desk.horizon - timedelta(days=back)
        if not desk.rulebook.calendar.is_working_day(day):
            continue
        course = disputes.arbitration(desk, day, held=True)
        types = {step.type for step in course.steps}
        quiet = not course.requests and "notice_published" not in types
        if quiet and "case_accepted" in types and course.latest <= desk.horizon:
            stopped_on = desk.working(course.latest, desk.horizon)
            course.ask("suspended", stopped_on, stopped_on, "approved", ground="other_case")
            return day, course
    raise ValueError(f"no arbitration up to {desk.horizon} could be suspended")


def _ask(desk: Desk, course: Course, day: date, rule: str) -> None:
    """A request that waits for the supervisor, mostly."""
    accepted = any(step.type in ("case_accepted", "case_filed") for step in course.steps)
    if accepted and desk.chance(0.9):
        asked = desk.working(course.latest, desk.horizon)
        tomorrow = desk.horizon + timedelta(days=2)
        days = desk.cap(rule, day)
        course.ask("extension_approved", asked, tomorrow, "approved", days=days, rule=rule)


def _next_due(
    desk: Desk, kind: CaseKind, jurisdiction: str, course: Course, today: date
) -> date | None:
    events = tuple(event_of(step.type, step.on, step.details) for step in course.steps)
    matter = Matter(PROCEDURES[kind], jurisdiction, events, course.facts)
    derivation = derive(matter, desk.rulebook, today)
    due: date | None = derived(kind, matter, derivation, desk.rulebook).columns["next_due_on"]
    return due
