"""Routes of logging in and out, the language, the own password and API tokens."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response
from wtforms.fields import Field

from models import Unit, User
from service import people
from service.account import demo_logins, first_run
from service.account.forms import LogInForm, PasswordForm, TokenForm
from service.config import LANGUAGES
from service.passwords import LOCKED_FOR, TRIES
from service.web import clock, identity, language, navigation
from service.web.database import session
from service.web.forms import add_error
from service.web.gate import needs

blueprint = Blueprint("account", __name__, template_folder="templates")


@blueprint.route("/login", methods=["GET", "POST"])
def log_in() -> Any:
    """Show the form; check what was typed; begin a session."""
    if identity.current_or_none() is not None:
        return redirect(navigation.home())
    form = LogInForm()
    if form.validate_on_submit():
        user = _authenticated(form)
        if user is not None:
            identity.log_in(user)
            return redirect(_safe(request.args.get("next")) or url_for("account.home"))
    page = render_template(
        "account/log_in.html",
        form=form,
        fresh=first_run.waiting_administrator(session()),
        demo_logins=demo_logins.shown(current_app.config["SETTINGS"], session()),
    )
    return page, 422 if form.errors else 200


def _authenticated(form: LogInForm) -> User | None:
    """The user, or None with an error that tells neither which part was wrong nor whether there
    is such a user: nobody learns from it whose name is locked."""
    found = people.authenticate(session(), *_typed(form.username, form.password), clock.now())
    if found is None:
        text = _(
            "User name or password is wrong. Check both and type again. After %(tries)s wrong"
            " passwords a name is locked for %(minutes)s minutes, also for the right one; an"
            " administrator can give a new password.",
            tries=TRIES,
            minutes=LOCKED_FOR // timedelta(minutes=1),
        )
        add_error(form.password, text)
    return found


def _typed(first: Field, second: Field) -> tuple[str, str]:
    return str(first.data or ""), str(second.data or "")


def _safe(target: str | None) -> str | None:
    """A path of ours to go on to; never another site's address."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.netloc or parts.scheme else target


@blueprint.get("/session")
def standing() -> Response:
    """Who is logged in here and the token that forms need now, for `anqi.js`.

    It asks before a form is sent, so that a session that ended costs nothing typed.
    """
    user = identity.current_or_none()
    return jsonify(user=user.id if user else None, csrf=generate_csrf())


@blueprint.post("/logout")
@needs("account.own")
def log_out() -> Response:
    """End the session here and everywhere."""
    identity.log_out()
    return redirect(url_for("account.log_in"))


@blueprint.post("/language")
def set_language() -> Response:
    """Show everything in the other language from now on."""
    chosen = request.form.get("language", "")
    user = identity.current_or_none()
    if chosen in LANGUAGES:
        language.choose(chosen)
        if user is not None:
            user.language = chosen
            session().add(user)
    return redirect(_safe(request.form.get("next")) or url_for("account.home"))


@blueprint.get("/")
@needs("account.own")
def home() -> Response:
    """Lead to the first page of the user's role."""
    return redirect(navigation.home())


@blueprint.route("/account/password", methods=["GET", "POST"])
@needs("account.own")
def change_password() -> Any:
    """Change the own password; every other session of this user ends."""
    form = PasswordForm()
    if form.validate_on_submit():
        user = identity.current()
        try:
            people.change_password(session(), user, *_typed(form.old, form.new))
        except people.WrongPassword:
            add_error(form.old, _("This is not your present password. Type it again."))
        except people.WeakPassword as error:
            add_error(form.new, str(error))
        else:
            identity.renew(user)
            flash(_("Your password is changed."), "success")
            return redirect(url_for("account.home"))
    page = render_template("account/password.html", form=form, hint=people.password_hint())
    return page, 422 if form.errors else 200


@blueprint.get("/account")
@needs("account.own")
def index() -> Any:
    """Who I am here, and the tokens of my programs."""
    return _account_page(TokenForm())


def _account_page(form: TokenForm, new_token: str | None = None) -> str:
    user = identity.current()
    unit = session().get_one(Unit, user.unit_id)
    return render_template(
        "account/index.html",
        form=form,
        unit_name=unit.name_en if language.short() == "en" else unit.name_zh,
        tokens=people.tokens_of(session(), user),
        new_token=new_token,
    )


@blueprint.post("/account/tokens")
@needs("account.own")
def make_token() -> Any:
    """Make a token and show it, this once."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _account_page(form), 422
    token = people.create_token(session(), identity.current(), form.name.data or "")
    return _account_page(TokenForm(formdata=None), token)


@blueprint.post("/account/tokens/<int:token_id>/revoke")
@needs("account.own")
def revoke_token(token_id: int) -> Response:
    """Make one of the own tokens useless."""
    people.revoke_token(session(), identity.current(), token_id)
    flash(_("The token is revoked."), "success")
    return redirect(url_for("account.index"))
