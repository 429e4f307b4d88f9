"""The calculator: what would the deadlines be, if this happened? Nothing is stored."""

from service.calculator.routes import blueprint

__all__ = ["blueprint"]
