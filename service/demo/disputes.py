"""Courses of mediation and arbitration."""

from datetime import date, timedelta

from service.demo.course import Course
from service.demo.desk import Desk, Pauses

_AWARD = "arb_award"


def mediation(desk: Desk, day: date, *, held: bool = False) -> Course:
    """A grassroots mediation; `held` leaves it open."""
    course = Course(premediation_offered_on=day)
    course.add("mediation_application_received", day)
    taken = course.add("mediation_accepted", desk.later(day, 0, 2))
    if held:
        return course
    ended = desk.done(taken, desk.due("med_conclude_any", day), 0.15, 0.85)
    chance = desk.rng.random()
    if chance < 0.755:
        course.add("mediation_agreement_reached", ended)
    elif chance < 0.79:
        course.add("withdrawn", ended)
    else:
        course.add("mediation_failed", ended)
        if desk.chance(0.85):
            course.goes_on = desk.later(ended, 1, 18)
    return course


def arbitration(
    desk: Desk, day: date, *, held: bool = False, offered_on: date | None = None
) -> Course:
    """An arbitration from the application to the award or another end."""
    course = Course(premediation_offered_on=offered_on)
    accepted = _admitted(desk, course, day)
    if accepted is None:
        return course
    served = course.add("application_served", _soon(desk, "arb_serve_application", accepted))
    course.add("tribunal_notice_served", max(served, _soon(desk, "arb_tribunal_notice", accepted)))
    start, extended, pauses = _incidents(desk, course, accepted, course.latest)
    _defence(desk, course, served)
    due = desk.due(_AWARD, start, extended=extended, pauses=pauses)
    if held:
        return course
    free = max([course.latest, *(stretch[1] for stretch in pauses)])
    ended = desk.done(free, due, 0.2, 0.97)
    if desk.chance(0.78):
        _hearing(desk, course, ended)
    _ending(desk, course, ended)
    return course


def _soon(desk: Desk, rule: str, start: date) -> date:
    """The day on which a duty of a few days was done."""
    return desk.done(start, desk.due(rule, start), 0.2, 0.8)


def _admitted(desk: Desk, course: Course, day: date) -> date | None:
    """The application up to its acceptance; None when it is refused."""
    course.add("arb_application_received", day)
    start = day
    if desk.chance(0.05):
        found = desk.later(day, 1, 2)
        course.add("arb_application_defective", found)
        course.add("correction_notice_issued", found)
        start = course.add("materials_corrected", desk.later(found, 1, 2))
    pauses: Pauses = ()
    if desk.chance(0.04):
        consented = course.add("premediation_consented", desk.later(start, 0, 1))
        ended = course.add("premediation_ended", desk.later(consented, 4, 9))
        course.premediation_offered_on = course.premediation_offered_on or consented
        pauses = ((consented, ended),)
    due = desk.due("arb_acceptance_decision", start, pauses=pauses)
    decided = desk.done(course.latest, due, 0.3, 0.9)
    if desk.chance(0.035):
        course.add("case_refused", decided)
        return None
    return course.add("case_accepted", decided)


def _defence(desk: Desk, course: Course, served: date) -> None:
    if desk.chance(0.6):
        day = desk.between(served, desk.due("arb_defence", served), 0.3, 1.0, 0.95)
        filed = course.add("defence_filed", max(day, course.latest))
        course.add("defence_served", _soon(desk, "arb_serve_defence", filed))


def _incidents(desk: Desk, course: Course, accepted: date, first: date) -> tuple[date, int, Pauses]:
    """What changes the limit of the award: a restart, a pause, an extension; at most one."""
    chance = desk.rng.random()
    due = desk.due(_AWARD, accepted)
    if chance < 0.05:
        received = course.add("counterclaim_received", desk.between(first, due, 0.1, 0.4, 0.2))
        return course.add("counterclaim_accepted", desk.later(received, 0, 3)), 0, ()
    if chance < 0.09:
        return course.add("claim_change_accepted", desk.between(first, due, 0.1, 0.5, 0.2)), 0, ()
    if chance < 0.14:
        return accepted, 0, _suspended(desk, course, desk.between(first, due, 0.2, 0.5, 0.3))
    if chance < 0.16:
        published = course.add("notice_published", desk.between(first, due, 0.05, 0.3, 0.1))
        deemed = desk.due("arb_public_notice_deemed", published)
        return accepted, 0, ((published, deemed),)
    if chance < 0.26:
        return accepted, _extended(desk, course, first, due, desk.cap(_AWARD, accepted)), ()
    return accepted, 0, ()


def _suspended(desk: Desk, course: Course, day: date) -> Pauses:
    reason = desk.rng.choice(("other_case", "finding"))
    if not course.ask("suspended", day, desk.later(day, 0, 2), "approved", ground=reason):
        return ()
    stopped = course.steps[-1].on
    resumed = course.add("resumed", desk.later(stopped, 8, 60))
    return ((stopped, resumed),)


def _extended(desk: Desk, course: Course, first: date, due: date, cap: int) -> int:
    """A request near the end of the limit, mostly approved; returns the days it gave."""
    asked = desk.between(first, due, 0.72, 0.9, 0.8)
    decided = min(desk.later(asked, 1, 4), desk.working(asked, due))
    chance = desk.rng.random()
    state = "approved" if chance < 0.86 else "refused" if chance < 0.95 else "taken_back"
    days = desk.rng.choice((cap, cap, max(1, cap * 2 // 3)))
    return days if course.ask("extension_approved", asked, decided, state, days=days) else 0  # type: ignore[arg-type]


def _hearing(desk: Desk, course: Course, ended: date) -> None:
    """A hearing with its notice, where the time before the end allows one."""
    first = course.latest
    opened = desk.between(first, ended, 0.6, 0.9, 0.8)
    notice_due = desk.due("arb_hearing_notice", opened)
    if notice_due <= first:
        return
    noticed = desk.between(first, notice_due, 0.6, 1.0, 0.9)
    course.add("hearing_date", opened, known_on=noticed)
    course.add("hearing_notice_served", noticed)
    course.add("hearing_opened", opened)


def _ending(desk: Desk, course: Course, ended: date) -> None:
    chance = desk.rng.random()
    ends = (
        (0.44, "award_issued"),
        (0.80, "mediation_statement_signed"),
        (0.94, "withdrawn"),
        (0.97, "deemed_withdrawn"),
        (0.98, "case_revoked"),
        (0.99, "transferred_out"),
        (1.01, "proceedings_terminated"),
    )
    event = next(name for share, name in ends if chance < share)
    course.add(event, ended)
    if event == "award_issued":
        received = course.add("award_received", desk.later(ended, 2, 7))
        if desk.chance(0.16):
            due = desk.due("arb_sue_after_award", received)
            course.add("lawsuit_filed", desk.between(received, due, 0.5, 1.0, 0.95))


def offered_before(desk: Desk, day: date) -> date | None:
    """Was mediation offered before a dispute went straight to arbitration?"""
    return day - timedelta(days=desk.rng.randint(0, 12)) if desk.chance(0.35) else None
