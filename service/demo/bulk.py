"""Many rows at once into a fresh database: executemany on SQLite, COPY on PostgreSQL.

Values go through the column types of the models, so that what is written is what the product
itself would write: encrypted, as JSON, in UTC.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import Table, inspect, text
from sqlmodel import Session

_Convert = Callable[[Any], Any] | None


class BulkWriter:
    """Writes rows (dicts with every column) in the session's transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.dialect = session.get_bind().dialect
        self._converters: dict[str, list[tuple[str, _Convert]]] = {}

    def write(self, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows; every one has the keys of the first, which are columns."""
        if not rows:
            return
        table: Table = inspect(model).local_table
        columns = self._columns(table, rows[0])
        quote = self.dialect.identifier_preparer.quote
        names = ", ".join(quote(name) for name, _ in columns)
        # The driver's own connection, inside the session's transaction.
        driver: Any = self.session.connection().connection.driver_connection
        if self.dialect.name == "postgresql":
            with driver.cursor() as cursor:
                statement = f"COPY {quote(table.name)} ({names}) FROM STDIN"
                with cursor.copy(statement) as copy:
                    for values in _converted(columns, rows):
                        copy.write_row(values)
            return
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608
        driver.executemany(statement, _converted(columns, rows))

    def _columns(self, table: Table, row: Mapping[str, Any]) -> list[tuple[str, _Convert]]:
        known = self._converters.get(table.name)
        if known is None:
            known = [(name, self._converter(table.c[name])) for name in row]
            self._converters[table.name] = known
        return known

    def _converter(self, column: sqlalchemy.Column[Any]) -> _Convert:
        implementation = column.type.dialect_impl(self.dialect)
        convert: _Convert = implementation.bind_processor(self.dialect)
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


def _converted(
    columns: Sequence[tuple[str, _Convert]], rows: Iterable[Mapping[str, Any]]
) -> Iterator[list[Any]]:
    for row in rows:
        yield [row[name] if convert is None else convert(row[name]) for name, convert in columns]
