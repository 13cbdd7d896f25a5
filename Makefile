# make serve: set up, build, serve and reload.  make test: set up, run every test.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BROWSER := .venv/.browser

# Material advertises; what a strict build prints should be about the site.
export NO_MKDOCS_2_WARNING := 1

.PHONY: serve site test bench gallery fuzz sbom lint fix docs lock clean

serve: $(READY)
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:8000

site: $(READY)
	$(BIN)/mkdocs build --strict

test: $(READY) $(BROWSER)
	$(BIN)/python -m pytest

# How fast and how right, at sizes that are too large for tests: make bench N=10000
N ?= 1000
# What search is measured beside.
PEERS := jieba==0.42.1 pagefind==1.5.2 pagefind-bin-extended==1.5.2
bench: $(READY) $(BROWSER)
	$(BIN)/python -m benchmarks.reading $(N)
	$(BIN)/python -m benchmarks.speed $(N)
	$(BIN)/python -m benchmarks.one_bad $(N)
	@$(BIN)/python -m pip install -q --disable-pip-version-check $(PEERS) || echo "No peers: they cannot be installed here"
	$(BIN)/python -m benchmarks.lighthouse
	$(BIN)/python -m benchmarks.search --peers $(N)

# Every kind of page, as pictures to look at: two widths, light and dark, two languages, print.
# A few of them: make gallery PAGES="library/ gaps/"
gallery: $(READY) $(BROWSER)
	$(BIN)/python -m tests.gallery $(PAGES)

# Hostile inputs, a library of a thousand good and all hostile files, builds killed: make fuzz N=20000
fuzz: N = 2000000
fuzz: $(READY) $(BROWSER)
	@$(BIN)/python -m pip install -q --disable-pip-version-check atheris || echo "atheris cannot be installed here"
	$(BIN)/python -m tests.fuzz $(N)
	EXAMPLES=20000 GOOD=1000 CASES=1000 KILLS=200 \
		$(BIN)/python -m pytest -n 0 -s tests/test_fuzz.py tests/browser/test_hostile.py tests/site/test_publish.py

# A bill of materials of all that is locked, as CycloneDX: sbom.json
sbom: $(READY)
	@$(BIN)/python -m pip install -q --disable-pip-version-check cyclonedx-bom
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o sbom.json

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What is written from the model: field references and the schema that editors read.
docs: $(READY)
	$(BIN)/case-library reference --language zh > docs/fields.md
	$(BIN)/case-library reference --language en > docs/en/fields.md
	$(BIN)/case-library schema case --language zh > cases/case.schema.json

lock: $(READY)
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra neighbours --universal --python-version 3.10 \
		--generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

clean:
	rm -rf .venv site gallery

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or newer is needed") if sys.version_info < (3, 10) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

# The tests look at pages in a browser and ask the Nu HTML checker (Java).
$(BROWSER):
	tests/browser.sh
	touch $@
