# Three commands matter: `make run`, `make serve` and `make test`. Each does all of its own set-up.
PYTHON ?= python3.11
PYTHON := $(shell command -v $(PYTHON) || command -v python3)
UV := .venv/bin/uv
CORRIDOR := .venv/bin/corridor
CASE := scenarios/karabakh-2023
RUN := runs/karabakh-2023
# Tests whose worlds are small enough to run without the compiler; keys of 64 bits wrap around there with a warning
TINY := tests/simulate/test_rules.py tests/simulate/test_relief_rules.py tests/flee/test_rare_rules.py -m "not slow" -k "not wanders and not drawn_once" \
	-W ignore::RuntimeWarning

.PHONY: run serve cases test slow long kills worlds lint coverage bench docs wheel kit setup clean

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock
	@test -x $(UV) || { $(PYTHON) -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==0.13.9"; }
	@$(UV) sync --locked --quiet
	@touch $@

run: setup  ## run the worked case to a briefing
	$(CORRIDOR) check $(CASE)
	$(CORRIDOR) run $(CASE) --out $(RUN)
	$(CORRIDOR) score $(RUN)
	$(CORRIDOR) report $(RUN)

serve: setup  ## the page of the worked case, or of its run where there is one, in the browser; Ctrl-C stops it
	@$(CORRIDOR) serve $(if $(wildcard $(RUN)/manifest.json),$(RUN),$(CASE)) || test $$? -eq 130

cases: setup  ## every worked case: checked, run, scored, and its quick briefing: runs/NAME/report.html; REPLICATES=n for another number
	@set -e; for case in scenarios/*/; do \
		name=$$(basename $$case); \
		echo "== $$name"; \
		$(CORRIDOR) check $$case; \
		$(CORRIDOR) run $$case --out runs/$$name --replicates $(or $(REPLICATES),100); \
		$(CORRIDOR) score runs/$$name; \
		$(CORRIDOR) report runs/$$name --quick; \
	done

test: setup  ## the fast tests
	.venv/bin/python -m pytest -m "not slow" -n 2 --dist loadscope

kills: setup  ## 50 kills at random moments of every command that writes (half an hour)
	CORRIDOR_KILLS=50 .venv/bin/python -m pytest -m slow tests/hostile/test_kills.py

slow: setup  ## the slow tests
	.venv/bin/python -m pytest -m "slow and not long" -n 3 --dist loadscope

long: setup  ## the dearest of the slow tests, which are too much for every change
	.venv/bin/python -m pytest -m long -n 2 --dist loadscope

worlds: setup  ## ten thousand generated worlds, drawn anew: nobody lost (an hour); WORLDS=n for n of each of three kinds
	CORRIDOR_LUCK=fresh CORRIDOR_WORLDS=$(or $(WORLDS),3334) .venv/bin/python -m pytest -m slow tests/conserve

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

coverage: setup  ## which lines the tests reach, and those they do not; compiled code is measured with the compiler off, in tiny worlds
	rm -f .coverage
	.venv/bin/python -m pytest -n 2 --dist loadscope --cov --cov-report= --cov-fail-under=0
	NUMBA_DISABLE_JIT=1 .venv/bin/python -m pytest $(TINY) --cov --cov-append

bench: setup
	$(UV) sync --locked --quiet --group bench || echo "(some peers could not be installed: they are left out of the races)"
	.venv/bin/python benchmarks/simulate.py
	.venv/bin/python benchmarks/corridor_queue.py
	.venv/bin/python benchmarks/networks.py

docs: setup  ## the pages made from the code, and the site: build/site/index.html
	$(UV) sync --locked --quiet --group docs
	.venv/bin/python -m corridor.scenario.document docs/scenario.md
	.venv/bin/python -m corridor.simulate.document docs/model.md
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet --strict

wheel: setup  ## build the wheel and try it outside the repository, with each Python that is here
	scripts/try_wheel.sh

kit: docs  ## everything for an installation without a network: build/kit
	scripts/make_kit.sh

clean:  ## what was installed, compiled, run and built
	find src -name __pycache__ -prune -exec rm -rf {} +
	rm -rf .venv runs build
