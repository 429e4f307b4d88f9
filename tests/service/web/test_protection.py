"""Headers, tokens against forged requests, errors, and log lines without personal data."""

import io
import json
import logging

import pytest
from flask import Flask

from service.web import logs
from tests.support.browser import Browser


@pytest.mark.parametrize(
    "path", ["/login", "/nope", "/static/anqi.css", "/healthz", "/api/v1/cases"]
)
def test_every_answer_has_the_security_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_who_came_by_https_is_told_to_come_so_again(app: Flask) -> None:
    name, client = "Strict-Transport-Security", app.test_client()
    assert client.get("/login", base_url="https://anqi.example").headers[name] == "max-age=31536000"
    assert name not in client.get("/login", base_url="http://anqi.example").headers


def test_more_than_a_form_holds_is_not_taken_in(browser: Browser) -> None:
    browser.get("/login")
    browser.post("/language", language="en")
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="large.txt"\r\n\r\n'
    body, kind = part + b"x" * 2**20 + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    response = browser.client.post("/login", data=body, content_type=kind)
    assert response.status_code == 413
    assert "That is too much at once" in response.text


def test_pages_leave_no_copy_in_the_browser_and_assets_do(logged_in) -> None:
    browser = logged_in("caseworker")
    page = browser.get("/work")
    assert page.headers["Cache-Control"] == "no-store"
    asset = browser.get(page.text.split('rel="stylesheet" href="')[1].split('"')[0])
    assert asset.status_code == 200
    assert asset.headers["Cache-Control"] == "max-age=31536000, immutable"
    assert "Cookie" not in asset.headers.get("Vary", "")


def test_the_page_of_a_missing_asset_is_not_kept(logged_in) -> None:
    missing = logged_in("caseworker").get("/static/nothing.css?v=0123456789")
    assert missing.status_code == 404
    assert missing.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/login", "/language", "/logout", "/admin/people/new"])
def test_a_form_without_its_token_is_refused(logged_in, path: str) -> None:
    browser = logged_in("administrator")
    browser.token = ""
    response = browser.post(path)
    assert response.status_code == 400
    assert "too long" in response.text


def test_an_unexpected_error_is_a_friendly_page_with_a_number(app: Flask) -> None:
    def broken() -> str:
        raise RuntimeError("number 310115199001011234 broke it")

    app.view_functions["health.healthz"] = broken
    app.testing = False
    response = app.test_client().get("/healthz", headers={"X-Request-ID": "abcdef123456"})
    assert response.status_code == 500
    assert "abcdef123456" in response.text
    assert "310115199001011234" not in response.text
    assert response.headers["X-Frame-Options"] == "DENY"


def test_an_error_in_a_part_is_a_part(logged_in) -> None:
    response = logged_in("caseworker").get("/admin", headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert "<html" not in response.text


def _record(message: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord("service.x", logging.ERROR, "x.py", 1, message, values, None)


@pytest.mark.parametrize(
    "secret",
    [
        "310115199001011234",
        "31011519900101123X",
        "310115900101123",
        "13812345678",
        "+86 138 1234 5678",
        "somebody@bureau.example",
        "anqi_abcDEF-123",
    ],
)
def test_log_lines_hold_no_personal_data(secret: str) -> None:
    text = f"Authorization: Bearer {secret}" if secret.startswith("anqi_") else f"seen {secret}"
    line = logs.JsonFormatter().format(_record("%s", text))
    assert secret not in line
    assert json.loads(line)["level"] == "error"


def test_an_address_that_holds_a_number_is_logged_without_it(app: Flask, caplog) -> None:
    with caplog.at_level(logging.INFO, logger="service"):
        app.test_client().get("/cases/310115199001011234")
    lines = [logs.JsonFormatter().format(record) for record in caplog.records]
    assert any("/cases/[id number]" in line for line in lines)
    assert not any("310115199001011234" in line for line in lines)


def test_tracebacks_are_redacted_too() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.Logger("service.test")  # noqa: LOG001
    logger.addHandler(handler)
    error = ValueError("[SQL: INSERT]\n[parameters: ('Zhang San', '310115199001011234')]")
    logger.error("failed", exc_info=error)
    line = json.loads(stream.getvalue())
    assert "Zhang San" not in line["error"]
    assert "310115199001011234" not in line["error"]
    assert "ValueError" in line["error"]


def test_the_log_of_a_request_leaves_out_what_was_asked(app: Flask, caplog) -> None:
    with caplog.at_level(logging.INFO, logger="service"):
        app.test_client().get("/login?next=13812345678", headers={"X-Request-ID": "bad id"})
    fields = [record.fields for record in caplog.records if hasattr(record, "fields")]
    assert fields[0]["path"] == "/login"
    assert "13812345678" not in str(fields)
