"""`/api/v1`: the use cases for programs, as JSON. Its document is `/api/v1/openapi.json`."""

from service.api.routes import blueprint

__all__ = ["blueprint"]
