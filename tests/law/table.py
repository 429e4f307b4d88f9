"""The collection of statutes as a table, taken apart: `data/rules.csv`, a row a limit.

Knows nothing of the policy. What a column says in its own short hand is put in the words of the
policy here: lengths and units, counting codes, caps, marks, and the articles of the last column but
one with the instruments that their short names stand for.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).parent / "data" / "rules.csv"
UNITS = {
    "workday": "working_days",
    "day": "calendar_days",
    "month": "months",
    "year": "years",
    "hour": "hours",
}
# What the table calls an instrument; in some sections a general word means another one.
INSTRUMENTS = {
    "劳动能力鉴定管理办法": "appraisal_measures",
    "辽宁职工劳动权益保障条例": "liaoning_labour_rights_regulation",
    "辽宁省劳动监察条例": "liaoning_inspection_regulation",
    "辽宁劳动监察条例": "liaoning_inspection_regulation",
    "辽宁": "liaoning_inspection_regulation",
    "上海市政府令72(2007)/19(2009)": "shanghai_wage_guarantee_orders",
    "实施意见": "shanghai_advance_opinion",
    "浙人社发〔2025〕59号": "zhejiang_difficulty_notice_2025",
    "天津规程": "tianjin_clue_procedure_2022",
    "上海市就业促进条例": "shanghai_employment_promotion_regulation",
    "浙江就业促进条例": "zhejiang_employment_promotion_regulation",
    "浙江省工伤保险条例": "zhejiang_work_injury_regulation",
    "浙江监察条例": "zhejiang_inspection_regulation",
    "浙江监察": "zhejiang_inspection_regulation",
    "浙江条例": "zhejiang_mediation_arbitration_regulation",
    "调解仲裁法": "mediation_arbitration_law",
    "办案规则": "arbitration_rules",
    "人民调解法": "peoples_mediation_law",
    "民诉法": "civil_procedure_law",
    "民诉": "civil_procedure_law",
    "令17": "enterprise_mediation_provisions",
    "护薪": "huxin_notice_2019",
    "若干规定": "inspection_provisions",
    "农民工条例": "migrant_wages_regulation",
    "监察条例": "labour_inspection_regulation",
    "行政处罚法": "administrative_penalty_law",
    "行政强制法": "administrative_compulsion_law",
    "行政复议法": "administrative_reconsideration_law",
    "行政诉讼法": "administrative_litigation_law",
    "劳动合同法": "labour_contract_law",
    "令29": "disclosure_measures",
    "人社部规〔2016〕1号": "credit_rating_measures",
    "令45": "joint_sanction_measures",
    "国务院令310": "criminal_transfer_provisions",
    "人社部发〔2021〕65号": "wage_deposit_provisions",
    "人社部发〔2021〕53号": "special_account_measures",
    "同上": "wage_deposit_provisions",
    "沪府规〔2022〕6号": "shanghai_employment_2022_6",
    "zwdt.sh.gov.cn": "shanghai_difficulty_guide",
    "就业促进法": "employment_promotion_law",
    "信访工作条例": "petition_regulation",
    "国信办发〔2022〕17号": "petition_simple_handling",
    "same": "petition_simple_handling",
    "工伤保险条例": "work_injury_regulation",
    "工伤认定办法": "work_injury_recognition_measures",
    "令55": "appraisal_measures",
}
IN_SECTION = {
    "C": {"浙江": "zhejiang_inspection_regulation", "条例": "labour_inspection_regulation"},
    "F": {"条例": "petition_regulation"},
    "G": {"条例": "work_injury_regulation", "办法": "work_injury_recognition_measures"},
}
_MARK = re.compile(r"\b(V[123]|P[123]|UNVERIFIED)\b")
_ARTICLE = r"§(\d+)(?:-(\d+))?|[/、]§?(\d+)(?![\d〕])"


class Row(NamedTuple):
    """A row, its columns as they stand."""

    section: str
    id: str
    obligation: str
    who: str
    triggered_by: str
    period: str
    counting: str
    extendable: str
    paused: str
    discharged_by: str
    consequence: str
    basis: str
    verified: str

    @property
    def periods(self) -> list[tuple[int, str]]:
        """Every length with its unit, in the order of the column."""
        found = re.findall(r"(\d+) (?:natural )?(workday|day|month|year|hour)s?\b", self.period)
        return [(int(length), UNITS[unit]) for length, unit in found]

    @property
    def code(self) -> str:
        """The counting code, or the word that stands in its place."""
        return self.counting.split()[0]

    @property
    def caps(self) -> set[int]:
        """By how much it may be extended, in all and in places."""
        return {int(number) for number in re.findall(r"[+≤] ?(\d+)", self.extendable)}

    @property
    def marks(self) -> set[str]:
        """How it was verified."""
        return set(_MARK.findall(self.verified))

    @property
    def followed_by(self) -> set[int]:
        """The numbers of the articles that say what comes of an overrun."""
        return {int(number) for number in re.findall(r"§(\d+)", self.consequence)}

    @property
    def articles(self) -> set[tuple[str, int | None]]:
        """Each instrument named, with the number of each of its articles; None for one that is
        named without any."""
        return set(self._articles())

    def _articles(self) -> Iterator[tuple[str, int | None]]:
        text = re.sub("「.*?」", "", self.basis)
        known = {**INSTRUMENTS, **IN_SECTION.get(self.section[0], {})}
        names = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
        source, alone = "", False
        for found in re.finditer(f"({names})|{_ARTICLE}", text):
            name, first, last, more = found.groups()
            if name:
                if alone:
                    yield source, None
                source, alone = known[name], True
            elif source:
                alone = False
                begin = int(first or more)
                yield from ((source, number) for number in range(begin, int(last or begin) + 1))
        if alone:
            yield source, None


def rows() -> list[Row]:
    """The whole table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    return [Row(*line) for line in lines[1:]]
