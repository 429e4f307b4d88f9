"""The application factory: settings, what every page stands on, then the pages."""

from flask import Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from models.encryption import use_keyring
from rules.rulebook import builtin_rulebook
from service.config import Settings
from service.keys import ensure_keys
from service.web import (
    addresses,
    assets,
    database,
    drafts,
    errors,
    filters,
    forms,
    headers,
    identity,
    language,
    logs,
    pages,
)
from service.web.compiling import ByLanguage
from service.web.numbers import RowIdConverter

# Forms are text; nothing larger is meant to come in.
_MAX_REQUEST_BYTES = 1024 * 1024


def build(settings: Settings, engine: Engine | None = None) -> Flask:
    """See `service.create_app`."""
    keys = ensure_keys(settings.keys_file)
    if engine is None:
        use_keyring(keys.keyring)
        # Reading the policy takes a second, which the first page must not wait for.
        builtin_rulebook()
    app = _bare_app()
    app.config.update(SETTINGS=settings, SECRET_KEY=keys.session_secret, **_limits(settings))
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    logs.install(settings.log_level, settings.log_file)
    # Answers pass these in reverse: first the database is settled, last the line is logged.
    for part in (logs, headers, database):
        part.init_app(app)
    database.use(app, engine)
    for shared in (
        identity,
        language,
        drafts,
        forms,
        addresses,
        assets,
        errors,
        filters,
    ):
        shared.init_app(app)
    for blueprint in pages.BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _bare_app() -> Flask:
    app = Flask("service")
    app.jinja_environment = ByLanguage
    app.url_map.converters["int"] = RowIdConverter
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    return app


def _limits(settings: Settings) -> dict[str, object]:
    secure = settings.secure_cookies or settings.public_url.startswith("https://")
    return {
        "SESSION_COOKIE_NAME": "anqi",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "MAX_CONTENT_LENGTH": _MAX_REQUEST_BYTES,
    }
