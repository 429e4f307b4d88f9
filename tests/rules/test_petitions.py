"""The ways a petition takes: told, accepted, answered, led elsewhere or sent back."""

from datetime import date

import pytest

from rules.deadlines import derive
from rules.lawful import next_events, refusal
from rules.matter import Event, FactValue, Matter
from rules.rulebook import builtin_rulebook
from rules.unstarted import unstarted

BOOK = builtin_rulebook()
RECEIVED = date(2026, 3, 2)
TODAY = date(2026, 3, 9)


def petition(*types: str, **facts: FactValue) -> Matter:
    return Matter("petition", "chongming", [Event(one, RECEIVED) for one in types], facts)


def refused(matter: Matter, event: str) -> str | None:
    found = refusal(matter, Event(event, TODAY), BOOK, TODAY, "en")
    return found.message if found else None


def offered(matter: Matter) -> set[str]:
    return {one.type for one in next_events(matter, BOOK, TODAY)}


def running(matter: Matter) -> set[str]:
    clocks = derive(matter, BOOK, TODAY).clocks
    return {one.rule for one in clocks if one.state == "running"}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_only_the_sixth_class_starts_the_sixty_days(number: int) -> None:
    other = petition("petition_received", "petition_accepted", matter_class=f"§31({number})")
    sixth = petition("petition_received", "petition_accepted", matter_class="§31(6)")
    assert running(other) == {"pet_notify_direct"}
    assert running(sixth) == {"pet_notify_direct", "pet_conclude"}


def test_a_class_that_is_not_decided_yet_is_said_to_keep_the_sixty_days_from_starting() -> None:
    undecided = petition("petition_received", "petition_accepted")
    (note,) = unstarted(undecided, derive(undecided, BOOK, TODAY), BOOK, "en")
    assert "Class of the petition: not stated" in note
    other = petition("petition_received", "petition_accepted", matter_class="§31(2)")
    (note,) = unstarted(other, derive(other, BOOK, TODAY), BOOK, "zh")
    assert "应当通过仲裁解决的" in note


def test_who_cannot_be_reached_is_owed_no_answer_to_a_petition_received_directly() -> None:
    assert running(petition("petition_received", petitioner_reachable=False)) == set()
    assert running(petition("petition_received", petitioner_reachable=True)) == {
        "pet_notify_direct"
    }
    # What is passed on is told of in any case: the article makes no exception there.
    passed_on = petition("petition_transfer_received", petitioner_reachable=False)
    assert "pet_notify_transferred" in running(passed_on)


def test_what_is_led_elsewhere_waits_for_the_notice() -> None:
    untold = petition("petition_received", matter_class="§31(2)")
    message = refused(untold, "petition_redirected")
    assert message is not None
    assert "Record first: Petitioner notified in writing" in message
    assert "petition_redirected" not in offered(untold)
    told = petition("petition_received", "petitioner_notified", matter_class="§31(2)")
    assert refused(told, "petition_redirected") is None
    assert "petition_redirected" in offered(told)
    unreachable = petition("petition_received", petitioner_reachable=False)
    assert refused(unreachable, "petition_redirected") is None


def test_only_what_was_objected_to_goes_back() -> None:
    assert refused(petition("petition_transfer_received"), "petition_returned") is not None
    objected = petition("petition_transfer_received", "petition_objection_filed")
    assert refused(objected, "petition_returned") is None
    assert refused(petition("petition_received"), "petition_objection_filed") is not None


def test_after_the_opinion_the_petitioner_may_ask_for_a_review() -> None:
    closed = petition(
        "petition_received", "petition_accepted", "petition_opinion_issued",
        "petition_opinion_received", matter_class="§31(6)",
    )  # fmt: skip
    assert "petition_review_requested" in offered(closed)
    assert "pet_review_apply" in running(closed)
    assert refused(closed, "petitioner_notified") is not None
    assert refused(closed, "withdrawn") is not None


@pytest.mark.parametrize(
    ("opening", "rule", "opinion"),
    [
        ("petition_review_requested", "pet_review", "petition_review_opinion_issued"),
        ("petition_recheck_requested", "pet_recheck", "petition_recheck_opinion_issued"),
    ],
)
def test_a_review_begins_with_its_request(opening: str, rule: str, opinion: str) -> None:
    """What was decided before was decided elsewhere."""
    assert refusal(petition(), Event(opening, TODAY), BOOK, TODAY, "en") is None
    matter = petition(opening)
    assert running(matter) == {rule}
    assert opinion in offered(matter)
    assert refused(matter, "petition_accepted") is not None
    # In a case that began otherwise it needs what it answers.
    assert refused(petition("petition_received"), opening) is not None
