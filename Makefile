# From a fresh clone, Python 3.11 or newer and make: `make lab` opens the course, `make test` runs the tests.
#
# Each installs into .venv once. What is installed is remembered in an empty file whose name is a checksum of
# pyproject.toml, constraints.txt and this folder's path; while none of them changes, pip is not called, so the second time
# needs no network.

PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	command -v $(p) >/dev/null 2>&1 && $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
TORCH ?= torch==2.13.0
MARK ?= not slow
PARALLEL ?= -n auto --maxprocesses 4
BROWSERS ?= -n auto --maxprocesses 2 --dist loadfile
ARGS ?=

KEY := $(shell { pwd; cat pyproject.toml constraints.txt; } | cksum | cut -d' ' -f1)
LAB := .venv/ready-lab-$(KEY)
DEV := .venv/ready-dev-$(KEY)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help lab test parity onnx lint build-lessons docs wheel constraints clean

help:
	@echo "make lab            open the course in JupyterLab; ARGS='--no-browser --port 8888' is handed on"
	@echo "make test           run the tests; ARGS='-x tests/test_house.py' is handed on, TORCH= leaves PyTorch out,"
	@echo "                    PARALLEL= runs them in one process, as --pdb wants it"
	@echo "make parity         trials that agree with PyTorch, name by name; ARGS='conv2d --why' says why not"
	@echo "make onnx           ONNX's own node tests, operator by operator"
	@echo "make lint           ruff and pyright"
	@echo "make build-lessons  make the notebooks from each lesson.py"
	@echo "make docs           build the site in build/site/ and follow its links"
	@echo "make wheel          build dist/minidl-*.whl"
	@echo "make constraints    write down the versions that .venv holds now"
	@echo "make clean          remove .venv and what tools made; never your work in my-course"

lab: $(LAB)
	@$(BIN)/minidl lab $(ARGS)

# Browsers come last, for their clicks are timed, and two at a time; 5 is pytest's word for nothing to run.
test: $(DEV)
	@plain=0; $(BIN)/python -m pytest -m "($(MARK)) and not browser" $(PARALLEL) $(ARGS) || plain=$$?; \
	test $$plain = 0 || test $$plain = 5 || exit $$plain; \
	$(BIN)/python -m pytest -m "($(MARK)) and browser" $(if $(PARALLEL),$(BROWSERS)) $(ARGS) || test $$? = 5 -a $$plain = 0

parity: $(DEV)
	@$(BIN)/python -m tests.parity $(ARGS)

onnx: $(DEV)
	@$(BIN)/python -m tests.onnx_nodes $(ARGS)

lint: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/pyright

build-lessons: $(DEV)
	@$(BIN)/minidl build $(ARGS)

docs: $(DEV)
	@$(BIN)/python -m docs.site $(ARGS)

wheel: $(DEV)
	@$(PIP) wheel --no-deps --wheel-dir dist .

constraints: $(DEV)
	@{ head -1 constraints.txt; { $(PIP) freeze --exclude-editable | sed 's/+[^ ]*//; s/ @ .*//'; \
		grep -E '^(cuda|cupy)-' constraints.txt; } | sort -fu; } > .venv/constraints  # CuPy need not be here
	@mv .venv/constraints constraints.txt

clean:
	@rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis tests/browser/shots

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "minidl needs Python 3.11 or newer: install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Making .venv with $(PYTHON) ..." && rm -f .venv/ready-*
	@$(PYTHON) -m venv .venv

# With the tests' packages there, nothing is missing for the lab.
$(LAB): | .venv/bin/python
	@test -e $(DEV) || { echo "Installing the course into .venv (once) ..." && \
		$(PIP) install --editable '.[course]' --constraint constraints.txt; }
	@rm -f .venv/ready-lab-* && touch $@

# PyTorch is a yardstick, not a need: where it cannot be had, the tests that compare with it skip.
$(DEV): | .venv/bin/python
	@echo "Installing the course and the tests' tools into .venv (once) ..."
	@$(PIP) install --editable '.[dev]' --constraint constraints.txt
	@test -z "$(TORCH)" || $(PIP) install '$(TORCH)' --constraint constraints.txt || \
		echo "$(TORCH) could not be had: the tests that compare with it will skip."
	@rm -f .venv/ready-dev-* && touch $@
