# `make` alone tells what there is. Works with GNU make from 3.81; the installing itself is in scripts/setup.sh.
PYTHON ?= python3
PY := .venv/bin/python
INSTALLED := .venv/.installed
INSTALLED_STAFF := .venv/.installed-staff
INSTALLED_DEV := .venv/.installed-dev
PINS := pyproject.toml constraints.txt

# Only what was typed behind `make run` counts: shells and conda set HOST for purposes of their own.
typed = $(if $(filter command,$(firstword $(origin $(1)))),$(2) '$($(1))')

# The stamp holds the folder it was made in. In a folder that was moved or copied, or with the Python behind .venv gone,
# the stamp is worth nothing, and the environment is built again.
ifneq ($(shell $(PY) -c 'import pip' 2>/dev/null && cat $(INSTALLED) 2>/dev/null),$(CURDIR))
PINS += rebuild
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run staff ingest test test-fast check lint types imports evaluate bench bench-load bench-phrasing bench-scale lock clean rebuild

help: ## Toon dit overzicht
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: ingest ## Installeer wat nodig is en start de chat op poort 7860 (ook: make run PORT=8080 HOST=0.0.0.0)
	$(PY) app.py $(call typed,HOST,--host) $(call typed,PORT,--port)

staff: $(INSTALLED_STAFF) ingest ## Start het beheer voor medewerkers op poort 7861 (ook: make staff PORT=8081)
	.venv/bin/rugpijn staff $(call typed,HOST,--host) $(call typed,PORT,--port)

ingest: $(INSTALLED) ## Maak de index uit corpus/ (snel klaar als er niets is veranderd)
	.venv/bin/rugpijn ingest

test: $(INSTALLED_DEV) ## Installeer wat de tests nodig hebben, ook Chromium, en draai ze allemaal (ook: ARGS='-k naam')
	chromium=$$(bash scripts/install-chromium.sh) && RUGPIJN_CHROMIUM="$$chromium" $(PY) -m pytest $(ARGS)

test-fast: $(INSTALLED_DEV) ## Draai de tests die zonder browser, server en model kunnen
	$(PY) -m pytest -m 'not browser and not server and not model' $(ARGS)

check: lint types imports ## Draai alle controles die de code alleen lezen

lint: $(INSTALLED_DEV) ## Controleer stijl en opmaak (ruff)
	$(PY) -m ruff check . && good=1; $(PY) -m ruff format --check . && test -n "$$good"

types: $(INSTALLED_DEV) ## Controleer de typen (mypy)
	$(PY) -m mypy

imports: $(INSTALLED_DEV) ## Controleer of de imports één kant op gaan (import-linter)
	.venv/bin/lint-imports

evaluate: $(INSTALLED_DEV) ingest ## Meet antwoorden, alarmen en weigeringen; schrijft rapporten in var/evaluation/
	$(PY) -m assistant.evaluation
	$(PY) -m assistant.evaluation triage
	$(PY) -m assistant.evaluation refusals

bench: $(INSTALLED_DEV) ingest ## Meet hoe goed en hoe snel de antwoorden zijn; schrijft docs/benchmarks.md
	$(PY) -m benchmarks

bench-load: $(INSTALLED_DEV) ingest ## Meet de chat onder belasting (een half uur) en in een browser; vult docs/benchmarks.md aan
	chromium=$$(bash scripts/install-chromium.sh) && RUGPIJN_CHROMIUM="$$chromium" $(PY) -m benchmarks.load $(ARGS)

bench-phrasing: $(INSTALLED_DEV) ingest ## Meet wat de controle van zinnen van een taalmodel kost; vult docs/benchmarks.md aan
	$(PY) -m benchmarks.phrasing $(ARGS)

bench-scale: $(INSTALLED_DEV) ingest ## Meet beide opslagen tot een miljoen passages (uren); schrijft docs/scaling.md
	$(PY) -m benchmarks.scale $(ARGS)

lock: ## Ververs constraints.txt: de nieuwste versies die samen passen
	PYTHON='$(PYTHON)' bash scripts/lock.sh

clean: ## Verwijder .venv, de index en alle tussenbestanden (logboeken en .env blijven)
	rm -rf .venv var/index var/evaluation build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps come last, so an interrupted installation leaves none.
$(INSTALLED): $(PINS)
	PYTHON='$(PYTHON)' bash scripts/setup.sh
	@pwd -P > $@

$(INSTALLED_STAFF): $(PINS)
	PYTHON='$(PYTHON)' bash scripts/setup.sh staff
	@pwd -P | tee $(INSTALLED) > $@

$(INSTALLED_DEV): $(PINS)
	PYTHON='$(PYTHON)' bash scripts/setup.sh dev
	@pwd -P | tee $(INSTALLED) $(INSTALLED_STAFF) > $@
