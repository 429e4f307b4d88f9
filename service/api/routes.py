"""The operations of `/api/v1`: each parses, calls the use case that the pages call, and answers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from jobs import commitments, figures, periods
from models import Case
from rules.citing import Citation
from rules.matter import status
from service import access, explaining
from service.api import classifying, duties, lookups, revealing, schemas, tokenowner
from service.api.document import document
from service.api.operations import Operation, Operations, Unreadable, refuse
from service.cases import circumstances, problems, recording, records, registering, searching
from service.web import clock, identity, language, rulebook
from service.web.database import session

PREFIX = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
operations = Operations(blueprint)
classifying.attach(operations)
duties.attach(operations)
revealing.attach(operations)
blueprint.record_once(tokenowner.attach)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI document; needs no token."""
    return jsonify(document(operations, PREFIX))


@operations.add(
    Operation(
        "list_cases",
        "GET",
        "/cases",
        "case.read",
        "The cases this token's owner may see, filtered and in pages",
        answer=schemas.CasePage,
        query=schemas.CaseQuery,
    )
)
def list_cases(query: schemas.CaseQuery) -> schemas.CasePage:
    """Refuses a personal number, which must not stand in an address."""
    if lookups.is_personal(query.text):
        raise problems.invalid("text", "number_in_address")
    return _page(query)


@operations.add(
    Operation(
        "search_cases",
        "POST",
        "/cases/search",
        "case.read",
        "The same as listing cases, also by ID number or phone",
        answer=schemas.CasePage,
        body=schemas.CaseQuery,
    )
)
def search_cases(body: schemas.CaseQuery) -> schemas.CasePage:
    """The same filters in the body."""
    return _page(body)


def _page(query: schemas.CaseQuery) -> schemas.CasePage:
    given = query.model_dump(exclude={"unit", "handler"})
    wanted = searching.CaseFilter(
        **given,
        unit_id=lookups.unit_id(session(), query.unit),
        handler_id=lookups.user_id(session(), query.handler),
    )
    found = searching.find_cases(session(), identity.actor(), wanted, clock.today())
    # A search by POST changes nothing, but its audit entry is to stay.
    session().commit()
    return schemas.CasePage(
        cases=[_copy(schemas.CaseSummary, row) for row in found.rows],
        page=found.page,
        pages=found.pages,
        total=found.total,
        more=found.more,
    )


@operations.add(
    Operation(
        "register_case",
        "POST",
        "/cases",
        "case.register",
        "Log a matter: it gets its number and its deadlines",
        answer=schemas.CaseOut,
        body=schemas.RegistrationIn,
        status=201,
    )
)
def register_case(body: schemas.RegistrationIn) -> schemas.CaseOut:
    """Answers with the case as it was saved."""
    registration = lookups.registration(
        session(), identity.actor(), body, current_app.config["SETTINGS"].jurisdiction
    )
    case = registering.register_case(
        session(), identity.actor(), registration, rulebook.current(), clock.today()
    )
    return _case_out(case)


@operations.add(
    Operation(
        "read_case",
        "GET",
        "/cases/{number}",
        "case.read",
        "One case with its parties, events and stored deadlines",
        answer=schemas.CaseOut,
    )
)
def read_case(number: str) -> schemas.CaseOut:
    """The read is written to the audit log."""
    return _case_out(access.get_case(session(), identity.actor(), number))


@operations.add(
    Operation(
        "record_event",
        "POST",
        "/cases/{number}/events",
        "case.record",
        "Record what happened; refused with the article when the law does not allow it now",
        answer=schemas.CaseOut,
        body=schemas.EventIn,
        status=201,
    )
)
def record_event(number: str, body: schemas.EventIn) -> schemas.CaseOut:
    """Answers with the case as it stands after the event."""
    case = access.get_case(session(), identity.actor(), number, for_change=True)
    entry = recording.EventInput(**body.model_dump())
    recording.record_event(
        session(), identity.actor(), case, entry, rulebook.current(), clock.today()
    )
    return _case_out(case)


@operations.add(
    Operation(
        "read_deadlines",
        "GET",
        "/cases/{number}/deadlines",
        "case.read",
        "The deadlines of a case with the steps that made each date and their articles",
        answer=schemas.ExplainedDeadlines,
    )
)
def read_deadlines(number: str) -> schemas.ExplainedDeadlines:
    """Derived anew from the events, so that the steps fit the dates."""
    case = access.get_case(session(), identity.actor(), number)
    found = explaining.explain(session(), case, rulebook.current(), clock.today(), language.short())
    return schemas.ExplainedDeadlines(
        number=case.number,
        deadlines=[_explained(one) for one in found.clocks],
        findings=found.findings,
        notes=found.notes,
    )


@operations.add(
    Operation(
        "read_rates",
        "GET",
        "/rates",
        "report.read",
        "The stored rates of a month, quarter or year beside their targets",
        answer=schemas.Rates,
        query=schemas.RatesQuery,
    )
)
def read_rates(query: schemas.RatesQuery) -> schemas.Rates:
    """The figures as they were last computed; nothing is computed by asking."""
    unit = lookups.visible_unit(session(), identity.actor(), query.unit)
    month = date.fromisoformat(f"{query.month}-01")
    period = next(one for one in periods.periods_of(month) if one.kind == query.period)
    unit_id = unit.id or 0
    table = figures.read(session(), [period], [unit_id])
    rates = [
        _rate(indicator, figure, period)
        for indicator in rulebook.current().policy.indicators
        if (figure := table.get(indicator, unit_id, period)) is not None
    ]
    place = current_app.config["SETTINGS"].jurisdiction
    return schemas.Rates(
        unit=unit.code,
        period=query.period,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        rates=rates,
        commitments=[
            schemas.CommitmentOut(
                label=line.label(language.short()), taken_back=line.taken_back, **kept
            )
            for line in commitments.lines(rulebook.current().policy, place, [period], table)
            if (kept := _kept(line, table, unit_id, period))
        ],
    )


def _kept(
    line: commitments.Line, table: figures.FigureTable, unit_id: int, period: periods.Period
) -> dict[str, schemas.KeptOut]:
    """The sides of a commitment that were computed."""
    return {
        name: schemas.KeptOut(
            limit=limit.id,
            definition=figure.definition,
            numerator=figure.numerator,
            denominator=figure.denominator,
            percent=figure.percent,
            as_of_on=figure.as_of_on,
            frozen=figure.frozen,
        )
        for name, limit in zip(("promised", "legal"), line.sides, strict=False)
        if (figure := table.get(limit.id, unit_id, period)) is not None
    }


def _rate(indicator: str, figure: figures.Figure, period: periods.Period) -> schemas.RateOut:
    indicators = rulebook.current().policy.indicators
    pack = current_app.config["SETTINGS"].jurisdiction
    judged = indicators.judge(indicator, pack, period.kind, period.starts_on, figure.pair)
    return schemas.RateOut(
        indicator=indicator,
        label=indicators[indicator].label[language.short()],
        definition=figure.definition,
        numerator=figure.numerator,
        denominator=figure.denominator,
        percent=figure.percent,
        target_percent=judged.target.at_least_percent if judged.target else None,
        result=judged.result,
        carried_over=judged.carried_over,
        as_of_on=figure.as_of_on,
        frozen=figure.frozen,
    )


def _copy(model: type[Any], source: Any, **more: Any) -> Any:
    """A model from the attributes of the same names, with those that differ."""
    names = set(model.model_fields) - set(more)
    return model(**{name: getattr(source, name) for name in names}, **more)


def _case_out(case: Case) -> schemas.CaseOut:
    record = records.load(session(), identity.actor(), case)
    personal = access.sees_personal_data(identity.actor())
    return _copy(  # type: ignore[no-any-return]
        schemas.CaseOut,
        case,
        title=case.title if personal else "",
        summary=case.summary if personal else "",
        handler=record.handler,
        circumstances=dict(circumstances.stored(session(), case.id)),
        details=record.details,
        parties=[_copy(schemas.PartyOut, one, id=one.party_id) for one in record.parties],
        claims=[_copy(schemas.ClaimOut, one) for one in record.claims],
        events=[_copy(schemas.EventOut, one) for one in record.events],
        deadlines=[_deadline(one) for one in records.deadlines_of(session(), case)],
        same_dispute=[one.number for one in record.linked_cases],
    )


def _deadline(row: Any) -> schemas.DeadlineOut:
    as_of_today = status(row.kind, row.state, row.due_on, clock.today())
    return _copy(schemas.DeadlineOut, row, status=as_of_today)  # type: ignore[no-any-return]


def _explained(one: explaining.ExplainedClock) -> schemas.ExplainedDeadline:
    return _copy(  # type: ignore[no-any-return]
        schemas.ExplainedDeadline,
        one.clock,
        obligation=one.obligation,
        status=one.status,
        steps=one.steps,
        basis=_articles(one.citations),
        differing=one.differing.text if one.differing else None,
        differing_basis=_articles(one.differing.sources if one.differing else ()),
    )


def _articles(found: Iterable[Citation]) -> list[schemas.CitationOut]:
    return [_copy(schemas.CitationOut, one) for one in found]


@blueprint.errorhandler(Unreadable)
def _unreadable(error: Unreadable) -> Response:
    return refuse(422, "invalid", "The request does not fit the document.", error.problems)


@blueprint.errorhandler(problems.InvalidInput)
def _invalid(error: problems.InvalidInput) -> Response:
    found = [
        schemas.ProblemOut(field=one.field, message=one.message, code=one.code)
        for one in error.problems
    ]
    return refuse(422, "invalid", found[0].message, found)


@blueprint.errorhandler(problems.Unlawful)
def _unlawful(error: problems.Unlawful) -> Response:
    found = schemas.ProblemOut(
        field=error.field, message=error.message, code="unlawful", article=error.article or None
    )
    return refuse(422, "unlawful", error.message, [found])


@blueprint.errorhandler(problems.Conflict)
def _conflict(error: problems.Conflict) -> Response:
    return refuse(409, error.code, error.message)
