"""The gate before every route: `@needs("case.read")` says what a user must be allowed to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service import access
from service.web import drafts, identity

View = TypeVar("View", bound=Callable[..., Any])

# What anybody may open, by endpoint; every other route is behind `needs`.
PUBLIC = frozenset(
    {
        "static",
        "account.log_in",
        "account.set_language",
        "account.standing",
        "health.healthz",
        "api.openapi",
    }
)


def needs(action: str) -> Callable[[View], View]:
    """Let only users through who may do `action` (of `service.access`).

    Without log-in a page leads to the log-in page and the API answers 401; a user whose
    password must be changed first is led to that page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            refused = _refused(action)
            return view(*args, **kwargs) if refused is None else refused

        guarded.needs = action  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def needed(view: Callable[..., Any]) -> str | None:
    """The action a view is marked with; None for one without the gate."""
    return cast("str | None", getattr(view, "needs", None))


def _refused(action: str) -> Response | AnyResponse | None:
    user = identity.current_or_none()
    if user is None:
        return _to_log_in()
    if user.must_change_password and action != "account.own":
        return _lead(url_for("account.change_password"))
    access.require(identity.actor(), action)
    return None


def _to_log_in() -> Response | AnyResponse:
    if identity.is_api(request):
        response = jsonify(error="unauthorized", message="Send a token: Authorization: Bearer …")
        response.status_code = 401
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    part = "HX-Request" in request.headers
    if part and request.method != "GET":
        # Part of a form that somebody fills: the page stays, with what was typed (anqi.js).
        return Response(status=401)
    again = drafts.lead_back()
    if again is not None:
        return again
    wanted = request.full_path.rstrip("?") if request.method == "GET" and not part else None
    return _lead(url_for("account.log_in", next=wanted if wanted != "/" else None))


def _lead(target: str) -> Response | AnyResponse:
    """Go to another page, also from within a part that htmx loads."""
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target)
