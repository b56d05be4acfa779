# Salon: `make run` sets everything up and serves it. `make help` lists the rest.
SHELL := /bin/sh
DATA_DIR ?= data
PORT ?= 8000
export DATA_DIR PORT
unexport VIRTUAL_ENV PYTHONPATH

PY := .venv/bin/python
MANAGE := $(PY) manage.py
FRONT := $(wildcard static/css/*.css static/css/parts/*.css static/js/*.js static/js/*/*.js)

.DEFAULT_GOAL := help
.PHONY: help setup run demo sign-in test check bench consumers screenshots format

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

# The first Python of the right age. One line says what to do if there is none.
.venv/bin/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.14; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then \
	    echo "Python: $$($$python --version)"; exec $$python -m venv .venv; fi; done; \
	  echo "Salon needs Python 3.12 or newer: install python3.13, or name one with PYTHON=/path/to/python3.13."; exit 1

.venv/uv: requirements-uv.lock | .venv/bin/python
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

.venv/site: requirements.lock | .venv/uv
	@.venv/bin/uv pip install --quiet --python $(PY) --require-hashes -r requirements.lock
	@touch $@

.venv/dev: requirements-dev.lock | .venv/site
	@.venv/bin/uv pip install --quiet --python $(PY) --require-hashes -r requirements-dev.lock
	@touch $@

# What rankings is measured beside: without it, the rows say what is missing.
.venv-peers/installed: requirements-peers.lock | .venv/uv
	@$(PY) -m venv .venv-peers
	@.venv/bin/uv pip install --quiet --python .venv-peers/bin/python --require-hashes -r requirements-peers.lock && touch $@ \
	  || echo "The packages to measure beside could not be installed; their rows say so."

# What trains on releases. torch comes apart, by its version alone: its builds differ by machine, and their checksums too.
.venv-consumers/installed: requirements-consumers.lock
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "The consumers' Python: $$($$python --version)"; $$python -m venv --clear .venv-consumers; break; fi; done
	@.venv-consumers/bin/python -m pip install -qq --disable-pip-version-check --no-deps torch==2.13.0
	@.venv-consumers/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
	  -r requirements-consumers.lock
	@touch $@

node_modules/site: package-lock.json
	@command -v npm >/dev/null || { echo "Salon builds its pages with node 20 or newer: install nodejs and npm."; exit 1; }
	@npm ci --omit=dev --silent
	@touch $@

node_modules/dev: package-lock.json | node_modules/site
	@npm ci --silent
	@touch $@ node_modules/site

static/vendor/built: node_modules/site $(FRONT)
	@rm -rf static/vendor && npm run --silent build && touch $@

$(DATA_DIR)/secret_key: | .venv/site
	@$(PY) -m feedback.secret $(DATA_DIR)

setup: .venv/site static/vendor/built $(DATA_DIR)/secret_key ## install what the site needs, write its key, prepare its database
	@$(MANAGE) prepare

demo: .venv/site static/vendor/built $(DATA_DIR)/secret_key ## make the demonstration study
	@$(MANAGE) prepare --demo

run: .venv/site static/vendor/built $(DATA_DIR)/secret_key ## set up what is missing, then serve the site and its worker on PORT
	@exec $(MANAGE) run --demo

sign-in: ## print a fresh sign-in link for each role (STUDY=slug for another study than the newest)
	@$(MANAGE) sign_in $(STUDY)

test: setup .venv/dev ## run the tests on SQLite and on PostgreSQL (ARGS="tests/judging -k undo" for a part)
	@$(PY) -m tests.suite $(ARGS)

check: setup .venv/dev node_modules/dev ## format, lint, types, layers, migrations
	@.venv/bin/ruff format --check --quiet . || { echo "Run make format."; exit 1; }
	@.venv/bin/ruff check --quiet .
	@.venv/bin/djlint templates --lint --quiet
	@.venv/bin/lint-imports --no-cache | tail -n 3
	@.venv/bin/mypy
	@npm run --silent lint
	@$(MANAGE) makemigrations --check --dry-run --verbosity 1
	@$(MANAGE) check
	@BASE_URL=https://salon.example ALLOWED_HOSTS=salon.example $(MANAGE) check --deploy --fail-level WARNING
	@! git grep -nE 'py[p]i\.org|pythonhos[t]ed\.org|npmj[s]\.org' -- . || { echo "A registry's host is named above."; exit 1; }

format: .venv/dev ## put code into the house's form
	@.venv/bin/ruff format --quiet . && .venv/bin/ruff check --fix --quiet .

bench: setup .venv/dev .venv-peers/installed ## measure, as ratios in the same run (ARGS=rankings for one table, FULL=1 for what takes minutes too)
	@$(PY) -m tests.benchmarks $(ARGS)

consumers: setup .venv/dev .venv-consumers/installed ## have the real trainers train on releases (ARGS=rewards for one part)
	@$(PY) -m tests.consumers $(ARGS)

screenshots: setup .venv/dev ## take docs/pictures/ from a running site
	@$(PY) -m tests.browser.screenshots $(ARGS)
