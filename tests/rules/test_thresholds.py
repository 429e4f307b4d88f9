"""Thresholds and minimum wages that do not fit together are refused with file and line."""

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rules.policy import POLICY_DIR, PolicyError, load_policy
from rules.rulebook import builtin_rulebook

NUMBERS, WAGES, SENTENCES = "thresholds.yaml", "minimum_wages.yaml", "classifications.yaml"

# file, old text, new text, a text on the line that is named, the reason
WRONG: dict[str, tuple[str, str, str, str, str]] = {
    "versions that overlap": (
        NUMBERS,
        "from: 2021-01-01\n      value: 12",
        "from: 2020-06-01\n      value: 12",
        "- from: 2020-06-01",
        "final_award_months: overlaps the version from 2017-07-01",
    ),
    "versions with a gap": (
        NUMBERS,
        "from: 2021-01-01\n      value: 12",
        "from: 2021-02-01\n      value: 12",
        "- from: 2021-02-01",
        "final_award_months: leaves a gap after 2020-12-31",
    ),
    "a version that ends before it begins": (
        NUMBERS,
        "to: 2020-12-31\n      value: 12",
        "to: 2016-12-31\n      value: 12",
        "- from: 2017-07-01",
        "final_award_months: ends on 2016-12-31 before it begins",
    ),
    "an article that is not there": (
        NUMBERS,
        '{source: arbitration_rules, article: "65"}',
        '{source: arbitration_rules, article: "650"}',
        "- from: 2017-07-01",
        "panel_of_three: arbitration_rules has no article '650'",
    ),
    "a number that was only seen in passing": (
        NUMBERS,
        "article: 三}]\n      verified: P2",
        "article: 三}]\n      verified: P1",
        "- from: 2021-05-31",
        "verified P1 decides nothing: leave a gap that says so",
    ),
    "a number and a gap": (
        NUMBERS,
        "gap: &no_local_number",
        "value: 5000\n      gap: &no_local_number",
        "- from: 2013-01-23",
        "give a value, a span of least and most, or a gap",
    ),
    "a version that says nothing": (
        NUMBERS,
        "      value: 3000000\n",
        "",
        "- from: 2021-05-31",
        "give a value, least or most, a condition, or the gap",
    ),
    "a wage of no time": (
        WAGES,
        "- place: shanghai\n  to: 2021-06-30\n",
        "- place: shanghai\n",
        "- place: shanghai",
        "give from, to or both",
    ),
    "wages that overlap": (
        WAGES,
        "from: 2023-07-01\n  to: 2025-06-30",
        "from: 2023-06-01\n  to: 2025-06-30",
        "- place: shanghai",
        "shanghai: overlaps the version from 2021-07-01",
    ),
    "wages with a gap": (
        WAGES,
        "from: 2023-07-01\n  to: 2025-06-30",
        "from: 2023-08-01\n  to: 2025-06-30",
        "- place: shanghai",
        "shanghai: leaves a gap after 2023-06-30",
    ),
    "a wage beside its tiers": (
        WAGES,
        "from: 2024-01-01\n  gap: {zh: 辽宁",
        "from: 2023-12-31\n  gap: {zh: 辽宁",
        "- place: liaoning",
        "liaoning: overlaps a tier of the same place",
    ),
    "a wage without a number": (
        WAGES,
        "  monthly: 2740\n",
        "",
        "- place: shanghai",
        "give the monthly wage, or the gap that says why there is none",
    ),
    "a place nobody knows": (
        WAGES,
        "- place: lingyuan",
        "- place: lingyun",
        "- place: lingyun",
        "there is no jurisdiction 'lingyun'",
    ),
    "a sentence with other names in the languages": (
        SENTENCES,
        'en: "Number of workers: {claimants}, fewer than {least}."',
        'en: "Number of workers: {claimants}, fewer than {most}."',
        "      few:",
        "few: zh and en do not have the same names in braces",
    ),
    "a sentence without English": (
        SENTENCES,
        'not_common: {zh: "没有共同请求。", en: "They have no common claim."}',
        'not_common: {zh: "没有共同请求。"}',
        "      not_common:",
        "not_common.en: the field is missing; add it",
    ),
}

# As above; what a limit or a fact tests must be a number everywhere and at any time.
FACTS = "facts.yaml"
WRONG |= {
    "a threshold nobody knows": (
        FACTS,
        "at_least: collective_workers",
        "at_least: collective_worker",
        "holds_if:",
        "collective: there is no threshold 'collective_worker' in thresholds.yaml",
    ),
    "a threshold without a national number": (
        FACTS,
        "at_least: collective_workers",
        "at_least: complaint_representatives",
        "holds_if:",
        "collective: a threshold it names has no national value",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    file, old, new, marked, reason = WRONG[name]
    copy = Path(shutil.copytree(POLICY_DIR, tmp_path / "policy"))
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        load_policy(copy)
    said = re.fullmatch(r"(\S+):(\d+): (.*)", str(raised.value), re.DOTALL)
    assert said is not None
    assert said[1] == file
    line = (copy / file).read_text(encoding="utf-8").splitlines()[int(said[2]) - 1]
    assert line.startswith(marked) or line.strip().startswith(marked.strip())
    assert reason in said[3]


def test_the_most_particular_place_counts_and_a_gap_leaves_the_national_span() -> None:
    threshold = builtin_rulebook().policy.thresholds["crime_one_worker_amount"]
    day = date(2026, 1, 1)
    assert threshold.bounds(day, ("lingyuan", "liaoning", "national")) == (10_000, 10_000)
    assert threshold.bounds(day, ("chongming", "shanghai", "national")) == (5_000, 20_000)
    assert threshold.bounds(date(2013, 2, 1), ("liaoning", "national")) == (5_000, 20_000)
    assert threshold.bounds(date(2012, 1, 1), ("national",)) is None


def test_unverified_numbers_stand_as_gaps_and_not_as_numbers() -> None:
    policy = builtin_rulebook().policy
    shanghai = policy.thresholds["crime_many_workers_amount"].on(date(2026, 1, 1), ("shanghai",))
    assert shanghai is not None
    assert (shanghai.value, shanghai.verified) == (None, "UNVERIFIED")
    assert shanghai.gap is not None
    assert "未能核实" in shanghai.gap.zh
    gaps = {wage.place for wage in policy.minimum_wages if wage.gap is not None}
    assert gaps == {"shanghai", "quzhou", "liaoning", "lingyuan"}
    hourly = {
        (wage.place, wage.from_): wage.hourly for wage in policy.minimum_wages if wage.tier is None
    }
    assert hourly["shanghai", date(2023, 7, 1)] == Decimal(24)
    assert hourly["shanghai", date(2025, 7, 1)] is None


def test_a_threshold_that_is_tested_is_a_number_in_every_place(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(POLICY_DIR, tmp_path / "policy"))
    path = copy / NUMBERS
    text, own = path.read_text(encoding="utf-8"), "jurisdiction: zhejiang\n      value: 10\n"
    assert own in text
    path.write_text(text.replace(own, own.replace("      value: 10\n", "")), encoding="utf-8")
    reason = "collective_workers has no value in zhejiang from 2016-01-01; give it one"
    with pytest.raises(PolicyError, match=reason):
        load_policy(copy)
