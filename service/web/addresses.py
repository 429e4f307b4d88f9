"""Addresses of pages and static files that have no part to fill in, made once.

The frame of a page alone has some 25 of them. They depend on nothing but the path at which
the application is mounted.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import flask
from flask import Flask, current_app, request

_KEPT = "anqi_addresses"
_MOST = 512


def url_for(endpoint: str, **values: Any) -> str:
    """As Flask's `url_for`, within a request."""
    if values:
        return flask.url_for(endpoint, **values)
    kept = cast("Callable[[str, str], str]", current_app.extensions[_KEPT])
    return kept(request.root_path, endpoint)


def init_app(app: Flask) -> None:
    """Give templates this `url_for`."""

    @lru_cache(maxsize=_MOST)
    def kept(_root: str, endpoint: str) -> str:
        return flask.url_for(endpoint)

    app.extensions[_KEPT] = kept
    app.jinja_env.globals["url_for"] = url_for
