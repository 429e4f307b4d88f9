"""docs/events.md says what the policy says."""

import re
from pathlib import Path

import pytest

from rules.event_guide import render
from rules.policy import Policy, load_policy

GUIDE = Path(__file__).parents[2] / "docs" / "events.md"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


@pytest.fixture(scope="module")
def text(policy: Policy) -> str:
    return render(policy.events.values(), policy.rules.values())


def row(text: str, event: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"| `{event}` |"))


def test_the_guide_in_docs_is_the_generated_one(text: str) -> None:
    assert GUIDE.read_text(encoding="utf-8") == text, (
        "write it anew: .venv/bin/python -m rules.event_guide > docs/events.md"
    )


def test_every_event_stands_in_one_row(policy: Policy, text: str) -> None:
    assert sorted(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == sorted(policy.events)


def test_a_row_says_what_the_event_does_and_takes(text: str) -> None:
    accepted = row(text, "case_accepted")
    assert "受理 / Case accepted" in accepted
    assert re.search(r"starts [^;]*`arb_award`", accepted)
    assert "ends `arb_acceptance_decision`" in accepted
    assert "`days` required" in row(text, "extension_approved")
    assert "needs approval" in row(text, "extension_approved")
    assert re.search(r"restarts [^;]*`arb_award`", row(text, "party_added_decision"))
    assert re.search(r"resumes [^;]*`arb_award`", row(text, "deemed_served"))
    assert "`insp_investigation` (zhejiang)" in row(text, "suspended")


def test_a_proposed_event_is_given_with_its_reason(text: str) -> None:
    _, proposals = text.split("## Proposed")
    assert re.search(r"`report_received`: .*starts no clock", proposals)
