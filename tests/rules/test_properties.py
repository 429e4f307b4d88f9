"""What holds for histories of every rule: order does not matter, pauses only help, caps hold."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rules.counting import Measure
from rules.deadlines import derive
from rules.matter import Clock, Derivation, Event, Matter
from rules.rulebook import Rulebook, builtin_rulebook
from rules.schema import Pause, Rule
from tests.rules.histories import TODAY, Teller, acting, met_by

# Deriving is quick, but the machine may be busy: no deadline a test.
checked = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
UNMOVED = ("same_day", "hours", "stated", "each_period")

BOOK: Rulebook = builtin_rulebook()
RULES = acting(BOOK.policy)


def rules(wanted: Callable[[Rule], object]) -> st.SearchStrategy[Rule]:
    return st.sampled_from([rule for rule in RULES if wanted(rule)])


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    random: Random = draw(st.randoms(use_true_random=False))
    return Teller(BOOK.policy, random).matter()


def days_in_force(rule: Rule) -> st.SearchStrategy[date]:
    """Days on which its newest version applies, near enough to be counted with notices."""
    first = max(rule.versions[-1].from_, date(2024, 1, 1))
    return st.dates(first, max(first, date(2026, 6, 30)))


def now(matter: Matter) -> Derivation:
    return derive(matter, BOOK, TODAY)


def _with(matter: Matter, happened: list[Event]) -> Matter:
    return Matter(matter.procedure, matter.jurisdiction, happened, matter.facts)


def about(rule: Rule, place: str, *events: Event) -> Clock:
    """The last clock of a rule whose conditions hold, after these events."""
    facts = {one.fact: met_by(one)[0] for one in rule.requires}
    matter = Matter(rule.procedure, place, events, facts)
    found = [clock for clock in now(matter).clocks if clock.rule == rule.id]
    # It may give way to a more particular place's rule.
    assume(found)
    return found[-1]


def starting(rule: Rule, on: date) -> Event:
    return Event(rule.starts_on[0], on, pay_by=on)


def measure(rule: Rule) -> Measure:
    return BOOK.measures.of_version(rule, rule.versions[-1].from_)


@checked
@given(st.data(), matters())
def test_the_order_of_recording_does_not_matter(data: st.DataObject, matter: Matter) -> None:
    shuffled = data.draw(st.permutations(list(matter.events)))
    assert now(_with(matter, shuffled)) == now(matter)


@checked
@given(matters())
def test_deriving_again_gives_the_same_and_changes_nothing(matter: Matter) -> None:
    before = list(matter.events)
    assert now(matter) == now(matter)
    assert list(matter.events) == before


PAUSES = [(rule, pause) for rule in RULES for pause in rule.pauses]


@checked
@given(st.data(), st.sampled_from(PAUSES), st.integers(0, 120), st.integers(0, 120))
def test_a_pause_never_brings_a_date_forward(
    data: st.DataObject, stopped: tuple[Rule, Pause], after: int, length: int
) -> None:
    rule, pause = stopped
    place = rule.jurisdiction if pause.jurisdiction == "national" else pause.jurisdiction
    start = data.draw(days_in_force(rule))
    begun = starting(rule, start)
    plain = about(rule, place, begun)
    suspended = start + timedelta(days=after)
    resumed = suspended + timedelta(days=length)
    paused = about(rule, place, begun, Event(pause.from_, suspended), Event(pause.to, resumed))
    # Service by notice is deemed to be made on its own day when none was recorded before it.
    assume(pause.ends_after is None or not paused.pauses or paused.pauses[-1][1] == resumed)
    assert plain.due_on is not None
    assert paused.due_on is not None
    assert paused.due_on >= plain.due_on
    # Nor does it give more than it lasted, but for the roll to a working day.
    assert paused.raw_due_on is not None
    assert plain.raw_due_on is not None
    if measure(rule).unit != "working_days":
        assert paused.raw_due_on <= plain.raw_due_on + timedelta(days=length)


@checked
@given(matters())
def test_an_extension_never_passes_its_cap(matter: Matter) -> None:
    places = BOOK.policy.chain(matter.jurisdiction)
    for clock in now(matter).clocks:
        counting = BOOK.measures.of_version(BOOK.policy.rules[clock.rule], clock.version)
        cap = counting.cap_in(places)
        assert cap is None or clock.extended_days <= cap
        assert clock.extended_days == sum(number for _, number in clock.extensions)
        for on, _ in clock.extensions:
            assert on >= clock.started_on


@checked
@given(
    st.data(),
    rules(lambda rule: "extension_approved" in rule.extended_by),
    st.integers(1, 70),
    st.integers(1, 40),
)
def test_an_extension_in_time_gives_what_was_approved_up_to_the_cap_and_never_less_time(
    data: st.DataObject, rule: Rule, after: int, number: int
) -> None:
    start = data.draw(days_in_force(rule))
    plain = about(rule, rule.jurisdiction, starting(rule, start))
    approved = start + timedelta(days=after)
    assert plain.due_on is not None
    assume(approved <= plain.due_on)
    # Of one day's events an extension may be taken before the start of a review.
    events = BOOK.policy.events
    begins = events[starting(rule, start).type].rank
    assume(after or begins < events["extension_approved"].rank)
    extension = Event("extension_approved", approved, days=number, rule=rule.id)
    extended = about(rule, rule.jurisdiction, starting(rule, start), extension)
    assert extended.due_on is not None
    assert extended.due_on >= plain.due_on
    cap = measure(rule).cap_in(BOOK.policy.chain(rule.jurisdiction))
    assert extended.extended_days == (number if cap is None or number <= cap else 0)


@checked
@given(st.data(), rules(lambda rule: rule.restarts_on), st.integers(0, 60))
def test_a_restart_discards_exactly_the_elapsed_days(
    data: st.DataObject, rule: Rule, after: int
) -> None:
    start = data.draw(days_in_force(rule))
    plain = about(rule, rule.jurisdiction, starting(rule, start))
    assert plain.due_on is not None
    again = start + timedelta(days=after)
    assume(again <= plain.due_on)
    restart = Event(data.draw(st.sampled_from(rule.restarts_on)), again)
    restarted = about(rule, rule.jurisdiction, starting(rule, start), restart)
    fresh = about(rule, rule.jurisdiction, starting(rule, again))
    # As if nothing had run before: all of the period, and not a day more.
    assert (restarted.started_on, restarted.state) == (again, "running")
    assert (restarted.raw_due_on, restarted.due_on) == (fresh.raw_due_on, fresh.due_on)


stretches = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=3)


@checked
@given(
    st.data(),
    rules(lambda rule: rule.versions[-1].counting not in ("same_day", "stated", "C7")),
    st.integers(1, 40),
    st.integers(0, 10),
    stretches,
)
def test_tightening_never_loosens(
    data: st.DataObject, rule: Rule, by: int, extended: int, stops: list[tuple[int, int]]
) -> None:
    version = rule.versions[-1]
    start = data.draw(days_in_force(rule))
    unit = 24 if version.period.unit == "hours" else 1
    shorter = max(0, version.period.length - by * unit)
    # A notice is tightened by asking for it earlier.
    length = version.period.length + by if measure(rule).backward else shorter
    period = version.period.model_copy(update={"length": length})
    tighter = version.model_copy(update={"period": period})
    rolls = rule.kind != "deemed_date"
    tight = Measure(tighter, BOOK.policy, BOOK.calendar, rolls=rolls)
    pauses: list[tuple[date, date]] = []
    day = start
    for gap, stopped in stops:
        suspended = day + timedelta(days=gap)
        day = suspended + timedelta(days=stopped)
        pauses.append((suspended, day))
    loose = measure(rule).due(start, extended, pauses)
    tightened = tight.due(start, extended, pauses)
    assert tightened.raw_on <= loose.raw_on
    assert tightened.due_on <= loose.due_on
    assert tightened.warn_on <= loose.warn_on


some_day = st.dates(date(2020, 1, 1), date(2026, 12, 31))


@checked
@given(some_day, some_day, some_day, st.integers(0, 200), st.integers(1, 200))
def test_working_days_add_up(first: date, second: date, third: date, some: int, more: int) -> None:
    calendar = BOOK.calendar
    between = calendar.working_days_between
    assert between(first, second) + between(second, third) == between(first, third)
    start = first.toordinal()
    there = calendar.add_working_days(start, some + more)
    reached = calendar.add_working_days(start, some) if some else start
    assert calendar.add_working_days(reached, more) == there
    assert between(first, date.fromordinal(there)) == some + more
    assert calendar.is_working(there)


@checked
@given(matters())
def test_a_due_day_under_forward_counting_is_worked_and_not_before_the_raw_one(
    matter: Matter,
) -> None:
    for clock in now(matter).clocks:
        rule = BOOK.policy.rules[clock.rule]
        version = rule.versions[-1]
        if clock.due_on is None or measure(rule).backward or version.agreed_extension:
            continue
        assert clock.raw_due_on is not None
        assert clock.raw_due_on <= clock.due_on
        # One that ended while it stood still is shown with the day it ended on.
        moved = version.counting not in UNMOVED and rule.kind != "deemed_date"
        if moved and not clock.pauses:
            assert BOOK.calendar.is_working_day(measure(rule).ends_on(clock.due_on))


@checked
@given(matters())
def test_a_clock_is_either_paused_with_days_left_or_dated(matter: Matter) -> None:
    for clock in now(matter).clocks:
        assert (clock.state == "paused") == (clock.days_left is not None)
        assert (clock.state == "paused") == (clock.due_on is None)
        if clock.state == "met" and clock.kind != "earliest":
            assert clock.ended_on is not None
            assert clock.due_on is not None
            assert clock.ended_on <= clock.due_on
