"""`python -m service.translations.check`: is every word on the screen in both languages?

Exits with 1 and one line for each string that is missing, fuzzy, obsolete or has other
placeholders than its source, for a compiled catalogue that is stale, and for text in
templates or sources that no translation can reach.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message

from service.translations import catalogue

_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%[sd]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
# The product's own name, which its English texts mention.
_PRODUCT = "\u6309\u671f"
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_TAG = re.compile(r"<!--.*?-->|<(?:code|kbd|svg)\b.*?</(?:code|kbd|svg)>|<[^>]*>", re.DOTALL)
_SPOKEN = re.compile(r"\b(?:title|placeholder|alt|aria-label|data-label|data-confirm)=\"([^\"]*)\"")
# Where Chinese is data: the catalogue itself and invented people of the demonstration.
_CHINESE_DATA = ("translations", "demo")


def problems() -> list[str]:
    """Everything that is wrong, one line each; empty when all is well."""
    stored, extracted = catalogue.stored(), catalogue.extracted()
    found = [*untranslated(stored, extracted), *_obsolete(stored, extracted)]
    if not catalogue.MO.exists() or catalogue.MO.read_bytes() != catalogue.compiled(stored):
        found.append(f"stale: {catalogue.MO.name} was not compiled from messages.po")
    for path in sorted(catalogue.SERVICE.rglob("*.html")):
        found += [f"untranslatable: {_name(path)}: {text}" for text in bare_text(path.read_text())]
    found += _chinese_in_sources()
    return found


def untranslated(stored: Catalog, extracted: Catalog) -> Iterator[str]:
    """What the sources say and the catalogue does not, one line each."""
    for message in extracted:
        if not message.id:
            continue
        known = stored.get(message.id, context=message.context)
        place = message.locations[0][0] if message.locations else "?"
        if known is None or not _is_translated(known):
            yield f"missing: {_singular(message)!r} ({place})"
        elif known.fuzzy:
            yield f"fuzzy: {_singular(message)!r} ({place})"
        elif not _same_placeholders(known):
            yield f"placeholders differ: {_singular(message)!r} ({place})"


def _obsolete(stored: Catalog, extracted: Catalog) -> Iterator[str]:
    for message in stored:
        if message.id and extracted.get(message.id, context=message.context) is None:
            yield f"obsolete: {_singular(message)!r}"
    for message in stored.obsolete.values():
        yield f"obsolete: {_singular(message)!r}"


def _singular(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _texts(message: Message) -> list[str]:
    text = message.string
    return [str(one) for one in text] if isinstance(text, tuple | list) else [str(text or "")]


def _is_translated(message: Message) -> bool:
    return all(_texts(message))


def _same_placeholders(message: Message) -> bool:
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    wanted = {found for one in ids for found in _PLACEHOLDER.findall(str(one))}
    return all(set(_PLACEHOLDER.findall(text)) == wanted for text in _texts(message))


def bare_text(template: str) -> list[str]:
    """Words of a template that stand outside of `_()`, in text or in spoken attributes."""
    without = _JINJA.sub(" ", template)
    spoken = [text for text in _SPOKEN.findall(without) if _WORDS.search(text)]
    text = _TAG.sub("\n", without)
    return spoken + [line.strip() for line in text.splitlines() if _WORDS.search(line)]


def _chinese_in_sources() -> Iterator[str]:
    for path in sorted(catalogue.SERVICE.rglob("*")):
        inside = path.relative_to(catalogue.SERVICE).parts
        if path.suffix not in (".py", ".html", ".js") or inside[0] in _CHINESE_DATA:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if _CHINESE.search(line.replace(_PRODUCT, "")):
                yield f"Chinese outside of translations: {_name(path)}:{number}"


def _name(path: Path) -> str:
    return path.relative_to(catalogue.SERVICE.parent).as_posix()


def main() -> int:
    """Print every problem; the status says whether there was one."""
    found = problems()
    for line in found:
        sys.stdout.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
