"""Reports: the indicators against their targets, by period and unit, with the cases behind."""

from service.reports.routes import blueprint

__all__ = ["blueprint"]
