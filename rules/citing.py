"""Articles in words: each reference with its instrument, its place and what it says.

The policy writes an article as the tables of the law do: `27④` is its fourth paragraph (款),
`46(6)` its sixth item (项), `75②(3)` an item of a paragraph, `56-61` runs from the one to the
other, and `276-1` was inserted behind 276 (之一).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.common import Citation as Reference
from rules.rulebook import Rulebook
from rules.schema import LocalLaw, Rule
from rules.wording import Wording

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_NUMBERED = re.compile(rf"(\d+)(?:-(\d+))?([{_CIRCLED}])?(?:\((\d+)\))?")


@dataclass(frozen=True, slots=True)
class Citation:
    """An article: `instrument` its short title, `article` as the policy writes it, `number` as
    a lawyer does, `place` the instrument with it, `words` as quoted or None, where nothing was
    quoted; `gist` then says what it is about."""

    instrument: str
    article: str
    number: str
    place: str
    words: str | None
    gist: str | None
    in_force_from: date | None
    verified: str
    title: str


def cited(basis: Iterable[Reference], rulebook: Rulebook, language: str) -> list[Citation]:
    """References as articles with their words."""
    say = Wording(rulebook, language)
    found = []
    for reference in basis:
        source = rulebook.policy.sources[reference.source]
        article = source.articles[reference.article]
        instrument = source.short if say.language == "zh" else source.title["en"]
        found.append(
            Citation(
                instrument=instrument,
                article=reference.article,
                number=article_number(reference.article, say),
                place=place_of(instrument, reference.article, say),
                words=article.words,
                gist=article.gist[language] if article.gist else None,
                in_force_from=source.in_force.from_ if source.in_force else None,
                verified=source.verified.mark,
                title=source.title[language],
            )
        )
    return found


def place_of(instrument: str, article: str, say: Wording) -> str:
    """An instrument with its article as a lawyer writes them."""
    # A plan has passages, which are named, and no numbered articles.
    code = "article" if article[:1].isdigit() else "passage"
    return say(code, source=instrument, article=article_number(article, say))


def article_number(article: str, say: Wording) -> str:
    """An article as a lawyer writes it: `第46条第（六）项`, `art. 27 para 4`. What is not written
    as the policy does, an administrator's `2, 3`, stands as it is; so does a passage's name."""
    known = _NUMBERED.fullmatch(article)
    if known is None:
        return say("article_number", number=article) if article[:1].isdigit() else article
    number, other, circled, item = known.groups()
    told = _whole(number, other, say)
    if circled:
        told += say("article_paragraph", paragraph=say.numeral(_CIRCLED.index(circled) + 1))
    if item:
        told += say("article_item", item=say.numeral(int(item)))
    return told


def _whole(number: str, other: str | None, say: Wording) -> str:
    """The article itself, one inserted behind it, or a run of them."""
    if other is None:
        return say("article_number", number=number)
    if int(other) > int(number):
        return say("article_numbers", first=number, last=other)
    return say("article_inserted", number=number, inserted=say.numeral(int(other)))


def in_force(basis: Iterable[Reference], on: date, rulebook: Rulebook) -> Iterator[Reference]:
    """Those of the references that may have been in force on a day: not what came later."""
    for reference in basis:
        span = rulebook.policy.sources[reference.source].in_force
        if span is None or span.from_ <= on:
            yield reference


def local_law(rule: Rule, jurisdiction: str, rulebook: Rulebook) -> list[LocalLaw]:
    """What the place's own law says to the effect of the rule."""
    chain = rulebook.policy.chain(jurisdiction)
    return [law for place, law in rule.also.items() if place in chain]


def quote(basis: Iterable[Reference], rulebook: Rulebook, language: str) -> list[str]:
    """Each article as one line: instrument, article and its words."""
    say = Wording(rulebook, language)
    return [_line(one, say) for one in cited(basis, rulebook, language)]


def marked(basis: Iterable[Reference], rulebook: Rulebook, language: str) -> list[str]:
    """As `quote`, each with how its source was verified."""
    return lines(cited(basis, rulebook, language), rulebook, language)


def lines(found: Iterable[Citation], rulebook: Rulebook, language: str) -> list[str]:
    """Articles as `marked` has them."""
    say = Wording(rulebook, language)
    return [say("marked", text=_line(one, say), verified=one.verified) for one in found]


def _line(one: Citation, say: Wording) -> str:
    if one.words:
        return say("quoted", place=one.place, words=one.words)
    return say("gist", place=one.place, words=one.gist) if one.gist else one.place
