"""`python -m service.translations.update`: take over new strings, drop old ones, compile.

With a JSON file of `{"English": "Chinese"}` (a list for plural forms) as argument, these
translations are filled in.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog

from service.translations import catalogue

# The header says nothing that changes by itself, so that two updates write the same file.
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def updated(given: dict[str, str | list[str]]) -> Catalog:
    """What the sources say, with the translations known so far and those given."""
    old, new = catalogue.stored(), catalogue.extracted()
    result = Catalog(
        locale=catalogue.LOCALE,
        project="Anqi",
        version="1",
        fuzzy=False,
        header_comment="# Chinese words of Anqi's pages. Made by service.translations.update.",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="zh",
        creation_date=_EPOCH,
        revision_date=_EPOCH,
    )
    for message in new:
        if not message.id:
            continue
        known = old.get(message.id, context=message.context)
        singular = message.id[0] if isinstance(message.id, tuple | list) else message.id
        text = given.get(singular) or (known.string if known and not known.fuzzy else None)
        if isinstance(message.id, tuple | list) and isinstance(text, str):
            text = [text]
        result.add(
            message.id,
            tuple(text) if isinstance(text, list) else text,
            locations=sorted(set(message.locations)),
            auto_comments=message.auto_comments,
            flags=message.flags,
            context=message.context,
        )
    return result


def main() -> int:
    """Update the catalogue; print how many strings wait for a translation."""
    given = json.loads(Path(sys.argv[1]).read_text()) if len(sys.argv) > 1 else {}
    result = updated(given)
    catalogue.save(result)
    waiting = [message for message in result if message.id and not _translated(message.string)]
    sys.stdout.write(f"{len(result)} strings, {len(waiting)} without a translation\n")
    return 0


def _translated(text: object) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)


if __name__ == "__main__":
    sys.exit(main())
