"""The blueprint that the case's pages hang on, and words their templates use."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from rules.wording import Wording
from service import lengths, wording
from service.cases import details
from service.web import clock, language, rulebook
from service.web.filters import days_left_words, short_day, status_label
from service.web.once import once_a_request

blueprint = Blueprint("casepages", __name__, url_prefix="/cases", template_folder="templates")


@blueprint.app_template_global()
@once_a_request
def kind_label(kind: str) -> str:
    """What a kind of case is called."""
    return wording.label(wording.KINDS, kind)


@blueprint.app_template_global()
def party_role_label(role: str) -> str:
    """What a party's part is called."""
    return wording.label(wording.ROLES, role)


@blueprint.app_template_global()
def detail_label(name: str, value: object) -> str:
    """What a coded detail (channel, violation, cause, category) is called; others as they are."""
    lists = {
        **details.CHOICES,
        **wording.FACT_CHOICES,
        "claim": wording.CLAIM_KINDS,
    }
    fact = rulebook.current().policy.facts.get(name)
    if fact is not None and str(value) in fact.called:
        return wording.at_the_head(fact.called[str(value)][language.short()])
    return wording.label(lists[name], str(value)) if name in lists else str(value)


@blueprint.app_template_global()
def field_label(name: str) -> str:
    """What a detail is called."""
    return wording.label(wording.DETAILS, name)


@blueprint.app_template_global()
def known_before(before: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The facts and circumstances of an earlier revision in words; what the policy does not know
    any more is left out."""
    book, lang = rulebook.current(), language.short()
    say, asked = Wording(book, lang), book.policy.classifications.questions
    known = book.policy.facts
    facts = [
        (known[name].label[lang], say.fact_value(name, value))
        for name, value in before.get("facts", {}).items()
        if name in known
    ]
    entered = [
        (asked[name].label[lang], say.answer(value))
        for name, value in before.get("circumstances", {}).items()
        if name in asked
    ]
    return facts + entered


blueprint.app_template_global()(lengths.days_in)
blueprint.app_template_global()(lengths.ground_label)
blueprint.app_template_global()(lengths.ground_told)


@blueprint.app_template_global()
def days_given(case: Any, event_type: str, details: Mapping[str, Any]) -> str:
    """The `days` of an event of a case, in the unit of the rule that it lengthens."""
    policy = rulebook.current().policy
    unit = lengths.unit_of_extension(policy, case.procedure, event_type, details, clock.today())
    return lengths.days_in(unit, details["days"])


@blueprint.app_template_global()
def bar_part(part: str) -> str:
    """What a piece of a deadline's bar stands for."""
    return wording.label(wording.BAR_PARTS, part)


@blueprint.app_template_global()
def bar_words(shown: Any) -> str:
    """The bar of a deadline in words, for those who do not see it."""
    clock = shown.clock
    if clock.ended_on is not None:
        return _(
            "From %(start)s to %(due)s: %(state)s",
            start=short_day(clock.started_on),
            due=short_day(clock.due_on),
            state=status_label(shown.status),
        )
    return _(
        "From %(start)s to %(due)s: %(state)s, %(left)s",
        start=short_day(clock.started_on),
        due=short_day(clock.due_on),
        state=status_label(shown.status),
        left=days_left_words(clock),
    )
