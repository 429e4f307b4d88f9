"""What the API takes and gives; field names are those of the tables."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from jobs.indicators_sql import Part
from models.case import CaseKind, CaseState
from models.party import PartyKind, PartyRole
from rules.matter import Status
from service.cases.searching import Due, Sort

TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Yuan = Annotated[Decimal, Field(max_digits=14, decimal_places=2, ge=0)]


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class PartyIn(_Schema):
    """A person or an employer and its part in the case."""

    kind: PartyKind
    role: PartyRole
    name: str
    id_number: str | None = None
    phone: str | None = None
    credit_code: str | None = None
    address: str = ""


class ClaimIn(_Schema):
    """What is asked for, in yuan."""

    kind: str
    amount: Yuan | None = None
    note: str = ""


class DetailsIn(_Schema):
    """What is particular to the kind of case; leave out what does not apply."""

    channel: str | None = None
    violation: str | None = None
    reporter_name: str | None = None
    reporter_contact: str | None = None
    cause: str | None = None
    premediation_offered_on: date | None = None
    category: str | None = None
    skills: str | None = None
    household_size: int | None = None
    subject: str | None = None
    passed_on_by: str | None = None
    reference: str | None = None
    injury_kind: str | None = None
    diagnosis: str | None = None
    industry: str | None = None
    project: str | None = None


class RegistrationIn(_Schema):
    """A matter to log. `unit` is a unit's code, `handler` a user name (default: the token's
    owner), `same_dispute_as` the number of an earlier case of the same quarrel, `opening` the
    event that opens the case where its kind has several (default: the first of
    those that `rules/policy/procedures.yaml` lists). `injured_on` is the day of the accident or
    diagnosis, with an application for an injury finding, `pay_by` the day that an order to pay
    sets. `circumstances` are facts that classify the case; amounts among them are text
    (`"32880.00"`)."""

    kind: CaseKind
    unit: str
    received_on: date
    parties: list[PartyIn]
    handler: str | None = None
    title: str = ""
    summary: str = ""
    worker_count: int = 1
    facts: dict[str, str | int | bool] = Field(default_factory=dict)
    claims: list[ClaimIn] = Field(default_factory=list)
    details: DetailsIn = Field(default_factory=DetailsIn)
    circumstances: dict[str, bool | int | Yuan] = Field(default_factory=dict)
    same_dispute_as: str | None = None
    jurisdiction: str | None = None
    opening: str | None = None
    injured_on: date | None = None
    pay_by: date | None = None


class EventIn(_Schema):
    """Something that happened; what a type allows besides its day is in docs/events.md."""

    type: str
    on: date
    days: int | None = None
    rule: str | None = None
    until: date | None = None
    ground: str | None = None
    pay_by: date | None = None
    at: TimeOfDay | None = None
    note: str = ""


class NoQuery(_Schema):
    """An address that takes no parts behind a question mark."""


class CaseQuery(_Schema):
    """Filters, which all must hold. `text` is a case number or a name; personal numbers are
    searched by POST, so that no address ever holds one."""

    text: str = ""
    kind: CaseKind | None = None
    state: CaseState | None = None
    unit: str | None = None
    handler: str | None = None
    due: Due | None = None
    received_from: date | None = None
    received_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    indicator: str | None = None
    part: Part | None = None
    period_from: date | None = None
    period_to: date | None = None
    sort: Sort = "-received"
    page: Annotated[int, Field(ge=1)] = 1


class CaseSummary(_Schema):
    """One line of a list of cases."""

    number: str
    kind: CaseKind
    procedure: str
    title: str
    state: CaseState
    unit_id: int
    unit_name_zh: str
    unit_name_en: str
    handler_name: str
    received_on: date
    accepted_on: date | None
    closed_on: date | None
    outcome: str | None
    paused: bool
    next_due_on: date | None
    next_rule: str | None
    worker_count: int


class CasePage(_Schema):
    """One page. `total` stops counting at a limit; then `more` is true."""

    cases: list[CaseSummary]
    page: int
    pages: int
    total: int
    more: bool


class PartyOut(_Schema):
    """A party. Numbers are masked for everybody; revealing one, by the party's `id`, is an
    operation of its own."""

    id: int
    kind: PartyKind
    role: str
    name: str
    id_number: str
    phone: str
    credit_code: str
    address: str


class ClaimOut(_Schema):
    """What is asked for; the amount in yuan as text, so that no digit is lost."""

    kind: str
    amount: Decimal | None
    note: str


class EventOut(_Schema):
    """What happened, and when it was recorded. `corrected_by` names the correction, if any."""

    id: int
    type: str
    on: date
    recorded_at: datetime
    recorded_by: str
    details: dict[str, Any]
    corrects_id: int | None
    corrected_by: int | None


class DeadlineOut(_Schema):
    """A stored clock. `status` is `state` as of today: a running one may be overdue."""

    rule: str
    seq: int
    version: date
    kind: str
    state: str
    status: Status
    started_on: date
    raw_due_on: date | None
    due_on: date | None
    due_at: str | None
    days_left: int | None
    extended_days: int
    ended_on: date | None
    ended_by: str | None
    provisional: bool


class ClassificationOut(_Schema):
    """What the case is in law: `holds` is yes, part (of some items),
    no or ask (`asks` says what would decide it).
    Where somebody decided it, `by_rules` is what its facts say, with the reason and by whom."""

    code: str
    label: str
    holds: Literal["yes", "part", "no", "ask"]
    by_rules: Literal["yes", "part", "no", "ask"] | None
    why: str
    verified: str
    asks: list[str]
    basis: list[str]
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None


class Classifications(_Schema):
    """The classifications of a case, in the order of the policy."""

    number: str
    classifications: list[ClassificationOut]


class DecisionIn(_Schema):
    """A decision on a classification, against what the facts say; null takes it back."""

    holds: bool | None
    reason: str


class CaseOut(_Schema):
    """A case with everything beside it that this token's owner may read. Who gave a tip-off is
    never among its `details`."""

    number: str
    kind: CaseKind
    procedure: str
    jurisdiction: str
    title: str
    summary: str
    state: CaseState
    worker_count: int
    facts: dict[str, Any]
    circumstances: dict[str, Any]
    handler: str
    received_on: date
    accepted_on: date | None
    closed_on: date | None
    outcome: str | None
    paused: bool
    next_due_on: date | None
    next_rule: str | None
    revision: int
    details: dict[str, Any]
    parties: list[PartyOut]
    claims: list[ClaimOut]
    events: list[EventOut]
    deadlines: list[DeadlineOut]
    same_dispute: list[str]


class CitationOut(_Schema):
    """The words a deadline stands on; where none were quoted, what the article is about. `article`
    is `27④` for a paragraph, `46(6)` for an item; `place` writes it out with its instrument."""

    instrument: str
    article: str
    place: str
    words: str | None
    gist: str | None


class ExplainedDeadline(_Schema):
    """A clock with the steps that made its date and the articles behind it; where sources differ,
    which was followed and the articles of each."""

    rule: str
    seq: int
    obligation: str
    kind: str
    status: Status
    started_on: date
    raw_due_on: date | None
    due_on: date | None
    due_at: str | None
    days_left: int | None
    provisional: bool
    steps: list[str]
    basis: list[CitationOut]
    differing: str | None
    differing_basis: list[CitationOut]


class ExplainedDeadlines(_Schema):
    """All clocks of a case, and contradictions in its events."""

    number: str
    deadlines: list[ExplainedDeadline]
    findings: list[str]
    notes: list[str]


class RatesQuery(_Schema):
    """`month` as `2026-10`; `unit` a unit's code, with the units below it; default: one's own."""

    month: Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
    unit: str | None = None
    period: Literal["month", "quarter", "year_to_date", "year"] = "month"


class RateOut(_Schema):
    """One indicator. `percent` is null where there was nothing to count."""

    indicator: str
    label: str
    definition: str
    numerator: int
    denominator: int
    percent: Decimal | None
    target_percent: Decimal | None
    result: Literal["met", "missed", "not_judged", "no_rate"]
    carried_over: bool
    as_of_on: date
    frozen: bool


class KeptOut(_Schema):
    """How often a limit was kept: of the clocks settled in the period (ended, or fallen due),
    those that ended by their due day. `limit` may be asked for as `indicator` of a list of cases.
    The definition ends with the length; `percent` is null where nothing was settled."""

    limit: str
    definition: str
    numerator: int
    denominator: int
    percent: Decimal | None
    as_of_on: date
    frozen: bool


class CommitmentOut(_Schema):
    """A period that the bureau set itself, and the legal limit that a promise stands beside."""

    label: str
    taken_back: bool
    promised: KeptOut
    legal: KeptOut | None = None


class Rates(_Schema):
    """The stored figures of one unit and period; what is not computed yet is left out."""

    unit: str
    period: str
    starts_on: date
    ends_on: date
    rates: list[RateOut]
    commitments: list[CommitmentOut]


class ProblemOut(_Schema):
    """What is wrong with one field and how to mend it; `article` where the law forbids it."""

    field: str
    message: str
    code: str | None = None
    article: str | None = None


class ErrorOut(_Schema):
    """Why a request was not done; nothing was saved."""

    error: str
    message: str
    request: str | None = None
    problems: list[ProblemOut] = Field(default_factory=list)
