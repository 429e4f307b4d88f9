"""What day and moment it is. Tests set `app.config["TODAY"]` or `app.config["NOW"]`."""

from datetime import UTC, date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context

from models.base import utc_now


def now() -> datetime:
    """The present moment in UTC."""
    fixed = current_app.config.get("NOW")
    return cast("datetime", fixed).astimezone(UTC) if fixed is not None else utc_now()


def zone() -> ZoneInfo:
    """The time zone in which days begin and end."""
    return ZoneInfo(current_app.config["SETTINGS"].time_zone)


def today() -> date:
    """The day it is where the bureau is; the same from the first to the last of a request."""
    if not has_request_context():
        return _today()
    kept: date | None = g.get("today")
    if kept is None:
        kept = g.today = _today()
    return kept


def _today() -> date:
    fixed = current_app.config.get("TODAY")
    return cast("date", fixed) if fixed is not None else now().astimezone(zone()).date()
