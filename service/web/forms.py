"""Forms: the protection against forged requests, and what every form of ours shares."""

from collections.abc import Iterable, Iterator
from functools import cache
from gettext import NullTranslations
from typing import Any, NamedTuple

from babel.support import Translations
from flask import Flask
from flask_babel import get_locale
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from wtforms import FieldList, FormField
from wtforms.fields import Field
from wtforms.i18n import messages_path

from service.cases.problems import Problem
from service.web import drafts

csrf = CSRFProtect()


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose token lasts as long as the session that the idle time ends.

    On a page whose address names a draft it is filled with what was typed before.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """The token's check is the application-wide one; see `csrf`."""

        csrf_time_limit = None

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent; on a page that is opened, what its draft holds."""
            given = super().wrap_formdata(form, formdata)
            opens = given is None and formdata is not None
            return drafts.typed_before() if opens else given

        def get_translations(self, _form: Any) -> Any:
            """The words of WTForms itself, whose file need not be read for each form."""
            return _own_words(str(get_locale()))


@cache
def _own_words(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms")


class FieldProblem(NamedTuple):
    """An error of a form: the id of the field to go to, and what to do."""

    field_id: str
    message: str


def problems(form: Any) -> list[FieldProblem]:
    """Every error of a form in the order of its fields, for the summary at the top."""
    found = [FieldProblem("", str(message)) for message in getattr(form, "form_errors", ())]
    for field in form:
        found.extend(_field_problems(field))
    return found


def _field_problems(field: Field) -> Iterator[FieldProblem]:
    if isinstance(field, FieldList):
        for entry in field:
            yield from _field_problems(entry)
    elif isinstance(field, FormField):
        for message in field.form.form_errors:
            yield FieldProblem(field.id, str(message))
        for inner in field.form:
            yield from _field_problems(inner)
    else:
        for message in field.errors:
            yield FieldProblem(field.id, str(message))


def add_error(field: Field, message: str) -> None:
    """Put an error that the use case found at the field it is about."""
    field.errors = [*field.errors, message]


def add_problems(form: Any, found: Iterable[Problem]) -> None:
    """Put what a use case found wrong at the fields it is about, or at the form."""
    fields = {field.id: field for field in _all_fields(form)}
    for problem in found:
        field = fields.get(problem.field)
        if field is not None:
            add_error(field, problem.message)
        else:
            form.form_errors.append(problem.message)


def _all_fields(form: Any) -> Iterator[Field]:
    for field in form:
        if isinstance(field, FieldList):
            yield from _all_fields(field)
        elif isinstance(field, FormField):
            yield from _all_fields(field.form)
        else:
            yield field


def init_app(app: Flask) -> None:
    """Attach the protection to every request that changes something."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    csrf.init_app(app)
    app.jinja_env.globals["problems"] = problems
