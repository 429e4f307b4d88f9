"""My work: what is due, by urgency, with the next action a click away."""

from service.work.routes import blueprint

__all__ = ["blueprint"]
