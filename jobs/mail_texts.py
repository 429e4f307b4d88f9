"""The words of mail, from `mail_texts.yaml`, in the recipient's language."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from jobs.settings import JobSettings

_FILE = Path(__file__).with_name("mail_texts.yaml")
_SUBJECT_LENGTH = 200


class Mail(NamedTuple):
    """Subject (one line, at most 200 characters) and plain-text body."""

    subject: str
    body: str


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    texts: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return texts


def language_of(chosen: str | None, settings: JobSettings) -> str:
    """`zh` or `en`: what the person chose, else the installation's language."""
    return "zh" if (chosen or settings.language).startswith("zh") else "en"


def write(kind: str, language: str, **values: object) -> Mail:
    """Fill in the text of a kind (`due_soon`, `overdue`, `report` …)."""
    text = _texts()[language][kind]
    subject = text["subject"].format(**values)
    return Mail(subject[:_SUBJECT_LENGTH], text["body"].format(**values))


def alert_kind(stage: str, due_on: date, today: date) -> str:
    """Which text fits: a warning that is read late must not say that days are left."""
    if not stage.startswith("due_soon"):
        return stage
    if due_on > today:
        return "due_soon"
    return "due_today" if due_on == today else "overdue"
