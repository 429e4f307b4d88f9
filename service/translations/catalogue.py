"""Reading the sources and the catalogue; both `check` and `update` stand on it."""

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SERVICE = Path(__file__).parent.parent
LOCALE = "zh_Hans_CN"
PO = Path(__file__).parent / LOCALE / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")
_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
_OPTIONS = {"**.html": {"silent": "false", "trimmed": "true"}}
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "_l": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),  # type: ignore[dict-item]
}


def extracted() -> Catalog:
    """Every string marked in the sources, with the files it stands in."""
    catalogue = Catalog(locale=LOCALE, fuzzy=False)
    found = extract_from_dir(
        SERVICE,
        method_map=_METHODS,
        options_map=_OPTIONS,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for filename, _line, message, comments, context in found:
        place = Path("service", filename).as_posix()
        catalogue.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalogue


def stored() -> Catalog:
    """The catalogue as it is kept; an empty one before the first update."""
    if not PO.exists():
        return Catalog(locale=LOCALE, fuzzy=False)
    with PO.open("rb") as file:
        return read_po(file, locale=LOCALE)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def written(catalogue: Catalog) -> bytes:
    """The catalogue as it stands in its file; the same for the same strings."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, sort_output=True, no_location=True)
    return buffer.getvalue()


def save(catalogue: Catalog) -> None:
    """Write the catalogue and its compiled form."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(written(catalogue))
    MO.write_bytes(compiled(stored()))
