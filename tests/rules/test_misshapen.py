"""A policy file of the wrong shape is refused with file, line, what is wrong and what to do, in
Chinese and English and never in the words of the library that found it."""

import re
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import TypeAdapter

from rules import misshapen, origins, schema, thresholds
from rules.check import run
from rules.event_types import EventType
from rules.holiday_files import FixedDays, HolidayFile
from rules.indicators import AlertPolicy, Indicator, Plan
from rules.policy import POLICY_DIR
from rules.procedures import ProcedureData
from rules.worked import CASES_DIR, WorkedCase
from service.commands.answering import check_policy

INS, AWARD, EMP = (
    f"deadlines/{name}.yaml" for name in ("inspection", "arbitration_award", "employment")
)
EVENTS, WAGES, ALERTS, YEAR = (
    "events/before_receipt.yaml", "minimum_wages.yaml", "alerts.yaml", "calendars/2025.yaml",
)  # fmt: skip
# Words of pydantic's own sentences.
RAW = re.compile("Input|should|Field|permitted|Unable|valid|parsing")

# File, what stands there and what is written instead, what the line then holds; and what is said
# of it in English and in Chinese.
WRONG = {
    "missing": (
        INS, "  kind: duty\n", "", "id: insp_complaint_decision",
        "0.kind: the field is missing; add it", "0.kind: 缺少这一项，请补上",
    ),
    "extra_forbidden": (
        INS, "  kind: duty\n", "  kynd: duty\n", "kynd: duty",
        "0.kynd: there is no such field here; mind its spelling, or take it out",
        "0.kynd: 此处没有这一项，请核对拼写，或删去",
    ),
    "string_type: a number": (
        INS, 'article: "18"', "article: 18", "materials_corrected: [{source",
        "article: “18” stands where text belongs; write text, in quotes where it looks like",
        "article: 此处应为文字，而写的是“18”；请写文字",
    ),
    "string_type: nothing": (
        INS, "who: {zh: 人力资源社会保障行政部门,", "who: {zh: ,", "who: {zh: ,",
        "0.who.zh: nothing stands where text belongs", "0.who.zh: 此处应为文字，而写的是空值",
    ),
    "string_type: a key": (
        EVENTS, "needs: {mediation: [negotiation_requested]}", "needs: {2025: [x]}", "needs: {2025",
        "needs.2025: “2025” stands where text belongs", "needs.2025: 此处应为文字，而写的是“2025”",
    ),
    "string_too_short": (
        INS, "who: {zh: 人力资源社会保障行政部门,", 'who: {zh: "",', "who: {zh:",
        "0.who.zh: the text has too few characters (at least 1); write it out",
        "0.who.zh: 此处的文字太短，至少须有1个字符；请写完整",
    ),
    "string_pattern_mismatch": (
        INS, "starts_on: [complaint_received]", "starts_on: [Complaint-received]", "Complaint-rec",
        "0.starts_on.0: “Complaint-received” is no name; use small letters, digits and underscores",
        "0.starts_on.0: “Complaint-received”不是可用的名称；只用小写字母、数字和下划线",
    ),
    "int_parsing": (
        INS, "length: 5, unit", "length: five, unit", "length: five",
        "length: “five” is no whole number; write digits alone, without quotes or a unit",
        "length: 此处应为整数，而写的是“five”；请只写数字",
    ),
    "int_from_float": (
        INS, "length: 5, unit", "length: 5.5, unit", "length: 5.5",
        "length: “5.5” is no whole number", "length: 此处应为整数，而写的是“5.5”",
    ),
    "int_type": (
        INS, "length: 5, unit", "length: [5], unit", "length: [5]",
        "length: a list is no whole number", "length: 此处应为整数，而写的是一个列表",
    ),
    "finite_number": (
        INS, "length: 5, unit", "length: .inf, unit", "length: .inf",
        "length: “inf” is no number", "length: 此处应为数，而写的是“inf”",
    ),
    "greater_than_equal": (
        INS, "length: 5, unit", "length: -5, unit", "length: -5",
        "length: “-5” is less than 0; write 0 or more", "length: “-5”小于0；请写不小于0的数",
    ),
    "less_than_equal": (
        INS, "length: 5, unit", "length: 5000, unit", "length: 5000",
        "length: “5000” is more than 4000; write 4000 or less",
        "length: “5000”大于4000；请写不大于4000的数",
    ),
    "literal_error: near": (
        INS, "unit: working_days", "unit: working_day", "unit: working_day",
        "unit: “working_day” is none of what may stand here; did you mean working_days? There are",
        "unit: “working_day”不在可用的值之中，是否应为 working_days？可用的有：",
    ),
    "literal_error: far": (
        INS, "unit: working_days", "unit: fortnights", "unit: fortnights",
        "unit: “fortnights” is none of what may stand here; write one of calendar_days, ",
        "unit: “fortnights”不在可用的值之中；请写其中之一：calendar_days、",
    ),
    "decimal_parsing": (
        WAGES, "monthly: 2480", "monthly: much", "monthly: much",
        "0.monthly: “much” is no number; write digits alone, with a point before decimals",
        "0.monthly: 此处应为数，而写的是“much”",
    ),
    "decimal_type": (
        WAGES, "monthly: 2480", "monthly: {yuan: 2480}", "monthly: {yuan",
        "0.monthly: a group of fields is no number", "0.monthly: 此处应为数，而写的是若干项",
    ),
    "greater_than": (
        WAGES, "monthly: 2480", "monthly: 0", "monthly: 0",
        "0.monthly: “0” is not more than 0; write a larger number",
        "0.monthly: “0”不大于0；请写大于0的数",
    ),
    "bool_parsing": (
        INS, "outlives_case: true", "outlives_case: maybe", "outlives_case: maybe",
        "outlives_case: “maybe” is neither true nor false; write one of the two",
        "outlives_case: 此处应为 true 或 false，而写的是“maybe”",
    ),
    "bool_type": (
        INS, "outlives_case: true", "outlives_case: [true]", "outlives_case: [true]",
        "outlives_case: a list is neither true nor false", "outlives_case: 此处应为 true 或 false",
    ),
    "date_parsing": (
        INS, "from: 2005-02-01", "from: yesterday", "from: yesterday",
        "versions.0.from: “yesterday” is no day; write it as year-month-day, like 2025-06-03",
        "versions.0.from: 此处应为日期，而写的是“yesterday”；请写成 年-月-日",
    ),
    "date_type": (
        INS, "from: 2005-02-01", "from: [2005-02-01]", "from: [2005",
        "versions.0.from: a list is no day", "versions.0.from: 此处应为日期，而写的是一个列表",
    ),
    "date_from_datetime_inexact": (
        INS, "from: 2005-02-01", "from: 2005", "from: 2005",
        "versions.0.from: “2005” is no day", "versions.0.from: 此处应为日期，而写的是“2005”",
    ),
    "no such day": (
        YEAR, "- 2025-01-28", "- 2025-02-30", "2025-02-30",
        "there is no day 2025-02-30; write one that exists",
        "没有2025-02-30这一天；请写实际存在的日期",
    ),
    "dict_type": (
        EVENTS, "needs: {mediation: [negotiation_requested]}", "needs: [x]", "needs: [x]",
        "needs: a list stands where fields belong; write `field: value`, one a line and indented",
        "needs: 此处应为若干项，而写的是一个列表",
    ),
    "model_type": (
        ALERTS, "escalation:\n  calendar_days_overdue: 5", "escalation: 5", "escalation: 5",
        "escalation: “5” stands where fields belong", "escalation: 此处应为若干项，而写的是“5”",
    ),
    "tuple_type": (
        INS, "starts_on: [complaint_received]", "starts_on: complaint_received", "starts_on: comp",
        "0.starts_on: “complaint_received” stands where a list belongs; put it in brackets",
        "0.starts_on: 此处应为列表，而写的是“complaint_received”；请放在方括号中",
    ),
    "too_short": (
        INS, "starts_on: [complaint_received]", "starts_on: []", "starts_on: []",
        "0.starts_on: the list has 0 items and needs at least 1; add what is missing",
        "0.starts_on: 列表有0项，至少须有1项；请补上",
    ),
    "one of several": (
        EMP, "{fact: willing_and_obeys, equals: true}", "{fact: willing_and_obeys, equals: [true]}",
        "equals: [true]",
        "a list is nothing that may stand here; write one of these: text, a whole number, true or",
        "equals: 一个列表与此处可用的写法都不符；请写其中之一：文字、整数、true 或 false",
    ),
    "our own check": (
        INS, "from: 2005-02-01", "from: 2005-02-01\n      to: 2004-01-01", "- from: 2005-02-01",
        "the version ends on 2004-01-01 before it begins on 2005-02-01",
        "the version ends on 2004-01-01 before it begins on 2005-02-01",
    ),
}  # fmt: skip


@pytest.fixture
def policy_dir(tmp_path: Path) -> Path:
    """A copy of the policy that a test may spoil."""
    return Path(shutil.copytree(POLICY_DIR, tmp_path / "policy"))


def checked(directory: Path, language: str) -> str:
    """The one line that `check-policy` says."""
    out = StringIO()
    assert run(out, None, directory, CASES_DIR, language) == 1
    return out.getvalue().removesuffix("\n")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_shape_is_told_with_file_line_and_remedy(policy_dir: Path, name: str) -> None:
    file, old, new, held, english, chinese = WRONG[name]
    path = policy_dir / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    for language, said in (("en", english), ("zh_CN", chinese)):
        answer = checked(policy_dir, language)
        found = re.fullmatch(r"(\S+\.yaml):(\d+): (.+)", answer)
        assert found, answer
        assert found[1] == file
        assert held in lines[int(found[2]) - 1]
        assert said in found[3]
        assert not RAW.search(found[3])


def test_a_file_that_is_no_list_is_told(policy_dir: Path) -> None:
    (policy_dir / "questions.yaml").write_text("a: b\n", encoding="utf-8")
    said = checked(policy_dir, "en")
    assert said.startswith("questions.yaml:1: a group of fields stands where a list belongs")
    assert checked(policy_dir, "zh_CN").startswith("questions.yaml:1: 此处应为列表，而写的是若干项")


def test_what_the_policy_holds_is_said_in_either_language() -> None:
    for language in ("en", "zh_CN"):
        answer = CliRunner().invoke(check_policy, ["--language", language])
        assert answer.exit_code == 0
        assert "no problem found" in answer.output


# What pydantic can say of each kind of node that our shapes are built of.
SAYS = {
    "model": {"model_type"},
    "model-fields": {"missing", "extra_forbidden", "model_type"},
    "dict": {"dict_type"},
    "list": {"list_type"},
    "tuple": {"tuple_type", "too_short", "missing"},
    "str": {"string_type", "string_too_short", "string_pattern_mismatch"},
    "int": {
        "int_type", "int_parsing", "int_from_float", "int_parsing_size", "finite_number",
        "greater_than", "greater_than_equal", "less_than_equal",
    },
    "decimal": {
        "decimal_type", "decimal_parsing", "finite_number", "greater_than", "less_than_equal",
    },
    "bool": {"bool_type", "bool_parsing"},
    "date": {
        "date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact",
    },
    "literal": {"literal_error"},
    "function-after": {"value_error"},
}  # fmt: skip
# These only hold others together.
BARE = {
    "any", "default", "definition-ref", "definitions", "model-field", "no-info", "with-info",
    "nullable", "union",
}  # fmt: skip
SHAPES = [
    schema.Rule, schema.Statement, ProcedureData, schema.Counting, schema.Assumption,
    schema.Fact, schema.Question, EventType, HolidayFile, FixedDays, origins.Source,
    origins.Jurisdiction, thresholds.Threshold, thresholds.MinimumWage,
    thresholds.ClassificationPolicy, Indicator, Plan, AlertPolicy, WorkedCase,
]  # fmt: skip


def _kinds(node: Any) -> Iterator[str]:
    """The kinds of all nodes of a schema."""
    if isinstance(node, dict):
        if isinstance(node.get("type"), str):
            yield node["type"]
        for name, inner in node.items():
            if name not in ("serialization", "metadata"):
                yield from _kinds(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from _kinds(inner)


def test_every_mistake_that_our_shapes_can_find_has_words() -> None:
    kinds = {kind for shape in SHAPES for kind in _kinds(TypeAdapter(shape).core_schema)}
    assert kinds <= SAYS.keys() | BARE
    said = set().union(*(SAYS[kind] for kind in kinds & SAYS.keys())) - {"value_error"}
    assert {misshapen.kind_of(name) for name in said} <= set(misshapen.texts())
