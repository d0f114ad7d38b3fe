# Second Read: `make help` lists what can be made. Each step leaves its result on the disk and is not done twice.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The newest Python that the project knows; .venv has the one it was made with.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell $(name) -c 'import sys; print("$(name)" if (3, 11) <= sys.version_info < (3, 15) else "")' 2>/dev/null)))
BIN := .venv/bin
UV := UV_PYTHON_DOWNLOADS=never .tools/bin/uv
FRONTEND := viewer/frontend
BUILT := viewer/web/static/dist/.vite/manifest.json
FRONTEND_SOURCES := $(shell find $(FRONTEND) -name node_modules -prune -o -type f -not -name '*.test.ts*' -print 2>/dev/null)
export PATH := $(CURDIR)/$(BIN):$(PATH)

DEBIAN_RUN := orthanc libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
DEBIAN_TEST := dcmtk chromium libatomic1 postgresql poppler-utils iproute2 strace shellcheck
PYTHON_SOURCES := reads dicom_gateway viewer sample_studies tests hatch_build.py
SHELL_SCRIPTS := .ci/run $(shell find deploy -name '*.sh')

.PHONY: help
help: ## This list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

.PHONY: demo
demo: setup-run ## Start everything on this machine with sample studies; Ctrl-C stops it, the next run goes on
	@exec $(BIN)/secondread demo --data .demo --samples sample_studies/studies

.PHONY: test
test: setup ## Every test that CI runs
	@echo "==> Front-end tests"
	@cd $(FRONTEND) && npm test
	@echo "==> Python tests"
	@$(BIN)/python -m pytest

SOAK_ROUNDS ?= 10
.PHONY: soak
soak: setup ## Processes killed at random moments, over and over: SOAK_ROUNDS=10, some minutes each
	@for round in $$(seq $(SOAK_ROUNDS)); do \
	  echo "==> Round $$round of $(SOAK_ROUNDS)"; \
	  $(BIN)/python -m pytest -q tests/faults; \
	done

.PHONY: check
check: setup ## Lint, types, layers; changes nothing
	@echo "==> ruff"
	@ruff format --check .
	@ruff check .
	@echo "==> mypy"
	@mypy $(PYTHON_SOURCES)
	@echo "==> layers"
	@lint-imports --no-logo
	@echo "==> front end"
	@cd $(FRONTEND) && npm run check
	@echo "==> shell scripts"
	@shellcheck $(SHELL_SCRIPTS)

.PHONY: setup
setup: ## Install what is missing for running and testing
	@deploy/setup/debian.sh $(DEBIAN_RUN) $(DEBIAN_TEST)
	@$(MAKE) environment

.PHONY: setup-run
setup-run: ## Install what is missing for running only
	@deploy/setup/debian.sh $(DEBIAN_RUN)
	@$(MAKE) environment

.PHONY: environment
environment: $(BIN)/secondread $(BUILT)
	@$(BIN)/python sample_studies/build.py

.PHONY: wheel
wheel: environment ## Build the wheel, front end included, into dist/
	@$(UV) build --wheel --no-build-isolation --python $(BIN)/python

.PHONY: clean
clean: ## Remove what was built; keeps .demo/ and its studies
	rm -rf .venv .tools .cache build dist $(FRONTEND)/node_modules viewer/web/static/dist sample_studies/studies
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.tools/bin/uv: requirements/tools.txt
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 to 3.14 is needed; install it (apt-get install python3) and try again." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || deploy/setup/debian.sh python3-venv
	@echo "==> uv"
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@touch $@

.venv/.requirements: requirements/dev.txt .tools/bin/uv
	@echo "==> Python environment"
	@[ -x $(BIN)/python ] || $(UV) venv --quiet --python .tools/bin/python .venv
	@$(UV) pip sync --compile-bytecode --python $(BIN)/python --require-hashes $<
	@touch $@

$(BIN)/secondread: pyproject.toml hatch_build.py .venv/.requirements
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(FRONTEND)/node_modules/.package-lock.json: $(FRONTEND)/package.json $(FRONTEND)/package-lock.json | .venv/.requirements
	@echo "==> Front-end packages"
	@cd $(FRONTEND) && npm ci --no-audit --no-fund
	@touch $@

$(BUILT): $(FRONTEND_SOURCES) $(FRONTEND)/node_modules/.package-lock.json
	@echo "==> Front end"
	@cd $(FRONTEND) && npm run build
	@touch $@
