"""The book of the law: every rule with its article's words and its worked cases."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rules.amendments import Amendment
from rules.book import LANGUAGES, Book, Section, make_book
from rules.book_markdown import files
from rules.matter import DETAILS
from rules.rulebook import Rulebook, builtin_rulebook
from rules.worked import WorkedCase, load_cases

DOCS = Path(__file__).parents[2] / "docs" / "law"
_CHINESE = re.compile("[一-鿿]")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return builtin_rulebook()


@pytest.fixture(scope="module")
def cases() -> list[WorkedCase]:
    return load_cases()


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request: pytest.FixtureRequest, rulebook: Rulebook, cases: list[WorkedCase]) -> Book:
    return make_book(rulebook, cases, request.param)


def sections(book: Book) -> dict[str, Section]:
    return {section.id: section for chapter in book.chapters for section in chapter.sections}


def test_every_rule_and_statement_has_a_section(book: Book, rulebook: Rulebook) -> None:
    policy = rulebook.policy
    assert set(sections(book)) >= {*policy.rules, *policy.statements, *policy.assumptions}


def test_a_rule_stands_with_its_words_and_its_cases(book: Book) -> None:
    award = sections(book)["arb_award"]
    lines = {line.label: line.text for line in award.lines}
    assert lines[book.words["period"]].startswith("45")
    assert any("四十五日内结束" in article for article in award.articles)
    assert any("2025-10-30" in line.text for case in award.cases for line in case.lines)


def test_the_words_of_the_chinese_book_are_chinese(
    rulebook: Rulebook, cases: list[WorkedCase]
) -> None:
    made = make_book(rulebook, cases, "zh")
    for section in sections(made).values():
        for line in (*section.lines, *(one for case in section.cases for one in case.lines)):
            assert _CHINESE.search(line.label), line
            if len(line.text) > 40:
                assert _CHINESE.search(line.text), line


def texts(book: Book) -> Iterator[str]:
    """Everything that is read, but for the ids beside the headings."""
    yield from (book.title, book.lead, *book.words.values())
    for chapter in book.chapters:
        yield chapter.title
        for section in chapter.sections:
            yield from (section.title, *section.articles)
            shown = [line for case in section.cases for line in case.lines]
            yield from (case.title for case in section.cases)
            for line in (*section.lines, *shown):
                yield from (line.label, line.text)


def test_the_book_is_in_words_and_not_in_identifiers(book: Book, rulebook: Rulebook) -> None:
    # One word may be plain English; joined by underscores it is a name of the program.
    joined = re.compile(r"\b[a-z]+(_[a-z0-9]+)+\b")
    choices = {choice for fact in rulebook.policy.facts.values() for choice in fact.choices}
    values = re.compile(rf"\b({'|'.join(sorted({'true', 'false', *choices, *DETAILS}))})\b")
    for text in texts(book):
        assert not joined.search(text), text
        if book.language == "zh":
            assert not values.search(text), text


def test_what_contradicts_itself_and_the_details_of_events_are_told_in_words(book: Book) -> None:
    shown = [
        line.text
        for case in sections(book)["arb_award"].cases
        for line in case.lines
        if line.label in (book.words["findings"], book.words["happened"])
    ]
    told = {
        "zh": ("到期日之后的延长不予计算", "（延长15个自然日）"),
        "en": ("an extension after that day is not counted", "by 15 calendar days"),
    }
    for words in told[book.language]:
        assert any(words in text for text in shown), words


def test_a_case_of_another_place_says_where(book: Book) -> None:
    shown = sections(book)["arb_simplified_award_zj"].cases[0]
    assert book.words["where"] in {line.label for line in shown.lines}


def test_the_files_are_a_chapter_each_in_both_languages(rulebook: Rulebook) -> None:
    made = files(rulebook)
    for language in LANGUAGES:
        for procedure in rulebook.policy.procedures:
            assert f"({language}/{procedure}.md)" in made["README.md"]
            assert made[f"{language}/{procedure}.md"].startswith("<!-- Generated")


def test_the_book_in_docs_is_the_generated_one(rulebook: Rulebook) -> None:
    made = files(rulebook)
    found = {
        path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8")
        for path in DOCS.rglob("*.md")
    }
    assert found.keys() == made.keys()
    stale = [name for name, text in made.items() if found[name] != text]
    assert not stale, "write them anew: make law"


def test_the_contents_name_what_every_section_is_about(book: Book) -> None:
    titles = {section.id: section.title for section in sections(book).values()}
    assert all(title != name for name, title in titles.items())
    chinese = book.language == "zh"
    assert titles["C2"] == ("C2 工作日" if chinese else "C2 Working days")
    assert titles["A-9"].startswith("A-9 重新计算" if chinese else "A-9 A restart is not a pause")
    # What no table of the law calls so is named by its words alone.
    assert titles["same_day"] == ("当日" if chinese else "On the same day")
    assert [name for name, section in sections(book).items() if section.code] == [
        name
        for name in titles
        if name in builtin_rulebook().policy.rules or name in builtin_rulebook().policy.statements
    ]


def lines_of(book: Book, name: str) -> list[tuple[str, str]]:
    return [(line.label, line.text) for line in sections(book)[name].lines]


def test_what_nobody_can_miss_has_a_note_and_no_consequence(book: Book, rulebook: Rulebook) -> None:
    missed, note = book.words["consequence"], book.words["effect"]
    for name, rule in rulebook.policy.rules.items():
        labels = [label for label, _ in lines_of(book, name)]
        assert (missed in labels) is rule.can_be_missed
    assert note in [label for label, _ in lines_of(book, "wage_blacklist_term")]
    assert missed in [label for label, _ in lines_of(book, "arb_archive_retention")]


def test_a_period_of_which_only_the_articles_changed_did_not_end(book: Book) -> None:
    label = book.words["period"]
    told = [text for name, text in lines_of(book, "inj_worker_apply") if name == label]
    assert len(told) == 2
    assert "2014-06-17" not in " ".join(told)
    assert told[0].endswith(book.words["version"].format(from_="2011-01-01"))
    assert told[1].endswith(book.words["cited_since"].format(from_="2014-06-18"))
    # Counted otherwise, it is another version.
    award = [text for name, text in lines_of(book, "arb_award") if name == label]
    assert "2017-06-30" in award[0]


def test_a_period_cited_anew_before_it_changed_has_the_end_of_both(
    cases: list[WorkedCase],
) -> None:
    amendment = Amendment(
        id="1",
        kind="version",
        rule="inj_appraisal",
        from_on=date(2027, 1, 1),
        length=50,
        place="national",
        instrument="示例决定",
        article="1",
        words="应当在五十日内作出",
        verified="V1",
    )
    later = builtin_rulebook().with_amendments([amendment])
    rule = later.policy.rules["inj_appraisal"]
    last = date(2026, 12, 31)
    assert [rule.changed_after(one) for one in rule.versions] == [last, last, None]
    book = make_book(later, cases, "en")
    told = [text for name, text in lines_of(book, rule.id) if name == book.words["period"]]
    assert told == [
        "60 calendar days – In force from 2011-01-01 to 2026-12-31",
        "60 calendar days – the same period, cited since 2025-07-01, in force to 2026-12-31",
        "50 calendar days – In force from 2027-01-01",
    ]


@pytest.mark.parametrize(
    ("name", "cited", "mark"),
    [
        ("emp_difficult_recognition_zj", "浙人社发〔2025〕59号", "P2+UNVERIFIED"),
        ("wage_advance_sh_apply", "上海市政府令72（2007）、19（2009）第13条", "P2+UNVERIFIED"),
        ("wage_clue_platform", "天津规程（2022-09）", "UNVERIFIED"),
    ],
)
def test_a_limit_without_a_number_says_where_one_was_looked_for(
    rulebook: Rulebook, cases: list[WorkedCase], name: str, cited: str, mark: str
) -> None:
    made = make_book(rulebook, cases, "zh")
    assert any(cited in article for article in sections(made)[name].articles)
    assert (made.words["verified"], mark) in lines_of(made, name)
    assert rulebook.policy.rules[name].use == "off"


def test_a_rule_shows_the_open_question_of_its_own_instrument(book: Book) -> None:
    label = book.words["open"]
    accounts = [text for name, text in lines_of(book, "wage_special_account_open") if name == label]
    assert len(accounts) == 1
    assert "2021-07-07" in accounts[0]


def test_each_way_of_counting_stands_with_its_articles(rulebook: Rulebook) -> None:
    book = make_book(rulebook, (), "zh")
    told = {code: " ".join(sections(book)[code].articles) for code in ("C1", "C2", "C4", "C6")}
    for place in (
        "办案规则第19条",
        "民诉法第85条",
        "民诉解释第125条",
        "民法典第201条",
        "行政复议法第88条",
    ):
        assert place in told["C1"]
    for place in ("办案规则第80条", "行政处罚法第85条", "行政强制法第69条", "行政复议法第88条"):
        assert place in told["C2"]
        assert place in told["C6"]
    assert "民法典第202条" in told["C4"]


def test_an_order_is_to_be_paid_on_its_day_at_the_latest(
    rulebook: Rulebook, cases: list[WorkedCase]
) -> None:
    made = make_book(rulebook, cases, "zh")
    told = [line.text for one in sections(made)["wage_order_deadline"].cases for line in one.lines]
    assert any("至迟于" in text for text in told)
    assert not any("前支付" in text for text in told)


def test_a_limit_that_lost_its_premise_was_not_met(
    rulebook: Rulebook, cases: list[WorkedCase]
) -> None:
    made = make_book(rulebook, cases, "zh")
    placement = sections(made)["emp_difficult_placement_sh"]
    ends = dict(lines_of(made, placement.id))
    assert ends[made.words["lapsed_by"]] == "撤回就业意愿或不服从安排"
    assert "撤回就业意愿" not in ends[made.words["discharged_by"]]
    withdrawn = [
        line.text
        for case in placement.cases
        if "撤回" in case.title
        for line in case.lines
        if line.label == made.words["then"]
    ]
    assert len(withdrawn) == 2
    assert all("前提不成立，期限终止" in text for text in withdrawn)
    assert not any("按期完成" in text for text in withdrawn)
