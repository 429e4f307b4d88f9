"""The policy in force, as the engine reads it: rules, articles, indicators, assumptions."""

from service.policy_pages.routes import blueprint

__all__ = ["blueprint"]
