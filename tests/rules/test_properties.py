"""What holds for every history: order does not matter, pauses only help, caps hold."""

from datetime import date, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rules.deadlines import derive
from rules.matter import Clock, Derivation, Event, Matter
from rules.rulebook import builtin_rulebook
from tests.rules.histories import HAPPENINGS, PLACES

TODAY = date(2026, 11, 22)
# Deriving is quick, but the machine may be busy: no deadline a test.
checked = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])

days = st.integers(min_value=0, max_value=300).map(lambda n: date(2024, 11, 1) + timedelta(days=n))


@st.composite
def events(draw: st.DrawFn, procedure: str) -> list[Event]:
    names = st.sampled_from(sorted({*HAPPENINGS[procedure]}))
    found = []
    for name in draw(st.lists(names, max_size=12)):
        extra = {"days": draw(st.integers(1, 40))} if name == "extension_approved" else {}
        found.append(Event(name, draw(days), **extra))
    return found


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    procedure = draw(st.sampled_from(["arbitration", "inspection"]))
    start = "case_accepted" if procedure == "arbitration" else "case_filed"
    happened = [Event(start, draw(days)), *draw(events(procedure))]
    facts = {"track": draw(st.sampled_from(["ordinary", "simplified"]))}
    place = draw(st.sampled_from(PLACES))
    return Matter(procedure, place, happened, facts if procedure == "arbitration" else {})


def now(matter: Matter) -> Derivation:
    return derive(matter, builtin_rulebook(), TODAY)


def _with(matter: Matter, happened: list[Event]) -> Matter:
    return Matter(matter.procedure, matter.jurisdiction, happened, matter.facts)


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
    assert matter.events == before


@checked
@given(
    st.sampled_from([("arbitration", "case_accepted", "arb_award", "national")])
    | st.just(("inspection", "case_filed", "insp_investigation", "zhejiang")),
    days,
    st.integers(0, 120),
    st.integers(0, 120),
)
def test_a_pause_never_brings_a_date_forward(
    kind: tuple[str, str, str, str], start: date, after: int, length: int
) -> None:
    procedure, event, rule, place = kind
    begun = [Event(event, start)]
    plain = _clock(now(Matter(procedure, place, begun)), rule)
    suspended = start + timedelta(days=after)
    resumed = suspended + timedelta(days=length)
    paused_events = [*begun, Event("suspended", suspended), Event("resumed", resumed)]
    paused = _clock(now(Matter(procedure, place, paused_events)), rule)
    assert plain.due_on is not None
    assert paused.due_on is not None
    assert paused.due_on >= plain.due_on
    # Nor does it give more than it lasted, but for the roll to a working day.
    assert paused.raw_due_on is not None
    assert plain.raw_due_on is not None
    if procedure == "arbitration":
        assert paused.raw_due_on <= plain.raw_due_on + timedelta(days=length)


def _clock(derivation: Derivation, rule: str) -> Clock:
    (clock,) = [clock for clock in derivation.clocks if clock.rule == rule]
    return clock


@checked
@given(matters())
def test_an_extension_never_exceeds_the_cap(matter: Matter) -> None:
    rules = builtin_rulebook().policy.rules
    for clock in now(matter).clocks:
        extension = rules[clock.rule].versions[-1].extension
        assert clock.extended_days <= (extension.cap if extension else 0)
        assert clock.extended_days == sum(number for _, number in clock.extensions)
        for on, _ in clock.extensions:
            assert on >= clock.started_on


@checked
@given(matters())
def test_a_due_day_under_forward_counting_is_worked_and_not_before_the_raw_one(
    matter: Matter,
) -> None:
    calendar = builtin_rulebook().calendar
    for clock in now(matter).clocks:
        if clock.due_on is None or clock.rule in ("arb_hearing_notice", "insp_file_on_acceptance"):
            continue
        assert clock.raw_due_on is not None
        assert clock.raw_due_on <= clock.due_on
        # One that ended while it stood still is shown with the day it ended on.
        if not clock.pauses:
            assert calendar.is_working_day(clock.due_on)


@checked
@given(matters())
def test_a_clock_is_either_paused_with_days_left_or_dated(matter: Matter) -> None:
    for clock in now(matter).clocks:
        assert (clock.state == "paused") == (clock.days_left is not None)
        assert (clock.state == "paused") == (clock.due_on is None)
        if clock.state == "met":
            assert clock.ended_on is not None
            assert clock.due_on is not None
            assert clock.ended_on <= clock.due_on


@checked
@given(days, st.integers(0, 70), st.integers(1, 15))
def test_an_extension_in_time_never_brings_a_date_forward(
    start: date, after: int, number: int
) -> None:
    begun = [Event("case_accepted", start)]
    plain = _clock(now(Matter("arbitration", "national", begun)), "arb_award")
    approved = start + timedelta(days=after)
    more = [*begun, Event("extension_approved", approved, days=number)]
    extended = _clock(now(Matter("arbitration", "national", more)), "arb_award")
    assert plain.due_on is not None
    assert extended.due_on is not None
    assume(approved <= plain.due_on)
    assert extended.due_on >= plain.due_on
    assert extended.extended_days == number
