"""Drafts of the register forms: saved while somebody types, listed, gone on with, discarded."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobs.drafts import KEPT
from service import drafts, wording
from service.register.forms import FORMS
from service.web import clock, database, identity
from service.web import drafts as web
from service.web.gate import needs


@dataclass(frozen=True)
class Unfinished:
    """A draft in the list: where it opens, what and whom it is about as far as was typed."""

    key: str
    address: str
    kind: str
    names: str
    saved_at: datetime


def attach(blueprint: Blueprint) -> None:
    """Put the routes under the pages' blueprint."""
    blueprint.post("/<kind>/draft")(database.reads_first(save_draft))
    blueprint.post("/drafts/<key>/discard")(discard_draft)


def opened() -> Unfinished | None:
    """The draft that this page was opened with."""
    found = web.opened()
    return _shown(found) if found is not None else None


def unfinished() -> list[Unfinished]:
    """What the user of this request has begun to register, the latest first."""
    mine, session = identity.current().id or 0, database.session()
    found = drafts.of_person(session, mine, f"{url_for('register.index')}/", clock.now())
    return [_shown(draft) for draft in found]


def _shown(draft: drafts.Kept) -> Unfinished:
    kind = urlsplit(draft.path).path.rpartition("/")[2]
    names = [
        value
        for name, value in draft.fields
        if name.startswith("parties-") and name.endswith("-name") and value.strip()
    ]
    return Unfinished(
        key=draft.key,
        address=web.address(draft.path, draft.key),
        kind=wording.label(wording.KINDS, kind),
        names=_(", ").join(names),
        saved_at=draft.saved_at,
    )


def _kept(kind: str) -> str:
    """The address of the draft in which what was sent is saved. Aborts for no such kind."""
    if kind not in FORMS:
        abort(404)
    return web.keep_part_of(url_for("register.fill_in", kind=kind))


@needs("case.register")
def save_draft(kind: str) -> str:
    """Save what is typed so far, for `anqi.js`, and say when that was."""
    draft = {"address": _kept(kind), "saved_at": clock.now()}
    return render_template("register/_draft.html", draft=draft)


def save_and_go_on(kind: str) -> Response:
    """Save what is typed so far and open it again."""
    address = _kept(kind)
    text = _("The draft is saved. You find it under “Register” for %(days)s days.", days=KEPT.days)
    flash(text, "success")
    return redirect(address)


@needs("case.register")
def discard_draft(key: str) -> Response:
    """Throw one of the own drafts away."""
    drafts.discard(database.session(), identity.current().id or 0, key)
    flash(_("The draft is discarded."), "success")
    return redirect(url_for("register.index"))
