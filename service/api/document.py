"""The OpenAPI 3.1 document, made from the operations."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.api.operations import Operation
from service.api.schemas import ErrorOut

_REFUSALS = {
    "401": "No token, or one that does not work any more.",
    "403": "The role of the token's owner does not include this.",
    "404": "There is no such thing, or it belongs to another unit.",
    "409": "Somebody else changed the record in the meantime.",
    "422": "What was sent cannot be used; `problems` say per field how to mend it.",
}
_REF = "#/components/schemas/{model}"


def document(operations: Sequence[Operation], prefix: str) -> dict[str, Any]:
    """The document of all operations under `prefix` (`/api/v1`)."""
    schemas = _schemas(operations)
    paths: dict[str, Any] = {}
    for operation in operations:
        described = _described(operation, schemas)
        paths.setdefault(prefix + operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Anqi",
            "version": version("anqi"),
            "description": "Register cases, record events, read deadlines and rates.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    # An error may leave out what does not apply, which only the other mode says.
    wanted: list[tuple[type[BaseModel], Any]] = [(ErrorOut, "validation")]
    for operation in operations:
        wanted.append((operation.answer, "serialization"))
        wanted += [(model, "validation") for model in (operation.body, operation.query) if model]
    found = models_json_schema(list(dict.fromkeys(wanted)), ref_template=_REF)[1]
    return dict(found["$defs"])


def _described(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": _path_parameters(operation) + _query_parameters(operation, schemas),
        "responses": {
            str(operation.status): _content("Done.", operation.answer),
            **{status: _content(text, ErrorOut) for status, text in _REFUSALS.items()},
        },
    }
    if operation.body is not None:
        described["requestBody"] = {"required": True, **_json(operation.body)}
    return described


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]


def _query_parameters(operation: Operation, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = schemas[operation.query.__name__]
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _plain(field)}
        for name, field in schema["properties"].items()
    ]


def _plain(field: dict[str, Any]) -> dict[str, Any]:
    """A query parameter that may be left out is not null when it is given."""
    kinds = [kind for kind in field.get("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) != 1:
        return field
    rest: dict[str, Any] = {
        key: value for key, value in field.items() if key not in ("anyOf", "default")
    }
    return rest | dict(kinds[0])


def _content(text: str, model: type[BaseModel]) -> dict[str, Any]:
    return {"description": text, **_json(model)}


def _json(model: type[BaseModel]) -> dict[str, Any]:
    reference = {"$ref": _REF.format(model=model.__name__)}
    return {"content": {"application/json": {"schema": reference}}}
