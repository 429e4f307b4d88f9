"""Changes of the law and commitments of the bureau that an administrator entered."""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import String
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now

ChangeKind = Literal["version", "switch_on", "promise"]


class RuleChange(SQLModel, table=True):
    """One change, laid over the policy while `undone_at` is empty; never deleted.

    `length` and `cap` stand in the unit of the rule.
    """

    __tablename__ = "rule_change"

    id: int | None = Field(default=None, primary_key=True)
    kind: ChangeKind = Field(sa_type=String(10))
    rule: str = Field(max_length=48)
    from_on: date
    length: int | None = None
    cap: int | None = None
    place: str = Field(max_length=32)
    instrument: str = Field(max_length=200)
    article: str = Field(max_length=40)
    words: str = Field(default="", max_length=2000)
    verified: str = Field(max_length=20)
    entered_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    entered_by_id: int = Field(foreign_key="user_account.id")
    undone_at: datetime | None = Field(default=None, sa_type=Moment)
    undone_by_id: int | None = Field(default=None, foreign_key="user_account.id")
    undone_because: str = Field(default="", max_length=300)
