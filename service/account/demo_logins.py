"""The log-ins of the demonstration, shown on the log-in page of a demo installation alone."""

from collections.abc import Sequence
from typing import Any

from service.config import Settings


def shown(settings: Settings) -> Sequence[Any]:
    """User name, password and role of each; nothing in a real installation."""
    if not settings.demo:
        return ()
    from service.demo import LOGINS

    return LOGINS
