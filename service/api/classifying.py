"""The operations of `/api/v1` on what a case is in law."""

from dataclasses import asdict

from models import Case
from service import access
from service.api import schemas
from service.api.operations import Operation, Operations
from service.cases import classifying, records
from service.classes_shown import ShownClass, shown_classes
from service.web import clock, identity, language, rulebook
from service.web.database import session

_PATH = "/cases/{number}/classifications"


def attach(operations: Operations) -> None:
    """Add them to the API."""
    operations.add(
        Operation(
            "read_classifications",
            "GET",
            _PATH,
            "case.read",
            "What a case is in law, and why",
            answer=schemas.Classifications,
        )
    )(read_classifications)
    operations.add(
        Operation(
            "decide_classification",
            "POST",
            f"{_PATH}/{{code}}",
            "case.edit",
            "Decide a classification against what the facts say, or take that back",
            answer=schemas.Classifications,
            body=schemas.DecisionIn,
        )
    )(decide_classification)


def read_classifications(number: str) -> schemas.Classifications:
    """By the facts entered, or as somebody decided."""
    return _answer(access.get_case(session(), identity.actor(), number))


def decide_classification(
    number: str, code: str, body: schemas.DecisionIn
) -> schemas.Classifications:
    """Answers with the classifications as they stand afterwards; deadlines follow."""
    actor, book, today = identity.actor(), rulebook.current(), clock.today()
    case = access.get_case(session(), actor, number, for_change=True)
    if body.holds is None:
        classifying.take_back(session(), actor, case, code, body.reason, book, today)
    else:
        classifying.decide(session(), actor, case, code, body.holds, body.reason, book, today)
    return _answer(case)


def _answer(case: Case) -> schemas.Classifications:
    book = rulebook.current()
    record = records.load(session(), identity.actor(), case)
    found = classifying.of_case(session(), case, record.claims, book, clock.today(), record.matter)
    personal = access.sees_personal_data(identity.actor())
    shown = shown_classes(found, book, language.short(), personal=personal)
    return schemas.Classifications(number=case.number, classifications=[_out(one) for one in shown])


def _out(one: ShownClass) -> schemas.ClassificationOut:
    given = one.decision
    return schemas.ClassificationOut(
        **{name: value for name, value in asdict(one).items() if name in _PLAIN},
        basis=[source.place for source in one.sources],
        reason=given.reason if given else None,
        decided_by=given.decided_by if given else None,
        decided_at=given.decided_at if given else None,
    )


_PLAIN = frozenset({"code", "label", "holds", "by_rules", "why", "verified", "asks"})
