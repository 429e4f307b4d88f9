"""People who use the product, and the tokens of programs that act for them."""

from datetime import datetime
from typing import Literal

from sqlalchemy import String
from sqlmodel import Field, SQLModel

from models.base import Moment, utc_now

Role = Literal["caseworker", "supervisor", "analyst", "administrator", "auditor"]
ROLES: tuple[Role, ...] = ("caseworker", "supervisor", "analyst", "administrator", "auditor")


class User(SQLModel, table=True):
    """A person with one role in one unit, who sees that unit and those below it."""

    __tablename__ = "user_account"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=64)
    email: str | None = Field(default=None, max_length=254)
    role: Role = Field(sa_type=String(16), index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    language: str | None = Field(default=None, max_length=8)
    password_hash: str
    must_change_password: bool = False
    receives_reports: bool = False
    failed_logins: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=Moment)
    # Raised by a password change or reset, so that sessions opened before it end.
    session_version: int = 1
    created_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    last_login_at: datetime | None = Field(default=None, sa_type=Moment)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)


class ApiToken(SQLModel, table=True):
    """A bearer token for `/api/v1`; only its SHA-256 is kept."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    name: str = Field(max_length=64)
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(default_factory=utc_now, sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    last_used_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
