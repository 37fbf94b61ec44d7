# `make run` opens the shop assistant, `make test` runs everything, `make help` lists the rest.
# Needs Python 3.11 (or 3.10) and make; all else is fetched from the package registries.

SHELL := /bin/bash
.ONESHELL:
.SILENT:
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore
# Arrays of one message are small: more threads only wait for one another.
export OPENBLAS_NUM_THREADS := 1

PYTHON ?= $(firstword $(foreach name,python3.11 python3.10,$(shell command -v $(name) 2>/dev/null)) python3)
VENV := .venv
BIN := $(VENV)/bin
ENV := $(VENV)/.complete
DEV := $(VENV)/.complete-dev
WEB := web/dist/.complete
MODEL := models/.complete
# Which demo shop: demo (outdoor), snacks, cosmetics, phones. The others keep their data apart.
SHOP ?= demo
FILLED := $(if $(filter demo,$(SHOP)),var/.demo-shop,var/shops/$(SHOP)/.filled)
DATA ?=
CONTEXT ?=
DIALOGUES ?=
QUICK ?=
BY ?=

.PHONY: run
run: together ## Open the shop assistant (PORT=8080, SHOP=snacks|cosmetics|phones)
	if [ "$(SHOP)" != demo ]; then
	  export DIANXIAOER_VAR=var/shops/$(SHOP) DATABASE_URL=sqlite:///$(CURDIR)/var/shops/$(SHOP)/dianxiaoer.db
	  export SHOP_SETTINGS=shop/$(SHOP)/settings.yml SHOP_PICTURES=shop/$(SHOP)/pictures
	fi
	DEMO=$${DEMO:-1} exec $(BIN)/python -m bot

.PHONY: test
test: $(DEV) $(WEB) $(MODEL) ## Run all tests
	mkdir -p results
	# A worker that crashed ends the run: with another in its place pytest-xdist waits for ever.
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --max-worker-restart 0 | tee results/tests.log || {
	  code=$$?
	  told=$$(grep -cE '^(FAILED|ERROR) ' results/tests.log || true)
	  kept=$$(grep -c '": true' .pytest_cache/v/cache/lastfailed || true)
	  # More than a few are no chance; one that is told and not kept took its worker with it.
	  if [ $$code != 1 ] || [ "$$told" != "$$kept" ] || [ $$kept -gt 5 ]; then exit $$code; fi
	  printf '\n%s failed among all the others. Played once more, alone; what passes now leans on the machine: mend it.\n' $$kept
	  $(BIN)/python -m pytest -q --last-failed --last-failed-no-failures none -rA --show-capture=no
	}
	$(BIN)/python -m bot.rasa_cli test core --e2e --stories tests/stories --fail-on-prediction-errors --out results >results/core.log || { tail -n 40 results/core.log; exit 1; }
	cd web && PATH="$(CURDIR)/.node/bin:$$PATH" npm test --silent

.PHONY: check
check: $(DEV) $(WEB) ## Lint, types, import contracts, dependencies, training data
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bench.raw_words --quiet
	$(BIN)/python -m bench.dependencies
	$(BIN)/python -m bot check
	cd web && PATH="$(CURDIR)/.node/bin:$$PATH" npm run check --silent && cd ..
	$(MAKE) validate

.PHONY: validate
validate: $(ENV) ## Check the training data: intents, stories, replies
	$(BIN)/python -m bot.rasa_cli data validate --fail-on-warnings

.PHONY: train
train: $(ENV) ## Train a model now (QUICK=1: go on from the last one in a minute; new examples only)
	$(BIN)/python -m bot.training $(if $(QUICK),--further)

.PHONY: rollback
rollback: $(ENV) ## Use the model before the newest again (an open house takes it within seconds)
	$(BIN)/python -m bot rollback

.PHONY: publish
publish: $(ENV) ## Check, train beside the open house, try, compare, swap (BY=name)
	$(BIN)/python -m bot publish --by "$(BY)"

.PHONY: nlu-report
nlu-report: $(DEV) $(MODEL) ## Score the understanding on real messages (DATA=, CONTEXT=file.jsonl: other sets)
	$(BIN)/python -m bench.nlu_report $(DATA) $(if $(CONTEXT),--context $(CONTEXT))

.PHONY: replay
replay: $(DEV) $(MODEL) ## Play whole dialogues to the house: transcripts and figures (DIALOGUES=file.jsonl)
	$(BIN)/python -m bench.replay $(DIALOGUES)

.PHONY: personas
personas: $(DEV) $(MODEL) ## Play the buyers of bench/personas: transcripts and a sheet for readers' marks
	$(BIN)/python -m bench.personas

.PHONY: bench
bench: $(DEV) $(MODEL) ## Speed and scale beside stock Rasa, an hour (BENCH="compare" or "stages" or "growth")
	$(BIN)/python -m bench $(BENCH)

.PHONY: fuzz
fuzz: $(DEV) .fuzz/.complete ## Try the desk's API with made-up requests (docs/desk-api.yaml)
	$(BIN)/python -m bench.fuzz_desk --examples $${EXAMPLES:-10}

.PHONY: shell
shell: $(ENV) $(FILLED) $(MODEL) ## Talk in the terminal (rasa shell with its action server)
	SANIC_HOST=127.0.0.1 $(BIN)/rasa run actions & actions=$$!
	trap 'kill $$actions' EXIT
	$(BIN)/python -m bot.rasa_cli shell

.PHONY: web
web: $(WEB) ## Build the web part

.PHONY: lock
lock: $(DEV) ## Pin the dependencies of requirements*.in anew
	compile() { $(BIN)/uv pip compile -q --python-version 3.10 --universal \
	  --no-emit-index-url --generate-hashes "$$@"; }
	compile --override overrides.txt requirements.in -o requirements.txt
	# The same versions for the tests as for the product.
	compile --override overrides.txt requirements-dev.in -c requirements.txt -o requirements-dev.txt
	compile requirements-build.in -c requirements.txt -o requirements-build.txt
	compile requirements-node.in -o requirements-node.txt
	compile requirements-fuzz.in -o requirements-fuzz.txt

.PHONY: clean
clean: ## Remove everything that was made, the shop's data excepted
	rm -rf $(VENV) .node .fuzz models web/dist web/node_modules results

.PHONY: help
help: ## This list
	grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# -- what the targets above are made of

# Nothing is installed but what a lock names by hash. The locks are complete; --no-deps keeps stale
# upper bounds of Rasa's dependencies out. What comes as source is built with the tools of the lock.
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
UV_INSTALL := $(BIN)/uv pip install --no-deps --no-build-isolation --require-hashes --compile-bytecode

$(ENV): requirements.txt requirements-build.txt
	$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 11))' || {
	  echo "需要 Python 3.11 或 3.10(现在是 $$($(PYTHON) --version))。装好后可以写 make run PYTHON=python3.11"
	  exit 1
	}
	echo "== 1/4 准备 Python 环境(首次约一两分钟)"
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) --requirement requirements-build.txt
	$(UV_INSTALL) --requirement requirements.txt
	touch $@

$(DEV): requirements-dev.txt | $(ENV)
	echo "== 准备测试工具"
	$(UV_INSTALL) --requirement requirements-dev.txt
	touch $@

.fuzz/.complete: requirements-fuzz.txt | $(ENV)
	[ -x .fuzz/bin/python ] || $(PYTHON) -m venv .fuzz
	$(BIN)/uv pip install --python .fuzz/bin/python --no-deps --require-hashes --requirement requirements-fuzz.txt
	touch $@

WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
$(WEB): $(WEB_SOURCES) | $(ENV)
	echo "== 2/4 构建网页"
	if ! command -v npm >/dev/null; then
	  # No Node on the machine: its PyPI wheel, in a place of its own.
	  [ -x .node/bin/npm ] || { $(PYTHON) -m venv .node && .node/bin/python $(PIP_INSTALL) --requirement requirements-node.txt; }
	  export PATH="$(CURDIR)/.node/bin:$$PATH"
	fi
	cd web
	npm ci --no-audit --no-fund --loglevel=error
	npm run build --silent
	touch dist/.complete

var/.demo-shop: $(shell find shop/demo -type f 2>/dev/null) | $(ENV)
	echo "== 3/4 摆好演示店铺"
	mkdir -p var
	$(BIN)/python -m bot.shop demo --if-empty
	touch $@

var/shops/$(SHOP)/.filled: $(wildcard shop/$(SHOP)/goods/*) | $(ENV)
	[ -d shop/$(SHOP)/goods ] || { echo "没有 $(SHOP) 这个演示店，可以写 SHOP=snacks、cosmetics 或 phones"; exit 1; }
	echo "== 3/4 摆好演示店铺 $(SHOP)"
	mkdir -p $(@D)
	$(BIN)/python -m bot.shop --database sqlite:///$(CURDIR)/$(@D)/dianxiaoer.db import shop/$(SHOP)/goods
	touch $@

# None of these needs another: at once they take a minute less on two cores.
.PHONY: together
together: $(ENV)
	$(MAKE) -j3 $(WEB) $(FILLED) ready

.PHONY: ready
ready: | $(ENV)
	echo "== 4/4 准备模型"
	$(BIN)/python -m bot.training --to-open

# What a model is made of stands in bot/training/inputs.py. A training that fails changes nothing.
.PHONY: $(MODEL)
$(MODEL): | $(ENV)
	$(BIN)/python -m bot.training --if-stale $(if $(QUICK),--further)
