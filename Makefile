# Everything a developer or an operator of one machine types. Details: README.md, docs/.

ANQI := .venv/bin/anqi
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test check bench law mutants format lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: ## make .venv and install the locked requirements (PYTHON=python3.12 chooses)
	@deploy/setup.sh run

setup-test: ## the same with the tools for tests and checks
	@deploy/setup.sh test

run: setup ## the demo bureau in your browser (ANQI_PORT changes port 8000)
	@export ANQI_DEMO="$${ANQI_DEMO-1}" ANQI_DATA="$${ANQI_DATA:-$(CURDIR)/data}"; \
	export ANQI_LOG_FILE="$${ANQI_LOG_FILE-$$ANQI_DATA/anqi.log}"; \
	exec $(ANQI) serve --with-scheduler

test: setup-test ## every check and every test, on SQLite and PostgreSQL
	@status=0; deploy/check.sh || status=1; $(PY) -m pytest -n 2 $(PYTEST) || status=1; exit $$status

check: setup-test ## format, lint, types, policy, migrations, translations
	@deploy/check.sh

bench: setup-test ## measure; prints a table and writes JSON
	@$(PY) -m tests.bench $(BENCH)

law: setup-test ## docs/law and docs/events.md anew, from the policy and the worked cases
	@$(PY) -m rules.book_markdown docs/law
	@$(PY) -m rules.event_guide > docs/events.md

# Where a wrong sign is a wrong date; MUTANTS="amendments lawful" chooses others of rules/.
MUTANTS := calendar counting deemed folding plain running

mutants: setup-test ## does a test notice each small change to day counting and folding? hours (CPUS=2)
	@nice -n 19 .venv/bin/mutmut run --max-children $(or $(CPUS),1) $(MUTANTS:%='rules.%.*')
	@.venv/bin/mutmut results

format: setup-test ## put the code in the one format
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .

lock: ## resolve the requirements anew (needs uv)
	@deploy/lock.sh

clean: ## remove what the set-up and the tests made; data/ stays
	rm -rf .venv .setup.lock build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
