# Every target is one line that calls the package; the first one used makes .venv, and needs the network for that alone.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help demo test lint lab course bench bench-grading lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: .venv/ready  ## build the course, make a class of submissions, grade it with nbgrader, show the grades
	@$(BIN)/cs-layers demo

test: .venv/ready  ## the whole test suite
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: .venv/ready  ## ruff, on code and on the notebooks' sources
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

lab: .venv/ready  ## JupyterLab on assignments/
	$(BIN)/jupyter lab --notebook-dir=assignments

course: .venv/ready  ## build assignments/ again from solutions/
	$(BIN)/cs-layers course

bench: .venv/ready  ## time the layers, side by side with their peers
	$(BIN)/python -m benchmarks

bench-grading: .venv/ready  ## time grading, side by side with plain nbgrader
	$(BIN)/python -m benchmarks.grading

lock: .venv/ready  ## write requirements.lock again from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra notebooks --extra data --extra grading --extra farm --extra dev --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements.lock

clean:  ## remove what the other targets made
	rm -rf .venv demo

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "cs_layers needs Python 3.10 or newer; $(PYTHON) is `$(PYTHON) --version 2>&1`. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
