"""Indicators, targets and alert stages: what is counted and when people are told, as data."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from rules.common import Data, Text
from rules.yaml_lines import PolicyError, load, not_valid

PeriodKind = Literal["month", "quarter", "year_to_date", "year"]
CaseCondition = Literal[
    "accepted",
    "accepted_in_period",
    "closed_in_period",
    "on_hand_in_period",
    "limit_kept",
    "limit_decided_in_period",
    "limit_run_out_in_period",
    "limit_applied_throughout",
    "ended_by_outcome",
]
DisputeCondition = Literal[
    "received_in_period", "closed_in_period", "premediation_offered", "ended_by_outcome"
]
Condition = CaseCondition | DisputeCondition
Result = Literal["met", "missed", "not_judged", "no_rate"]

_OF_CASES = frozenset(CaseCondition.__args__)  # type: ignore[attr-defined]
_OF_DISPUTES = frozenset(DisputeCondition.__args__)  # type: ignore[attr-defined]
_NEED_OUTCOMES = frozenset({"ended_by_outcome", "limit_applied_throughout"})
_M = TypeVar("_M", bound=BaseModel)


class InForce(Data):
    """From one day to another, both included."""

    from_: Annotated[date, Field(alias="from")]
    to: date

    @model_validator(mode="after")
    def _in_order(self) -> "InForce":
        if self.to < self.from_:
            raise ValueError(
                f"ends on {self.to} before it begins on {self.from_}; correct one of the two days"
            )
        return self


class Plan(Data):
    """A published plan: the source of targets, for one district's pack."""

    pack: str
    title: Text
    number: str | None = None
    in_force: InForce


class Target(Data):
    """At least so many percent, and the periods it judges. `plan` is where it stands."""

    plan: str
    at_least_percent: Annotated[Decimal, Field(gt=0, le=100)]
    judges: Annotated[tuple[PeriodKind, ...], Field(min_length=1)]

    def met_by(self, numerator: int, denominator: int) -> bool:
        """Is `numerator / denominator` at least the target? Compared without rounding."""
        return numerator * 100 >= self.at_least_percent * denominator


class Verification(Data):
    """How sure the formula is, and why."""

    status: Literal["verified", "derived", "inferred", "unverified"]
    evidence: Text


class Indicator(Data):
    """One rate: what it counts, by which definition, and the targets set for it."""

    label: Text
    meaning: Text
    subject: Literal["case", "dispute"]
    procedure: str | None = None
    limit_rules: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    definition: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,50}$")]
    version: date
    denominator: Annotated[tuple[Condition, ...], Field(min_length=1)]
    numerator: Annotated[tuple[Condition, ...], Field(min_length=1)]
    verification: Verification
    targets: tuple[Target, ...]

    @property
    def definition_id(self) -> str:
        """The definition with its version, as it is stored beside every figure."""
        return f"{self.definition}@{self.version.isoformat()}"

    @property
    def is_share(self) -> bool:
        """Is everything in the numerator in the denominator too, so that it is at most 100 %?"""
        return set(self.denominator) <= set(self.numerator)

    @field_validator("denominator", "numerator")
    @classmethod
    def _fit_the_subject(
        cls, names: tuple[Condition, ...], info: ValidationInfo
    ) -> tuple[Condition, ...]:
        subject = info.data.get("subject")
        known = _OF_CASES if subject == "case" else _OF_DISPUTES
        for name in names:
            if name not in known:
                raise ValueError(
                    f"{name} does not apply to a {subject}; use a condition of a {subject}"
                )
            if name in _NEED_OUTCOMES and not info.data.get("outcomes"):
                raise ValueError(f"{name} needs outcomes; list them in `outcomes`")
        return names

    @model_validator(mode="after")
    def _cases_have_a_procedure(self) -> "Indicator":
        if (self.procedure is None) == (self.subject == "case"):
            raise ValueError(
                "cases are counted within a procedure, disputes across them;"
                " give `procedure` with a case, and none with a dispute"
            )
        return self


class Judgement(NamedTuple):
    """A figure against its target; `target` and `plan` are None where none was ever set."""

    result: Result
    target: Target | None = None
    plan: Plan | None = None
    carried_over: bool = False


class Indicators(dict[str, Indicator]):
    """The indicators by id, and the plans by id that their targets stand in."""

    def __init__(self, indicators: Mapping[str, Indicator], plans: Mapping[str, Plan]) -> None:
        super().__init__(indicators)
        self.plans = dict(plans)

    def target(self, indicator_id: str, pack: str, on: date) -> Judgement:
        """The last target set on or before `on`, not yet compared with a figure.

        A plan that has run out stays in force as carried over until another follows.
        """
        standing = [
            (self.plans[target.plan].in_force.from_, target)
            for target in self[indicator_id].targets
            if self.plans[target.plan].pack == pack and self.plans[target.plan].in_force.from_ <= on
        ]
        if not standing:
            return Judgement("not_judged")
        target = max(standing, key=lambda item: item[0])[1]
        plan = self.plans[target.plan]
        return Judgement("not_judged", target, plan, plan.in_force.to < on)

    def judge(
        self,
        indicator_id: str,
        pack: str,
        period: PeriodKind,
        starts_on: date,
        figure: tuple[int, int],
    ) -> Judgement:
        """Compare a figure (numerator, denominator) of a period with the target in force.

        With nothing in the denominator there is no rate, and nothing is judged.
        """
        numerator, denominator = figure
        found = self.target(indicator_id, pack, starts_on)
        if not denominator:
            return found._replace(result="no_rate")
        if found.target is None or period not in found.target.judges:
            return found
        met = found.target.met_by(numerator, denominator)
        return found._replace(result="met" if met else "missed")


def _falling(days: tuple[int, ...]) -> tuple[int, ...]:
    if list(days) != sorted(set(days), reverse=True) or min(days, default=1) < 1:
        raise ValueError("give each number once, at least 1, the largest first")
    return days


def _rising(minutes: tuple[int, ...]) -> tuple[int, ...]:
    if list(minutes) != sorted(minutes) or min(minutes, default=0) < 1:
        raise ValueError("give at least one number, none below 1, the smallest first")
    return minutes


class DueSoon(Data):
    """The stages before the due date, farthest first."""

    calendar_days_before: Annotated[tuple[int, ...], AfterValidator(_falling)]


class Escalation(Data):
    """How long a deadline is overdue before the unit above is told."""

    calendar_days_overdue: Annotated[int, Field(ge=1)]


class MailPolicy(Data):
    """How mail that fails is tried again."""

    retry_after_minutes: Annotated[tuple[int, ...], AfterValidator(_rising)]
    give_up_after_attempts: Annotated[int, Field(ge=1)]
    claim_minutes: Annotated[int, Field(ge=1)]

    def wait_minutes(self, attempts: int) -> int:
        """How long to wait after so many failed attempts."""
        waits = self.retry_after_minutes
        return waits[min(attempts, len(waits)) - 1]


class AlertPolicy(Data):
    """When people are told, and how mail is retried."""

    due_soon: DueSoon
    escalation: Escalation
    mail: MailPolicy


class _IndicatorFile(Data):
    plans: dict[str, Plan]
    indicators: dict[str, Indicator]


def _validated(model: type[_M], path: Path) -> tuple[_M, Any]:
    data, line_of = load(path)
    try:
        return model.model_validate(data), line_of
    except ValidationError as error:
        raise not_valid(path, line_of, error) from error


def load_indicators(policy_dir: Path) -> Indicators:
    """Read `indicators.yaml`. Raises PolicyError with file name, line and reason."""
    path = policy_dir / "indicators.yaml"
    found, line_of = _validated(_IndicatorFile, path)
    for name, indicator in found.indicators.items():
        seen: set[tuple[str, date]] = set()
        for index, target in enumerate(indicator.targets):
            line = line_of(("indicators", name, "targets", index))
            plan = found.plans.get(target.plan)
            if plan is None:
                raise PolicyError(path, line, f"{name}: there is no plan {target.plan!r}")
            if (plan.pack, plan.in_force.from_) in seen:
                raise PolicyError(path, line, f"{name}: two targets of one pack at a time")
            seen.add((plan.pack, plan.in_force.from_))
    return Indicators(found.indicators, found.plans)


def load_alerts(policy_dir: Path) -> AlertPolicy:
    """Read `alerts.yaml`. Raises PolicyError with file name, line and reason."""
    return _validated(AlertPolicy, policy_dir / "alerts.yaml")[0]
