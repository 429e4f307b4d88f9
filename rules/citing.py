"""Articles in words: each reference with its instrument, its place and what it says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.common import Citation as Reference
from rules.rulebook import Rulebook
from rules.schema import LocalLaw, Rule
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class Citation:
    """An article: `instrument` its short title, `place` both as a lawyer writes them, `words`
    as quoted or None, where nothing was quoted; `gist` then says what it is about."""

    instrument: str
    article: str
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
        # A plan has passages, which are named, and no numbered articles.
        code = "article" if reference.article[:1].isdigit() else "passage"
        found.append(
            Citation(
                instrument=instrument,
                article=reference.article,
                place=say(code, source=instrument, article=reference.article),
                words=article.words,
                gist=article.gist[language] if article.gist else None,
                in_force_from=source.in_force.from_ if source.in_force else None,
                verified=source.verified.mark,
                title=source.title[language],
            )
        )
    return found


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
