"""Form fields that read what people in an office type: days, yuan, numbers of papers."""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput, TextInput

from service.web import clock

# The Chinese signs for year, month, day and yuan, as they are typed in forms.
_YEAR, _MONTH, _DAY_SIGN, _YUAN = "\u5e74\u6708\u65e5\u5143"
_DAY = re.compile(
    rf"^(\d{{4}})\s*[-/.{_YEAR}]?\s*(\d{{1,2}})\s*[-/.{_MONTH}]?\s*(\d{{1,2}})\s*{_DAY_SIGN}?$"
)
# NFKC has made a full-width colon plain by then.
_TIME = re.compile(r"^([01]?[0-9]|2[0-3])\s*:?\s*([0-5][0-9])$")
# Fourteen digits with two behind the point: what the claim table holds.
# Plain digits: no exponents, no signs, no digits of other scripts.
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]*)?")
_LARGEST = Decimal("999999999999.99")


def normal(text: str | None) -> str:
    """Without surrounding space, full-width digits and letters made plain."""
    return unicodedata.normalize("NFKC", text or "").strip()


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """What a select field wants, from values and their labels."""
    return [SelectChoice(value, label) for value, label in pairs]


class DayField(Field):
    """A day, typed as 2026-03-09, 2026/3/9, 20260309 or with the Chinese signs, or picked.

    `data` is a date or None; what was typed stays in the field.
    """

    widget = DateInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value; empty means None. Raises ValueError for what is no day."""
        self.data: date | None = None
        text = normal(valuelist[0]) if valuelist else ""
        if text:
            self.data = _read_day(text)


def _read_day(text: str) -> date:
    found = _DAY.match(text)
    if found is not None:
        with suppress(ValueError):
            return date(*(int(part) for part in found.groups()))
    raise ValueError(_("“%(text)s” is not a day. Type it like 2026-03-09.", text=text))


class TimeField(Field):
    """A time of day, typed as 17:30, 9:05 or 0905; `data` is "17:30" or None."""

    widget = TextInput()

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.data or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value; empty means None. Raises ValueError for what is no time."""
        self.data: str | None = None
        text = normal(valuelist[0]) if valuelist else ""
        if text:
            self.data = _read_time(text)


def _read_time(text: str) -> str:
    found = _TIME.match(text)
    if found is None:
        raise ValueError(_("“%(text)s” is not a time of day. Type it like 17:30.", text=text))
    return f"{int(found[1]):02}:{found[2]}"


class YuanField(Field):
    """An amount in yuan, with or without thousands separators; `data` is a Decimal or None."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:,.2f}" if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value. Raises ValueError for what is no amount in yuan and fen."""
        self.data: Decimal | None = None
        text = re.sub(rf"[,\s¥{_YUAN}]", "", normal(valuelist[0]) if valuelist else "")
        if text:
            self.data = _read_yuan(text)


def _read_yuan(text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise ValueError(_("Type the amount in yuan, like 12,500.00."))
    amount = Decimal(text)
    if amount > _LARGEST:
        raise ValueError(_("This amount is too large. Compare it with the paper."))
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError(_("An amount has at most two digits behind the point (fen)."))
    return amount.quantize(Decimal("0.01"))


class PlainField(StringField):
    """One line of text, trimmed; full-width digits and letters are kept as typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Trim what was typed."""
        self.data = valuelist[0].strip() if valuelist else self.data


class CodeField(StringField):
    """A number printed on a paper (ID, credit code, phone): spaces and full width undone."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Normalise what was typed; upper case, since check characters are capital."""
        if valuelist:
            self.data = re.sub(r"\s", "", normal(valuelist[0])).upper()


class WholeNumberField(Field):
    """A whole number; `data` is an int or None."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return str(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value. Raises ValueError for what is no whole number."""
        self.data: int | None = None
        text = normal(valuelist[0]) if valuelist else ""
        if not text:
            return
        if re.fullmatch(r"\d{7,}", text):
            raise ValueError(_("This number is too large. Compare it with the paper."))
        if not re.fullmatch(r"\d{1,6}", text):
            raise ValueError(_("Type a whole number, like 12."))
        self.data = int(text)


class FlagField(SelectField):
    """Yes, no, or not stated; `data` is True, False or None."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        answers = [("", _l("not stated")), ("true", _l("yes")), ("false", _l("no"))]
        super().__init__(label, choices=options(answers), coerce=_answer, **more)


def _answer(value: Any) -> bool | None:
    """Of what was sent or is known. Raises ValueError for what is no answer."""
    answers = {"": None, "true": True, "false": False}
    text = str(value).lower()
    if text not in answers:
        raise ValueError(text)
    return answers[text]


class NotAfterToday:
    """The day is today or earlier; `appointment` events do not use it."""

    def __call__(self, _form: Form, field: Any) -> None:
        """Raise ValidationError for a day in the future."""
        if field.data is not None and field.data > clock.today():
            raise ValidationError(
                _("This day is in the future. Type the day on which it happened.")
            )


class Required:
    """Something has to be typed or chosen; `message` says what."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Any) -> None:
        """Raise ValidationError when the field is empty and nothing else is wrong with it."""
        if field.data in (None, "") and not field.errors:
            raise ValidationError(str(self.message))
