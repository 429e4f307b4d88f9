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


ARB, INS = "deadlines/arbitration.yaml", "deadlines/inspection.yaml"
EMP, SOURCES = "deadlines/employment.yaml", "sources/national_laws.yaml"

# file, old text, new text, a text on the line that is named, the reason
WRONG: dict[str, tuple[str, str, str, str, str]] = {
    "an event nobody knows": (
        ARB,
        "starts_on: [award_received]",
        "starts_on: [award_recieved]",
        "id: arb_sue_after_award",
        "arb_sue_after_award: there is no event 'award_recieved'; did you mean 'award_received'?",
    ),
    "an event of another procedure": (
        ARB,
        "starts_on: [award_received]",
        "starts_on: [case_filed]",
        "id: arb_sue_after_award",
        "the event case_filed is not listed for the procedure arbitration",
    ),
    "an article that is not quoted": (
        ARB,
        '{source: mediation_arbitration_law, article: "29"}',
        '{source: mediation_arbitration_law, article: "299"}',
        "id: arb_acceptance_decision",
        "mediation_arbitration_law has no article '299' in sources/; quote it there",
    ),
    "a source that is not listed": (
        INS,
        "{source: inspection_provisions",
        "{source: inspection_proverbs",
        "id: insp_complaint_decision",
        "there is no source 'inspection_proverbs'",
    ),
    "a unit the counting code does not count": (
        ARB,
        "period: {length: 5, unit: working_days}",
        "period: {length: 5, unit: calendar_days}",
        "id: arb_acceptance_decision",
        "C2 counts working_days, not calendar_days",
    ),
    "a unit nobody knows": (
        ARB,
        "period: {length: 5, unit: working_days}",
        "period: {length: 5, unit: bank_days}",
        "unit: bank_days",
        "unit: Input should be 'calendar_days', 'working_days', 'months', 'years'",
    ),
    "a negative length": (
        ARB,
        "length: 5,",
        "length: -5,",
        "length: -5",
        "greater than or equal to 0",
    ),
    "a key that stands twice": (
        ARB,
        "  kind: duty\n",
        "  kind: duty\n  kind: party\n",
        "  kind: party",
        "the key 'kind' stands twice",
    ),
    "a key nobody knows": (
        ARB,
        "  kind: duty\n",
        "  kind: duty\n  extendible: yes\n",
        "extendible",
        "Extra inputs are not permitted",
    ),
    "a missing language": (
        ARB,
        "{zh: 裁决结案（或以其他方式结案）, en: Make the award or otherwise close the case}",
        "{zh: 裁决结案}",
        "obligation: {zh: 裁决结案}",
        "obligation.en: Field required",
    ),
    "Chinese that is not": (
        ARB,
        "{zh: 裁决结案（或以其他方式结案）,",
        "{zh: Award,",
        "obligation: {zh: Award,",
        "zh holds no Chinese: 'Award'; translate it",
    ),
    "English that is not": (
        ARB,
        "en: Make the award or otherwise close the case}",
        "en: Make the award 或以其他方式结案}",
        "en: Make the award 或以其他方式结案}",
        "en holds Chinese outside quotation marks",
    ),
    "a blank text": (
        ARB,
        "en: Make the award or otherwise close the case}",
        'en: " "}',
        'en: " "}',
        "en is empty; write the text",
    ),
    "a number that was not verified acting as law": (
        INS,
        "verified: P2",
        "verified: P3",
        "id: insp_complaint_decision",
        "verified P3 cannot act as law",
    ),
    "a verification mark nobody knows": (
        INS,
        "verified: P2",
        "verified: trust me",
        "id: insp_complaint_decision",
        "there is no verification mark 'trust me'",
    ),
    "a target without a label": (
        EMP,
        "  label: *validity\n",
        "",
        "id: emp_zero_household_placement_sh",
        "a target needs a label",
    ),
    "a restart without its article": (
        INS,
        """  restart_basis:
    materials_corrected: [{source: inspection_provisions, article: "18"}]
""",
        "",
        "id: insp_complaint_decision",
        "each restarting event needs its article",
    ),
    "a rule that stands twice": (
        INS,
        "- id: insp_file_on_acceptance",
        "- id: insp_complaint_decision",
        "- id: insp_complaint_decision",
        "the rule insp_complaint_decision stands twice",
    ),
    "a day that does not exist": (
        ARB,
        "from: 2017-07-01",
        "from: 2017-06-31",
        "from: 2017-06-31",
        "2017-06-31: day",
    ),
    "a fact nobody knows": (
        EMP,
        "{fact: willing_and_obeys, equals: true}",
        "{fact: willing, equals: true}",
        "id: emp_difficult_placement_sh",
        "there is no fact 'willing'",
    ),
    "a condition with two tests": (
        EMP,
        "{fact: willing_and_obeys, equals: true}",
        "{fact: willing_and_obeys, equals: true, at_least: 1}",
        "at_least: 1",
        "give exactly one of equals, at_least",
    ),
    "a reading nobody knows": (
        "assumptions.yaml",
        "reading: unrolled_base",
        "reading: sometimes",
        "A-6:",
        "reading 'sometimes' is not among unrolled_base, rolled_base",
    ),
    "a reading that counting does not know": (
        "assumptions.yaml",
        "    no_roll: {",
        "    half_roll: {",
        "  readings:",
        "there is no way of counting for the reading 'half_roll'",
    ),
    "a closing event nobody knows": (
        "procedures.yaml",
        "    case_dropped: dropped",
        "    case_lost: dropped",
        "- id: inspection",
        "inspection: there is no event 'case_lost'",
    ),
    "an event that needs one nobody knows": (
        "events.yaml",
        "needs: {arbitration: [arb_application_received]}",
        "needs: {arbitration: [application_received]}",
        "id: arb_application_defective",
        "there is no event 'application_received'",
    ),
    "a place within nowhere": (
        "jurisdictions/quzhou.yaml",
        "within: zhejiang",
        "within: atlantis",
        "within: atlantis",
        "there is no jurisdiction 'atlantis'; known: chongming, liaoning",
    ),
    "a place within itself": (
        "jurisdictions/zhejiang.yaml",
        "within: national",
        "within: quzhou",
        "within: zhejiang",
        "quzhou lies within itself",
    ),
    "a file with another name than its place": (
        "jurisdictions/quzhou.yaml",
        "id: quzhou",
        "id: zhejiang",
        "id: zhejiang",
        "the id zhejiang is not the name of the file",
    ),
    "a make-up day on a weekday": (
        "calendars/2025.yaml",
        "  - 2025-01-26",
        "  - 2025-01-24",
        "  - 2025-01-24",
        "2025-01-24 is a weekday and needs no make-up",
    ),
    "a day off that is worked": (
        "calendars/2025.yaml",
        "  - 2025-01-26",
        "  - 2025-02-01",
        "  - 2025-02-01",
        "2025-02-01 is off and worked",
    ),
    "a day of another year": (
        "calendars/2025.yaml",
        "  - 2025-01-01",
        "  - 2024-01-01",
        "  - 2024-01-01",
        "2024-01-01 is not a day of 2025",
    ),
    "a sentence whose languages differ": (
        "wording.yaml",
        "Due on {due} ({weekday}).",
        "Due on {due}.",
        "due: {zh:",
        "zh and en do not have the same names in braces",
    ),
    "a sentence in one language": (
        "wording.yaml",
        "due: {zh:",
        "due: {fr:",
        "due: {fr:",
        "due needs zh and en",
    ),
    "a limit that can never begin": (
        "events.yaml",
        "needs: {arbitration: [award_issued]}",
        "needs: {arbitration: [award_received]}",
        "id: arb_sue_after_award",
        "arb_sue_after_award: nothing can begin it: what award_received needs never happens",
    ),
    "a duty that nothing discharges": (
        "events.yaml",
        "needs: {arbitration: [defence_filed]}",
        "needs: {arbitration: [defence_served]}",
        "id: arb_serve_defence",
        "arb_serve_defence: nothing can discharge it: what defence_served needs never happens",
    ),
    "a limit that ends where it begins": (
        ARB,
        "discharged_by: [defence_served]",
        "discharged_by: [defence_served, defence_filed]",
        "id: arb_serve_defence",
        "defence_filed both begins and ends it",
    ),
    "an ending that may not follow the beginning": (
        "events.yaml",
        "needs: {arbitration: [defence_filed]}",
        "not_after: {arbitration: [defence_filed]}",
        "id: arb_serve_defence",
        "nothing that ends it may follow defence_filed",
    ),
    "an event that stands twice": (
        "events.yaml",
        "- id: case_refused",
        "- id: case_accepted",
        "- id: case_accepted",
        "the id case_accepted stands twice",
    ),
    "what is not YAML": (
        "facts.yaml",
        "claimants:",
        "claimants: [",
        "",
        "not valid YAML",
    ),
}

# What is wrong with an event is told of the rule that waits for it.
SEEN_AT_THE_RULE = ("never happens", "may follow")


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
        assert found[1] == "quzhou.yaml"
        return
    if any(words in reason for words in SEEN_AT_THE_RULE):
        file = ARB
    assert found[1] == Path(file).name
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
    assert message.startswith(f"inspection.yaml:{line}: ")
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
    edit(ARB, "    - from: 2024-01-01\n", "    - from: 2024-01-01\n      to: 2023-01-01\n")
    message = refused(policy_dir)
    line = line_of(policy_dir, ARB, "      to: 2023-01-01") - 1
    assert message.startswith(f"arbitration.yaml:{line}: ")
    assert "the version ends on 2023-01-01 before it begins on 2024-01-01" in message


@pytest.mark.parametrize("file", ["events.yaml", "thresholds.yaml", "assumptions.yaml"])
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
