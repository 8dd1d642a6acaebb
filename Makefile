# Two commands do everything, also on a fresh machine with only git, make and Python 3.11+:
#   make run    the page at http://127.0.0.1:8080/ (and Telegram, if TELEGRAM_BOT_TOKEN is set)
#   make test   all checks and tests
#   make bench  the long measurements of docs/reliability.md (half an hour; needs redis-server)
#   make matching  the tables and pictures of docs/matching.md (ten minutes; SETS="one.tsv two.tsv" for other sets)
#   make audit  known flaws of the pinned parts;  make sbom  the list of parts (CycloneDX)
# Each makes its own virtual environment in .venv from hashed, pinned requirements.

.DELETE_ON_ERROR:
.PHONY: run test bench matching audit sbom requirements clean

PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PY := .venv/bin/python

run: .venv/run.installed
	@$(PY) -m bot run

test: .venv/test.installed
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	$(PY) -m bot check

# In an environment of its own: the rivals want other versions of shared libraries.
BENCH := var/bench-venv/bin/python

bench: var/bench-venv/installed
	$(BENCH) bench/crash
	$(BENCH) bench/faults
	$(BENCH) bench/redeliver
	$(BENCH) bench/reload
	$(BENCH) bench/restart
	$(BENCH) bench/soak
	$(BENCH) bench/load --paced 300

SETS := tests/questions.tsv tests/questions-12.tsv tests/questions-8.tsv tests/questions-3.tsv

matching: var/bench-venv/installed
	$(BENCH) -m bench.matching --into docs/matching.md --pictures docs/images $(SETS)

var/bench-venv/installed: requirements/bench.txt
	@mkdir -p var && [ -x $(BENCH) ] || $(PYTHON) -m venv var/bench-venv
	@$(BENCH) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Known flaws of the pinned parts, from the advisory service of the package index: needs the network, and
# fails as well where that service does not answer, since "nothing found" would be a lie.
audit: var/audit-venv/installed
	@status=0; for name in run redis test audit; do echo "requirements/$$name.txt"; \
		$(AUDIT)pip-audit --strict --progress-spinner off --disable-pip --require-hashes -r requirements/$$name.txt || status=1; \
	done; exit $$status

# The list of all parts that run, with versions and hashes, as CycloneDX.
sbom: var/audit-venv/installed
	@cat requirements/run.txt requirements/redis.txt | $(AUDIT)cyclonedx-py requirements --pyproject pyproject.toml \
		--mc-type application --output-reproducible --output-format JSON -o var/sbom.cdx.json -
	@echo 'var/sbom.cdx.json'

AUDIT := var/audit-venv/bin/

var/audit-venv/installed: requirements/audit.txt
	@mkdir -p var && [ -x $(AUDIT)python ] || $(PYTHON) -m venv var/audit-venv
	@$(AUDIT)python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/%.installed: requirements/%.txt
	@if [ -z "$(PYTHON)" ]; then echo 'Python 3.11 以上が必要です。 Python 3.11 or newer is needed.'; exit 1; fi
	@echo '部品を入れています（はじめの一回だけ、1分ほど）… installing (first time only)'
	@[ -x $(PY) ] || $(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@$(PY) -m bot ask はじめまして >/dev/null 2>&1 || true  # learns from the FAQ now, so that the first start takes a second
	@touch $@

# After changing a requirements/*.in: needs uv (pip install uv).
requirements:
	for name in run redis test bench audit; do uv pip compile --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet requirements/$$name.in -o requirements/$$name.txt; done

clean:
	rm -rf .venv var/bench-venv var/audit-venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
