"""Routes of the policy pages: all rules, one rule, indicators, assumptions."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobs.workbook import texts
from rules import common
from rules.calendar import add_calendar_days
from rules.citing import Citation, cited
from rules.wording import Wording
from service.access import NotFound
from service.policy_pages import wording
from service.policy_pages.book import MissingFontsError, book_of, pdf_of
from service.policy_pages.days import asked_day, changed
from service.web import clock, language, leftout, rulebook
from service.web.gate import needs

_YEAR = 365
blueprint = Blueprint("policy_pages", __name__, template_folder="templates", url_prefix="/policy")


@blueprint.get("")
@needs("policy.read")
def index() -> str:
    """Every rule, by procedure, with its period as it stands on a day, today if none is named."""
    policy = rulebook.current().policy
    leftout.say_unless("on")
    on, problem = asked_day("on", clock.today())
    groups = [
        (procedure, _of(policy.rules, procedure.id), _of(policy.statements, procedure.id))
        for procedure in policy.procedures.values()
    ]
    return _render("index", groups=groups, on=on, problem=problem)


def _of(items: Mapping[str, Any], procedure: str) -> list[Any]:
    return [one for one in items.values() if one.procedure == procedure]


@blueprint.get("/changes")
@needs("policy.read")
def changes() -> str:
    """What the law changed between two days: a year back if none are named."""
    leftout.say_unless("from", "to")
    first, problem = asked_day("from", add_calendar_days(clock.today(), -_YEAR))
    last, other = asked_day("to", clock.today())
    found = changed(rulebook.current().policy, first, last)
    return _render("changes", first=first, last=last, rows=found, problem=problem or other)


@blueprint.get("/book")
@needs("policy.read")
def book_start() -> Response:
    """The first chapter of the book."""
    first = next(iter(rulebook.current().policy.procedures))
    return redirect(url_for("policy_pages.book", chapter=first))


@blueprint.get("/book/<chapter>")
@needs("policy.read")
def book(chapter: str) -> str:
    """A chapter of the book of the law."""
    made = book_of(rulebook.current(), language.short())
    found = next((one for one in made.chapters if one.id == chapter), None)
    if found is None:
        raise NotFound("chapter")
    return _render("book", book=made, chapter=found)


@blueprint.get("/book.pdf")
@needs("policy.read")
def book_pdf() -> Response:
    """The whole book as a PDF; where it cannot be made, the book with the reason."""
    lang = language.short()
    try:
        made = pdf_of(rulebook.current(), lang)
    except MissingFontsError:
        flash(
            _("The PDF needs the Noto CJK fonts: install Debian's package fonts-noto-cjk."),
            "danger",
        )
        return redirect(url_for("policy_pages.book_start"))
    name = f"anqi-law-{lang}.pdf"
    return send_file(BytesIO(made), "application/pdf", as_attachment=True, download_name=name)


@blueprint.get("/rules/<rule_id>")
@needs("policy.read")
def rule(rule_id: str) -> str:
    """One rule: what starts and ends it, and each version with the words of its articles."""
    found = rulebook.current().policy.rules.get(rule_id)
    if found is None:
        raise NotFound("rule")
    leftout.say_unless("on")
    on, problem = asked_day("on", clock.today())
    say = Wording(rulebook.current(), language.short())
    return _render("rule", rule=found, cited=_cited, say=say, on=on, problem=problem)


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
    return _render("indicators", rows=rows, figure_words=texts(language.short()))


@blueprint.get("/assumptions")
@needs("policy.read")
def assumptions() -> str:
    """How days are counted, and what is assumed where the law is silent."""
    return _render("assumptions")


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
