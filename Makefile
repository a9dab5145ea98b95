# The two commands are `make run` and `make test`; `make` alone prints them all.
.DEFAULT_GOAL := help
.PHONY: help run stop clean sample import key test check bench types format

help: ## Print this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Set up and start everything: http://127.0.0.1:5080 (PORT=…, CITY=sample|empty, GRIDMAP_DB=postgresql://… for your own PostGIS)
	@scripts/run

test: ## Set up and run every test; the last line counts them
	@scripts/test

stop: ## Stop what make run started
	@scripts/stop

sample: ## Make a sample city in an empty database: make sample GRIDS=13000 (SEED=…)
	@scripts/gridmap sample --grids "$${GRIDS:-812}" $${SEED:+--seed "$$SEED"}

import: ## Import your city: make import PROFILE=name-or-file SOURCE=path (REPORT=file, ARGS="--city … --dry-run"); see docs/import.md
	@scripts/gridmap import --profile "$${PROFILE:?PROFILE=name-or-file}" --source "$${SOURCE:?SOURCE=path}" $${REPORT:+--report "$$REPORT"} $(ARGS)

key: ## Make an access key: make key NAME=… ROLE=administrator
	@scripts/gridmap key create --name "$${NAME:?NAME=who it is for}" --role "$${ROLE:?ROLE=reader|reporter|operator|planner|administrator}"

check: ## Format, analysers, import rules, client lint, scripts, stale generated files
	@scripts/check

format: ## Write the format that make check asks for
	@scripts/format

types: ## Generate the contract and the client's types from the server
	@scripts/types

bench: ## Measure, side by side with other servers and libraries (ARGS="…" goes to the benchmarks)
	@scripts/bench

clean: ## Delete the private database and everything built (asks first; YES=1 answers)
	@scripts/clean
