"""What administrators do: people, units, the holiday calendar, jobs."""

from service.admin import calendar, changes, duties, jobs, people, units
from service.admin.blueprint import blueprint

__all__ = ["blueprint", "calendar", "changes", "duties", "jobs", "people", "units"]
