"""What every page stands on: sessions, identity, the gate, headers, languages, templates.

A page is a function of a blueprint listed in `service.web.pages`, marked `@needs("case.read")`
and ending in a use case of `service.cases` or a template that extends `base.html`:

- `database.session()`, `clock.today()`, `rulebook.current()`, `identity.actor()` – what it
  works with; `language.short()` is the language as the rules name it.
- `forms.Form` and the macros of `_form.html`: `error_summary(form)`, `field(form.name)`,
  `csrf()`; a refused form answers 422. `_ui.html` has tags, breadcrumbs, pages, cards.
- Neither style attributes nor inline scripts: the content security policy forbids both.
"""
