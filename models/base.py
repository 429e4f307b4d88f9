"""What every table shares: the metadata with its naming convention, and UTC moments."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Executable, MetaData, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, always aware; SQLite has no time zones of its own.

    Raises ValueError for a naive moment: a guess would be wrong by eight hours.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Store in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; moments are stored in UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read back as an aware UTC moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model, for statements that need no objects."""
    return metadata.tables[str(model.__tablename__)]


def insert_row(into: Session | Connection, row: SQLModel) -> None:
    """Insert a new row that nobody uses as an object afterwards; an empty key is the database's
    to give."""
    table = table_of(type(row))
    values = {one.key: getattr(row, one.key) for one in table.columns}
    kept = [one.key for one in table.primary_key if values[one.key] is None]
    into.execute(table.insert(), {name: values[name] for name in values if name not in kept})


def plain_rows(
    session: Session, statement: Executable, params: Mapping[str, Any] | None = None
) -> Sequence[Any]:
    """The columns that a statement selects, past the mapper of objects: half the cost of asking
    the session, for lists and for what every page asks."""
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, params).all()


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)
