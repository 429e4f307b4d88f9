"""Duties of the bureau itself: what recurs, what became of it, recording that it was done."""

from service.dutypages.routes import blueprint

__all__ = ["blueprint"]
