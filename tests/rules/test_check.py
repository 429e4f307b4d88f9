"""`anqi check-policy` says what the policy holds, or what is wrong with it, in one line."""

import re
import shutil
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.check import run
from rules.engine import MOST_RULES_A_FACT
from rules.policy import POLICY_DIR
from rules.worked import CASES_DIR


def said(
    today: date | None = None, directory: Path = POLICY_DIR, cases: Path = CASES_DIR
) -> tuple[int, list[str]]:
    out = StringIO()
    status = run(out, today, directory, cases)
    return status, out.getvalue().splitlines()


def limits() -> list[dict[str, Any]]:
    """Everything that stands in deadlines/, as plain data."""
    paths = (POLICY_DIR / "deadlines").glob("*.yaml")
    return [one for path in paths for one in yaml.safe_load(path.read_text(encoding="utf-8"))]


def test_a_sound_policy_is_counted_and_its_readings_named() -> None:
    status, lines = said(date(2026, 11, 22))
    assert status == 0
    assert lines[0].endswith("no problem found")
    rules = [one for one in limits() if "says" not in one]
    versions = sum(len(one.get("versions", ())) for one in rules)
    assert lines[1].startswith(f"{len(rules)} rules in {versions} versions")
    wages = yaml.safe_load((POLICY_DIR / "minimum_wages.yaml").read_text(encoding="utf-8"))
    unsure = [w for w in wages if "gap" in w or "from" not in w or w["verified"] != "P2"]
    assert lines[2].endswith(f"{len(wages)} minimum wages ({len(unsure)} decide nothing)")
    assert "calendars published: 2020, 2021, 2022, 2023, 2024, 2025, 2026" in lines
    table = {line.split()[0]: line.split()[1:] for line in lines if line.startswith("  ")}
    arbitration = [one for one in limits() if one["procedure"] == "arbitration"]
    assert table["arbitration"][-1] == str(len(arbitration))
    assert table["A-6"] == ["unrolled_base", "(or", "rolled_base)"]
    said_of = re.compile(r"at most (\d+) rules .+ \(case_accepted\); it bears 60")
    numbers = [int(found[1]) for found in map(said_of.fullmatch, lines) if found]
    assert len(numbers) == 1
    assert 0 < numbers[0] <= MOST_RULES_A_FACT


@pytest.mark.parametrize("by", ["verification mark", "use"])
def test_the_tables_add_up_to_all_limits(by: str) -> None:
    _, lines = said()
    start = lines.index(f"rules by procedure and {by}:") + 2
    rows = lines[start : lines.index("", start)]
    numbers = [[0 if n == "–" else int(n) for n in row.split()[1:]] for row in rows]
    assert all(sum(row[:-1]) == row[-1] for row in numbers)
    assert sum(row[-1] for row in numbers) == len(limits())


def test_plans_are_named_once_they_have_run_out() -> None:
    def plans(today: date | None) -> set[str]:
        _, lines = said(today)
        start = next(n for n, line in enumerate(lines) if line.startswith("plans that"))
        return {line.split()[0] for line in lines[start + 1 :]}

    assert plans(date(2025, 12, 31)) == {"xuhui_13"}
    assert "chongming_14" in plans(date(2026, 1, 1))
    assert "chongming_14" in plans(None)


def test_a_problem_is_one_line_and_status_one(tmp_path: Path) -> None:
    directory = Path(shutil.copytree(POLICY_DIR, tmp_path / "policy"))
    path = directory / "deadlines" / "mediation.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("counting: C3", "counting: C2"), encoding="utf-8")
    status, lines = said(None, directory)
    assert status == 1
    reason = "C2 counts working_days, not calendar_days"
    assert lines == [f"deadlines/mediation.yaml:4: med_negotiation_reply: {reason}"]


def test_a_rule_without_its_worked_cases_is_named_with_what_is_lacking(tmp_path: Path) -> None:
    for path in CASES_DIR.glob("*.yaml"):
        if not path.stem.startswith("inspection"):
            shutil.copy(path, tmp_path)
    status, lines = said(cases=tmp_path)
    assert status == 1
    (line,) = [line for line in lines if "insp_file_on_acceptance" in line]
    assert line.startswith("deadlines/inspection.yaml:")
    assert line.endswith(
        "insp_file_on_acceptance: no worked case shows day_after, last_day, ordinary, overdue;"
        " add one to tests/law"
    )
    assert all("insp_" in line for line in lines)


def test_what_has_no_worked_cases_at_hand_says_nothing_about_them(tmp_path: Path) -> None:
    status, lines = said(cases=tmp_path)
    assert status == 0
    assert "worked cases: none are installed, so nothing is said about them" in lines


def test_a_wrong_worked_case_is_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("cases:\n  - today: soon\n", encoding="utf-8")
    status, lines = said(cases=tmp_path)
    assert status == 1
    assert len(lines) == 1
    assert lines[0].startswith("wrong.yaml:2: ")
