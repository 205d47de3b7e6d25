# `make run` is all it takes on a machine that has Python 3.11 or newer. ARGS are handed on: make run ARGS="--port 9000 --data elsewhere"
PYTHON ?= python3
ARGS ?=
SETUP := $(PYTHON) tools/setup.py
BIN := .venv/bin
# Both suites run, whatever the first one says; the summary of pytest comes last.
RUN_TESTS = $(SETUP) npm test; pages=$$?; $(BIN)/python -m pytest
PAGES_VERDICT = { [ $$pages = 0 ] || { echo "The tests of the pages failed, see above." >&2; exit $$pages; }; }

.DEFAULT_GOAL := help
.PHONY: help build run demo test test-all lint format bench pictures clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

build: ## build the widget's and the inbox' pages
	@$(SETUP) run

run: ## install what is needed, build the pages, start the gateway on 127.0.0.1:8080 with its data in var/
	@$(SETUP) run
	@exec $(BIN)/throughline run $(ARGS)

demo: ## start a house full of sample people on 127.0.0.1:8088, with its data in var/demo/: make demo ARGS="--port 9000"
	@$(SETUP) run
	@exec $(BIN)/throughline demo $(ARGS)

test: ## install what the tests need, run them all but the slow ones: make test ARGS="tests/store -k claim"
	@$(SETUP) test
	@$(RUN_TESTS) $(ARGS) && $(PAGES_VERDICT)

test-all: lint ## lint, and every test, the slow ones too
	@$(SETUP) test
	@$(RUN_TESTS) -m "" $(ARGS) && $(PAGES_VERDICT)

lint: ## ruff, mypy --strict, and the type check of the pages
	@$(SETUP) dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict gateway channels router widget tests benchmarks tools
	$(SETUP) npm run check

format: ## let ruff lay the code out and fix what it can
	@$(SETUP) dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: ## measure: make bench ARGS=ingest
	@$(SETUP) dev
	@$(BIN)/python -m benchmarks $(ARGS)

pictures: ## take the pictures of the README from the running demo; ARGS=folder: every scene in every look
	@$(SETUP) test
	@$(BIN)/python -m tests.browser.pictures $(ARGS)

clean: ## remove everything that can be made again; data in var/ stays
	rm -rf .venv .stamps node_modules widget/node_modules gateway/console/node_modules widget/dist gateway/console/dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
