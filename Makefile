# Every target is all the set-up there is: Python 3.11+ with venv, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared/data
# Tests in as many processes at once; each builds what its files share.
WORKERS ?= 2
PICTURES ?= /tmp/recount-screenshots

.DEFAULT_GOAL := help
.PHONY: help check test lint bench record schemas docs docs-site screenshots lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Recount needs Python 3.11 or later; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

check: $(VENV)/.installed ## check the shipped claims against the record, and write report.html
	@$(BIN)/recount check --report report.html

test: $(VENV)/.installed-dev ## run every test, and say how many were skipped
	@$(BIN)/python -m pytest -r s --numprocesses $(WORKERS) --dist loadfile

lint: $(VENV)/.installed-dev ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict src

bench: $(VENV)/.installed-dev ## time ratios, measured in one run
	@$(BIN)/python tests/bench.py

record: $(VENV)/.installed ## build the embedded record from the released files
	@$(BIN)/recount record build --from $(SHARED) --to src/recount/record/embedded --cubes

schemas: $(VENV)/.installed ## write the JSON Schemas that editors use for the catalog
	@$(BIN)/python -m recount.declare.schemas docs/schemas

docs: $(VENV)/.installed ## write the data dictionary, the command reference, the coverage and the picture
	@$(BIN)/python -m recount.cli.reference docs
	@$(BIN)/python -m recount.report.drawing docs
	@$(BIN)/python -m recount.report.coverage docs
	@$(BIN)/python -m recount.report.records_coverage docs
	@$(BIN)/python -m recount.report.reconciliation docs
	@$(BIN)/python -m recount.report.glossary .
	@$(BIN)/python -m recount.report.claims_count docs

docs-site: $(VENV)/.installed-dev ## build the documentation as a site, in build/docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --clean

screenshots: $(VENV)/.installed-dev ## take pictures of every kind of page, into PICTURES
	@$(BIN)/python tests/screenshots.py $(PICTURES)

lock: ## renew the lock files (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links pyproject.toml --group build -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove what the targets made
	rm -rf $(VENV) report.html build
