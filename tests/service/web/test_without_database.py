"""The database is gone: whoever asks is told so all the same, in words and with a number."""

import re

import pytest
import sqlalchemy
from flask import Flask

from tests.support.browser import Browser

GONE = {
    "sqlite": "sqlite:////nowhere/anqi.sqlite",
    "postgresql": "postgresql+psycopg://nobody@127.0.0.1:9/nothing?connect_timeout=2",
}
NUMBER = "abcdef123456"


@pytest.fixture(params=GONE)
def broken(app: Flask, logged_in, request: pytest.FixtureRequest) -> Browser:
    """Somebody who had logged in, in English, before the database went away."""
    browser = logged_in("caseworker")
    app.extensions["anqi_engine"] = sqlalchemy.create_engine(GONE[request.param])
    app.testing = False
    return browser


def get(browser: Browser, path: str, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.get(path, headers={"X-Request-ID": NUMBER, **named})


def test_a_page_says_in_both_languages_what_happened_and_its_number(broken: Browser) -> None:
    response = get(broken, "/work")
    assert response.status_code == 500
    text = response.text
    # The language of the session comes first.
    assert text.index("Something went wrong on our side") < text.index("系统出错")
    assert text.count(NUMBER) == 2
    assert re.search(r'lang="en".*lang="zh-CN"', text, re.DOTALL)
    assert 'rel="stylesheet"' in text
    assert "Internal Server Error" not in text


def test_the_style_sheets_of_that_page_need_no_database(broken: Browser) -> None:
    for address in re.findall(r'rel="stylesheet" href="([^"]+)"', get(broken, "/work").text):
        assert broken.get(address).status_code == 200


@pytest.mark.usefixtures("broken")
def test_who_has_no_session_is_told_in_the_language_of_the_installation_first(app: Flask) -> None:
    text = get(Browser(app.test_client()), "/login").text
    assert text.index("系统出错") < text.index("Something went wrong on our side")


def test_an_error_whose_page_asks_who_is_there_is_ours_as_well(broken: Browser) -> None:
    response = get(broken, "/no-such-page")
    assert response.status_code == 500
    assert NUMBER in response.text


def test_a_part_of_a_page_is_a_part(broken: Browser) -> None:
    response = get(broken, "/work", HX_Request="true")
    assert response.status_code == 500
    assert NUMBER in response.text
    assert "<html" not in response.text


def test_a_program_gets_json(broken: Browser) -> None:
    response = get(broken, "/api/v1/cases", Authorization="Bearer anqi_whatever")
    assert response.status_code == 500
    assert response.json["request"] == NUMBER
    assert "Something went wrong" in response.json["error"]
