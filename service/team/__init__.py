"""Team: what is late and by whom, what waits for approval; and everybody's alerts."""

from service.team.routes import blueprint

__all__ = ["blueprint"]
