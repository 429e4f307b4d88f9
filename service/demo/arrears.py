"""Courses of wage arrears: leads settled at once, orders obeyed, and some that end on the list."""

from datetime import date, timedelta

from service.demo.course import Course
from service.demo.desk import Desk

_DECISION = "wage_blacklist_decision"


def wage_arrears(desk: Desk, day: date, *, held: bool = False) -> Course:
    """A lead that is settled or leads to an order to pay; or an order from the first."""
    course = Course()
    lead = desk.chance(0.75)
    if lead:
        course.add("clue_assigned", day)
    closing = "clue_closed" if lead else "case_closed"
    if lead and not held and desk.chance(0.5):
        _settled(desk, course, desk.later(day, 2, 20), closing)
        return course
    served = desk.later(day, 1, 8) if lead else day
    pay_by = served + timedelta(days=desk.rng.choice((5, 7, 10, 15)))
    course.add("order_to_pay_served", served, pay_by=pay_by.isoformat())
    if held:
        return course
    if desk.chance(0.7):
        paid = desk.between(served, pay_by, 0.3, 1.0, 0.9)
        course.add("arrears_paid", paid)
        _settled(desk, course, desk.later(paid, 0, 3), closing)
    else:
        _decided(desk, course, pay_by, closing)
    return course


def _settled(desk: Desk, course: Course, on: date, closing: str) -> None:
    course.add("wages_settled", on)
    course.add(closing, desk.later(on, 0, 4))


def _decided(desk: Desk, course: Course, pay_by: date, closing: str) -> None:
    """The order ran out unpaid, which comes by itself: on the list, or off it for good reason."""
    passed = pay_by + timedelta(days=1)
    due = desk.due(_DECISION, pay_by)
    if desk.chance(0.6):
        paid = desk.between(passed, due, 0.1, 0.6, 0.3)
        course.add("arrears_paid", paid)
        course.add("not_listed", desk.done(paid, due, 0.3, 0.85))
    else:
        course.add("pre_listing_notice_received", desk.between(passed, due, 0.1, 0.4, 0.2))
        course.add("blacklist_listed", desk.done(course.latest, due, 0.5, 0.9))
    course.add(closing, desk.later(course.latest, 1, 10))
