"""docs/law, made from the policy: the book of the law in Markdown, a file a chapter.

`python -m rules.book_markdown docs/law` writes it anew; a test compares.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from rules.book import LANGUAGES, Book, Chapter, Section, ShownCase, make_book
from rules.rulebook import Rulebook, builtin_rulebook
from rules.worked import load_cases

_NOTE = "<!-- Generated from rules/policy and tests/law by `make law`; do not edit. -->"


def files(rulebook: Rulebook) -> Mapping[str, str]:
    """Every file by its path below docs/law."""
    cases = load_cases()
    books = [make_book(rulebook, cases, language) for language in LANGUAGES]
    found = {"README.md": _contents(books)}
    for book in books:
        for chapter in book.chapters:
            found[_name(book, chapter)] = "\n".join(_chapter(book, chapter)) + "\n"
    return found


def _name(book: Book, chapter: Chapter) -> str:
    return f"{book.language}/{chapter.id}.md"


def _contents(books: list[Book]) -> str:
    lines = [_NOTE, ""]
    for book in books:
        lines += [f"# {book.title}", "", book.lead, ""]
        for chapter in book.chapters:
            link = f"[{chapter.title}]({_name(book, chapter)})"
            lines.append(f"- {link} ({len(chapter.sections)})")
        lines.append("")
    return "\n".join(lines)


def _chapter(book: Book, chapter: Chapter) -> Iterator[str]:
    yield from (_NOTE, "", f"# {chapter.title}", "")
    for section in chapter.sections:
        yield from _section(book, section)


def _section(book: Book, section: Section) -> Iterator[str]:
    code = f" `{section.code}`" if section.code else ""
    yield from (f"## {_plain(section.title)}{code}", "")
    for line in section.lines:
        yield f"- **{_plain(line.label)}**: {_plain(line.text)}"
    if section.articles:
        yield from ("", f"**{book.words['basis']}**", "")
        yield from (f"> {_plain(article)}\n>" for article in section.articles)
    if section.cases:
        yield from ("", f"**{book.words['cases']}**", "")
        for number, case in enumerate(section.cases, 1):
            yield from _case(number, case)
    yield ""


def _case(number: int, case: ShownCase) -> Iterator[str]:
    yield f"{number}. {_plain(case.title)}"
    for line in case.lines:
        yield f"   - {_plain(line.label)}: {_plain(line.text)}"


def _plain(text: str) -> str:
    """Without what Markdown would read as its own."""
    return text.replace("*", r"\*").replace("_", r"\_").replace("<", "&lt;").replace("\n", " ")


def write(directory: Path) -> None:
    """All files, and none that is no longer made."""
    made = files(builtin_rulebook())
    for path in directory.rglob("*.md"):
        if path.relative_to(directory).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
