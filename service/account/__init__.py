"""Logging in and out, and what everybody changes about themselves."""

from service.account.routes import blueprint

__all__ = ["blueprint"]
