"""Anqi on the web: HTML pages, JSON API, command line."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from service.config import Settings


def create_app(settings: "Settings", engine: "Engine | None" = None) -> "Flask":
    """The web application for these settings.

    A test may hand over the engine of its database; the keyring is then its own, too.
    Everything is imported here, so that commands that need no web stay quick.
    """
    from service.web.application import build

    return build(settings, engine)
