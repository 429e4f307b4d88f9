"""The list of cases: search box, filters, sorting, pages, export, handing over."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from models import Case
from rules.commitments import counted
from service import excel, wording
from service.access import Forbidden, NotFound, get_case, may
from service.caselist import query
from service.caselist.sheet import workbook
from service.cases import editing
from service.cases.problems import Conflict, InvalidInput
from service.cases.searching import CaseFilter, find_cases
from service.choices import handlers, units
from service.parties_shown import parties_by_case
from service.provisional import provisional_cases
from service.web import clock, database, identity, language, leftout, rulebook
from service.web.gate import needs
from service.web.numbers import row_id

blueprint = Blueprint("caselist", __name__, url_prefix="/cases", template_folder="templates")


@blueprint.get("")
@needs("case.read")
def index() -> Any:
    """One page of the cases that the address asks for."""
    asked = query.read(request.args)
    return _without(asked) if asked.unreadable else _page(asked)


def _without(asked: query.Query) -> Any:
    """The list without what could not be read, which is said."""
    leftout.say(asked.unreadable)
    return redirect(url_for("caselist.index", **asked.args))


def _page(asked: query.Query) -> str:
    session, actor = database.session(), identity.actor()
    found = find_cases(session, actor, asked.wanted, clock.today())
    ids = [row.id for row in found.rows]
    return render_template(
        "caselist/index.html",
        page=found,
        asked=asked,
        parties=parties_by_case(session, actor, ids),
        provisional=provisional_cases(session, ids),
        units=units(session, actor, language.short()),
        handlers=handlers(session, actor),
        rules=rulebook.current().policy.rules,
        kinds=wording.choices(wording.KINDS),
        dues=wording.choices(wording.DUE),
        lang=language.short(),
        indicator=_indicator(asked.wanted),
        may_reassign=may(actor, "case.reassign"),
        link=_link(asked),
    )


def _indicator(wanted: CaseFilter) -> str | None:
    """What the report's number is called whose cases are shown."""
    if wanted.indicator is None:
        return None
    policy, lang = rulebook.current().policy, language.short()
    if wanted.indicator in policy.indicators:
        return policy.indicators[wanted.indicator].label[lang]
    limit = counted(policy).get(wanted.indicator)
    return limit.rule.obligation[lang] if limit else wanted.indicator


def _link(asked: query.Query) -> Any:
    """Makes the address of this list with some filters changed; None takes one out."""

    def link(**changed: Any) -> str:
        args = {name: value for name, value in asked.args.items() if name != "page"}
        merged = {**args, **changed}
        kept = {name: value for name, value in merged.items() if value is not None}
        return url_for("caselist.index", **kept)

    return link


@blueprint.post("/search")
@needs("case.read")
def search() -> Any:
    """Take the search text out of the body, so that no number gets into an address."""
    kept = query.read(request.form).args
    for name in ("text", "sealed", "page"):
        kept.pop(name, None)
    return redirect(url_for("caselist.index", **kept, **query.search_args(request.form["q"])))


@blueprint.get("/export.xlsx")
@needs("case.read")
def export() -> Any:
    """The filtered list as an Excel sheet, without ID numbers and phones."""
    asked = query.read(request.args)
    if asked.unreadable:
        # No sheet of more cases than were asked for.
        return _without(asked)
    book = workbook(
        database.session(),
        identity.actor(),
        asked.wanted,
        clock.today(),
        rulebook.current(),
        language.short(),
    )
    return excel.sent(book, f"anqi-cases-{clock.today().isoformat()}.xlsx")


@blueprint.post("/reassign")
@needs("case.reassign")
def reassign() -> Any:
    """Hand the ticked cases to one handler, each in its own transaction."""
    numbers = request.form.getlist("number")
    handler_id = request.form.get("handler_id", type=row_id)
    reason = request.form.get("reason", "")
    back = url_for("caselist.index", **query.read(request.args).args)
    if not numbers or handler_id is None or not reason.strip():
        flash(_("Tick the cases, choose who takes them, and give a reason."), "danger")
        return redirect(back)
    done = sum(_hand_over(number, handler_id, reason) for number in numbers)
    if done:
        flash(ngettext("%(num)s case handed over.", "%(num)s cases handed over.", done), "success")
    return redirect(back)


def _hand_over(number: str, handler_id: int, reason: str) -> bool:
    session, actor = database.session(), identity.actor()
    try:
        case: Case = get_case(session, actor, number, for_change=True)
        editing.reassign(session, actor, case, handler_id, None, reason)
    except InvalidInput as error:
        message = " ".join(problem.message for problem in error.problems)
        flash(f"{number}: {message}", "danger")
    except (NotFound, Forbidden, Conflict):
        flash(_("%(number)s could not be handed over.", number=number), "danger")
    else:
        return True
    return False
