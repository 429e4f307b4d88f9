"""Addresses of static files that change with their content, so that browsers may keep them."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, request, url_for

STATIC = Path(__file__).parent.parent / "static"


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a file below `service/static`."""
    return _address(request.root_path, name)


@lru_cache(maxsize=64)
def _address(_root: str, name: str) -> str:
    return url_for("static", filename=name, v=_digest(name))


def init_app(app: Flask) -> None:
    """Give templates `asset`."""
    app.jinja_env.globals["asset"] = asset
