"""The demo bureau: an invented Chongming with a year and a half of cases.

Its log-ins are here; `loading` makes its cases, and imports all that is needed for them.
"""

from service.demo.data import Login, logins

LOGINS = logins()

__all__ = ["LOGINS", "Login"]
