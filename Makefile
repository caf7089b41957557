# The whole workflow; CI runs the same targets.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 3

help: ## what there is
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## make .venv with everything a developer needs
	@$(PYTHON) tools/bootstrap.py

demo: install ## the whole embedded stack and a practice site, crawled for real
	@$(BIN)/rasoat demo

serve: install ## the embedded stack, for real work
	@$(BIN)/rasoat serve

browser: ## a Chromium for captures and browser tests
	@$(PYTHON) tools/bootstrap.py browser

test: install browser lint ## everything, green
	@echo "==> tests"
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not shared" --ignore tests/browser
	@echo "==> tests in a browser"  # apart: pytest-playwright keeps a loop running that others cannot share
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not shared" tests/browser

quick: ## the tests without servers and browsers
	@$(BIN)/pytest -q -m "not net and not browser and not shared"

check-shared: install browser ## what can only be checked beside ../shared
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "shared and not servers"

check-servers: install ## crawls of real servers that ../shared/services has started
	@$(BIN)/pytest -m servers

lint: install ## style, types, arrows, translations
	@echo "==> ruff";            $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "==> mypy";            $(BIN)/mypy
	@echo "==> import-linter";   $(BIN)/lint-imports
	@echo "==> translations";    $(BIN)/python -m webui.translations.tool check

format: ## let ruff mend style
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

bench: install ## what the speed claims rest on, as ratios
	@for file in benchmarks/[a-z]*.py; do name=$$(basename $$file .py); echo "==> $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

evaluate: install ## how many lures are found and what is flagged by mistake; a page in build/
	@$(BIN)/python -m search.evaluation --json build/evaluation.json

lock: ## renew the lock files (wants uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml requirements-dev.in -o requirements-dev.lock
	@echo "uv>=0.9" | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate - -o tools/uv.lock

clean: ## forget the environment and the demo's data
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache webui/static/vendor webui/assets/node_modules

.PHONY: help install demo serve browser test quick check-shared check-servers lint format bench evaluate lock clean
