"""Routes of the policy pages: all rules, one rule, indicators, assumptions."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, current_app, render_template

from rules import common
from rules.explain import Citation, cited
from rules.schema import Rule
from service.access import NotFound
from service.policy_pages import wording
from service.web import clock, language, rulebook
from service.web.gate import needs

blueprint = Blueprint("policy_pages", __name__, template_folder="templates", url_prefix="/policy")


@blueprint.get("")
@needs("policy.read")
def index() -> str:
    """Every rule, by procedure, with its period as it stands today."""
    policy = rulebook.current().policy
    groups = [
        (procedure, rules)
        for procedure in policy.procedures.values()
        if (rules := [one for one in policy.rules.values() if one.procedure == procedure.id])
    ]
    return _render("index", groups=groups, version_of=_version_today)


@blueprint.get("/rules/<rule_id>")
@needs("policy.read")
def rule(rule_id: str) -> str:
    """One rule: what starts and ends it, and each version with the words of its articles."""
    found = rulebook.current().policy.rules.get(rule_id)
    if found is None:
        raise NotFound("rule")
    return _render("rule", rule=found, cited=_cited)


@blueprint.get("/indicators")
@needs("policy.read")
def indicators() -> str:
    """What is counted, and the target in force here."""
    policy = rulebook.current().policy
    pack = current_app.config["SETTINGS"].jurisdiction
    rows = [
        (indicator, policy.indicators.target(name, pack, clock.today()))
        for name, indicator in policy.indicators.items()
    ]
    return _render("indicators", rows=rows)


@blueprint.get("/assumptions")
@needs("policy.read")
def assumptions() -> str:
    """How days are counted, and what is assumed where the law is silent."""
    return _render("assumptions")


def _version_today(rule: Rule) -> Any:
    """The version in force today, else the last one."""
    return rule.version_on(clock.today()) or rule.versions[-1]


def _cited(basis: Iterable[common.Citation]) -> list[Citation]:
    """The articles behind something, with their words."""
    return cited(basis, rulebook.current(), language.short())


def _render(name: str, **values: Any) -> str:
    return render_template(
        f"policy_pages/{name}.html",
        policy=rulebook.current().policy,
        fingerprint=rulebook.current().fingerprint,
        lang=language.short(),
        words=wording,
        tab=name,
        **values,
    )
