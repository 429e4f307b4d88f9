"""Chinese by default, English at one click: the session's choice, else the user's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from pathlib import Path
from typing import Any, cast

from babel.support import Translations
from flask import Flask, current_app, g, has_app_context, has_request_context
from flask import session as cookie
from flask_babel import Babel, Domain, refresh

from service.config import LANGUAGES
from service.web import identity
from service.web.compiling import ByLanguage

# What Babel calls the two languages; `html` elements want the tags on the right.
_LOCALES = {"zh_CN": "zh_Hans_CN", "en": "en"}
_TAGS = {"zh_CN": "zh-CN", "en": "en"}
TRANSLATIONS = Path(__file__).parent.parent / "translations"


def current() -> str:
    """The language of this request: `zh_CN` or `en`."""
    spoken = g.get("spoken") if has_app_context() else None
    if spoken is not None:
        return str(spoken)
    chosen = _chosen()
    if chosen is not None:
        return chosen
    user = identity.current_or_none() if has_request_context() else None
    if user is not None and user.language in LANGUAGES:
        return str(user.language)
    return str(current_app.config["SETTINGS"].language)


def of_anyone() -> str:
    """As `current`, but for whoever it is: nothing is asked of the database."""
    return _chosen() or str(current_app.config["SETTINGS"].language)


def _chosen() -> str | None:
    chosen = cookie.get("language") if has_request_context() else None
    return str(chosen) if chosen in LANGUAGES else None


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it every text is in `language`, whoever the user is."""
    before = g.get("spoken")
    _speak(language)
    try:
        yield
    finally:
        _speak(before)


def _speak(language: str | None) -> None:
    g.spoken = language
    g.pop("translations", None)
    refresh()


def short() -> str:
    """The language as the rules name it: `zh` or `en`."""
    return "zh" if current() == "zh_CN" else "en"


def tag() -> str:
    """The language as HTML names it."""
    return _TAGS[current()]


def choose(language: str) -> None:
    """Use `language` in this session from now on."""
    cookie["language"] = language
    g.pop("translations", None)
    refresh()


def _select() -> str:
    return _LOCALES[current()]


class _Words(Domain):
    """Looks the words of a request's language up once: a list asks for hundreds."""

    def get_translations(self) -> Any:
        kept = g.get("translations") if has_app_context() else None
        if kept is None:
            kept = super().get_translations()
            if has_request_context():
                g.translations = kept
        return kept


def _catalogue_of(language: str) -> NullTranslations:
    """All words of a language, for templates to be compiled with."""
    return Translations.load(TRANSLATIONS, [_LOCALES[language]])


def init_app(app: Flask) -> None:
    """Attach Flask-Babel."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.config["SETTINGS"].time_zone
    words = _Words()
    babel = Babel(app, locale_selector=_select)
    babel.domain_instance = words
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: words.get_translations().ugettext(text),
        ngettext=lambda one, many, n: words.get_translations().ungettext(one, many, n),
        newstyle=True,
        pgettext=lambda about, text: words.get_translations().upgettext(about, text),
        npgettext=lambda about, one, many, n: words.get_translations().unpgettext(
            about, one, many, n
        ),
    )
    cast("ByLanguage", app.jinja_env).speak(current, _catalogue_of)
    app.jinja_env.globals.update(language=current, language_tag=tag)
