# Everything a developer or an operator types. `make help` lists it.

BIN := .venv/bin
LOCKED := sh tools/venv.sh
# Lines and branches, counted by what is compiled into the code once, and taken out again: a tracer doubles a test's time.
# Taking it out looks through everything that was imported; by a higher threshold than the usual 50 it does so rarely.
COUNTED := $(BIN)/python -W "ignore:Unable to activate pytest" -m slipcover
TRANSLATIONS := $(wildcard app/translations/*/LC_MESSAGES/messages.po)

# Set TEST_PACKAGES= on a machine that has these programs from elsewhere.
TEST_PACKAGES ?= postgresql redis-server nginx-light chromium-headless-shell fonts-noto-cjk fonts-noto-core \
    fonts-noto-color-emoji default-jre-headless
BENCH_PACKAGES ?= wrk nginx-light ffmpeg libvips-tools chromium fonts-noto-cjk fonts-noto-core
PYTEST_ARGS ?=

# Compiled modules are kept, so that the second start is quick.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
.PHONY: help run test test-fast check types contracts counted bench migrate i18n lock clean assets translations services test-needs

help: ## List these commands
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name words; do \
	    printf '  make %-10s %s\n' "$$name" "$$words"; done

run: .venv/run.stamp assets translations ## Install, build, migrate, seed the demo once and serve on 127.0.0.1:$PORT (8000)
	@EYES_DEMO=1 EYES_CLOCK_GAP_HOURS=0 EYES_COOLING_OFF_MINUTES=2 EYES_CONFIRM_AFTER_MINUTES=1 EYES_PUBLIC_URL=http://127.0.0.1:$${PORT:-8000} \
	    exec $(BIN)/flask --app wsgi demo run

test: ## Install what the tests need, then check and run everything with coverage
	@$(MAKE) -j5 types contracts counted

counted: test-needs
	@mkdir -p build
	@$(COUNTED) --threshold 1000 --json --out build/coverage.json -m pytest -n 2 --dist loadgroup $(PYTEST_ARGS)
	@$(COUNTED) --merge build/coverage.json --out build/coverage.json --skip-covered --fail-under 90

test-fast: .venv/test.stamp assets translations ## Rules, database tests on SQLite and the house rules; no servers
	@$(BIN)/python -m pytest tests/unit tests/db tests/house -m "not services" $(PYTEST_ARGS)

check: ## Lint, format, types and import contracts
	@$(MAKE) -j2 types contracts

types: .venv/test.stamp
	@$(BIN)/mypy

contracts: .venv/test.stamp
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/lint-imports | tail -n 12

bench: .venv/test.stamp assets translations ## Measure, and write docs/benchmarks.md
	@sh tools/debian.sh $(BENCH_PACKAGES)
	@$(BIN)/python -m tests.bench

migrate: .venv/run.stamp ## Bring the database that EYES_DATABASE_URL names up to date
	@$(BIN)/flask --app wsgi db upgrade

i18n: .venv/test.stamp ## Collect the texts to translate into app/translations/*/LC_MESSAGES/messages.po
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F pyproject.toml -k lazy_gettext --no-location --sort-output --omit-header -o build/messages.pot .
	@$(BIN)/pybabel -q update -i build/messages.pot -d app/translations --no-fuzzy-matching --ignore-obsolete \
	    --ignore-pot-creation-date

lock: .venv/run.stamp ## Compile both lock files again from pyproject.toml
	@$(BIN)/uv pip compile $(COMPILE) pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile $(COMPILE) --group dev pyproject.toml -o requirements-dev.lock

clean: ## Remove everything that was made; data in var/ stays
	rm -rf .venv .venv-swift node_modules tools/lighthouse/node_modules static/dist build .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find app/translations -name '*.mo' -delete 2>/dev/null || true
	find app tests tools migrations -name __pycache__ -type d -prune -exec rm -rf {} +

COMPILE := -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11

# The second run of anything is quick: each step below leaves a stamp, or compares a fingerprint itself.

# Once the tests' packages are in, `make run` keeps them: the longer lock contains the shorter one.
.venv/run.stamp: requirements.lock tools/venv.sh tools/uv.lock
	@$(LOCKED) .venv $(if $(wildcard .venv/test.stamp),requirements-dev.lock,requirements.lock)
	@touch $@

.venv/test.stamp: requirements-dev.lock tools/venv.sh tools/uv.lock
	@$(LOCKED) .venv requirements-dev.lock
	@touch $@ .venv/run.stamp

.venv-swift/stamp: tests/services/swift.lock tools/venv.sh tools/uv.lock
	@$(LOCKED) .venv-swift tests/services/swift.lock
	@touch $@

assets: .venv/run.stamp
	@$(BIN)/python tools/build_assets.py

translations: $(TRANSLATIONS:.po=.mo)

%.mo: %.po .venv/run.stamp
	@$(BIN)/pybabel -q compile -i $< -o $@

services:
	@sh tools/debian.sh $(TEST_PACKAGES)

# The servers, the S3 server and the packages come from three places: fetched side by side. Types are checked as soon as
# the packages are in, beside the servers' installation and the tests, which leave a tenth of two processors idle.
test-needs: services .venv-swift/stamp .venv/test.stamp
	@$(MAKE) assets translations
