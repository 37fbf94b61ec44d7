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
SHOP := var/.demo-shop
DATA ?=
CONTEXT ?=
DIALOGUES ?=
QUICK ?=
# The tables of the dialogue are read at start; a model is learned from one of them only.
TRAINING := data/dialogue/halves.yml $(shell find data domain.yml config.yml bot/nlu -type f -not -name '*.pyc' -not -path 'data/dialogue/*' -not -name situation.json 2>/dev/null)

.PHONY: run
run: $(ENV) $(WEB) $(SHOP) $(MODEL) ## Open the shop assistant (PORT=8080)
	DEMO=$${DEMO:-1} exec $(BIN)/python -m bot

.PHONY: test
test: $(DEV) $(WEB) $(MODEL) ## Run all tests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile
	$(BIN)/python -m bot.rasa_cli test core --e2e --stories tests/stories --fail-on-prediction-errors --out results >/dev/null
	cd web && PATH="$(CURDIR)/.node/bin:$$PATH" npm test --silent

.PHONY: check
check: $(DEV) $(WEB) ## Lint, types, import contracts, dependencies, training data
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bench.raw_words --quiet
	$(BIN)/python -m bench.dependencies
	$(MAKE) validate

.PHONY: validate
validate: $(ENV) ## Check the training data: intents, stories, replies
	$(BIN)/python -m bot.rasa_cli data validate --fail-on-warnings

.PHONY: train
train: $(ENV) ## Train a model now (QUICK=1: go on from the last one; new examples only)
	rm -f $(MODEL)
	$(MAKE) $(MODEL)

.PHONY: nlu-report
nlu-report: $(DEV) $(MODEL) ## Score the understanding on real messages (DATA=, CONTEXT=file.jsonl: other sets)
	$(BIN)/python -m bench.nlu_report $(DATA) $(if $(CONTEXT),--context $(CONTEXT))

.PHONY: replay
replay: $(DEV) $(MODEL) ## Play whole dialogues to the house: transcripts and figures (DIALOGUES=file.jsonl)
	$(BIN)/python -m bench.replay $(DIALOGUES)

.PHONY: bench
bench: $(DEV) $(MODEL) ## Speed and scale beside stock Rasa, an hour (BENCH="compare" or "stages" or "growth")
	$(BIN)/python -m bench $(BENCH)

.PHONY: shell
shell: $(ENV) $(SHOP) $(MODEL) ## Talk in the terminal (rasa shell with its action server)
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

.PHONY: clean
clean: ## Remove everything that was made, the shop's data excepted
	rm -rf $(VENV) .node models web/dist web/node_modules results

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

$(SHOP): $(shell find shop/demo -type f 2>/dev/null) | $(ENV)
	echo "== 3/4 摆好演示店铺"
	mkdir -p var
	$(BIN)/python -m bot.shop demo --if-empty
	touch $@

$(MODEL): $(TRAINING) | $(ENV)
	if [ -n "$(QUICK)" ]; then
	  echo "== 接着上次的模型训练(约四五分钟)"
	  $(BIN)/python -m bot.rasa_cli train --quiet --out models --finetune --epoch-fraction 0.2
	else
	  echo "== 4/4 训练模型(约一刻钟;只加了说法时,make train QUICK=1 约四五分钟)"
	  $(BIN)/python -m bot.rasa_cli train --quiet --out models
	fi
	# Older models stay as a way back; more than three are of no use.
	ls -t models/*.tar.gz | tail -n +4 | xargs -r rm --
	touch $@
