"""Templates are compiled once for each language, with their fixed words already in place.

A list asks for the same few words in every row. What a template says by `_("Number")`, or by
`_("Page %(number)s", number=2)`, is looked up when the template is compiled; all else stays a
call.
"""

import re
from collections.abc import Callable, Iterator, MutableMapping
from gettext import NullTranslations
from typing import Any

from flask import has_app_context
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

# What a text may hold besides plain words: a value put in by name, and a percent sign.
_SLOT = re.compile(r"%(?:\((\w+)\)s|(%))")


class _Words(NodeTransformer):
    """Puts the words of one language where a template asks for a fixed text."""

    def __init__(self, catalogue: NullTranslations) -> None:
        self._catalogue = catalogue

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - named by Jinja
        """A call of the template; one with a fixed text becomes what it would return."""
        self.generic_visit(node)
        text = _fixed_text(node)
        if text is None:
            return node
        given = {one.key: one.value for one in node.kwargs}
        parts = list(_parts(self._catalogue.gettext(text), given, node.lineno))
        return nodes.Concat(parts, lineno=node.lineno) if given else parts[0]

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        """What is written: words and values apart, so that the words are part of the page."""
        self.generic_visit(node)
        node.nodes = [
            part
            for child in node.nodes
            for part in (child.nodes if isinstance(child, nodes.Concat) else [child])
        ]
        return node


def _fixed_text(node: nodes.Call) -> str | None:
    """The text of `_("text")`, with values by name or none; None for any other call."""
    named = isinstance(node.node, nodes.Name) and node.node.name == "_"
    plain = not (node.dyn_args or node.dyn_kwargs)
    if not (named and plain and len(node.args) == 1):
        return None
    text = node.args[0].value if isinstance(node.args[0], nodes.Const) else None
    return text if isinstance(text, str) else None


def _parts(words: str, given: dict[str, nodes.Expr], lineno: int) -> Iterator[nodes.Expr]:
    """The words between the values, safe where the template escapes, and the values.

    As at run time the words are a format even where no value is put in ("100 %%"). Raises
    KeyError for a value that is not given.
    """
    plain, end = "", 0
    for slot in _SLOT.finditer(words):
        plain += words[end : slot.start()] + (slot[2] or "")
        end = slot.end()
        if slot[1]:
            yield _safe(plain, lineno)
            yield given[slot[1]]
            plain = ""
    yield _safe(plain + words[end:], lineno)


def _safe(words: str, lineno: int) -> nodes.Expr:
    return nodes.MarkSafeIfAutoescape(nodes.Const(words, lineno=lineno), lineno=lineno)


class ByLanguage(Environment):
    """The application's Jinja environment, which compiles apart for each language.

    It hands every template out in the request's language; what that template includes,
    imports or extends comes in the same one. `speak` makes it so.
    """

    language: Callable[[], str] | None = None
    catalogue_of: Callable[[str], NullTranslations]
    words: _Words | None = None

    def speak(
        self, language: Callable[[], str], catalogue_of: Callable[[str], NullTranslations]
    ) -> None:
        """`language` names the language of now; `catalogue_of` finds the words of one."""
        self.language, self.catalogue_of = language, catalogue_of
        self._by_language: dict[str, ByLanguage] = {}

    def _load_template(
        self,
        name: str,
        globals: MutableMapping[str, Any] | None,  # noqa: A002 - named by Jinja
    ) -> Template:
        if self.language is None or not has_app_context():
            return super()._load_template(name, globals)
        return self._for(self.language()).get_template(name, globals=globals)

    def _for(self, language: str) -> "ByLanguage":
        found = self._by_language.get(language)
        if found is None:
            # It shares all but the compiled templates; the words tell it apart from this one.
            found = self.overlay()
            found.language, found.words = None, _Words(self.catalogue_of(language))
            self._by_language[language] = found
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        if self.words is not None:
            self.words.visit(parsed)
        return parsed
