"""Courses of petitions: told, accepted and answered, or led into another procedure."""

from datetime import date

from models.approval import ApprovalState
from service.demo.course import Course
from service.demo.desk import Desk

_CONCLUDE = "pet_conclude"
# The class of article 31 that starts the period to conclude, and the most frequent one.
_SIXTH, _ARBITRATION = "§31(6)", "§31(2)"


def petition(desk: Desk, day: date, *, held: bool = False) -> Course:
    """A petition of which article 31 decides the way; a few are brought for review."""
    if not held and desk.chance(0.05):
        return _review(desk, day)
    sixth = desk.chance(0.4)
    course = Course(facts={"matter_class": _SIXTH if sixth else _ARBITRATION})
    passed_on = desk.chance(0.4)
    course.add("petition_transfer_received" if passed_on else "petition_received", day)
    if held and not sixth:
        return course
    if passed_on and not held and desk.chance(0.06):
        return _returned(desk, course, day)
    if passed_on or sixth:
        course.add("petition_accepted", desk.done(day, desk.due("pet_objection", day), 0.2, 0.7))
    rule = "pet_notify_transferred" if passed_on else "pet_notify_direct"
    told = desk.done(course.latest, desk.due(rule, day), 0.2, 0.7)
    course.add("petitioner_notified", told)
    if sixth and not held:
        _concluded(desk, course)
    elif not sixth:
        course.add("petition_redirected", desk.later(told, 0, 3))
    return course


def _returned(desk: Desk, course: Course, day: date) -> Course:
    """One that is not for us: we object, and it goes back."""
    objected = desk.done(day, desk.due("pet_objection", day), 0.2, 0.8)
    course.add("petition_objection_filed", objected)
    course.add("petition_returned", desk.later(objected, 1, 5))
    return course


def _concluded(desk: Desk, course: Course) -> None:
    accepted = next(step.on for step in course.steps if step.type == "petition_accepted")
    due = desk.due(_CONCLUDE, accepted)
    if desk.chance(0.08):
        asked = desk.between(course.latest, due, 0.7, 0.95, 0.85)
        decided = min(desk.later(asked, 1, 3), desk.working(asked, due))
        state: ApprovalState = "approved" if desk.chance(0.9) else "refused"
        days = desk.cap(_CONCLUDE, accepted)
        if course.ask("extension_approved", asked, decided, state, days=days):
            due = desk.due(_CONCLUDE, accepted, extended=days)
    issued = desk.done(course.latest, due, 0.3, 0.85)
    course.add("petition_opinion_issued", issued)
    course.add("petition_opinion_received", desk.later(issued, 1, 5))


def _review(desk: Desk, day: date) -> Course:
    """A review of another authority's opinion."""
    course = Course()
    course.add("petition_review_requested", day)
    issued = desk.done(day, desk.due("pet_review", day), 0.3, 0.85)
    course.add("petition_review_opinion_issued", issued)
    return course
