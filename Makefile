# GridBot, step by step. `make` alone says what there is.

PYTHON  ?= python3
PORT    ?= 8080
WORKERS ?= 4
ARGS    ?=
UPGRADE ?=

BIN   := .venv/bin
STAMP := .venv/.installed
UV    := build/uv/bin/uv
PIP   := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0 $(BIN)/python -m pip --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test check check-format lint types imports format train quality bench bench-visits lock clean python-ready

help: ## this list
	@echo 'make TARGET, where TARGET is one of:'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile
	@echo 'PORT=8080 PYTHON=python3 WORKERS=4 (test processes) ARGS= (for demo, test and bench) may be set.'

install: $(STAMP) ## make .venv with everything; does nothing when it is up to date

demo: install ## a chat in the browser with the sample community: http://127.0.0.1:8080
	@exec $(BIN)/gridbot demo --port $(PORT) $(ARGS)

test: install ## the whole test suite
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: check-format lint types imports ## format, lint, types and import rules

check-format: install
	$(BIN)/ruff format --check .

lint: install
	$(BIN)/ruff check .

types: install
	$(BIN)/python -m mypy

imports: install
	$(BIN)/lint-imports

format: install ## rewrite the code as `check` wants it, where a tool can
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

train: install ## fit the model of bot/understanding anew from bot/training/lines, and measure it (minutes)
	$(BIN)/python -m bot.training $(ARGS)

quality: install ## hear the development set with a model that never saw it; fails when figures drop
	$(BIN)/python -m bot.training.quality $(ARGS)

bench: install ## measure a running service, see docs/performance.md
	$(BIN)/python -m tests.bench $(ARGS)

bench-visits: install ## plan a month of visits for 642 grids of 1,000 objects on one core
	$(BIN)/python -m tests.bench.visits $(ARGS)

lock: python-ready ## write the lock files anew from pyproject.toml; UPGRADE=--upgrade takes newer versions
	@test -x $(UV) || { "$(PYTHON)" -m venv --clear build/uv && \
	  build/uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'; }
	$(UV) pip compile pyproject.toml $(LOCKED) -o requirements.lock
	$(UV) pip compile pyproject.toml --group dev --extra fast $(LOCKED) -o requirements-dev.lock
	@! grep -n '://' requirements.lock requirements-dev.lock || \
	  { echo 'A lock file names a host; it must hold names, versions and hashes only.' >&2; exit 1; }

LOCKED = --universal --python-version 3.11 --generate-hashes --no-header --quiet $(UPGRADE)

clean: ## remove caches and built files; the environment stays (rm -r .venv removes it)
	rm -rf build dist .coverage .coverage.* htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find bot domain store scheduler tests -name __pycache__ -type d -prune -exec rm -rf {} +

# An unfinished or foreign .venv is made anew; a good one is brought up to date.
$(STAMP): requirements-dev.lock pyproject.toml
	@$(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { $(MAKE) --no-print-directory python-ready && echo 'Making .venv ...' && "$(PYTHON)" -m venv --clear .venv; }
	@echo 'Installing the locked packages; the first time this takes a minute or two ...'
	@$(PIP) install --no-compile --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-compile --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 .venv/lib bot domain store scheduler >/dev/null 2>&1 || :
	@touch $(STAMP)
	@echo 'Installed: $(BIN)/gridbot'

python-ready:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'GridBot needs Python 3.11 or newer, and "$(PYTHON)" is not that.' >&2; \
	  echo 'Install one (on Debian or Ubuntu: apt-get install python3 python3-venv),' >&2; \
	  echo 'or name one that is there: make PYTHON=python3.12 install' >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo 'This Python cannot make virtual environments: its venv module is missing.' >&2; \
	  echo 'On Debian or Ubuntu: apt-get install python3-venv' >&2; exit 1; }
