"""Numbers are checked as people type them, and each message says how to mend it."""

from datetime import date

import pytest

from service.cases.identities import (
    check_credit_code,
    check_id,
    check_phone,
    id_check_digit,
    upgrade_id,
)
from service.cases.problems import Problem
from tests.support.office import credit_code, resident_id

TODAY = date(2026, 3, 9)


def _id(text: str) -> tuple[str | None, list[Problem]]:
    return check_id(text, "id", TODAY)


def test_the_example_of_the_standard_is_right():
    # GB 11643-1999, appendix: 11010519491231002X.
    assert _id("11010519491231002X") == ("11010519491231002X", [])


def test_blanks_hyphens_small_x_and_wide_digits_are_understood():
    assert _id(" 110105 19491231-002x ")[0] == "11010519491231002X"
    assert _id("１１０１０５１９４９１２３１００２Ｘ") == ("11010519491231002X", [])


def test_fifteen_digits_are_upgraded_to_eighteen():
    number, problems = _id("110105491231002")
    assert (number, problems) == ("11010519491231002X", [])
    assert upgrade_id("110105491231002") == "11010519491231002X"


def test_a_wrong_check_digit_is_named_with_the_right_one():
    number, (problem,) = _id("110105194912310021")
    assert number == "110105194912310021"
    assert (problem.code, problem.params, problem.level) == (
        "id_check_digit",
        {"digit": "X"},
        "error",
    )
    assert "should be X" in problem.message


@pytest.mark.parametrize("position", range(17))
def test_every_mistyped_digit_is_found(position: int):
    right = resident_id(7)
    other = str((int(right[position]) + 1) % 10)
    wrong = right[:position] + other + right[position + 1 :]
    assert [problem.code for problem in _id(wrong)[1]] == ["id_check_digit"]


def test_an_unknown_area_only_warns():
    first17 = "99010519491231002"
    number, (problem,) = _id(first17 + id_check_digit(first17))
    assert number is not None
    assert (problem.code, problem.level) == ("id_area", "warning")


def test_an_abolished_district_is_no_reason_to_refuse():
    # 310230 was Chongming County until 2016; python-stdnum rejects births before 2016 in it.
    assert _id(resident_id())[1] == []


@pytest.mark.parametrize("born", ["19850230", "20260310", "18991231", "19851301"])
def test_an_impossible_day_of_birth_is_refused(born: str):
    first17 = f"310230{born}001"
    assert [one.code for one in _id(first17 + id_check_digit(first17))[1]] == ["id_birth_date"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1101051949123100", "id_length"),
        ("1101051949123100AB", "id_characters"),
        ("11010549123100X", "id_length"),
    ],
)
def test_what_is_no_id_number_says_why(text: str, code: str):
    assert [problem.code for problem in _id(text)[1]] == [code]


def test_no_number_is_nothing_wrong():
    assert _id("  ") == (None, [])
    assert check_credit_code("", "code") == (None, [])
    assert check_phone(None, "phone") == (None, [])


def test_a_credit_code_is_checked_by_its_last_character():
    right = credit_code(3)
    assert check_credit_code(right.lower(), "code") == (right, [])
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    (problem,) = check_credit_code(wrong, "code")[1]
    assert (problem.code, problem.params) == ("credit_check_digit", {"digit": right[-1]})


def test_letters_a_credit_code_never_has_are_named():
    (problem,) = check_credit_code("91310230MAIJXOXG5K", "code")[1]
    assert (problem.code, problem.params) == ("credit_characters", {"characters": "I O"})


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("14912345678", "14912345678"),
        ("021-59612333", "02159612333"),
        ("12333", "12333"),
        ("+852 2345 6789", "+85223456789"),
    ],
)
def test_phones_that_exist_are_taken(typed: str, stored: str):
    assert check_phone(typed, "phone") == (stored, [])


@pytest.mark.parametrize("typed", ["1380013800", "138001380000", "99", "call me"])
def test_phones_that_cannot_exist_are_refused(typed: str):
    assert [problem.level for problem in check_phone(typed, "phone")[1]] == ["error"]
