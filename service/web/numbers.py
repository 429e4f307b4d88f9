"""Numbers of rows as they stand in addresses and forms; larger ones than a database has."""

from contextlib import suppress

from werkzeug.routing import IntegerConverter

LARGEST_ID = 2**31 - 1


def row_id(text: str) -> int:
    """A row's number. Raises ValueError for what is none, or larger than any can be."""
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(text)
    return number


def row_id_or_none(text: str | None) -> int | None:
    """The same, with None for what no row can have: it is nobody's."""
    with suppress(ValueError):
        return row_id(text or "")
    return None


class RowIdConverter(IntegerConverter):
    """`<int:…>` in addresses: a number that no row can have is an address that is not there."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"max": LARGEST_ID, **kwargs})  # type: ignore[arg-type]
