"""What the demo bureau is made of (`bureau.yaml`), read once, and how chance picks from it."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

import yaml

from models.user import Role

T = TypeVar("T")


@dataclass(frozen=True)
class Login:
    """A log-in of the demo, shown on its log-in page."""

    username: str
    password: str
    role: Role


class Weighted(Generic[T]):
    """Options that come as often as their weights say."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._options = list(weights)
        self._bounds = list(accumulate(weights.values()))

    def one(self, rng: Random) -> T:
        """One of them."""
        at = rng.random() * self._bounds[-1]
        return self._options[bisect(self._bounds, at, 0, len(self._bounds) - 1)]


def one_of(rng: Random, options: Sequence[T]) -> T:
    """Any of them, all alike; several times as quick as `Random.choice`."""
    return options[int(rng.random() * len(options))]


@cache
def bureau_data() -> dict[str, Any]:
    """The whole file; its comments say what each part is for."""
    text = Path(__file__).with_name("bureau.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def weighted(part: str) -> Weighted[str]:
    """The names of a part of the file, by the weights that stand there."""
    named = bureau_data()[part].items()
    return Weighted({name: one["weight"] if isinstance(one, dict) else one for name, one in named})


def logins() -> tuple[Login, ...]:
    """The log-ins in the order in which they are shown."""
    data = bureau_data()
    return tuple(Login(one["username"], data["password"], one["role"]) for one in data["logins"])
