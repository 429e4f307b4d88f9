"""A browser without pictures, for tests of pages: cookies, forms, the token of each."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import Unit, User
from service import passwords

PASSWORD = "correct-horse-42"
TODAY = date(2026, 11, 20)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@cache
def password_hash() -> str:
    """Hashing is slow on purpose; once is enough."""
    return passwords.hash_password(PASSWORD)


@dataclass
class People:
    """A bureau with a township below it and one person of each role at the top."""

    top: Unit
    town: Unit
    users: dict[str, User]


class Browser:
    """Keeps cookies, and sends the token of the last page that had a form."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **values: Any) -> TestResponse:
        """Open a page."""
        return self._seen(self.client.get(path, buffered=True, **values))

    def post(self, path: str, **data: Any) -> TestResponse:
        """Send a form, with the token."""
        return self._seen(
            self.client.post(path, buffered=True, data={"csrf_token": self.token, **data})
        )

    def _seen(self, response: TestResponse) -> TestResponse:
        found = _TOKEN.search(response.text) if response.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return response

    def log_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        """Log in; the answer is the redirect, or the page that says why not."""
        self.get("/login")
        return self.post("/login", username=username, password=password)
