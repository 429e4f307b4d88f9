"""What the shape of a policy file does not allow, in our own words: what stands there, why it does
not fit, and what to write instead."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic_core import ErrorDetails

LANGUAGES = ("zh", "en")
_LONGEST = 60
_QUOTED = re.compile("'([^']*)'")
# Kinds of mistake of pydantic that are one mistake to whoever writes a file.
_SAME = {
    "int_type": "int",
    "int_parsing": "int",
    "int_parsing_size": "int",
    "int_from_float": "int",
    "finite_number": "decimal",
    "decimal_type": "decimal",
    "decimal_parsing": "decimal",
    "bool_type": "bool",
    "bool_parsing": "bool",
    "date_type": "date",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "dict_type": "fields",
    "model_type": "fields",
    "list_type": "list",
    "tuple_type": "list",
}


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """What is said of each kind of mistake, by language."""
    path = Path(__file__).with_name("misshapen.yaml")
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def kind_of(mistake: str) -> str:
    """The kind under which the words for a mistake of pydantic stand."""
    return _SAME.get(mistake, mistake)


def in_words(errors: Sequence[ErrorDetails]) -> dict[str, str]:
    """What is wrong with one place of a file, by language; several errors are the ways in which
    it could have been right."""
    first = errors[0]
    if first["type"] == "value_error":
        # One of our own validators: it says what to do.
        return dict.fromkeys(LANGUAGES, first["msg"].removeprefix("Value error, "))
    return {language: _said(errors, language) for language in LANGUAGES}


def no_such_day(written: str) -> dict[str, str]:
    """A day that the calendar does not have, such as 30 February."""
    return {name: texts()["no_such_day"][name].format(what=written) for name in LANGUAGES}


def _said(errors: Sequence[ErrorDetails], language: str) -> str:
    first, known = errors[0], texts()
    kind = kind_of(first["type"])
    separator = known["separator"][language]
    values = {**first.get("ctx", {}), "what": _what(first["input"], language)}
    if all(one["type"] == "literal_error" for one in errors):
        allowed = [name for one in errors for name in _QUOTED.findall(one["ctx"]["expected"])]
        near = get_close_matches(str(first["input"]), allowed, 1)
        kind = "literal_near" if near else kind
        values |= {"allowed": separator.join(allowed), "near": "".join(near)}
    elif len(errors) > 1:
        kinds = dict.fromkeys(_kind(one, language) for one in errors)
        kind, values["kinds"] = "union", separator.join(kinds)
    return known.get(kind, known["unlike"])[language].format(**values)


def _kind(error: ErrorDetails, language: str) -> str:
    """What one of several ways to write a value would have been."""
    if error["type"] == "literal_error":
        return texts()["separator"][language].join(_QUOTED.findall(error["ctx"]["expected"]))
    kind = _SAME.get(error["type"], error["type"].partition("_")[0])
    known = texts().get(f"kind_{kind}")
    return known[language] if known else _said([error], language)


def _what(written: Any, language: str) -> str:
    """What stands in the file, short enough for a line."""
    known = texts()
    if written is None:
        return known["what_nothing"][language]
    if isinstance(written, list | tuple):
        return known["what_list"][language]
    if isinstance(written, Mapping):
        return known["what_fields"][language]
    shown = str(written).lower() if isinstance(written, bool) else str(written)
    shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
    return f"“{shown}”"
