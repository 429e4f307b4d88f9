"""Drafts in pages: a form names its draft by a hidden field, an address by `?draft=…`.

The hidden field is signed and says to whom the form was shown. So a form that is sent when
the session has ended is kept for that person, and opens again, filled, after logging in.
"""

import re
import secrets
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, abort, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from jobs.drafts import KEPT
from models import User
from service import drafts
from service.drafts import Kept, Typed
from service.web import clock, database, identity

FIELD = "draft"
_KEY = re.compile(r"[0-9a-f]{32}")
# What belongs to one sending of the form, not to what was typed.
_NOT_TYPED = frozenset({"csrf_token", FIELD, "add", "save", "action"})


class Bearer(NamedTuple):
    """What a form's hidden field says: whose form it is, and the key of its draft."""

    user_id: int
    key: str


def token() -> str:
    """The hidden field of a form that is shown to the user of this request."""
    return _signer().dumps([identity.current().id, _key_of_this_form()])


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="anqi draft")


def _key_of_this_form() -> str:
    draft, sent = opened(), _sent()
    if draft is not None:
        return draft.key
    if sent is not None and sent.user_id == identity.current().id:
        return sent.key
    return secrets.token_hex(16)


def _sent() -> Bearer | None:
    """What the form of this request bears; None for a form without it, or with a forged one."""
    try:
        user_id, key = _signer().loads(
            request.form.get(FIELD, ""), max_age=int(KEPT.total_seconds())
        )
    except BadSignature:
        return None
    return Bearer(user_id, key)


def opened() -> Kept | None:
    """The draft that the address of this page names, read once.

    Leads to the same page without it when the draft is not there any more.
    """
    if "draft" not in g:
        key = request.args.get(FIELD, "") if request.method == "GET" else ""
        g.draft = _found(key) if key and identity.current_or_none() is not None else None
    found: Kept | None = g.draft
    return found


def _found(key: str) -> Kept:
    known = _KEY.fullmatch(key) is not None
    user_id, session = identity.current().id or 0, database.session()
    found = drafts.find(session, user_id, key, clock.now()) if known else None
    if found is not None and urlsplit(found.path).path == request.path:
        return found
    g.draft = None
    flash(_("This draft is not there any more: it was sent, discarded or has expired."), "warning")
    return abort(redirect(_this_page()))


def typed_before() -> MultiDict[str, str] | None:
    """What a form that is opened again is filled with; None for one that is new."""
    draft = opened()
    return MultiDict(draft.fields) if draft is not None else None


def keep() -> str | None:
    """Keep the form of this request for who it was shown to; the address that opens it again.

    None for a form that bears no draft, and for one whose page cannot be opened by itself.
    """
    sent, rule = _sent(), request.url_rule
    if sent is None or rule is None or "GET" not in (rule.methods or ()):
        return None
    return _keep_as(sent, _this_page())


def keep_part_of(path: str) -> str:
    """The same for a part of the page `path`, sent while somebody types. Aborts without one."""
    sent = _sent()
    if sent is None or sent.user_id != identity.current().id:
        abort(400)
    return _keep_as(sent, path) or abort(400)


def _keep_as(sent: Bearer, path: str) -> str | None:
    session = database.begin_writing()
    user = session.get(User, sent.user_id)
    if user is None or user.disabled_at is not None:
        return None
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name not in _NOT_TYPED
    ]
    drafts.keep(session, sent.user_id, Typed(sent.key, path, fields), clock.now())
    g.draft_settled = True
    return address(path, sent.key)


def address(path: str, key: str) -> str:
    """Where a draft of the page `path` opens."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode({FIELD: key})}"


def _this_page() -> str:
    """The address of this page without a draft."""
    asked = [pair for pair in request.args.items(multi=True) if pair[0] != FIELD]
    return f"{request.path}?{urlencode(asked)}" if asked else request.path


def lead_back() -> Response | AnyResponse | None:
    """Keep a form that cannot be taken now and lead to where it opens again.

    To the log-in page first when nobody is logged in. None when nothing could be kept; when
    somebody else is logged in it is kept all the same, but they are led nowhere.
    """
    again, sent = keep(), _sent()
    if again is None or sent is None:
        return None
    user = identity.current_or_none()
    if user is None:
        flash(_("What you typed is kept: log in, and it comes back to be sent."), "info")
        return redirect(url_for("account.log_in", next=again))
    if user.id != sent.user_id:
        return None
    flash(_("The page was open for too long. What you typed is kept: send it again."), "warning")
    return redirect(again)


def forget(session: Session) -> None:
    """Forget the draft of the form of this request in the transaction that takes the form."""
    sent = _sent()
    if sent is not None and sent.user_id == identity.current().id:
        drafts.forget(session, sent.user_id, sent.key)
        g.draft_settled = True


def _forget_sent(response: Response) -> Response:
    """A form that was taken needs no draft any more."""
    taken = request.method == "POST" and 300 <= response.status_code < 400
    sent = _sent() if taken and "draft_settled" not in g and FIELD in request.form else None
    user = identity.current_or_none() if sent is not None else None
    if sent is not None and user is not None and user.id == sent.user_id:
        drafts.discard(database.begin_writing(), sent.user_id, sent.key)
    return response


def init_app(app: Flask) -> None:
    """Attach to the application, after the database, which settles what is written here."""
    app.after_request(_forget_sent)
    app.jinja_env.globals["draft_token"] = token
