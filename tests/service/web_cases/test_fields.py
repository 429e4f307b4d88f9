"""What people in an office type into fields of days and amounts."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from service.fields import CodeField, DayField, TimeField, WholeNumberField, YuanField


class _Sheet(Form):
    day = DayField()
    yuan = YuanField()
    code = CodeField()
    number = WholeNumberField()
    time = TimeField()


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    """Messages need a language, and that a request."""
    with app.test_request_context():
        yield


def _read(field: str, typed: str) -> Any:
    form = _Sheet(MultiDict({field: typed}))
    form.validate()
    return form[field]


@pytest.mark.parametrize(
    "typed",
    ["2026-03-09", "2026/3/9", "2026.3.9", "20260309", "2026年3月9日", " ２０２６-０３-０９ "],
)
def test_a_day_in_every_way_it_is_written(typed: str) -> None:
    assert _read("day", typed).data == date(2026, 3, 9)


@pytest.mark.parametrize("typed", ["2026-02-30", "9 March", "26-3-9", "2026-13-01"])
def test_what_is_no_day_stays_and_is_explained(typed: str) -> None:
    field = _read("day", typed)
    assert field.errors
    assert typed in field.errors[0]
    assert f'value="{typed}"' in str(field())


@pytest.mark.parametrize(
    ("typed", "time"),
    [("17:30", "17:30"), ("9:05", "09:05"), ("0905", "09:05"), ("１７：３０", "17:30"), ("", None)],
)
def test_a_time_of_day_in_every_way_it_is_written(typed: str, time: str | None) -> None:
    assert _read("time", typed).data == time


@pytest.mark.parametrize("typed", ["24:00", "17:60", "5 pm", "17"])
def test_what_is_no_time_stays_and_is_explained(typed: str) -> None:
    field = _read("time", typed)
    assert typed in field.errors[0]
    assert f'value="{typed}"' in str(field())


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12500", "12500.00"),
        ("12,500.5", "12500.50"),
        ("¥１２，５００元", "12500.00"),
        ("0", "0.00"),
    ],
)
def test_an_amount_in_every_way_it_is_written(typed: str, amount: str) -> None:
    assert _read("yuan", typed).data == Decimal(amount)


@pytest.mark.parametrize("typed", ["-1", "1e20", "NaN", "twelve", "0.001", "9999999999999"])
def test_what_is_no_amount_stays_and_is_explained(typed: str) -> None:
    field = _read("yuan", typed)
    assert field.errors
    assert f'value="{typed}"' in str(field())


def test_codes_lose_blanks_and_become_capitals() -> None:
    assert _read("code", " 91310230 ma1j00001x ").data == "91310230MA1J00001X"


@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "12345678"])
def test_what_is_no_whole_number_is_explained(typed: str) -> None:
    assert _read("number", typed).errors
