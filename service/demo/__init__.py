"""The demo bureau: an invented Chongming with a year and a half of cases."""

from service.demo.data import Login, logins
from service.demo.loading import load

LOGINS = logins()

__all__ = ["LOGINS", "Login", "load"]
