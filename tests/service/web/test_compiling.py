"""Templates compiled for each language: fixed words in place, everything else asked for."""

from typing import Any

import pytest
from flask import Flask, render_template
from flask import session as cookie
from jinja2 import DictLoader

_PAGES = {
    "page.html": '{% import "part.html" as part %}{{ _("Cases") }}|{{ part.words() }}|{{ text(1) }}'
    '|{{ _(title) }}|{{ _("Page %(number)s", number=2) }}',
    "part.html": '{% macro words() %}{{ _("Number") }}{% endmacro %}'
    "{% macro text(x) %}{% endmacro %}",
    "values.html": '{{ _("Page %(number)s of %(pages)s", number=number, pages=3) }}'
    '|<p title="{{ _("target at least %(percent)s %%", percent=number) }}">',
    "odd.html": "{% set head = _('Cases') %}{{ head }}{{ '<b>' }}",
}


@pytest.fixture
def speaking(app: Flask) -> Flask:
    app.jinja_env.loader = DictLoader(_PAGES)
    app.jinja_env.globals["text"] = lambda value: value
    return app


def _shown(app: Flask, language: str, name: str, **values: Any) -> str:
    with app.test_request_context("/"):
        cookie["language"] = language
        return render_template(name, **values)


def test_each_language_reads_its_own_words_also_in_imported_parts(speaking: Flask) -> None:
    chinese = _shown(speaking, "zh_CN", "page.html", title="Reports")
    english = _shown(speaking, "en", "page.html", title="Reports")
    assert english == "Cases|Number|1|Reports|Page 2"
    assert chinese == "案件|编号|1|报表|第 2 页"
    assert _shown(speaking, "zh_CN", "page.html", title="Reports") == chinese


def test_values_stand_in_the_order_of_the_language_and_are_escaped(speaking: Flask) -> None:
    chinese = _shown(speaking, "zh_CN", "values.html", number="<b>")
    english = _shown(speaking, "en", "values.html", number="<b>")
    assert english == 'Page &lt;b&gt; of 3|<p title="target at least &lt;b&gt; %">'
    assert chinese == '第 &lt;b&gt; 页，共 3 页|<p title="目标不低于 &lt;b&gt; %">'


def test_words_put_in_place_do_not_switch_escaping_off(speaking: Flask) -> None:
    assert _shown(speaking, "en", "odd.html") == "Cases&lt;b&gt;"
