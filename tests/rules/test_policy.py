"""A wrong policy file is refused with its name, its line and the reason."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rules.deadlines import derive
from rules.matter import Event, Matter
from rules.policy import POLICY_DIR, PolicyError, load_policy
from rules.rulebook import load_rulebook
from tests.rules.wrong_policies import ARB, INS, OUTCOME, SEEN_AT_THE_RULE, WRONG

Edit = Callable[[str, str, str], None]


@pytest.fixture
def policy_dir(tmp_path: Path) -> Path:
    """A copy of the policy that a test may spoil."""
    return Path(shutil.copytree(POLICY_DIR, tmp_path / "policy"))


@pytest.fixture
def edit(policy_dir: Path) -> Edit:
    """Replace a text, which must be there, in a file of the copy; the first one only."""

    def replace(file: str, old: str, new: str) -> None:
        path = policy_dir / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def refused(policy_dir: Path) -> str:
    with pytest.raises(PolicyError) as raised:
        load_policy(policy_dir)
    return str(raised.value)


def line_of(policy_dir: Path, file: str, text: str) -> int:
    lines = (policy_dir / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_name_line_and_reason(
    policy_dir: Path, edit: Edit, name: str
) -> None:
    file, old, new, named, reason = WRONG[name]
    edit(file, old, new)
    message = refused(policy_dir)
    found = re.fullmatch(r"(\S+\.yaml):(\d+): (.+)", message, re.DOTALL)
    assert found, message
    assert reason in found[3]
    if name == "a place within itself":
        assert found[1] == "jurisdictions/quzhou.yaml"
        return
    if any(words in reason for words in SEEN_AT_THE_RULE):
        file = OUTCOME if "arb_sue_after_award" in reason else ARB
    assert found[1] == file
    if named:
        lines = (policy_dir / file).read_text(encoding="utf-8").splitlines()
        assert named in lines[int(found[2]) - 1]


def _versions(second: str) -> tuple[str, str]:
    """The one version of the decision on a complaint, and two of them."""
    version = (
        "    - from: 2005-02-01\n"
        "      period: {length: 5, unit: working_days}\n"
        "      counting: C2\n"
        "      basis:\n"
        '        - {source: inspection_provisions, article: "18"}\n'
        "      verified: P2\n"
    )
    earlier = version.replace("2005-02-01\n", "2005-02-01\n      to: 2024-12-31\n", 1)
    later = version.replace("2005-02-01", second, 1).replace("length: 5", "length: 3")
    return version, earlier + later


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("2024-12-31", "the version from 2024-12-31 overlaps the one from 2005-02-01"),
        ("2004-01-01", "the version from 2004-01-01 overlaps the one from 2005-02-01"),
        ("2025-01-02", "a gap between 2024-12-31 and 2025-01-02"),
    ],
)
def test_versions_neither_overlap_nor_leave_a_gap(
    policy_dir: Path, edit: Edit, second: str, reason: str
) -> None:
    edit(INS, *_versions(second))
    message = refused(policy_dir)
    line = line_of(policy_dir, INS, "id: insp_complaint_decision")
    assert message.startswith(f"deadlines/inspection.yaml:{line}: ")
    assert reason in message


def test_versions_that_follow_one_another_apply_by_the_day(policy_dir: Path, edit: Edit) -> None:
    edit(INS, *_versions("2025-01-01"))
    rulebook = load_rulebook(policy_dir)
    due = {}
    for on in (date(2024, 12, 31), date(2025, 1, 6)):
        matter = Matter("inspection", "national", (Event("complaint_received", on),))
        (clock,) = derive(matter, rulebook, on).clocks
        due[on] = clock.due_on
    # Five working days from 2024-12-31: 1/2, 1/3, 1/6, 1/7, 1/8. Three from 2025-01-06: 1/9.
    assert due == {date(2024, 12, 31): date(2025, 1, 8), date(2025, 1, 6): date(2025, 1, 9)}


def test_a_version_that_ends_before_it_begins_is_refused(policy_dir: Path, edit: Edit) -> None:
    edit(OUTCOME, "    - from: 2024-01-01\n", "    - from: 2024-01-01\n      to: 2023-01-01\n")
    message = refused(policy_dir)
    line = line_of(policy_dir, OUTCOME, "      to: 2023-01-01") - 1
    assert message.startswith(f"deadlines/arbitration_outcome.yaml:{line}: ")
    assert "the version ends on 2023-01-01 before it begins on 2024-01-01" in message


@pytest.mark.parametrize("file", ["procedures.yaml", "thresholds.yaml", "assumptions.yaml"])
def test_a_missing_file_is_named(policy_dir: Path, file: str) -> None:
    (policy_dir / file).unlink()
    assert refused(policy_dir) == f"{file}:1: the file is missing"


def test_a_file_that_is_no_text_is_named(policy_dir: Path) -> None:
    (policy_dir / "facts.yaml").write_bytes(b"\xff\xfe\x00")
    assert refused(policy_dir).startswith("facts.yaml:1: not a text file in UTF-8")


def test_a_missing_assumption_is_named(policy_dir: Path) -> None:
    path = policy_dir / "assumptions.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("A-10:")], encoding="utf-8")
    assert refused(policy_dir).startswith("assumptions.yaml:4: A-10 is missing")


def test_the_fingerprint_changes_with_any_file(policy_dir: Path, edit: Edit) -> None:
    before = load_policy(policy_dir).files_digest
    assert before == load_policy().files_digest
    edit("alerts.yaml", "calendar_days_overdue: 5", "calendar_days_overdue: 6")
    assert load_policy(policy_dir).files_digest != before


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
@pytest.mark.parametrize(
    "file", ["events/petition.yaml", ARB, "calendars/2025.yaml", "wording.yaml"]
)
def test_a_file_that_holds_nothing_is_named(policy_dir: Path, file: str, text: str) -> None:
    (policy_dir / file).write_text(text, encoding="utf-8")
    nothing = "the file holds nothing; write its entries, or remove it"
    assert refused(policy_dir) == f"{file}:1: {nothing}"
