"""Who is using the product: log-in by session cookie, its end, and the user of a request.

A session ends after idle time, when the password changes, on log-out, and when the person
is disabled. The moment of the last request stands in the signed cookie.
"""

from datetime import UTC, datetime, timedelta
from typing import cast

import flask_login
from flask import Flask, Request, current_app, flash, g, request
from flask import session as cookie
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin

from models import User
from service.access import Actor, actor_for
from service.web import clock, database

_SEEN = "seen_at"
_VERSION = "version"
# How much later a request must be to be written into the cookie.
_SEEN_STEP = timedelta(seconds=30)


class _Identity(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps for a request: our user."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.id = str(user.id)


def log_in(user: User) -> None:
    """Begin a session for `user`, with nothing left of an earlier one but the language."""
    language = cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language
    cookie.permanent = False
    cookie[_VERSION] = user.session_version
    cookie[_SEEN] = clock.now().timestamp()
    flask_login.login_user(_Identity(user))
    g.pop("actor", None)


def renew(user: User) -> None:
    """Keep this session after the user's own password change, which ends all others."""
    cookie[_VERSION] = user.session_version


def log_out() -> None:
    """End this session, and any copy of its cookie with it."""
    user = current_or_none()
    if user is not None:
        user.session_version += 1
        database.session().add(user)
    forget()


def forget() -> None:
    """Drop the session cookie, keeping the language."""
    language = cookie.get("language")
    # Emptied first: Flask-Login asks for the user once more, who must not be loaded again.
    cookie.clear()
    flask_login.logout_user()
    g.pop("actor", None)
    if language:
        cookie["language"] = language


def _idle_too_long() -> bool:
    seen = datetime.fromtimestamp(float(cookie.get(_SEEN, 0)), UTC)
    limit = timedelta(minutes=current_app.config["SETTINGS"].idle_minutes)
    return clock.now() - seen > limit


def _note_seen() -> None:
    seen = datetime.fromtimestamp(float(cookie.get(_SEEN, 0)), UTC)
    if clock.now() - seen > _SEEN_STEP:
        cookie[_SEEN] = clock.now().timestamp()


def _load(user_id: str) -> _Identity | None:
    """The user of the session cookie, unless the session has ended. The API takes no cookie."""
    if is_api(request):
        return None
    user = database.session().get(User, int(user_id))
    if user is None or user.disabled_at or user.session_version != cookie.get(_VERSION):
        return None
    if _idle_too_long():
        forget()
        flash(_("You were logged out because nothing happened for a while."), "info")
        return None
    _note_seen()
    return _Identity(user)


def _load_from_request(incoming: Request) -> _Identity | None:
    """The user of an API token. No cookie counts there, so no foreign page can use one."""
    if not is_api(incoming):
        return None
    load = current_app.extensions.get("anqi_token_user")
    user = load(incoming) if load else None
    return _Identity(user) if user else None


def is_api(incoming: Request) -> bool:
    """Is this a request of a program, which wants JSON and has a token?"""
    return incoming.path.startswith("/api/")


def current_or_none() -> User | None:
    """The user of this request; None before log-in."""
    # Taken out of the proxy once: each question to it finds the user anew.
    found = flask_login.current_user._get_current_object()  # noqa: SLF001 - meant to be called
    return cast("User", found.user) if found and found.is_authenticated else None


def current() -> User:
    """The user of this request. Only behind the gate."""
    user = current_or_none()
    if user is None:
        raise RuntimeError("no user: this route is not behind the gate")
    return user


def actor() -> Actor:
    """What the user of this request may see and do, read once."""
    if "actor" not in g:
        g.actor = actor_for(database.session(), current(), _language())
    return cast("Actor", g.actor)


def _language() -> str:
    from service.web import language  # it asks who the user is

    return language.short()


def init_app(app: Flask) -> None:
    """Attach Flask-Login."""
    manager = LoginManager()
    manager.user_loader(_load)
    manager.request_loader(_load_from_request)
    manager.init_app(app)
