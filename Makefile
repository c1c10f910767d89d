# The only front door. `make` shows what there is; every target works from a fresh clone, as root and as an ordinary user.
#
# Each step leaves a stamp, so a second run does only what has changed. Python packages come from requirements/*.lock with their
# hashes; Node comes from the machine when it has 20.19 or newer, else from requirements/node.lock into .node.

SHELL  := /bin/sh
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMPS := $(VENV)/stamps
PAGES  := src/textfirst/front/app/index.html
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
WEB_SOURCES := $(shell find web -name node_modules -prune -o -name generated -prune -o -name openapi.json -o -type f -print 2>/dev/null)
API_SOURCES := $(shell find src/textfirst/api src/textfirst/*/types.py -name '*.py' 2>/dev/null)
TESTS  ?=
DRILL  ?=
MINUTES ?= 60
TARGET ?=
SAMPLE ?=
BENCH  ?=

.DEFAULT_GOAL := help
.PHONY: help run dev test check bench drill mutants fuzz web lock clean openapi browser format

help: ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

run: $(STAMPS)/run $(PAGES) ## set everything up and start Textfirst
	@exec $(BIN)/textfirst up

dev: $(STAMPS)/dev $(PAGES) ## start Textfirst, again at every change of the code
	@exec tools/dev

test: $(STAMPS)/dev $(PAGES) browser ## set everything up and run the whole suite (TESTS=path for a part)
	@$(BIN)/python tools/suite $(TESTS)

check: $(STAMPS)/dev web/node_modules/.package-lock.json web/openapi.json ## lint, types, import contracts, pages, strings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	tools/with-node npm run check

bench: $(STAMPS)/dev $(PAGES) ## how fast it is, against what it must reach; writes bench/results (BENCH=campaign for one part)
	@$(BIN)/python -m bench $(BENCH)

mutants: $(STAMPS)/dev ## break the rules of TARGET on purpose, change by change, and see whether their tests notice (TARGET=optout SAMPLE=100)
	@$(BIN)/python tools/mutants $(TARGET) $(SAMPLE)

fuzz: $(STAMPS)/fuzz ## decoders against arbitrary bytes, guided by coverage; an hour, or MINUTES=n
	@$(BIN)/python -m fuzz --minutes $(MINUTES)

drill: $(STAMPS)/dev $(PAGES) ## break an installation on purpose and have an auditor judge; about an hour (DRILL="--short --only T1,T2,T3" for two minutes)
	@$(BIN)/textfirst drill $(DRILL)

web: $(PAGES) ## build the pages

openapi: web/openapi.json ## write the API's description, from which the pages' types are made

format: $(STAMPS)/dev ## put the code in shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

browser:
	@tools/browser

lock: $(STAMPS)/dev ## resolve the dependencies anew into requirements/*.lock
	tools/lock

clean: ## remove what was built and installed here; your data stays
	rm -rf $(VENV) .node web/node_modules web/openapi.json web/src/generated src/textfirst/front/app .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist

# -- setting up --------------------------------------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Textfirst needs Python 3.11 or newer; say which with make PYTHON=python3.12 …"; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(STAMPS)/run: requirements/run.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Textfirst needs"
	@$(PIP) install --require-hashes --no-deps -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements/dev.lock pyproject.toml | $(STAMPS)/run
	@echo "Installing what contributors need"
	@$(PIP) install --require-hashes --no-deps -r requirements/dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $(STAMPS)/run $@

$(STAMPS)/fuzz: requirements/fuzz.lock | $(STAMPS)/dev
	@echo "Installing what fuzzing needs"
	@$(PIP) install --require-hashes --no-deps -r requirements/fuzz.lock
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json web/package.json | $(BIN)/python
	@echo "Installing what the pages are built with"
	@tools/install-pages-tools
	@touch $@

web/openapi.json: $(API_SOURCES) | $(STAMPS)/run
	@$(BIN)/python tools/openapi.py $@

$(PAGES): web/node_modules/.package-lock.json web/openapi.json $(WEB_SOURCES)
	@echo "Building the pages"
	@tools/with-node npm run --silent build -- --logLevel warn
	@touch $@
