"""What the demo bureau is made of (`bureau.yaml`), read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from models.user import Role


@dataclass(frozen=True)
class Login:
    """A log-in of the demo, shown on its log-in page."""

    username: str
    password: str
    role: Role


@cache
def bureau_data() -> dict[str, Any]:
    """The whole file; its comments say what each part is for."""
    text = Path(__file__).with_name("bureau.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def logins() -> tuple[Login, ...]:
    """The log-ins in the order in which they are shown."""
    data = bureau_data()
    return tuple(Login(one["username"], data["password"], one["role"]) for one in data["logins"])
