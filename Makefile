# The list of every habit. `make` alone prints it.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first Python that is new enough; `make PYTHON=/path/to/python3 run` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; \
	done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# Files of tests are spread over the cores; more than four would wait for each other.
SPREAD := --numprocesses auto --maxprocesses 4 --dist loadfile

# implicit runs its own threads over BLAS; two layers of threads slow each other down.
export OPENBLAS_NUM_THREADS := 1

.PHONY: help install run demo test test-all lint format bench tune evaluation encoders screenshots clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

install: $(VENV)/.installed ## Make .venv and install Segue with its pinned dependencies

run: install ## Serve the dashboard at http://127.0.0.1:8050, with a demo crate if there is no music yet
	$(BIN)/segue demo --if-empty
	$(BIN)/segue serve

demo: install ## Put the generated demo crate into the catalogue and train on it
	$(BIN)/segue demo

test: lint ## Lint, check types and layers, then run the tests (all but the slow ones)
	$(BIN)/python -m pytest $(SPREAD) -m "not slow"

test-all: lint ## The same with every test, the slow ones too, on examples drawn anew
	HYPOTHESIS_PROFILE=new $(BIN)/python -m pytest $(SPREAD)

lint: $(VENV)/.installed-dev ## Check style, format, types, and that imports point down only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev ## Put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-dev ## Measure speed against the figures that must hold
	@set -e; for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python $$file; done

tune: $(VENV)/.installed-dev ## Choose the parameters and weights that ship, on real tracklists
	$(BIN)/python benchmarks/tune.py

evaluation: $(VENV)/.installed-dev ## Measure on real tracklists and write docs/evaluation.md
	$(BIN)/python benchmarks/evaluation.py

encoders: $(VENV)/.installed-dev ## Measure tempo, key and every audio encoder, write docs/analysis.md and encoders.md
	$(BIN)/python benchmarks/analysers.py
	$(BIN)/python benchmarks/encoders.py

screenshots: $(VENV)/.installed-dev ## Take the pictures of the README from the running app
	$(BIN)/python benchmarks/screenshots.py

clean: ## Remove what make built here (never your music: that is in SEGUE_HOME)
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Segue needs Python 3.11 or newer: install it," \
		"or say where it is with make PYTHON=/path/to/python3 run." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Segue needs" \
		"Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The stamps are made last: an install that was broken off starts again.
$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) install -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(PIP) install -r requirements-dev.txt
	@touch $@
