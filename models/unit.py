"""The tree of offices: district bureau, its sections, the townships, their committees."""

from datetime import date
from typing import Literal

from sqlalchemy import String
from sqlmodel import Field, SQLModel

UnitKind = Literal["district", "section", "township", "committee"]


class Unit(SQLModel, table=True):
    """An office. `path` is `/1/4/` from the root down to this unit, for "mine and below"."""

    __tablename__ = "unit"

    id: int | None = Field(default=None, primary_key=True)
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    path: str = Field(index=True)
    code: str = Field(unique=True, max_length=12)
    name_zh: str = Field(max_length=80)
    name_en: str = Field(max_length=80)
    kind: UnitKind = Field(sa_type=String(16))
    closed_on: date | None = None
