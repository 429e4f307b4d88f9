"""Log lines as JSON, one per event, with a request id and without personal data.

Redaction stands in the formatter, so that it also covers tracebacks.
"""

import json
import logging
import logging.handlers
import re
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, g, has_request_context, request

_LOGGERS = ("service", "jobs", "models", "rules")
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_REDACTIONS = (
    # What was bound to an SQL statement, which may be names.
    (re.compile(r"\[parameters: .*?\](?=\n|$)", re.DOTALL), "[parameters hidden]"),
    (re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+"), r"\1[token]"),
    (re.compile(r"(?i)((?:password|secret|token)['\"]?\s*[=:]\s*)[^\s,;&}]+"), r"\1[hidden]"),
    (re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])"), "[id number]"),
    (re.compile(r"(?<![0-9A-Za-z])\d{15}(?![0-9A-Za-z])"), "[id number]"),
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), "[phone]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[mail address]"),
)
_log = logging.getLogger(__name__)


def redact(text: str) -> str:
    """`text` without ID numbers, phones, mail addresses, tokens, passwords and SQL values."""
    for pattern, replacement in _REDACTIONS:
        text = pattern.sub(replacement, text)
    return text


class JsonFormatter(logging.Formatter):
    """One line of JSON for each record: at, level, logger, message, request, error …"""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line; every text in it redacted."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if has_request_context():
            line["request"] = request_id()
        fields: dict[str, object] = getattr(record, "fields", {})
        line.update(
            (key, redact(value) if isinstance(value, str) else value)
            for key, value in fields.items()
        )
        if record.exc_info:
            line["error"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=lambda value: redact(str(value)))


def install(level: str = "INFO", file: Path | None = None) -> None:
    """Send our own loggers, as JSON lines, to the end of a file, or else to standard error.

    A second call changes the level. Raises OSError when the file cannot be written.
    """
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(level)
        if not any(isinstance(found.formatter, JsonFormatter) for found in logger.handlers):
            handler = _handler(file)
            handler.setFormatter(JsonFormatter())
            logger.addHandler(handler)


def _handler(file: Path | None) -> logging.Handler:
    if file is None:
        return logging.StreamHandler(sys.stderr)
    # Notices when the file was moved away (logrotate) and makes a new one.
    return logging.handlers.WatchedFileHandler(file, encoding="utf-8")


def request_id() -> str:
    """The id of this request: the one a proxy gave it, or a new one."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
    return str(g.request_id)


def _level(response: Response) -> int:
    # Monitors ask all the time; that all is well is no news.
    quiet = request.endpoint == "health.healthz" and response.status_code < 400
    return logging.DEBUG if quiet else logging.INFO


def _begin() -> None:
    g.began = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    if request.endpoint != "static":
        took = time.perf_counter() - g.get("began", time.perf_counter())
        fields = {
            "method": request.method,
            # The path without the query: searches may hold names.
            "path": request.path,
            "status": response.status_code,
            "milliseconds": round(took * 1000, 1),
        }
        _log.log(_level(response), "request", extra={"fields": fields})
    return response


def init_app(app: Flask) -> None:
    """Give each request an id and a line when it is done."""
    app.before_request(_begin)
    app.after_request(_finish)
