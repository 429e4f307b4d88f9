"""The book of the law as the application shows it: made once for a policy and a language."""

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import typst

from rules.book import Book, make_book
from rules.rulebook import Rulebook
from rules.worked import load_cases

_TEMPLATE = Path(__file__).with_name("book.typ")
# Two languages, and the policy before and after a change.
_KEPT = 4


class MissingFontsError(RuntimeError):
    """This machine has no fonts with Chinese characters."""


class _Key:
    """A rulebook by its fingerprint: equal ones make the same book."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook, self.fingerprint = rulebook, rulebook.fingerprint

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.fingerprint == self.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)


def book_of(rulebook: Rulebook, language: str) -> Book:
    """The book in `zh` or `en`."""
    return _book(_Key(rulebook), language)


def pdf_of(rulebook: Rulebook, language: str) -> bytes:
    """The book as a PDF. Raises MissingFontsError where the machine lacks the fonts."""
    return _pdf(_Key(rulebook), language)


@lru_cache(maxsize=_KEPT)
def _book(key: _Key, language: str) -> Book:
    return make_book(key.rulebook, load_cases(), language)


@lru_cache(maxsize=_KEPT)
def _pdf(key: _Key, language: str) -> bytes:
    given = {**asdict(_book(key, language)), "fingerprint": key.fingerprint}
    inputs = {"book": json.dumps(given, ensure_ascii=False)}
    made, warnings = typst.compile_with_warnings(str(_TEMPLATE), sys_inputs=inputs)
    if any("font" in warning.message for warning in warnings):
        raise MissingFontsError
    return bytes(made)
