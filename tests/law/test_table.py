"""The policy against the collection of statutes, row by row: length and unit, counting code, cap,
times, who, consequence, mark, and every article that the row rests on.

What differs is named here with its reason, and must still differ.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from rules.common import Citation
from rules.consistency import citations_of
from rules.policy import Policy, load_policy
from rules.schema import ARRIVING, Rule
from tests.law.table import TABLE, Row, rows
from tests.law.test_coverage import ANOTHER_LAW, SAME_NUMBERS, SECOND_NUMBERS

ROWS = rows()
EXTENSIONS = {
    "arb_award_extension": "arb_award",
    "insp_investigation_ext": "insp_investigation",
}
# Limits that the table tells in words, and how the policy counts them.
WORDED = {
    "insp_file_on_acceptance": ("same_day", 0, "same_day"),
    "insp_public_disclosure": ("each_period", 1, "quarters"),
    "insp_credit_rating": ("each_period", 4, "quarters"),
    "wage_order_deadline": ("stated", 0, "stated"),
    "wage_payday_backward": ("C7", 0, "calendar_days"),
    "emp_difficult_recognition_sh": ("same_day", 0, "same_day"),
}
# Who the table means, where it abbreviates; what is not here stands in the same words.
SAME_WHO = {
    "仲裁委": "仲裁委员会",
    "仲裁委(主任/仲裁院负责人)": "仲裁委员会主任或者仲裁院负责人",
    "仲裁庭(浙江)": "仲裁庭",
    "申请人 applicant": "申请人",
    "劳动者 worker": "劳动者",
    "被申请人 respondent": "被申请人",
    "双方共同": "双方当事人",
    "企业调解委员会": "企业劳动争议调解委员会",
    "劳动人事争议调解组织(浙江, incl. 乡镇街道、区域行业)": (
        "劳动人事争议调解组织，包括乡镇街道和区域、行业的"
    ),
    "人社行政部门": "人力资源社会保障行政部门",
    "人社行政部门(浙江)": "人力资源社会保障行政部门（浙江）",
    "人社部门": "人力资源社会保障行政部门",
    "劳动保障行政部门(辽宁)": "劳动保障行政部门（辽宁）",
    "相对人/投诉人": "行政相对人、投诉人",
    "相对人": "行政相对人",
    "市/县级人社部门": "地市级、县级人力资源社会保障行政部门",
    "负责查处的人社部门": "负责查处的人力资源社会保障行政部门",
    "县级以上人社": "县级以上人力资源社会保障行政部门",
    "人社部门 sets / 用人单位 pays": "人社部门指定期限，用人单位支付",
    "用人单位; 总包、分包": "用人单位；施工总承包单位、分包单位",
    "人社 / 公安 / 人社": "人力资源社会保障行政部门",
    "区人社局 (≤300万元/次) ; 市人社局 (>300万元)": (
        "区人社局（每次300万元以下）；市人社局（300万元以上）"
    ),
    "县级以上政府": "县级以上人民政府",
    "总包": "施工总承包单位",
    "属地人社": "属地人社部门",
    "街镇社区事务受理/公共就业服务机构": "街镇社区事务受理服务中心、公共就业服务机构",
    "区/街镇": "区、街镇公共就业服务机构",
    "党委政府信访部门": "党委、政府信访部门",
    "其他机关单位(人社局)": "收到信访事项的机关、单位",
    "有权处理机关": "有权处理的机关、单位",
    "收到机关": "收到转送、交办的机关、单位",
    "上一级机关": "原办理机关、单位的上一级机关、单位",
    "再上一级": "复查机关、单位的上一级机关、单位",
    "worker": "职工、近亲属、工会组织",
    "社保行政部门": "社会保险行政部门",
    "社保行政部门(浙江)": "社会保险行政部门（浙江）",
    "劳鉴委": "劳动能力鉴定委员会",
    "市级劳鉴委": "设区的市级劳动能力鉴定委员会",
    "职工/单位": "职工、用人单位",
    "职工/单位/经办": "职工、近亲属、用人单位、经办机构",
}
# Where the policy says more than the row or less, and why.
EXCEPTIONS = {
    ("insp_lookback", "who"): "whom the bar on acting binds",
    ("wage_blacklist_term", "who"): "nobody acts; removal follows",
    ("emp_registration_exit_sh_dead", "who"): "whom the repealed text was about",
    ("arb_public_notice_deemed", "marks"): "浙江条例, read twice, is V1 and V3",
    ("insp_decision", "marks"): "P3 is how it was read, UNVERIFIED what follows from that",
    ("wage_special_account_open", "marks"): "V1 is §27 for closing the account, not the 30 days",
    (
        "emp_difficult_placement_sh",
        "marks",
    ): "UNVERIFIED is how long it holds; its label says so",
    ("emp_zero_household_placement_sh", "marks"): "as for the placement of a person",
    ("pet_simple_reply", "marks"): "the row says that it is as the one before",
    ("arb_serve_application", "consequence"): "and what the row says of public notice",
    ("wage_blacklist_decision", "consequence"): "and what the row says of who makes good (§7)",
}
# Articles of a row that are not of its limit, and why.
NOT_OF_THE_LIMIT = {
    "wage_special_account_open": ({("migrant_wages_regulation", 27)}, "closing the account"),
    "emp_difficult_recognition_zj": ({("zhejiang_difficulty_notice_2025", 55)}, "an age"),
}
# By row and column, what it says beside its numbers; None where no text says it.
SAID: dict[str, dict[str, str | None]] = yaml.safe_load(
    (TABLE.parent / "said.yaml").read_text(encoding="utf-8")
)
# Cells that say nothing, or what their numbers and events say.
_SILENT = {"—", "no", "none"}
FAMILY = {**SECOND_NUMBERS, **SAME_NUMBERS, **ANOTHER_LAW}
LIMITS = [row for row in ROWS if row.id not in EXTENSIONS]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


def family(row: Row, policy: Policy) -> list[Rule]:
    """The rule of a row, with those that a row of two numbers or two laws has beside it."""
    found = [row.id, *(name for name, of in FAMILY.items() if of == row.id)]
    return [policy.rules[name] for name in found if name in policy.rules]


def agreed(row: Row, column: str, *, same: bool) -> None:
    """It is as the row says, or an exception."""
    assert same is ((row.id.lower(), column) not in EXCEPTIONS), column


def test_the_table_is_whole(policy: Policy) -> None:
    known = {*policy.rules, *policy.statements, *EXTENSIONS}
    assert len(ROWS) == len({row.id for row in ROWS})
    assert {row.id for row in ROWS} == known - {*SECOND_NUMBERS, *SAME_NUMBERS, *ANOTHER_LAW}


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.id)
def test_a_limit_is_as_long_and_counted_as_the_row_says(policy: Policy, row: Row) -> None:
    for rule in family(row, policy)[:1]:
        for version in rule.versions:
            found = (version.period.length, version.period.unit)
            if row.id in WORDED:
                assert (version.counting, *found) == WORDED[row.id]
            else:
                assert found == row.periods[0]
        if rule.versions and row.id not in WORDED:
            assert rule.versions[-1].counting == row.code


@pytest.mark.parametrize(("name", "of"), SECOND_NUMBERS.items())
def test_the_second_number_of_a_row_is_a_rule_of_its_own(
    policy: Policy, name: str, of: str
) -> None:
    (row,) = (row for row in ROWS if row.id == of)
    periods = {(one.period.length, one.period.unit) for one in policy.rules[name].versions}
    assert periods == {row.periods[1]}


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.id)
def test_a_limit_is_extended_as_far_and_as_often_as_the_row_says(policy: Policy, row: Row) -> None:
    known = {name: of for name, of in EXTENSIONS.items() if of == row.id}
    (told,) = (one for one in ROWS if one.id in known) if known else (row,)
    caps = {length for length, _ in told.periods[:1]} if known else told.caps
    for rule in family(row, policy)[:1]:
        extensions = [one.extension for one in rule.versions if one.extension]
        assert {cap for one in extensions for cap in (one.cap, *one.caps.values()) if cap} == caps
        assert {one.times for one in extensions} <= ({1} if "once" in told.extendable else {None})
        by_consent = "双方" in told.extendable
        assert any(version.agreed_extension for version in rule.versions) is by_consent


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.id)
def test_it_is_for_whom_the_row_says(policy: Policy, row: Row) -> None:
    found = (policy.rules.get(row.id) or policy.statements[row.id]).who.zh
    agreed(row, "who", same=found == SAME_WHO.get(row.who, row.who))


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.id)
def test_a_consequence_is_named_where_the_row_names_one(policy: Policy, row: Row) -> None:
    none = policy.book["no_consequence"]
    for rule in family(row, policy)[:1]:
        if rule.kind in (*ARRIVING, "commitment"):
            # What comes of a day that arrives, or of missing what a bureau promised itself.
            continue
        text = rule.consequence
        agreed(row, "consequence", same=(text is None) is (row.consequence == "—"))
        assert text is None or text.zh.startswith(none.zh) is row.consequence.startswith("—")
        assert text is None or ("内部责任" in text.zh) is ("内部责任" in row.consequence)


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.id)
def test_it_bears_the_marks_of_the_row(policy: Policy, row: Row) -> None:
    agreed(row, "marks", same=set(_marks(row, policy)) == row.marks)


def _marks(row: Row, policy: Policy) -> Iterator[str]:
    if row.id in policy.statements:
        yield from policy.statements[row.id].verified.split("+")
    for rule in family(row, policy):
        for verified, _ in resting(rule):
            yield from verified.split("+")


def resting(rule: Rule) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    """The marks of each version and of a place's own law, with the articles they rest on; of a
    rule without a version its own."""
    if rule.verified is not None:
        yield rule.verified, rule.basis
    for version in rule.versions:
        extended = version.extension.basis if version.extension else ()
        yield version.verified, (*version.basis, *extended)
    for law in rule.also.values():
        yield law.verified, law.basis


def test_no_limit_is_verified_better_than_what_it_cites(policy: Policy) -> None:
    better = set()
    for rule in policy.rules.values():
        for verified, basis in resting(rule):
            sources = [policy.sources[one.source] for one in basis]
            read = {mark for source in sources for mark in source.verified.mark.split("+")}
            if not read.issuperset(verified.split("+")):
                better.add(rule.id)
    # Worse in truth: of the instrument one article was read in part, and not this one.
    assert better == {"insp_decision"}


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.id)
def test_every_article_of_the_row_is_cited(policy: Policy, row: Row) -> None:
    others, _ = NOT_OF_THE_LIMIT.get(row.id, (set(), ""))
    assert row.articles - set(_cited(row, policy)) == others
    assert row.articles


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_the_row_says_beside_its_numbers_is_said(policy: Policy, row: Row) -> None:
    said = "\n".join(_texts(row, policy))
    for column, words in SAID.get(row.id, {}).items():
        assert words is None or words in said, column
    told = {
        "triggered_by": re.search(r"[(/；+ ]", row.triggered_by) is not None,
        "period": re.search(r"[(;]", row.period) is not None,
        "extendable": row.extendable not in _SILENT,
        "paused": row.paused not in _SILENT,
        "consequence": row.consequence not in _SILENT,
    }
    unsaid = {column for column, speaks in told.items() if speaks} - SAID.get(row.id, {}).keys()
    assert unsaid == set()


def _texts(row: Row, policy: Policy) -> Iterator[str]:
    """All that the policy says of a row in Chinese, with the articles that it cites."""
    name = EXTENSIONS.get(row.id, row.id)
    found: list[Any] = [policy.rules[name]] if name in policy.rules else [policy.statements[name]]
    found += [policy.rules[other] for other, of in FAMILY.items() if of == name]
    for one in found:
        yield from _chinese(one.model_dump())
        basis = citations_of(one) if isinstance(one, Rule) else one.basis
        for citation in basis:
            article = policy.sources[citation.source].articles[citation.article]
            yield article.words or ""
            yield article.gist.zh if article.gist else ""


def _chinese(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "zh" in node:
            yield node["zh"]
        for inner in node.values():
            yield from _chinese(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from _chinese(inner)


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.id)
def test_the_articles_of_what_follows_an_overrun_are_cited(policy: Policy, row: Row) -> None:
    cited = {number for _, number in _cited(row, policy)}
    assert row.followed_by <= cited


def _cited(row: Row, policy: Policy) -> Iterator[tuple[str, int | None]]:
    basis: list[Citation] = [one for rule in family(row, policy) for one in citations_of(rule)]
    if row.id in policy.statements:
        basis += policy.statements[row.id].basis
    for one in basis:
        yield one.source, None
        numbers = re.match(r"(\d+)(?:-(\d+))?", one.article)
        if numbers:
            first = int(numbers[1])
            yield from ((one.source, at) for at in range(first, int(numbers[2] or first) + 1))


def test_every_exception_is_of_a_row_and_says_why() -> None:
    known = {row.id.lower() for row in ROWS}
    assert {*SAID, *NOT_OF_THE_LIMIT} <= {row.id for row in ROWS}
    assert all(why and name in known for (name, _), why in EXCEPTIONS.items())
