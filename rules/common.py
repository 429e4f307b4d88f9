"""What the shapes of all policy files are made of."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
# Statements bear the name of their row in the tables of the law, where DEAD stands in capitals.
StatementId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(_DEAD)?$")]


class Data(BaseModel):
    """Frozen, and refusing a key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Data):
    """The same words in Chinese and English."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def __getitem__(self, language: str) -> str:
        """The words in `zh` or `en`; a locale such as `zh_CN` is understood."""
        return self.zh if language.startswith("zh") else self.en


class Span(Data):
    """From one day to another, both included; open when `to` is empty."""

    from_: Annotated[date, Field(alias="from")]
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.to is not None and self.to < self.from_:
            raise ValueError(
                f"ends on {self.to} before it begins on {self.from_}; correct one of the two days"
            )
        return self

    def covers(self, day: date) -> bool:
        """Is the day inside?"""
        return self.from_ <= day and (self.to is None or day <= self.to)


class Citation(Data):
    """An article of an instrument of `sources/`."""

    source: Identifier
    article: str


Basis = Annotated[tuple[Citation, ...], Field(min_length=1)]
