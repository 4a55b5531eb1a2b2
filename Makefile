# For those who change bacatui; whoever only reads needs the two lines of the README.
PYTHON = .venv/bin/python
# Test sets of pages and feeds. They belong to their publishers, so they lie beside a checkout and not in it.
SHARED = ../shared

.PHONY: run test check coverage docs docs-drift size bench score soak fuzz packs i18n wheel audit lowest locked lock

.venv/.stamp: pyproject.toml
	python3 -m venv --without-pip .venv
	python3 -m pip -q --python .venv install -e '.[check]'
	touch $@

run: .venv/.stamp          ## open the app
	.venv/bin/bacatui

test: .venv/.stamp         ## the suite, without what is slow; .ci/run runs that too
	$(PYTHON) -m pytest

check: .venv/.stamp        ## linters, types, and the way imports point
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

coverage: .venv/.stamp     ## lines and branches that the tests take, by package; those under 90 % are named
	python3 -m pip -q --python .venv install -e '.[coverage]'
	rm -rf build/coverage
	$(PYTHON) -m coverage run -m pytest -m 'not soak'
	$(PYTHON) -m coverage combine -q
	$(PYTHON) -m coverage json -q
	$(PYTHON) -m tools.covered

docs: .venv/.stamp         ## what the docs take from the code: references, completions, pictures
	$(PYTHON) tools/reference.py
	$(PYTHON) -m tools.store_page
	$(PYTHON) -m tools.size --write
	$(PYTHON) tools/pictures.py

docs-drift: .venv/.stamp   ## whether what needs no screen of that is as `make docs` would make it
	$(PYTHON) tools/reference.py
	$(PYTHON) -m tools.store_page
	$(PYTHON) -m tools.size --write
	$(PYTHON) tools/i18n.py
	git diff --exit-code --stat

size: .venv/.stamp         ## statements by package, and public functions without a docstring
	$(PYTHON) -m tools.size

i18n: .venv/.stamp         ## collect the strings, merge them into each catalogue, compile
	$(PYTHON) tools/i18n.py

bench: .venv/.stamp        ## the budgets, measured
	$(PYTHON) -m benchmarks

score: .venv/.stamp        ## how much of each article comes out, on saved pages whose true texts are known
	@test -d $(SHARED)/corpus/articles || { echo 'make score: the pages that it measures are not in $(SHARED)/corpus/articles (public test sets, which belong to their publishers); nothing was measured.' >&2; exit 1; }
	$(PYTHON) $(SHARED)/bench/extract_score.py $(SHARED)/corpus/articles --func bacatui:extract

soak: .venv/.stamp         ## the long tests
	$(PYTHON) -m pytest -m soak

fuzz: .venv/.stamp         ## the hostile tests on all corpora that are there, and an hour of mutations
	BACATUI_FUZZ=$${BACATUI_FUZZ:-3600} BACATUI_FUZZ_SEED=$${BACATUI_FUZZ_SEED:-$$(date +%s)} \
		$(PYTHON) -m pytest -n0 -s -m '' tests/hostile

packs: .venv/.stamp        ## whether each address of the starter packs still gives a feed (asks the network)
	$(PYTHON) -m tools.packs

wheel: .venv/.stamp        ## build the wheel, install it into an empty environment, and try it there
	rm -rf build/wheel && python3 -m pip -q wheel --no-deps -w build/wheel .
	$(PYTHON) -m tools.shipped

audit: .venv/.stamp        ## known weaknesses of what requirements.lock holds (asks the network)
	python3 -m pip -q --python .venv install -e '.[audit]'
	$(PYTHON) -m pip_audit --disable-pip -r requirements.lock

lowest:                    ## the suite with the oldest packages that pyproject.toml allows
	python3 -m venv --clear build/lowest && build/lowest/bin/pip -q install uv
	build/lowest/bin/uv pip compile -q --resolution lowest-direct --python-version 3.11 --extra test \
		--no-annotate --no-header pyproject.toml -o build/lowest/requirements.txt
	build/lowest/bin/uv pip install -q --python build/lowest/bin/python -r build/lowest/requirements.txt
	build/lowest/bin/uv pip install -q --python build/lowest/bin/python --no-deps -e .
	build/lowest/bin/python -m pytest

locked:                    ## the suite with the packages of requirements.lock
	python3 -m venv --clear build/locked
	build/locked/bin/pip -q install --require-hashes --no-deps -r requirements.lock
	build/locked/bin/pip freeze > build/locked/pins.txt
	build/locked/bin/pip -q install -c build/locked/pins.txt -e '.[test]'
	build/locked/bin/python -m pytest

lock:                      ## requirements.lock: every dependency by version and hash
	python3 -m venv build/uv && build/uv/bin/pip -q install uv
	build/uv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command 'make lock' pyproject.toml -o requirements.lock
