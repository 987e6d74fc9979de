# make run    set up, start tipin with a demo plant, post 40 orders, leave it running
# make test   set up with test tools, run every check and test
# make setup  set up alone; then .venv/bin/tipin works

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON := $(firstword $(foreach p,python3 python3.11 python3.12 python3.13 python3.14,$(shell \
	$(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $(p))))
TESTS ?= tests
WORKERS ?= 3
# Compiled once and kept: the programs that tests start would else each compile all of tipin anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo "setup: Python 3.11 or newer is needed; run: apt-get install python3"; exit 1; }

.PHONY: setup
setup: python ## Set up the locked environment in .venv
	@uv=$$($(PYTHON) .ci/bootstrap.py) && $$uv sync --quiet --locked --inexact --compile-bytecode --no-default-groups --python $(PYTHON)

.PHONY: setup-dev
setup-dev: python
	@uv=$$($(PYTHON) .ci/bootstrap.py) && $$uv sync --quiet --locked --inexact --compile-bytecode --python $(PYTHON)

.PHONY: run
run: setup ## Start tipin with a demo plant and post 40 orders to it
	@.venv/bin/tipin demo

.PHONY: stop
stop: ## Stop the service that `make run` left running
	@.venv/bin/tipin demo --stop

.PHONY: check
check: setup-dev ## Lint, types, layers
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

.PHONY: test
test: check ## Install what tests need, check everything, run every test
	@.ci/install-programs
	@# A file at a time: what its tests share is made once, not once a worker.
	@.venv/bin/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

.PHONY: format
format: setup-dev ## Format the code and mend what can be mended by itself
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

.PHONY: clean
clean: ## Remove the environment and caches; keeps var/
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis
