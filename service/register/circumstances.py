"""The fields for facts that classify a case: those that its kind and place are asked."""

from functools import cache
from typing import Any

from wtforms import Form, FormField

from rules.rulebook import builtin_rulebook
from service import wording
from service.cases.circumstances import questions
from service.cases.inputs import PROCEDURES
from service.fields import FlagField, WholeNumberField, YuanField
from service.register.forms import RegisterForm
from service.web import language

_FIELDS: dict[str, Any] = {"flag": FlagField, "count": WholeNumberField, "yuan": YuanField}


def asking(form: type[RegisterForm], jurisdiction: str) -> RegisterForm:
    """The form of a kind as it was sent, with a part `circumstances` where anything is asked."""
    opened: RegisterForm = _with_part(form, jurisdiction)()  # type: ignore[arg-type]
    if "circumstances" in opened:
        known, lang = builtin_rulebook().policy.classifications.questions, language.short()
        for name, field in opened["circumstances"].form._fields.items():
            field.label.text = wording.at_the_head(known[name].label[lang])
    return opened


@cache
def _with_part(form: Any, jurisdiction: str) -> Any:
    asked = questions(PROCEDURES[form.kind], jurisdiction, builtin_rulebook().policy)
    if not asked:
        return form
    fields = {name: _FIELDS[str(one.type)]() for name, one in asked.items()}
    part = type("CircumstancesForm", (Form,), fields)
    return type(form.__name__, (form,), {"circumstances": FormField(part)})


def answers(form: RegisterForm) -> dict[str, Any]:
    """What was answered; what was left open is not among it."""
    if "circumstances" not in form:
        return {}
    values = form["circumstances"].form.data
    return {name: value for name, value in values.items() if value is not None}
