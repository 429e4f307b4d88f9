"""What the use cases take: plain values, as a form or the JSON API parsed them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.case import CaseKind
from models.party import PartyKind, PartyRole
from service.config import Settings

PROCEDURES: Mapping[CaseKind, str] = {
    "complaint": "inspection",
    "report": "inspection",
    "arbitration": "arbitration",
    "mediation": "mediation",
    "person": "employment",
    "household": "employment",
    "petition": "petition",
    "work_injury": "work_injury",
    "wage_arrears": "wage_arrears",
}


@dataclass(frozen=True)
class PartyInput:
    """A person or an employer and its part in the case.

    `party_id` names a party that is already known (chosen from the suggestions, or in the
    case being edited); numbers may be written with blanks and hyphens.
    """

    kind: PartyKind
    role: PartyRole
    name: str
    id_number: str | None = None
    phone: str | None = None
    credit_code: str | None = None
    address: str = ""
    party_id: int | None = None


@dataclass(frozen=True)
class ClaimInput:
    """What is asked for; `amount` in yuan with at most two digits after the point."""

    kind: str
    amount: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class Registration:
    """A matter as it is logged. `details` are those of the kind:

    - complaint, report: `channel`, `violation`; report also `reporter_name`,
      `reporter_contact`
    - arbitration, mediation: `cause`, `premediation_offered_on` (date)
    - person, household: `category`, `household_size`, `skills`
    - petition: `channel`, `subject`, `passed_on_by`, `reference`
    - work_injury: `injury_kind`, `diagnosis`
    - wage_arrears: `channel`, `passed_on_by`, `reference`, `industry`, `project`

    `opening` is the event that opens the case, of those of its kind; the usual one when None.
    `injured_on` is the day of the accident or diagnosis, with an application for an injury finding;
    `pay_by` the day that an order to pay sets.
    `circumstances` are facts that classify the case (`questions` of the policy), amounts as
    Decimal. `title` is made from the parties when left empty. `dispute_id` joins the dispute of an
    earlier mediation; without it arbitration and mediation begin one.
    """

    kind: CaseKind
    unit_id: int
    handler_id: int
    received_on: date
    summary: str = ""
    title: str = ""
    worker_count: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)
    parties: Sequence[PartyInput] = ()
    claims: Sequence[ClaimInput] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    circumstances: Mapping[str, Any] = field(default_factory=dict)
    dispute_id: int | None = None
    jurisdiction: str = Settings.jurisdiction
    opening: str | None = None
    injured_on: date | None = None
    pay_by: date | None = None

    @property
    def procedure(self) -> str:
        """The procedure that this kind of case runs under."""
        return PROCEDURES[self.kind]


@dataclass(frozen=True)
class EventInput:
    """Something that happened on a day, with what its type allows (`rules.matter.Event`)."""

    type: str
    on: date
    days: int | None = None
    rule: str | None = None
    until: date | None = None
    ground: str | None = None
    pay_by: date | None = None
    at: str | None = None
    note: str = ""

    def details(self) -> dict[str, Any]:
        """As it is stored: dates as ISO strings, nothing that was left empty."""
        values = {
            "days": self.days,
            "rule": self.rule,
            "until": self.until.isoformat() if self.until else None,
            "ground": self.ground,
            "pay_by": self.pay_by.isoformat() if self.pay_by else None,
            "at": self.at,
            "note": self.note.strip(),
        }
        return {name: value for name, value in values.items() if value not in (None, "")}
