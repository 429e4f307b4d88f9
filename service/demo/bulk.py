"""Many rows at once into a fresh database: executemany on SQLite, COPY on PostgreSQL.

Values go through the column types of the models, so that what is written is what the product
itself would write: encrypted, as JSON, as the database keeps a day. They do so column by column,
since days and truth values come again and again.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, inspect, text
from sqlmodel import Session

from models.base import Moment
from service.demo.moments import stored

_Convert = Callable[[Any], Any]
# As SQLAlchemy and psycopg do it.
_encoded = json.JSONEncoder().encode


class BulkWriter:
    """Writes rows in the session's transaction: tuples of values, with names for the columns."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.dialect = session.get_bind().dialect
        self._converters: dict[Column[Any], _Convert | None] = {}

    def write(
        self, model: type[Any], names: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Insert the rows; a moment in them is a number of seconds since 1970."""
        if not rows:
            return
        table = inspect(model).local_table
        quote = self.dialect.identifier_preparer.quote
        into = f"{quote(table.name)} ({', '.join(quote(name) for name in names)})"
        values = self._converted([table.c[name] for name in names], rows)
        # The driver's own connection, inside the session's transaction.
        driver: Any = self.session.connection().connection.driver_connection
        if self.dialect.name == "postgresql":
            with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(names))
        driver.executemany(f"INSERT INTO {into} VALUES ({marks})", values)  # noqa: S608

    def _converted(
        self, columns: Iterable[Column[Any]], rows: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[Any, ...]]:
        converted = []
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            if column not in self._converters:
                self._converters[column] = self._converter(column)
            convert = self._converters[column]
            converted.append(values if convert is None else map(convert, values))
        return zip(*converted, strict=True)

    def _converter(self, column: Column[Any]) -> _Convert | None:
        if isinstance(column.type, Moment):
            return stored
        if isinstance(column.type, JSON):
            return _as_json
        implementation = column.type.dialect_impl(self.dialect)
        convert: _Convert | None = implementation.bind_processor(self.dialect)
        if convert is None:
            return None
        if isinstance(column.type, Date | Boolean):
            return _Known(convert).__getitem__
        return convert

    def count_on(self, models: Iterable[type[Any]]) -> None:
        """Let the next ids follow those that were given explicitly."""
        if self.dialect.name != "postgresql":
            return
        for model in models:
            name = inspect(model).local_table.name
            statement = (
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "  # noqa: S608
                f"(SELECT COALESCE(MAX(id), 1) FROM {name}))"
            )
            self.session.execute(text(statement))


def _as_json(value: Mapping[str, Any]) -> str:
    return _encoded(value) if value else "{}"


class _Known(dict[Any, Any]):
    """What values were converted to, asked once each."""

    def __init__(self, convert: _Convert) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, value: Any) -> Any:
        found = self[value] = self._convert(value)
        return found
