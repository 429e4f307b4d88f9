"""Where the law comes from and where it applies: instruments, plans, places."""

from datetime import date

from pydantic import Field

from rules.common import Data, Identifier, Span, Text


class ArticleData(Data):
    """An article's operative words, as quoted in the source read; or its gist."""

    words: str | None = None
    gist: Text | None = None


class Verified(Data):
    """How an instrument was verified (V1 … P3) and when its text was retrieved."""

    mark: str
    how: Text
    retrieved_on: date | None = None


class Source(Data):
    """A legal instrument or a published plan."""

    id: Identifier
    title: Text
    short: str
    issuer: Text | None = None
    number: str | None = None
    in_force: Span | None = None
    verified: Verified
    articles: dict[str, ArticleData] = Field(default_factory=dict)


class Plan(Data):
    """The published plan of a district's pack."""

    title: str
    number: str | None = None
    in_force: Span


class Township(Data):
    """A township unit with its short code."""

    code: str
    zh: str
    en: str


class Jurisdiction(Data):
    """A place whose law or targets apply, within a larger one."""

    id: Identifier
    label: Text
    within: Identifier | None = None
    plan: Plan | None = None
    townships: tuple[Township, ...] = ()
