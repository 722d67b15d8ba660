# make run     install what is needed, poll every source, write this week's digest
# make test    the test suite, without the slow ones
# make check   formatting, types, layers
# make bench   measurements, each beside a baseline
# make backtest   what events and forecasts would have told: docs/backtest.md
# make clean   remove what the others made
#
# Another Python: make run PYTHON=python3.12

PYTHON ?= python3
VENV ?= .venv
PYTEST_ARGS ?=
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TOO_OLD := Gapwatch needs Python 3.11 or newer; name one with: make run PYTHON=python3.12

# A file per set of packages says that it is installed as pyproject.toml wants it.
RUN := $(VENV)/.installed
TEST := $(VENV)/.installed-test
DEV := $(VENV)/.installed-dev

.PHONY: run test check bench backtest clean

run: $(RUN)
	@$(BIN)/python -m compileall -q tracker sources db
	@$(BIN)/gapwatch run || [ $$? -eq 3 ]  # 3: a digest was written, some sources failed

test: $(TEST)
	@$(BIN)/python -m compileall -q tracker sources db
	@$(BIN)/python -m pytest -n 2 -m "not slow" -q $(PYTEST_ARGS)

check: $(DEV)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_layers.py tests/test_docs.py

bench: $(DEV)
	@$(BIN)/python -m compileall -q tracker sources db
	@$(BIN)/python bench/run.py

backtest: $(DEV)
	@$(BIN)/python -m bench.backtest

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis test-artefacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(TOO_OLD)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# Editable: what is edited in this folder is what runs. pip compiles the packages, we our own.
$(RUN): pyproject.toml | $(BIN)/python
	@echo "Installing Gapwatch into $(VENV) (once)"
	@$(PIP) install --editable .
	@touch $@

$(TEST): pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need into $(VENV) (once)"
	@$(PIP) install --editable '.[test]'
	@touch $@ $(RUN)

$(DEV): pyproject.toml | $(BIN)/python
	@echo "Installing what the checks need into $(VENV) (once)"
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(TEST) $(RUN)
