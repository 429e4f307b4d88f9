"""Workers, employers and others in a case, and what is claimed."""

from decimal import Decimal
from typing import Literal

from sqlalchemy import Numeric, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.encryption import Encrypted

PartyKind = Literal["person", "employer"]
PartyRole = Literal[
    "complainant", "applicant", "respondent", "employer", "person", "household_head", "member",
    "petitioner", "injured_worker", "worker",
]  # fmt: skip


class Party(SQLModel, table=True):
    """A person or an employer as described in one case, and in all that describe it alike.

    A row that several cases share is not changed: what is entered in one of them shows there.

    ID number and phone are ciphertext; `*_index` finds an exact value (`blind_index`).
    """

    __tablename__ = "party"

    id: int | None = Field(default=None, primary_key=True)
    kind: PartyKind = Field(sa_type=String(10))
    name: str = Field(max_length=120, index=True)
    id_number: str | None = Field(default=None, sa_type=Encrypted("party.id_number"))
    id_number_index: str | None = Field(default=None, max_length=64, index=True)
    phone: str | None = Field(default=None, sa_type=Encrypted("party.phone"))
    phone_index: str | None = Field(default=None, max_length=64, index=True)
    credit_code: str | None = Field(default=None, max_length=18, index=True)
    address: str = Field(default="", max_length=200)


class CaseParty(SQLModel, table=True):
    """A party's part in a case."""

    __tablename__ = "case_party"
    __table_args__ = (UniqueConstraint("case_id", "party_id", "role"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    party_id: int = Field(foreign_key="party.id", index=True)
    role: PartyRole = Field(sa_type=String(16))


class Claim(SQLModel, table=True):
    """What is asked for, in yuan with two digits."""

    __tablename__ = "claim"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_record.id", index=True)
    kind: str = Field(max_length=32)
    amount: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    note: str = Field(default="", max_length=200)


class NameGram(SQLModel, table=True):
    """Two neighbouring characters of a party's name: searches names alike on both databases."""

    __tablename__ = "name_gram"

    gram: str = Field(primary_key=True, max_length=2)
    party_id: int = Field(primary_key=True, foreign_key="party.id", index=True)
