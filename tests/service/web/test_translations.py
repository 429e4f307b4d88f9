"""Every word in both languages, and the switch between them."""

import subprocess
import sys
from pathlib import Path

from babel.messages import Catalog

from service.translations import catalogue, check, update
from tests.support.browser import Browser


def test_the_catalogue_is_complete_and_compiled() -> None:
    assert check.problems() == []


def test_the_command_says_so_by_its_status() -> None:
    command = [sys.executable, "-m", "service.translations.check"]
    assert subprocess.run(command, check=False).returncode == 0


def test_a_string_without_translation_is_named(monkeypatch) -> None:
    extracted = catalogue.extracted()
    extracted.add("A new string", locations=[("service/x.py", 0)])
    monkeypatch.setattr(catalogue, "extracted", lambda: extracted)
    assert check.problems() == ["missing: 'A new string' (service/x.py)"]


def test_an_obsolete_a_fuzzy_and_a_stale_one_are_named(monkeypatch) -> None:
    stored = catalogue.stored()
    stored.add("Gone", "x")
    message = next(message for message in stored if message.id == "Log in")
    message.flags.add("fuzzy")
    monkeypatch.setattr(catalogue, "stored", lambda: stored)
    found = check.problems()
    assert "obsolete: 'Gone'" in found
    assert any(line.startswith("fuzzy: 'Log in'") for line in found)
    assert any(line.startswith("stale:") for line in found)


def test_a_lost_placeholder_is_named() -> None:
    extracted, stored = Catalog(locale="zh_Hans_CN"), Catalog(locale="zh_Hans_CN")
    extracted.add("Today is %(day)s.")
    stored.add("Today is %(day)s.", "x")
    assert list(check.untranslated(stored, extracted)) == [
        "placeholders differ: 'Today is %(day)s.' (?)"
    ]


def test_text_outside_of_translations_is_found_in_templates() -> None:
    assert check.bare_text('<p>{{ _("Fine") }}</p>') == []
    assert check.bare_text("<p>Not fine</p>") == ["Not fine"]
    assert check.bare_text('<a title="Not fine" href="/here">{{ x }}</a>') == ["Not fine"]


def test_chinese_in_sources_is_found_except_where_it_is_data(monkeypatch, tmp_path: Path) -> None:
    extracted, service = catalogue.extracted(), tmp_path / "service"
    for name, text in {
        "work/routes.py": "x = 1\nflash('\u9519\u8bef')\n",
        "static/form.js": "alert('\u9519\u8bef');\n",
        "work/page.html": "<p>{# \u9519\u8bef #}</p>\n",
        "work/about.py": "NAME = '\u6309\u671f'\n",
        "demo/bureau.py": "x = '\u9519\u8bef'\n",
        "translations/words.py": "x = '\u9519\u8bef'\n",
        "work/notes.txt": "\u9519\u8bef\n",
    }.items():
        (service / name).parent.mkdir(parents=True, exist_ok=True)
        (service / name).write_text(text)
    monkeypatch.setattr(catalogue, "extracted", lambda: extracted)
    monkeypatch.setattr(catalogue, "SERVICE", service)
    assert check.problems() == [
        f"Chinese outside of translations: service/{place}"
        for place in ("static/form.js:1", "work/page.html:1", "work/routes.py:2")
    ]


def test_updating_changes_nothing_when_nothing_changed() -> None:
    before = catalogue.PO.read_bytes()
    assert catalogue.written(update.updated({})) == before


def test_chinese_by_default_english_at_one_click(browser: Browser) -> None:
    page = browser.get("/login")
    assert '<html lang="zh-CN"' in page.text
    assert "\u767b\u5f55" in page.text
    answer = browser.post("/language", language="en", next="/login?next=/account")
    assert answer.location == "/login?next=/account"
    page = browser.get("/login")
    assert '<html lang="en"' in page.text
    assert "Log in" in page.text


def test_the_choice_is_kept_with_the_person(app, browser: Browser) -> None:
    browser.log_in("auditor")
    browser.get("/account")
    browser.post("/language", language="en")
    other = Browser(app.test_client())
    other.log_in("auditor")
    assert '<html lang="en"' in other.get("/account").text


def test_an_unknown_language_changes_nothing(browser: Browser) -> None:
    browser.get("/login")
    browser.post("/language", language="xx")
    assert '<html lang="zh-CN"' in browser.get("/login").text
