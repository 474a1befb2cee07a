# Every command of this repository. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test journeys build dev bench flood fuzz fmt lint screenshots clean

help: ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: build ## Install what is missing, build, start on http://localhost:3000
	exec target/release/coffer serve

test: ## Install what is missing, run every check: ends with "N passed, M failed"
	@scripts/test

journeys: build ## Run the journeys in a browser against target/release/coffer
	@scripts/setup test
	@scripts/end2end

build: ## Build target/release/coffer, one file with everything in it
	@scripts/setup run
	@scripts/build

dev: ## Run from source: builds again after each change and reloads the browser
	@scripts/setup dev
	@scripts/dev

bench: ## Run the benchmarks
	@scripts/setup run
	@scripts/bench

flood: build ## Measure sign-ins and what a flood of them costs the rest
	@node scripts/flood.mjs target/release/coffer

fuzz: ## Try made-up cookies, redirect targets and bodies for a minute each
	@scripts/fuzz 60

fmt: ## Format the code
	cargo fmt --all

lint: ## Clippy for the server's side and the browser's, warnings are errors
	@scripts/lint

screenshots: build ## Photograph each page at two widths in both themes, into end2end/artefacts
	@scripts/setup test
	@COFFER_LOOKS=all scripts/end2end --grep @pages

clean: ## Remove what was built and installed here, not the data folder
	-@scripts/postgres stop
	-@scripts/redis stop
	rm -rf target node_modules end2end/node_modules end2end/compat/node_modules end2end/artefacts end2end/test-results
