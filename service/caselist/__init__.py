"""Cases: search, filters that stack, export, and handing over several cases at once."""

from service.caselist.routes import blueprint

__all__ = ["blueprint"]
