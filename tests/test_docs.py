"""The documents name what there is: links lead somewhere, no command or job is left out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.schedule import JOBS
from service.cli import anqi

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")


def _targets(document: Path) -> Iterator[str]:
    for found in _LINK.finditer(document.read_text(encoding="utf-8")):
        target = (found[1] or found[2]).partition("#")[0]
        if target and "://" not in target:
            yield target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files_that_exist(document: Path) -> None:
    missing = [name for name in _targets(document) if not (document.parent / name).exists()]
    assert missing == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_both_readmes_name_every_command(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    shown = [command for command, known in anqi.commands.items() if not known.hidden]
    assert [one for one in shown if not re.search(rf"`{one}\b", text)] == []


def test_operators_are_told_of_every_job() -> None:
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert [job.name for job in JOBS if f"| `{job.name}` |" not in text] == []


def _texts() -> Iterator[str]:
    """Every text in the code of commands and services, what is filled in left out."""
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_messages_that_operators_are_told_of_exist() -> None:
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    table = text.partition("## When something is wrong")[2].partition("\n## ")[0]
    quoted = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    said = list(_texts())
    parts = [
        part.strip() for one in quoted for part in re.split(r"…|\d+|^pg_dump", one) if part.strip()
    ]
    assert len(quoted) > 5
    assert [part for part in parts if not any(part in one for one in said)] == []
