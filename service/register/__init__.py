"""Register: log a matter of one of the six kinds, its deadlines previewed before saving."""

from service.register.routes import blueprint

__all__ = ["blueprint"]
