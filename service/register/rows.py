"""The fields of a form by name, and which of its rows were used."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import FieldList, FormField


def field_named(form: Any, name: str) -> Any:
    """The field that a problem of the use case names (`parties-0-id_number`), or None.

    Rows keep the index they were sent with, so the whole name is compared.
    """
    return next((field for field in _walk(form) if field.name == name), None)


def _walk(fields: Iterable[Any]) -> Iterable[Any]:
    for field in fields:
        yield field
        if isinstance(field, FieldList):
            yield from _walk(field)
        elif isinstance(field, FormField):
            yield from _walk(field.form)


def used(rows: Sequence[Any]) -> list[Any]:
    """The rows in which something was typed."""
    return [entry for entry in rows if not entry.form.blank()]
