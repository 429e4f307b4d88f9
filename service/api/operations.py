"""One operation of the API: its route, its gate, what it takes and gives. The document is made
from the same description that parses and answers, so they cannot differ."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ValidationError

from service.api.schemas import ErrorOut, NoQuery, ProblemOut
from service.web.gate import needs

Handler = Callable[..., BaseModel]
_NOT_TEXT = "A text holds characters that are none, such as NUL; take them out."


class Unreadable(ValueError):  # noqa: N818 - says what the request is
    """The body or the query does not have the shape of the document."""

    def __init__(self, problems: list[ProblemOut]) -> None:
        super().__init__("unreadable")
        self.problems = problems


@dataclass(frozen=True)
class Operation:
    """A route under `/api/v1`; `path` in the document's notation (`/cases/{number}`)."""

    name: str
    method: str
    path: str
    action: str
    summary: str
    answer: type[BaseModel]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200


class Operations(list[Operation]):
    """The operations of a blueprint, in the order they are described."""

    def __init__(self, blueprint: Blueprint) -> None:
        super().__init__()
        self._blueprint = blueprint

    def add(self, operation: Operation) -> Callable[[Handler], Handler]:
        """Register a handler. It is given the path's parts, `body` and `query` as models."""

        def register(handler: Handler) -> Handler:
            rule = operation.path.replace("{", "<").replace("}", ">")
            self._blueprint.add_url_rule(
                rule,
                endpoint=operation.name,
                view_func=_view(operation, handler),
                methods=[operation.method],
            )
            self.append(operation)
            return handler

        return register


def _view(operation: Operation, handler: Handler) -> Callable[..., Response]:
    @wraps(handler)
    def view(**path: str) -> Response:
        given: dict[str, Any] = dict(path)
        if operation.body is not None:
            given["body"] = _parsed(operation.body, request.get_json(silent=True))
        query = _parsed(operation.query or NoQuery, request.args.to_dict())
        if operation.query is not None:
            given["query"] = query
        return answer(handler(**given), operation.status)

    return needs(operation.action)(view)


def _parsed(model: type[BaseModel], given: Any) -> BaseModel:
    if not isinstance(given, dict):
        raise Unreadable([ProblemOut(field="", message="Send a JSON object.", code="object")])
    if not _storable(given):
        raise Unreadable([ProblemOut(field="", message=_NOT_TEXT, code="characters")])
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Unreadable([_problem(one) for one in error.errors()]) from error


def _storable(given: Any) -> bool:
    """Does every text in it consist of characters? NUL and half pairs are none."""
    if isinstance(given, dict):
        return all(_storable(key) and _storable(value) for key, value in given.items())
    if isinstance(given, list):
        return all(_storable(one) for one in given)
    if not isinstance(given, str):
        return True
    return "\0" not in given and not any("\ud800" <= char <= "\udfff" for char in given)


def _problem(error: Any) -> ProblemOut:
    # The input itself is left out: it may be an ID number.
    field = "-".join(str(part) for part in error["loc"])
    return ProblemOut(field=field, message=error["msg"], code=error["type"])


def answer(model: BaseModel, status: int = 200) -> Response:
    """A model as a JSON answer; keys in the document's order."""
    text = model.model_dump_json()
    return current_app.response_class(text, status=status, mimetype="application/json")


def refuse(
    status: int, error: str, message: str, problems: list[ProblemOut] | None = None
) -> Response:
    """An error in the document's shape."""
    return answer(ErrorOut(error=error, message=message, problems=problems or []), status)
