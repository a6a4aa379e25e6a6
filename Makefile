# Everything in one word: `make run PHOTOS=/path/to/photos`, `make demo`, `make test`.
# The first call makes a virtual environment in .venv and installs into it; nothing else is touched.

PYTHON ?= python3
VENV ?= .venv
# More than two processors: a test often waits for the drive or for a browser.
WORKERS ?= 4
# What is not measured waits more: for programs to start, and for pages to be drawn.
WAITING ?= 6
# Most of a power cut played on a drive is waiting for the drive; what is measured stays on one.
MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk '$$6 == "/dev/shm" && $$4 > 4000000 { print $$6 }')
STATES ?= 1000000
PHOTOS ?=
ARGS ?=
STEPS ?= 100000
POINTS ?= 5000
RUNS ?= 3000
LEVELS ?= 100
TREES ?= 10000
RACES ?= 1000
export PHOTOS
# The tests start the program a thousand times: each would else compile all of its modules again.
export PYTHONDONTWRITEBYTECODE :=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# What must never lose a photo is tested in every branch; the rest nearly so.
GUARDED := tests/guarded.toml
OVERALL := 97

# What is asked of the installed wheel, too.
INSTALLED := tests/cli
ATTACKS := tests/web/attacks tests/browser/test_foreign_pages.py tests/browser/test_script_attacks.py

.DEFAULT_GOAL := help
.PHONY: help run demo test coverage check attacks crash crash-kill crash-errno crash-disk crash-machine crash-sim
.PHONY: man types tools crash-trees crash-races browser tracer clean wheel wheel-test docs lint screenshots
.DELETE_ON_ERROR:

help:
	@echo "make run PHOTOS=/path/to/photos   find, review and settle the same images (ARGS=\"--mode phash\")"
	@echo "make demo                         the same on a small sample library, in ./sample-photos"
	@echo "make test                         all checks and all tests"
	@echo "make coverage                     what the tests run of all modules, children included"
	@echo "make check                        the quick part: format, lint, types, layers"
	@echo "make attacks                      attacks on the page, in a real browser too"
	@echo "make man                          docs/man/sil.1, the manual page, from the options"
	@echo "make lint                         workflows, container files, citation, by the linters of their kind"
	@echo "make docs                         the documentation as pages in ./site; each link is checked"
	@echo "make screenshots                  the pictures of the documentation, taken anew in Chromium"
	@echo "make wheel                        what is published, built and checked, in ./dist"
	@echo "make wheel-test                   the wheel in a new environment for each Python that is here"
	@echo "make types                        the types in the page's scripts, by Node.js and TypeScript"
	@echo "make crash                        every kill point, a real SIGKILL each (minutes)"
	@echo "make crash-machine STEPS=100000   all that may happen, in any order, on real files"
	@echo "make crash-kill POINTS=5000       a real kill -9 at so many system calls"
	@echo "make crash-errno RUNS=3000        so many system calls that fail"
	@echo "make crash-disk LEVELS=100        two small drives filled to so many levels each (root)"
	@echo "make crash-sim STATES=1000000     simulated power cuts: three models, one cut or two"
	@echo "make crash-trees TREES=10000      random trees: stage, settle, undo, and all is as before"
	@echo "make crash-races RACES=1000       another program changes the photos meanwhile"
	@echo "make bench-scan                   a perceptual scan beside its floor and other programs"
	@echo "make bench-pairs                  the search for near fingerprints, beside comparing all"
	@echo "make bench-candidates ARGS=FOLDER the search for candidates of mode similar, beside comparing all"
	@echo "make bench-accuracy ARGS=FOLDER   how well edits are found in a labelled library, and what is mixed up"
	@echo "make bench-reverse                find-similar in a library of 100,000 photos that was scanned before"
	@echo "make bench-queue                  the review page's queue with 10,000 and 100,000 groups, in Chromium"
	@echo "make bench-groupscreen            a group of 500 files on the review page, in Chromium"
	@echo "make bench-frontend               how many bytes of the page itself a browser downloads"
	@echo "make bench-differencemap          how soon it is shown where two photos of 12 megapixels differ"
	@echo "make bench-barriers               what the journal's durability costs, side by side"
	@echo "make clean                        remove .venv and caches"

# 1 (duplicates remain) and 3 (some files had problems) are endings, not failures of make.
run: $(BIN)/.installed
	@if [ -z "$$PHOTOS" ]; then echo "Say where the photos are: make run PHOTOS=/path/to/photos"; exit 2; fi
	@$(BIN)/python find_dupe_images.py "$$PHOTOS" $(ARGS) || { code=$$?; [ $$code -eq 1 ] || [ $$code -eq 3 ] || exit $$code; }

demo: $(BIN)/.installed
	@$(BIN)/python find_dupe_images.py demo $(ARGS) || { code=$$?; [ $$code -eq 1 ] || [ $$code -eq 3 ] || exit $$code; }

test: $(BIN)/.installed-dev
	$(MAKE) --jobs=2 check tools
	$(BIN)/coverage erase
	$(if $(MEMORY),TMPDIR=$(MEMORY)) $(BIN)/pytest -n $(WAITING) --dist loadgroup -m unmeasured
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not unmeasured" --cov --cov-config=$(GUARDED) --cov-report=
	$(BIN)/coverage report --rcfile=$(GUARDED)

# One after the other: both ask the system's package manager.
tools:
	$(MAKE) browser
	$(MAKE) tracer

coverage: browser tracer
	$(BIN)/coverage erase
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not campaign" --cov --cov-report=
	$(BIN)/coverage report --fail-under=$(OVERALL) --show-missing --skip-covered

check: $(BIN)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy src tests bench/*.py docs/pages.py
	PYTHONPATH=src $(BIN)/lint-imports --no-logo
	$(MAKE) lint docs

# What is no Python of ours, each by the linter of its kind; none of them asks another computer.
lint: $(BIN)/.installed-dev
	$(BIN)/hadolint Dockerfile
	$(BIN)/zizmor --offline --no-progress --quiet .github
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.citation-file-format CITATION.cff

# Strict: a page that is missing, left out or linked wrongly is an error.
docs: $(BIN)/.installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --clean

# Not among the tests: the pictures change when the page does, and somebody looks at them then.
screenshots: browser
	$(BIN)/pytest -n 0 tests/browser/screenshots.py

# Built once; whatever is tested or published afterwards is this file.
wheel: $(BIN)/.installed-publish
	rm -rf dist
	$(BIN)/python -m hatchling build -d dist -t sdist -t wheel
	$(BIN)/twine check --strict dist/*

# Each Python of the classifiers that is here, without the source: minutes, and downloads for each.
wheel-test: wheel
	$(BIN)/python tests/installed.py --every --extras all --workers $(WORKERS) $(INSTALLED)

attacks: browser
	SIL_REQUIRE_BROWSER=1 $(BIN)/pytest -n $(WORKERS) --dist loadfile $(ATTACKS)

man: $(BIN)/.installed-dev
	PYTHONPATH=src:tests $(BIN)/python -m man_page > docs/man/sil.1

# Needs Node.js. The types of the page's scripts are read, and nothing is built.
types:
	npx --yes --package typescript@5 tsc --project jsconfig.json

crash: $(BIN)/.installed-dev
	SIL_CRASH_POINTS=all $(BIN)/pytest -n $(WORKERS) tests/crash

# These print a table of their trials, and end with 1 when a photo was lost or a run got stuck.
crash-kill: $(BIN)/.installed-dev tracer
	PYTHONPATH=src:tests $(BIN)/python -m crash.campaign kill $(POINTS)

crash-errno: $(BIN)/.installed-dev tracer
	PYTHONPATH=src:tests $(BIN)/python -m crash.campaign errno $(RUNS)

crash-disk: $(BIN)/.installed-dev tracer
	PYTHONPATH=src:tests $(BIN)/python -m crash.campaign disk $(LEVELS)

crash-sim: $(BIN)/.installed-dev
	PYTHONPATH=src:tests $(BIN)/python -m crash.sim_campaign $(STATES)

# Each of these prints what it counted; a failure names the seed to try again.
crash-machine: $(BIN)/.installed-dev
	SIL_MACHINE_STEPS=$(STEPS) $(BIN)/pytest -n 0 -rP tests/property/test_machine.py

crash-trees: $(BIN)/.installed-dev
	SIL_TREES=$(TREES) $(BIN)/pytest -n $(WORKERS) -rP tests/property/test_trees.py

crash-races: $(BIN)/.installed-dev
	SIL_RACES=$(RACES) $(BIN)/pytest -n $(WORKERS) -rP tests/property/test_races.py

# Each module of bench/ is one command: make bench-scan ARGS="--kind web --count 1000"
bench-%: $(BIN)/.installed-dev
	PYTHONPATH=src:tests $(BIN)/python -m bench.$* $(ARGS)

# A slim Debian lacks both the browser and a library that Playwright's driver is linked with.
browser: $(BIN)/.installed-dev
	@need="chromium-headless-shell"; \
	for name in chromium-headless-shell chromium chromium-browser google-chrome; do \
	  if command -v $$name >/dev/null; then need=""; fi; \
	done; \
	$(BIN)/python -m playwright --version >/dev/null 2>&1 || need="$$need libatomic1"; \
	if [ -z "$$need" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update --quiet=2 && \
	  DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends $$need; \
	else \
	  echo "The browser tests need Chromium: install first, on Debian with: apt-get install $$need"; \
	  exit 1; \
	fi

# Real kills, errors and small drives need these; without them their tests are skipped.
tracer:
	@need=""; \
	command -v strace >/dev/null || need="strace"; \
	command -v mkfs.ext4 >/dev/null || need="$$need e2fsprogs"; \
	if [ -z "$$need" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update --quiet=2 && \
	  DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends $$need; \
	else \
	  echo "Some crash tests are skipped; for them install first, on Debian with: apt-get install $$need"; \
	fi

clean:
	rm -rf $(VENV) build dist site htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: install it, and name it as in: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  $(PYTHON) -m venv $(VENV); \
	elif $(PYTHON) -c 'import pip, venv' 2>/dev/null; then \
	  $(PYTHON) -m venv --without-pip $(VENV) && $(PYTHON) -m pip --quiet --python $(BIN)/python install pip; \
	else \
	  echo "This Python cannot make a virtual environment: install that part, on Debian with: apt-get install python3-venv"; \
	  exit 1; \
	fi

$(BIN)/.installed: pyproject.toml | $(BIN)/python
	$(PIP) install --editable .
	@touch $@

$(BIN)/.installed-publish: $(BIN)/.installed-dev
	$(PIP) install --editable '.[dev,publish]'
	@touch $@

$(BIN)/.installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) install --editable '.[dev]'
	@touch $@ $(BIN)/.installed
