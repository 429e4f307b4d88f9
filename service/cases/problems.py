"""What can be wrong with what somebody entered."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field.

    `field` is the input's name (`received_on`, `parties-0-id_number`); `code` is a key of
    `service.cases.messages`, whose text takes `params`. A warning does not stop saving.
    """

    field: str
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    level: Level = "error"

    @property
    def message(self) -> str:
        """The text in the language of the request."""
        from service.cases.messages import text

        return text(self.code, self.params)


class InvalidInput(ValueError):  # noqa: N818 - named as people say it
    """What was entered cannot be saved; `problems` say per field how to mend it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{one.field}: {one.code}" for one in problems))
        self.problems = list(problems)


class Unlawful(ValueError):  # noqa: N818
    """The law does not allow this event now; `article` says which words forbid it."""

    def __init__(self, field: str, message: str, article: str = "") -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
        self.article = article


class Conflict(RuntimeError):  # noqa: N818
    """The record is not any more as it was read; `code` is a key of the messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        """The text in the language of the request."""
        from service.cases.messages import text

        return text(self.code, {})


def invalid(field: str, code: str, **params: object) -> InvalidInput:
    """One error on one field."""
    return InvalidInput([Problem(field, code, params)])
