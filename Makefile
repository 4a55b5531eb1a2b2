# For those who change bacatui; whoever only reads needs the two lines of the README.
PYTHON = .venv/bin/python
SHARED = ../shared

.PHONY: run test check docs bench score soak fuzz i18n

.venv/.stamp: pyproject.toml
	python3 -m venv --without-pip .venv
	python3 -m pip -q --python .venv install -e '.[check]'
	touch $@

run: .venv/.stamp          ## open the app
	.venv/bin/bacatui

test: .venv/.stamp         ## the suite
	$(PYTHON) -m pytest

check: .venv/.stamp        ## linters, types, and the way imports point
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

docs: .venv/.stamp         ## what the docs take from the code: references, completions, pictures
	$(PYTHON) tools/reference.py
	$(PYTHON) -m tools.store_page
	$(PYTHON) tools/pictures.py

i18n: .venv/.stamp         ## collect the strings, merge them into each catalogue, compile
	$(PYTHON) tools/i18n.py

bench: .venv/.stamp        ## the budgets, measured
	$(PYTHON) -m benchmarks

score: .venv/.stamp        ## how much of each article comes out
	$(PYTHON) $(SHARED)/bench/extract_score.py $(SHARED)/corpus/articles --func bacatui:extract

soak: .venv/.stamp         ## the long tests
	$(PYTHON) -m pytest -m soak

fuzz: .venv/.stamp         ## the hostile tests, longer
	$(PYTHON) -m pytest -m soak tests/hostile
