"""How articles are written: paragraphs, items, runs and articles inserted behind others."""

import re

import pytest

from rules.citing import article_number, cited, place_of
from rules.common import Citation
from rules.rulebook import Rulebook, builtin_rulebook
from rules.wording import Wording

WRITTEN = {
    "43": ("第43条", "art. 43"),
    "27④": ("第27条第四款", "art. 27 para 4"),
    "46(6)": ("第46条第（六）项", "art. 46(6)"),
    "75②(3)": ("第75条第二款第（三）项", "art. 75 para 2(3)"),
    "56-61": ("第56条至第61条", "arts. 56–61"),
    "276-1": ("第276条之一", "art. 276-1"),
    # As an administrator may have entered it, or the policy names a passage.
    "2、3": ("第2、3条", "art. 2、3"),
    "公布周期": ("公布周期", "公布周期"),
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return builtin_rulebook()


@pytest.mark.parametrize(("article", "written"), WRITTEN.items())
def test_an_article_is_written_as_a_lawyer_does(
    rulebook: Rulebook, article: str, written: tuple[str, str]
) -> None:
    found = tuple(article_number(article, Wording(rulebook, one)) for one in ("zh", "en"))
    assert found == written


def test_a_citation_names_the_instrument_with_it(rulebook: Rulebook) -> None:
    reference = Citation(source="mediation_arbitration_law", article="27④")
    (chinese,), (english,) = (cited([reference], rulebook, one) for one in ("zh", "en"))
    assert chinese.place == "调解仲裁法第27条第四款"
    assert english.place.endswith("Labour Disputes art. 27 para 4")
    assert chinese.article == english.article == "27④"


def test_what_is_no_number_is_a_passage_of_the_instrument(rulebook: Rulebook) -> None:
    assert place_of("局文", "二", Wording(rulebook, "zh")) == "局文（二）"


def test_every_article_of_the_policy_is_written_in_a_notation_that_is_known(
    rulebook: Rulebook,
) -> None:
    say = Wording(rulebook, "zh")
    for source in rulebook.policy.sources.values():
        for article in source.articles:
            told = article_number(article, say)
            assert told == article or re.fullmatch(r"第[^()①-⑩]*", told), (source.id, article)
