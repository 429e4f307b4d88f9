"""Invented parties: names, numbers with valid check digits, addresses, and how they are found."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from random import Random
from typing import Any

from stdnum.cn import uscc

from models.encryption import blind_index
from service.cases.identities import id_check_digit
from service.cases.parties import grams
from service.demo.data import bureau_data, one_of
from service.demo.offices import person_name

# The columns of the rows that are made here.
PARTY = (
    "id",
    "kind",
    "name",
    "id_number",
    "id_number_index",
    "phone",
    "phone_index",
    "credit_code",
    "address",
)
NAME_GRAM = ("gram", "party_id")

_FIRST_BIRTH = date(1966, 1, 1)
_BIRTH_DAYS = 14_000
# 199 00 and six digits: seen with no operator so far.
_PHONES = 19_900_000_000
_PHONE_SERIALS = 1_000_000
_CREDIT_PREFIX = "91310151MADM"
_CREDIT_SERIALS = 100_000
# A prime, so that neighbouring serial numbers get unlike names and none comes twice.
_SCRAMBLE = 5_003
_HOUSE_NUMBERS = 1_200

# Persons share some thousands of names.
_grams = lru_cache(maxsize=10_000)(grams)


@dataclass(frozen=True, slots=True)
class Known:
    """A party that stands in the database."""

    id: int
    name: str


@dataclass
class Parties:
    """Makes parties and keeps their rows until they are taken; employers come again."""

    rng: Random
    employers_wanted: int
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    gram_rows: list[tuple[Any, ...]] = field(default_factory=list)
    last_id: int = 0
    persons: int = 0
    _employers: dict[int, Known] = field(default_factory=dict)

    def person(self) -> Known:
        """Somebody new."""
        serial, self.persons = self.persons, self.persons + 1
        number, phone = self._resident_id(serial), str(_PHONES + serial % _PHONE_SERIALS)
        numbers = (number, blind_index(number), phone, blind_index(phone), None)
        return self._add("person", person_name(self.rng), numbers)

    def _resident_id(self, serial: int) -> str:
        areas = bureau_data()["id_areas"]
        area = areas[0] if self.rng.random() < 0.6 else one_of(self.rng, areas)
        # Days and serial numbers advance together: no two are alike up to 14 million.
        born = _birth_date(serial * _SCRAMBLE % _BIRTH_DAYS)
        first17 = f"{area}{born}{serial // _BIRTH_DAYS % 1000:03d}"
        return first17 + id_check_digit(first17)

    def employer(self) -> Known:
        """An employer; the larger ones come more often."""
        serial = int(self.employers_wanted * self.rng.random() ** 2)
        if serial not in self._employers:
            self._employers[serial] = self._new_employer(serial)
        return self._employers[serial]

    def _new_employer(self, serial: int) -> Known:
        first17 = f"{_CREDIT_PREFIX}{serial % _CREDIT_SERIALS:05d}"
        credit_code = first17 + uscc.calc_check_digit(first17)
        return self._add("employer", employer_name(serial), (None, None, None, None, credit_code))

    def _add(self, kind: str, name: str, numbers: tuple[str | None, ...]) -> Known:
        self.last_id += 1
        street = one_of(self.rng, bureau_data()["streets"])
        address = f"上海市崇明区{street}{1 + int(self.rng.random() * _HOUSE_NUMBERS)}号"
        self.rows.append((self.last_id, kind, name, *numbers, address))
        self.gram_rows += [(gram, self.last_id) for gram in _grams(name)]
        return Known(self.last_id, name)


@cache
def _birth_date(days: int) -> str:
    return f"{_FIRST_BIRTH + timedelta(days=days):%Y%m%d}"


def employer_name(serial: int) -> str:
    """The invented name number `serial`; no two are alike up to a quarter of a million."""
    data = bureau_data()
    places, names, trades = (data[f"employer_{part}"] for part in ("places", "names", "trades"))
    most = len(places) * len(names) * len(trades)
    again, index = divmod(serial, most)
    index, place = divmod(index * _SCRAMBLE % most, len(places))
    trade, name = divmod(index, len(names))
    more = names[again - 1] if again else ""
    return f"上海{places[place]}{names[name]}{more}{trades[trade]}有限公司"
