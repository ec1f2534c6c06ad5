# Two commands: `make demo` and `make test`. Each sets up all it needs, in .venv and nowhere else.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --editable

.PHONY: demo test lint bench docs clean

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; say where: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)

# The demo needs only what users need; tests and checks need more.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV), which takes a minute or so ..." >&2
	@$(PIP) . && touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV), with what tests need, which takes a minute or so ..." >&2
	@$(PIP) '.[dev]' && touch $@ $(VENV)/.installed

demo: $(VENV)/.installed
	@$(BIN)/cib demo

# Two halves at a time, each with a server of its own; on a server that is given, one after the other.
test: lint
	@$(BIN)/pytest $(if $(NEO4J_URI),,-n 2 --dist loadfile)

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m bench

docs: $(VENV)/.installed-dev
	@$(BIN)/python -m cibgraph.reference > docs/commands.md
	@$(BIN)/python -m cibgraph.sourcepages

clean:
	@if test -x $(BIN)/cib && test -f demo/cib.toml; then $(BIN)/cib -w demo server stop; fi
	rm -rf $(VENV) demo build dist *.egg-info
