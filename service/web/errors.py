"""What is shown when a page cannot be: one friendly page, a fragment for htmx, JSON for the API."""

from typing import Any, NamedTuple

from flask import Flask, current_app, jsonify, render_template, request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from service.access import Forbidden, NotFound
from service.config import LANGUAGES
from service.web import drafts, identity, language, logs

_TITLES: dict[int, LazyString] = {
    400: _l("The request could not be read"),
    403: _l("You may not do this"),
    404: _l("There is no such page"),
    405: _l("The request could not be read"),
    413: _l("That is too much at once"),
    500: _l("Something went wrong on our side"),
}
_HINTS: dict[int, LazyString] = {
    400: _l("Go back and try again."),
    403: _l("Your role or your unit does not allow this. Ask your supervisor or an administrator."),
    404: _l("Check the address or the number. What you look for may belong to another unit."),
    405: _l("Go back and try again."),
    413: _l("Send less text, or a smaller file."),
    500: _l("Nothing was saved. Try again; if it goes on, tell the administrator this number."),
}
_STALE = _l(
    "The page was open for too long, so it was not saved. Go back, reload it and try again."
)


class _Said(NamedTuple):
    """An error in the words of one language."""

    tag: str
    title: str
    hint: str
    number: str
    home: str


def page(status: int, hint: LazyString | str | None = None) -> Any:
    """The answer that says what is wrong, in the form that was asked for."""
    known = status if status in _TITLES else (500 if status >= 500 else 400)
    if known == 500:
        # The database may be what is broken: who asks, and in which language, stays unknown.
        with language.speaking(language.of_anyone()):
            return _failed(), status
    title, text = str(_TITLES[known]), str(hint or _HINTS[known])
    if identity.is_api(request):
        return _for_program(title, text), status
    template = "error_part.html" if _wants_part() else "error.html"
    return render_template(template, title=title, hint=text), status


def _failed() -> Any:
    """What went wrong on our side, in every language, the likeliest one first."""
    order = sorted(LANGUAGES, key=lambda one: one != language.current())
    said = [_said(one) for one in order]
    if identity.is_api(request):
        return _for_program(said[0].title, said[0].hint)
    name = "failed_part.html" if _wants_part() else "failed.html"
    # Not by `render_template`, which tells every template who the user is.
    template = current_app.jinja_env.get_template(name)
    return template.render(said=said, number=logs.request_id())


def _said(spoken: str) -> _Said:
    with language.speaking(spoken):
        title, hint = str(_TITLES[500]), str(_HINTS[500])
        number, home = _("Number of this request:"), _("To the first page")
        return _Said(language.tag(), title, hint, number, home)


def _for_program(title: str, message: str) -> Any:
    return jsonify(error=title, message=message, request=logs.request_id())


def _wants_part() -> bool:
    return "HX-Request" in request.headers


def init_app(app: Flask) -> None:
    """Attach the handlers; unexpected errors are logged by Flask itself."""
    app.register_error_handler(NotFound, lambda _error: page(404))
    app.register_error_handler(Forbidden, lambda _error: page(403))
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http_error)


def _stale(_error: CSRFError) -> Any:
    """A form of a session that has ended: what was typed is kept where that can be."""
    again = None if _wants_part() or identity.is_api(request) else drafts.lead_back()
    return again if again is not None else page(400, _STALE)


def _http_error(error: HTTPException) -> Any:
    # Redirects are exceptions too.
    if error.code is None or error.code < 400:
        return error
    return page(error.code)
