"""Security headers on every answer, and how long browsers may keep it."""

from flask import Flask, Response, request, session

# `data:` images are the arrows and ticks within Tabler's style sheet.
_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {where}" for name, where in _SOURCES.items())
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_YEAR_SECONDS = 31_536_000


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR_SECONDS}")
    if request.endpoint == "static" and response.status_code < 400:
        _let_keep(response)
    else:
        # Pages show personal data: no copy stays in the browser of a shared computer.
        response.headers["Cache-Control"] = "no-store"
    return response


def _let_keep(response: Response) -> None:
    """An asset is the same for everybody; its address carries a digest of what is in it."""
    if "v" in request.args:
        response.cache_control.no_cache = None
        response.cache_control.max_age = _YEAR_SECONDS
        response.cache_control.immutable = True
    # Whatever looked into the session meanwhile: a copy kept with `Vary: Cookie` is good for
    # no page after the next.
    session.accessed = False


def init_app(app: Flask) -> None:
    """Attach to the application."""
    app.after_request(_add_headers)
