"""Numbers that say who somebody is: resident ID, unified credit code, phone.

Each `check_…` returns the number as it is stored and what is wrong with it.
"""

from collections.abc import Sequence
from datetime import date

import phonenumbers
from stdnum.cn import uscc

from service.cases.problems import Problem

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
# GB/T 2260: the provinces that the first two digits name, by region.
_REGIONS = {
    1: "12345",
    2: "123",
    3: "1234567",
    4: "123456",
    5: "01234",
    6: "12345",
    7: "1",
    8: "123",
}
_PROVINCES = frozenset(f"{region}{one}" for region, names in _REGIONS.items() for one in names)
_LONG, _SHORT = 18, 15
WIDE = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")

Checked = tuple[str | None, list[Problem]]


def compact(text: str | None) -> str:
    """Without blanks, hyphens and full-width digits, in capitals."""
    kept = [char for char in (text or "").translate(WIDE).upper() if char not in " -\u3000\t"]
    return "".join(kept)


def id_check_digit(first17: str) -> str:
    """The 18th character of a resident ID number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def upgrade_id(short: str) -> str:
    """A 15-digit number of before 1999 in the 18 characters of today."""
    first17 = short[:6] + "19" + short[6:]
    return first17 + id_check_digit(first17)


def check_id(text: str | None, field: str, today: date) -> Checked:
    """A resident ID number in 18 characters; a 15-digit one is upgraded."""
    number = compact(text)
    if not number:
        return None, []
    if not number[:-1].isdecimal() or not (number[-1].isdecimal() or number[-1] == "X"):
        return number, [Problem(field, "id_characters")]
    number = full_id(number)
    if len(number) != _LONG:
        return number, [Problem(field, "id_length", {"length": len(number)})]
    return number, _id_problems(number, field, today)


def _id_problems(number: str, field: str, today: date) -> list[Problem]:
    digit = id_check_digit(number[:17])
    if number[17] != digit:
        return [Problem(field, "id_check_digit", {"digit": digit})]
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return [Problem(field, "id_birth_date", {"date": number[6:14]})]
    if born > today or born.year < 1900:
        return [Problem(field, "id_birth_date", {"date": number[6:14]})]
    if number[:2] not in _PROVINCES:
        return [Problem(field, "id_area", {"area": number[:6]}, "warning")]
    return []


def check_credit_code(text: str | None, field: str) -> Checked:
    """A unified social credit code (GB 32100) of 18 characters."""
    code = compact(text)
    if not code:
        return None, []
    if len(code) != _LONG:
        return code, [Problem(field, "credit_length", {"length": len(code)})]
    wrong = sorted({char for char in code if char not in "0123456789ABCDEFGHJKLMNPQRTUWXY"})
    if wrong:
        return code, [Problem(field, "credit_characters", {"characters": " ".join(wrong)})]
    digit = uscc.calc_check_digit(code[:17])
    if code[17] != digit:
        return code, [Problem(field, "credit_check_digit", {"digit": digit})]
    if not code[2:8].isdecimal():
        return code, [Problem(field, "credit_area", {"area": code[2:8]})]
    return code, []


def check_phone(text: str | None, field: str) -> Checked:
    """A Chinese phone number in digits alone, or `+` and digits for one from abroad."""
    number = normal_phone(text)
    if not number:
        return None, []
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return number, [Problem(field, "phone_unreadable")]
    # Virtual operators' prefixes such as 149 are newer than the library's list.
    mobile = len(number) == 11 and number.startswith("1") and number.isdecimal()
    short = phonenumbers.is_valid_short_number_for_region(parsed, "CN")
    if mobile or short or phonenumbers.is_valid_number(parsed):
        return number, []
    return number, [Problem(field, "phone_number", {"digits": len(number)})]


def normal_phone(text: str | None) -> str:
    """The digits of a phone number as they are stored and searched; China's +86 is dropped."""
    number = "".join(char for char in compact(text) if char not in "()（）./")
    for prefix in ("+86", "0086"):
        if number.startswith(prefix):
            return number.removeprefix(prefix)
    return number


def full_id(text: str | None) -> str:
    """A number as it is searched: compact, and in 18 characters where it has 15."""
    number = compact(text)
    return upgrade_id(number) if len(number) == _SHORT and number.isdecimal() else number


def looks_like_id(number: str) -> bool:
    """Could this compacted text be a resident ID number?"""
    return len(number) in (_LONG, _SHORT) and number[:-1].isdecimal()


def errors_of(problems: Sequence[Problem]) -> list[Problem]:
    """Those that stop saving."""
    return [problem for problem in problems if problem.level == "error"]
