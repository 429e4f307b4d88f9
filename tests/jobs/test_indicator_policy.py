"""Indicators, targets and alert stages as the policy has them, and what is refused."""

import re
from datetime import date
from pathlib import Path

import pytest

from rules.indicators import (
    Judgement,
    PeriodKind,
    load_alerts,
    load_indicators,
)
from rules.policy import POLICY_DIR
from rules.rulebook import builtin_rulebook
from rules.yaml_lines import PolicyError

ANY_DAY = date(2026, 3, 1)


def judge(
    indicator: str,
    figure: tuple[int, int],
    period: PeriodKind = "month",
    starts_on: date = ANY_DAY,
    pack: str = "chongming",
) -> Judgement:
    return builtin_rulebook().policy.indicators.judge(indicator, pack, period, starts_on, figure)


@pytest.mark.parametrize(
    ("pack", "indicator", "percent"),
    [
        ("chongming", "arbitration_closure_rate", 92),
        ("chongming", "arbitration_on_time_rate", 100),
        ("chongming", "inspection_on_time_closure_rate", 98),
        ("chongming", "premediation_rate", 80),
        ("chongming", "grassroots_resolution_rate", 60),
        ("chongming", "employment_difficulty_on_time_rate", 100),
        ("chongming", "zero_employment_household_on_time_rate", 100),
        ("lingyuan", "mediation_rate", 60),
        ("quzhou", "inspection_on_time_closure_rate", 100),
        ("quzhou", "grassroots_resolution_rate", 80),
        ("xuhui", "mediation_rate", 60),
    ],
)
def test_the_targets_are_those_of_the_published_plans(
    pack: str, indicator: str, percent: int
) -> None:
    found = builtin_rulebook().policy.indicators.target(indicator, pack, ANY_DAY)
    assert found.target is not None
    assert found.target.at_least_percent == percent


def test_a_target_is_met_by_exactly_its_percentage_and_missed_by_a_case_less() -> None:
    rate = "inspection_on_time_closure_rate"
    assert judge(rate, (98, 100)).result == "met"
    assert judge(rate, (97, 100)).result == "missed"
    # 97.996 % is shown as 98.00 % and is a miss all the same.
    assert judge(rate, (24499, 25000)).result == "missed"


@pytest.mark.parametrize(
    ("period", "result"),
    [
        ("month", "not_judged"),
        ("quarter", "not_judged"),
        ("year_to_date", "missed"),
        ("year", "missed"),
    ],
)
def test_the_closure_target_is_yearly(period: PeriodKind, result: str) -> None:
    assert judge("arbitration_closure_rate", (91, 100), period).result == result


def test_without_cases_nothing_is_judged() -> None:
    assert judge("inspection_on_time_closure_rate", (0, 0)).result == "no_rate"


def test_a_target_stays_in_force_after_its_plan_and_says_so() -> None:
    rate = "inspection_on_time_closure_rate"
    assert not judge(rate, (1, 1), starts_on=date(2025, 12, 1)).carried_over
    after = judge(rate, (1, 1), starts_on=date(2026, 1, 1))
    assert after.carried_over
    assert after.plan is not None
    assert after.plan.number == "沪崇府办发〔2021〕24号"


def test_before_its_plan_a_target_judges_nothing() -> None:
    before = judge("inspection_on_time_closure_rate", (0, 10), starts_on=date(2020, 12, 1))
    assert before == Judgement("not_judged")


def test_an_indicator_without_a_target_is_shown_and_not_judged() -> None:
    assert judge("closed_over_accepted_rate", (1, 10), "year").result == "not_judged"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "at_least_percent: 98",
            "at_least_percent: 980",
            "“980” is more than 100; write 100 or less",
        ),
        ("subject: dispute", "subject: quarrel", "write one of case, dispute"),
        ("plan: lingyuan_14", "plan: lingyuan_15", "no plan 'lingyuan_15'"),
        (
            "[on_hand_in_period]",
            "[on_hand]",
            "“on_hand” is none of what may stand here; write one of accepted",
        ),
        ("[received_in_period]", "[accepted_in_period]", "does not apply to a dispute"),
        ("    outcomes: [placed]\n", "", "needs outcomes"),
        (
            "    procedure: arbitration\n",
            "",
            "give `procedure` with a case, and none with a dispute",
        ),
        (
            "    subject: dispute\n",
            "    subject: dispute\n    procedure: arbitration\n",
            "give `procedure` with a case, and none with a dispute",
        ),
        ("{from: 2021-01-01, to: 2025-12-31}", "{from: 2021-01-01, to: 2020-12-31}", "before it"),
        ("version: 2026-11-22", "version: soon", "“soon” is no day; write it as year-month-day"),
        (
            "    meaning:\n",
            "    meening:\n",
            "meening: there is no such field here; mind its spelling",
        ),
        ("  plan_of: x\n", "", ""),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_the_reason(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    text = (POLICY_DIR / "indicators.yaml").read_text("utf-8")
    if not reason:
        # Two targets of one pack for the same time.
        line = "      - {plan: quzhou_14, at_least_percent: 100, judges: *every}\n"
        old, new, reason = line, line + line, "two targets of one pack"
    assert old in text
    (tmp_path / "indicators.yaml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PolicyError, match=re.escape(reason)) as caught:
        load_indicators(tmp_path)
    number = text[: text.index(old)].count("\n") + 1
    assert caught.value.path.name == "indicators.yaml"
    assert abs(caught.value.line - number) <= 22, str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[7, 3, 1]", "[1, 3, 7]"),
        ("[7, 3, 1]", "[7, 7, 1]"),
        ("calendar_days_overdue: 5", "calendar_days_overdue: 0"),
        ("retry_after_minutes: [1, 5, 15, 60, 240, 720]", "retry_after_minutes: []"),
        ("calendar_days_before", "days_before"),
    ],
)
def test_wrong_alert_stages_are_refused_at_their_line(tmp_path: Path, old: str, new: str) -> None:
    text = (POLICY_DIR / "alerts.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "alerts.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(PolicyError) as caught:
        load_alerts(tmp_path)
    number = text[: text.index(old)].count("\n") + 1
    assert abs(caught.value.line - number) <= 1, str(caught.value)
