"""Courses of work injury matters: findings, and appraisals of the capacity to work."""

from datetime import date, timedelta
from random import Random

from service.demo.course import Course
from service.demo.data import weighted
from service.demo.desk import Desk

_APPRAISAL = "inj_appraisal"
# What the course of an appraisal asks the days of.
_ASKED = (_APPRAISAL, "inj_appraisal_correction", "inj_appraisal_serve")


def work_injury(desk: Desk, day: date, *, held: bool = False) -> Course:
    """An application for a finding, mostly; an appraisal where all its limits are in force."""
    rules, measures = desk.rulebook.policy.rules, desk.rulebook.measures
    known = all(measures.on(rules[name], day) is not None for name in _ASKED)
    return _appraisal(desk, day, held) if known and desk.chance(0.3) else _finding(desk, day, held)


def _finding(desk: Desk, day: date, held: bool) -> Course:
    simple = desk.chance(0.25)
    # Employers have a month, and those who are later a year.
    back = desk.rng.randint(3, 29) if desk.chance(0.7) else desk.rng.randint(35, 340)
    facts = {"track": "simplified" if simple else "ordinary", "applied_by": _applicant(day, back)}
    course = Course(facts=facts, begun=2)
    course.add("injury_occurred", day - timedelta(days=back), known_on=day)
    course.add("injury_application_received", day)
    if held and desk.chance(0.3):
        return course
    checked = desk.done(day, desk.due("inj_accept", day), 0.2, 0.7)
    if not held and desk.chance(0.05):
        course.add("injury_application_refused", checked)
        return course
    course.add("injury_application_accepted", checked)
    if held:
        return course
    rule = "inj_decide_simple" if simple else "inj_decide"
    decided = desk.done(checked, desk.due(rule, checked), 0.3, 0.85)
    course.add("injury_decided", decided)
    course.add("decision_served", desk.done(decided, desk.due("inj_serve", decided), 0.1, 0.5))
    return course


def _applicant(day: date, back: int = 0) -> str:
    """Who applied; by a chance of its own, on which nothing else that happens hangs."""
    rng = Random(day.toordinal() * 1_000 + back)  # noqa: S311 - an invented bureau
    return weighted("injury_applicants").one(rng)


def _appraisal(desk: Desk, day: date, held: bool) -> Course:
    complete = desk.chance(0.8)
    facts = {"appraisal_materials_complete": complete, "applied_by": _applicant(day)}
    course = Course(facts=facts)
    course.add("appraisal_application_received", day)
    if not complete:
        rule = "inj_appraisal_correction"
        course.add("correction_notice_issued", desk.done(day, desk.due(rule, day), 0.2, 0.7))
    if held:
        return course
    due = desk.due(_APPRAISAL, day)
    if desk.chance(0.08):
        asked = desk.between(course.latest, due, 0.7, 0.95, 0.85)
        days = desk.cap(_APPRAISAL, day)
        if course.ask("extension_approved", asked, desk.working(asked, due), "approved", days=days):
            due = desk.due(_APPRAISAL, day, extended=days)
    concluded = desk.done(course.latest, due, 0.3, 0.85)
    course.add("appraisal_concluded", concluded)
    served = desk.done(concluded, desk.due("inj_appraisal_serve", concluded), 0.1, 0.6)
    course.add("appraisal_served", served)
    return course
