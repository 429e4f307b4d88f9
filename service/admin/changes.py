"""Pages of changes of the law: the list, entering one with a dry run, taking one back."""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Length

from models import RuleChange
from rules.amendments import Amendment, AmendmentError, AmendmentKind, amendable
from rules.citing import place_of
from rules.rulebook import builtin_rulebook
from rules.schema import Rule
from rules.wording import Wording
from service.admin import amending, moves_sheet
from service.admin.blueprint import blueprint
from service.admin.moves import Preview
from service.fields import DayField, PlainField, Required, WholeNumberField, options
from service.policy_pages.wording import period_words
from service.web import clock, identity, language, rulebook
from service.web.database import session
from service.web.forms import Form
from service.web.gate import needs

KINDS: dict[AmendmentKind, Any] = {
    "version": _l("New version of a rule"),
    "switch_on": _l("Commitment switched on"),
    "promise": _l("Promise to be quicker than the law"),
}
_MARKS = ("V1", "V2", "V3", "P2", "P1", "UNVERIFIED")
_REASONS = {
    "unknown_rule": _l("Choose a rule from the list."),
    "not_after_last": _l("Choose a day after %(day)s, when the last version came into force."),
    "unverified_law": _l("What is verified %(mark)s cannot act as law; enter it as a promise."),
    "no_length": _l("Type the number of days, hours, months or years, like 5."),
    "not_tighter": _l("A promise is quicker than the law: at most %(most)s."),
    "no_extension": _l("This rule knows no extension; leave it empty."),
    "before_rule": _l("The rule itself begins on %(day)s. Choose that day or a later one."),
    "out_of_calendar": _l("The calendar runs from %(first)s to %(last)s. Choose a day in it."),
    "counts_nothing": _l("This rule counts no days; leave it empty."),
    "too_long": _l("%(length)s is longer than any period. Type at most %(most)s."),
    "no_cap": _l("Type at least 1; leave it empty where it cannot be extended."),
    "cap_too_long": _l(
        "An extension by %(cap)s is longer than the period allows. Type at most %(most)s."
    ),
    "promised_already": _l(
        "A promise of %(length)s is entered from %(day)s. Choose a later day, or take that one"
        " back first."
    ),
}


class ChangeForm(Form):
    """A change of the law, or a commitment; what it may be about depends on its kind."""

    rule = SelectField(_l("Rule"))
    from_on = DayField(_l("In force from"), [Required(_l("Type the day it comes into force."))])
    length = WholeNumberField(
        _l("New length"),
        description=_l("In the unit of the rule; its present length stands in the list."),
    )
    cap = WholeNumberField(
        _l("Extension at most"),
        description=_l("In all, in the same unit; empty where it cannot be extended."),
    )
    instrument = PlainField(
        _l("Instrument"),
        [
            Required(_l("Name the instrument it stands in.")),
            Length(max=200, message=_l("At most 200 characters.")),
        ],
    )
    article = PlainField(
        _l("Article"),
        [
            Required(_l("Name the article it stands in.")),
            Length(max=40, message=_l("At most 40 characters.")),
        ],
        description=_l("The number alone: 27④ for the fourth paragraph, 46(6) for the sixth item."),
    )
    words = TextAreaField(
        _l("Words of the article"), [Length(max=2000, message=_l("At most 2,000 characters."))]
    )
    verified = SelectField(
        _l("How it was read"),
        choices=options((mark, mark) for mark in _MARKS),
        description=_l("V: the text itself; P: quoted by a secondary page."),
    )
    previewed = HiddenField()


class UndoForm(Form):
    """Why a change is taken back."""

    because = PlainField(
        _l("Reason"),
        [
            Required(_l("Say why it is taken back.")),
            Length(max=300, message=_l("At most 300 characters.")),
        ],
    )


def reason(error: AmendmentError) -> str:
    """Why a change cannot be, and how to mend it, in the language of the page."""
    return str(_REASONS[error.code] % error.values)


@blueprint.get("/law")
@needs("admin.policy")
def list_changes() -> str:
    """Every change that was entered, and links to enter another."""
    rows = amending.listed(session())
    return render_template(
        "admin/changes.html", rows=rows, kinds=KINDS, obligation=_obligation, place=_place
    )


@blueprint.route("/law/new/<kind>", methods=["GET", "POST"])
@needs("admin.policy")
def new_change(kind: str) -> Any:
    """Enter a change, look at what it moves, apply it."""
    if kind not in KINDS:
        abort(404)
    form = _form(kind)
    if not form.validate_on_submit():
        return _page(kind, form), 422 if form.is_submitted() else 200
    amendment = _entered(kind, form)
    try:
        if request.form.get("action") == "apply" and form.previewed.data == _digest(amendment):
            amending.apply(session(), identity.actor(), amendment)
            flash(
                _("The change is applied. The scheduler now recomputes the deadlines."), "success"
            )
            return redirect(url_for("admin.list_changes"))
        found = amending.preview(session(), amendment, clock.today())
        if request.form.get("action") == "list":
            command = moves_sheet.command_for(amendment, entered=False)
            return moves_sheet.sent(found, _obligation, f"anqi-{amendment.rule}", command)
    except AmendmentError as error:
        form[error.field].errors = [*form[error.field].errors, reason(error)]
        return _page(kind, form), 422
    return _page(kind, form, found, amendment)


@blueprint.route("/law/<int:change_id>/undo", methods=["GET", "POST"])
@needs("admin.policy")
def undo_change(change_id: int) -> Any:
    """Show what taking a change back would move; then take it back."""
    row = amending.wanted(session(), change_id)
    form = UndoForm()
    try:
        found = amending.preview_undone(session(), row, clock.today())
    except AmendmentError:
        flash(_("A later change rests on this one. Take that one back first."), "danger")
        return redirect(url_for("admin.list_changes"))
    command = moves_sheet.command_for(row, entered=True)
    if "list" in request.args:
        return moves_sheet.sent(found, _obligation, f"anqi-{row.rule}", command)
    if form.validate_on_submit():
        amending.undo(session(), identity.actor(), change_id, form.because.data or "")
        flash(_("The change is taken back. The scheduler now recomputes the deadlines."), "success")
        return redirect(url_for("admin.list_changes"))
    page = render_template(
        "admin/change_undo.html",
        row=row,
        form=form,
        kinds=KINDS,
        preview=found,
        command=command,
        obligation=_obligation,
        place=_place,
    )
    return page, 422 if form.is_submitted() else 200


def _place(row: RuleChange) -> str:
    """Instrument and article, as they are cited with the deadlines."""
    say = Wording(rulebook.current(), language.short())
    return place_of(row.instrument, row.article, say)


def _form(kind: AmendmentKind) -> ChangeForm:
    form = ChangeForm()
    rules = amendable(builtin_rulebook().policy, kind)
    form.rule.choices = options((rule.id, _shown(rule)) for rule in rules)
    if kind != "version":
        del form.cap
    return form


def _shown(rule: Any) -> str:
    name = rule.obligation[language.short()]
    return f"{name} ({period_words(rule.versions[-1].period)})" if rule.versions else str(name)


def _entered(kind: AmendmentKind, form: ChangeForm) -> Amendment:
    return Amendment(
        id=amending.NEW,
        kind=kind,
        rule=form.rule.data,
        from_on=form.from_on.data or clock.today(),
        length=form.length.data,
        cap=form.cap.data if "cap" in form else None,
        place=current_app.config["SETTINGS"].jurisdiction,
        instrument=form.instrument.data or "",
        article=form.article.data or "",
        words=(form.words.data or "").strip(),
        verified=form.verified.data,
    )


def _page(
    kind: AmendmentKind,
    form: ChangeForm,
    found: Preview | None = None,
    amendment: Amendment | None = None,
) -> str:
    return render_template(
        "admin/change.html",
        kind=kind,
        title=KINDS[kind],
        form=form,
        preview=found,
        digest=_digest(amendment) if amendment else None,
        command=moves_sheet.command_for(amendment, entered=False) if amendment else "",
        obligation=_obligation,
    )


def _obligation(rule: str) -> str:
    return obligation(rulebook.current().policy.rules, rule)


def obligation(rules: Mapping[str, Rule], rule: str) -> str:
    """What a rule asks for, in the language of the page; a promise like the law it tightens."""
    known = rules.get(rule) or rules.get(rule.removesuffix("_promised"))
    return str(known.obligation[language.short()]) if known else rule


def _digest(amendment: Amendment) -> str:
    """What was previewed, so that nothing else is applied."""
    return hashlib.sha256(repr(amendment).encode()).hexdigest()
