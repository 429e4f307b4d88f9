"""Courses of inspection and of employment assistance."""

from datetime import date

from models.approval import ApprovalState
from service.demo.course import Course
from service.demo.desk import Desk

_INVESTIGATION = "insp_investigation"


def complaint(desk: Desk, day: date, *, held: bool = False) -> Course:
    """A complaint: accepted and filed the same day, investigated, closed."""
    course = Course()
    course.add("complaint_received", day)
    decided = desk.done(day, desk.due("insp_complaint_decision", day), 0.2, 0.8)
    if not held and desk.chance(0.07):
        course.add("complaint_refused", decided)
        return course
    course.add("complaint_accepted", decided)
    course.bring("case_filed", decided)
    if not held:
        _investigated(desk, course, decided)
    return course


def report(desk: Desk, day: date, *, held: bool = False) -> Course:
    """A tip-off: filed as a case when there is something in it."""
    course = Course()
    course.add("report_received", day)
    looked_at = desk.later(day, 1, 7)
    if not held and desk.chance(0.12):
        course.add("transferred_out", looked_at)
        return course
    course.add("case_filed", looked_at)
    if not held:
        _investigated(desk, course, looked_at)
    return course


def _investigated(desk: Desk, course: Course, filed: date) -> None:
    asked = desk.later(filed, 1, 8)
    course.add("inquiry_notice_received", asked)
    if desk.chance(0.7):
        course.add("inquiry_replied", desk.later(asked, 2, 6))
    due, extended = desk.due(_INVESTIGATION, filed), 0
    if desk.chance(0.07):
        extended = _extended(desk, course, filed, due)
        due = desk.due(_INVESTIGATION, filed, extended=extended)
    ended = desk.done(course.latest, due, 0.1 if not extended else 0.7, 0.8)
    chance = desk.rng.random()
    if chance < 0.04:
        course.add("case_dropped", ended)
    elif chance < 0.06:
        course.add("transferred_out", ended)
    else:
        course.add("investigation_completed", ended)
        if desk.chance(0.55):
            course.add("correction_ordered", ended)
        course.add("case_closed", desk.later(ended, 0, 12))


def _extended(desk: Desk, course: Course, filed: date, due: date) -> int:
    asked = desk.between(course.latest, due, 0.8, 0.95, 0.9)
    decided = min(desk.later(asked, 1, 4), desk.working(asked, due))
    cap = desk.cap(_INVESTIGATION, filed)
    days = desk.rng.choice((cap, max(1, cap // 2)))
    state: ApprovalState = "approved" if desk.chance(0.9) else "refused"
    return days if course.ask("extension_approved", asked, decided, state, days=days) else 0


def person(desk: Desk, day: date, *, held: bool = False) -> Course:
    """A person with employment difficulty, placed in time as a rule."""
    return _placement(desk, day, "recognised", "emp_difficult_placement_sh", "placed", held=held)


def household(desk: Desk, day: date, *, held: bool = False) -> Course:
    """A zero-employment household."""
    rule = "emp_zero_household_placement_sh"
    return _placement(desk, day, "household_confirmed", rule, "household_member_placed", held=held)


def _placement(
    desk: Desk, day: date, opening: str, rule: str, placed: str, *, held: bool
) -> Course:
    course = Course()
    course.add(opening, day)
    if held:
        return course
    ended = desk.done(day, desk.due(rule, day), 0.1, 0.85)
    chance = desk.rng.random()
    if chance < 0.035:
        course.add("willingness_withdrawn", ended)
    elif chance < 0.05:
        course.add("deregistered", ended)
    else:
        course.add(placed, ended)
    return course
