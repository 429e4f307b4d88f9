"""What is shown when a page cannot be: one friendly page, a fragment for htmx, JSON for the API."""

from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from service.access import Forbidden, NotFound
from service.web import drafts, identity, logs

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
    403: _l("Your role does not include this. Ask your supervisor or an administrator."),
    404: _l("Check the address or the number. What you look for may belong to another unit."),
    405: _l("Go back and try again."),
    413: _l("Send less text, or a smaller file."),
    500: _l("Nothing was saved. Try again; if it goes on, tell the administrator this number."),
}
_STALE = _l(
    "The page was open for too long, so it was not saved. Go back, reload it and try again."
)


def page(status: int, hint: LazyString | str | None = None) -> Any:
    """The answer that says what is wrong, in the form that was asked for."""
    known = status if status in _TITLES else (500 if status >= 500 else 400)
    title = str(_TITLES[known])
    text = str(hint or _HINTS[known])
    number = logs.request_id() if status >= 500 else None
    if identity.is_api(request):
        return jsonify(error=title, message=text, request=logs.request_id()), status
    part = "HX-Request" in request.headers
    template = "error_part.html" if part else "error.html"
    return render_template(template, title=title, hint=text, number=number), status


def init_app(app: Flask) -> None:
    """Attach the handlers; unexpected errors are logged by Flask itself."""
    app.register_error_handler(NotFound, lambda _error: page(404))
    app.register_error_handler(Forbidden, lambda _error: page(403))
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http_error)


def _stale(_error: CSRFError) -> Any:
    """A form of a session that has ended: what was typed is kept where that can be."""
    part = "HX-Request" in request.headers
    again = None if part or identity.is_api(request) else drafts.lead_back()
    return again if again is not None else page(400, _STALE)


def _http_error(error: HTTPException) -> Any:
    # Redirects are exceptions too.
    if error.code is None or error.code < 400:
        return error
    return page(error.code)
