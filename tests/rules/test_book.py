"""The book of the law: every rule with its article's words and its worked cases."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.book import LANGUAGES, Book, Section, make_book
from rules.book_markdown import files
from rules.rulebook import Rulebook, builtin_rulebook
from rules.worked import DETAILS, WorkedCase, load_cases

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
