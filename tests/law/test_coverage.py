"""Every limit of the table of the law stands in the policy, with its use and its events.

`data/limits.csv` is that table: one row a limit, extension, statement or repealed text.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from rules.policy import Policy, load_policy
from rules.schema import Extension, Rule

TABLE = Path(__file__).parent / "data" / "limits.csv"
# How the table says what kind a limit is, by the words it begins with.
KINDS = {
    "duty": "duty",
    "party": "party",
    "the date is in the order": "party",
    "deemed date": "deemed_date",
    "retention": "retention",
    "opens the parties' right": "service_target",
    "commitment": "commitment",
    "advisory": "advisory",
    "bar on acting": "bar",
    "earliest date": "earliest",
    "recurring duty": "recurring",
    "term": "term",
    "other authority": "authority",
    "on as a plan target": "target",
}
EXTENSION = "extension of "
# Where the policy differs from the table, and why.
EXCEPTIONS = {
    # The law decides, not the list: §36 itself speaks of no simplified procedure, and the tables of
    # the law (arb_award: 浙江 additionally …) give its grounds to the 45 days.
    ("arb_award", "pauses"): "浙江条例§36 stops the ordinary 45 days too",
    # At the commission that takes a case over nothing ran before, and it has decided to take it.
    ("arb_award", "starts_on"): "从接受移送之日起重新计算 (§46(5)), where nothing ran before",
    ("arb_simplified_award_zj", "starts_on"): "as for the 45 days",
    ("arb_acceptance_decision", "discharged_by"): "taking a case over is accepting it",
    ("insp_lookback", "discharged_by"): "a tip-off, an event of ours, ends it: 被举报、投诉",
    ("wage_blacklist_term", "restarts_on"): "an event of ours: 撤销提前移出→起止重新计算(§15)",
    ("wage_blacklist_removal", "discharged_by"): "revoked before it was carried out (§15)",
}
# A row that names another limit in its basis, of a place's own law: that one, with its row.
ANOTHER_LAW = {"insp_serve_handling_liaoning": "insp_serve_decision"}
# A number that a place's own law gives too is a rule of that place, with its row.
SAME_NUMBERS = {"arb_public_notice_deemed_zj_other": "arb_public_notice_deemed"}
# Rows that give two numbers are two rules; the second of each, with its row.
SECOND_NUMBERS = {
    "arb_archive_retention_other": "arb_archive_retention",
    "arb_public_notice_deemed_zj": "arb_public_notice_deemed",
}


class Row(NamedTuple):
    """A row of the table, its lists taken apart."""

    id: str
    procedure: str
    jurisdiction: str
    use: str
    kind: str
    starts_on: frozenset[str]
    discharged_by: frozenset[str]
    restarts_on: frozenset[str]
    pauses: frozenset[tuple[str, str, str]]


def _rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file)]


def _row(line: dict[str, str]) -> Row:
    def listed(column: str) -> frozenset[str]:
        return frozenset(line[column].split("|")) - {""}

    pauses = set()
    for text in listed("pauses_from_to"):
        place, events = re.fullmatch(r"(?:\((\w+)\) )?(\S+)", text).groups()  # type: ignore[union-attr]
        pauses.add((*events.split(".."), place or "national"))
    return Row(
        line["id"].lower(),
        line["procedure"],
        line["jurisdiction"],
        line["use"],
        line["kind"],
        listed("starts_on"),
        listed("discharged_by"),
        listed("restarts_on"),
        frozenset(pauses),
    )


ROWS = _rows()
EXTENSIONS = [row for row in ROWS if row.kind.startswith(EXTENSION)]
STATEMENTS = [row for row in ROWS if row.use in ("negative", "dead")]
LIMITS = [row for row in ROWS if row not in EXTENSIONS and row not in STATEMENTS]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


def kind_of(row: Row) -> str:
    return next(kind for words, kind in KINDS.items() if row.kind.startswith(words))


def extensions(rule: Rule) -> list[Extension]:
    return [version.extension for version in rule.versions if version.extension]


def said(rule: Rule) -> dict[str, object]:
    """What the policy says of a limit, as the table would."""
    pauses = {(one.from_, one.to, one.jurisdiction) for one in rule.pauses}
    return {
        "procedure": rule.procedure,
        "jurisdiction": rule.jurisdiction,
        "use": rule.use,
        "kind": rule.kind,
        "starts_on": frozenset(rule.starts_on),
        "discharged_by": frozenset(rule.discharged_by),
        "restarts_on": frozenset(rule.restarts_on),
        "pauses": frozenset(pauses),
    }


def test_the_table_is_whole() -> None:
    assert len(ROWS) == len({row.id for row in ROWS}) == 113


def test_every_row_is_in_the_policy_and_nothing_else(policy: Policy) -> None:
    extending = {one.id for rule in policy.rules.values() for one in extensions(rule) if one.id}
    known = {name.lower() for name in (*policy.rules, *policy.statements)} | extending
    assert {row.id for row in ROWS} - known == set()
    assert known - {row.id for row in ROWS} == {*SECOND_NUMBERS, *SAME_NUMBERS, *ANOTHER_LAW}


@pytest.mark.parametrize(("name", "first"), SECOND_NUMBERS.items())
def test_a_second_number_is_of_the_use_and_kind_of_its_row(
    policy: Policy, name: str, first: str
) -> None:
    second, general = policy.rules[name], policy.rules[first]
    assert (second.procedure, second.use, second.kind) == (
        general.procedure,
        general.use,
        general.kind,
    )
    lengths = {rule.versions[-1].period.length for rule in (second, general)}
    assert len(lengths) == 2


@pytest.mark.parametrize(("name", "first"), SAME_NUMBERS.items())
def test_a_number_of_a_place_is_that_of_its_row(policy: Policy, name: str, first: str) -> None:
    local, general = policy.rules[name], policy.rules[first]
    assert local.replaces == first
    assert (local.use, local.kind) == (general.use, general.kind)
    assert {version.period for version in local.versions} == {general.versions[-1].period}


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.id)
def test_a_limit_has_the_use_the_kind_and_the_events_of_the_table(policy: Policy, row: Row) -> None:
    found = said(policy.rules[row.id])
    expected = {**row._asdict(), "kind": kind_of(row)}
    different = {name for name, value in found.items() if value != expected[name]}
    assert different == {name for one, name in EXCEPTIONS if one == row.id}, {
        name: (found[name], expected[name]) for name in different
    }


@pytest.mark.parametrize("row", STATEMENTS, ids=lambda row: row.id)
def test_what_has_no_limit_is_said_and_never_counted(policy: Policy, row: Row) -> None:
    named = {name.lower(): one for name, one in policy.statements.items()}
    found = named[row.id]
    assert (found.procedure, found.jurisdiction, found.use) == row[1:4]
    assert row.id not in policy.rules


@pytest.mark.parametrize("row", EXTENSIONS, ids=lambda row: row.id)
def test_an_extension_with_a_row_of_its_own_belongs_to_its_limit(policy: Policy, row: Row) -> None:
    extended = policy.rules[row.kind.removeprefix(EXTENSION)]
    assert row.id in {one.id for one in extensions(extended)}
    assert row.starts_on <= set(extended.extended_by)


@pytest.mark.parametrize(
    "row", [row for row in LIMITS if "replaces" in row.kind], ids=lambda row: row.id
)
def test_a_more_particular_limit_takes_the_place_of_the_general(policy: Policy, row: Row) -> None:
    rule = policy.rules[row.id]
    replaced, _, condition = row.kind.partition("replaces ")[2].partition(" while ")
    assert rule.replaces == replaced
    assert (rule.jurisdiction != "national") or condition
    if condition:
        assert {(one.fact, one.equals) for one in rule.requires} == {("track", "simplified")}
    else:
        # Two sources differ: which was followed is said.
        assert rule.conflict is not None


def test_only_what_the_table_calls_law_or_a_target_acts(policy: Policy) -> None:
    acting = {name for name, rule in policy.rules.items() if rule.use != "off"}
    wanted = {row.id for row in LIMITS if row.use in ("law", "target", "advisory")}
    assert acting == wanted | {*SECOND_NUMBERS, *SAME_NUMBERS, *ANOTHER_LAW}


def test_every_exception_still_is_one(policy: Policy) -> None:
    named = {row.id: row for row in LIMITS}
    for (name, field), why in EXCEPTIONS.items():
        assert why
        assert said(policy.rules[name])[field] != named[name]._asdict()[field]
