"""Is every text there in both languages, each in its own?"""

import re
from collections.abc import Iterator
from typing import Any

from rules.yaml_lines import Path_

_CHINESE = re.compile("[一-鿿]")
_LATIN = re.compile("[A-Za-z]")
# Names in braces belong to no language; words of an article are quoted as they stand.
_NAMES = re.compile(r"\{\w+\}")
_QUOTED = re.compile("「[^」]*」|“[^”]*”")


def misworded(data: Any, at: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Where in plain data a pair of `zh` and `en` is not what it says, and how to mend it."""
    if isinstance(data, dict):
        if set(data) == {"zh", "en"}:
            yield from (((*at, name), reason) for name, reason in _pair(data["zh"], data["en"]))
        for key, value in data.items():
            yield from misworded(value, (*at, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from misworded(value, (*at, index))


def _pair(chinese: Any, english: Any) -> Iterator[tuple[str, str]]:
    chinese, english = str(chinese), str(english)
    for name, text in (("zh", chinese), ("en", english)):
        if not text.strip():
            yield name, f"{name} is empty; write the text"
    # A dash, a number or names in braces may be all there is.
    bare = not (_CHINESE.search(chinese) or _NAMES.search(chinese))
    if bare and _LATIN.search(english):
        yield "zh", f"zh holds no Chinese: {chinese!r}; translate it"
    if _CHINESE.search(_QUOTED.sub("", english)):
        yield "en", f"en holds Chinese outside quotation marks: {english!r}; translate or quote it"
