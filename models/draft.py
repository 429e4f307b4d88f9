"""What somebody typed into a form and has not sent yet."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now
from models.encryption import Encrypted


class Draft(SQLModel, table=True):
    """One form of one person, read by that person alone.

    `key` was made with the page that shows the form; `path` is that page's address. `content`
    is JSON, a list of `[name, value]` as the browser sends them, encrypted since it may hold
    anything that is typed of people.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id")
    key: str = Field(max_length=32)
    path: str = Field(max_length=400)
    content: str = Field(sa_type=Encrypted("draft.content"))
    saved_at: datetime = Field(default_factory=utc_now, sa_type=Moment, index=True)
