# Two commands do all the set-up: `make run` and `make test`. `make help` lists the others.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1
WORKSPACE ?= workspace
LAB_PACKAGES := slapd ldap-utils samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules python3-samba samba-common-bin \
	postgresql util-linux chrony restic softhsm2 openssh-server openssh-client sudo cryptsetup-bin git openssl \
	libldap2-dev libsasl2-dev gcc python3-dev default-jre-headless chromium dovecot-imapd syslog-ng-core golang-go golang-golang-x-mod-dev gettext xmlsec1 clamav iproute2

BENCHMARKS := judging identity history signing_in bundle ldap erasure reviews ledger_append ledger_peers ledger_proofs ledger_postgresql ledger_power_loss ledger_witness backup registers registers_import pages trust_center peer_rows

# Containers often forbid Python to keep what it compiled: each command of each test would then compile the product anew.
export PYTHONDONTWRITEBYTECODE :=

# What tests write lies in memory where there are 4 GB for it: every commit waits for a disk otherwise, a quarter of the time of all tests.
ifeq ($(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 {print "room"}'),room)
export PYTEST_DEBUG_TEMPROOT ?= /dev/shm
endif

.DEFAULT_GOAL := help
.PHONY: help install dev lab run test cover drills mutants spark again lint catalogues bench clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/upheld: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	@touch $(BIN)/upheld

$(VENV)/.dev: pyproject.toml | $(BIN)/upheld
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

$(VENV)/.spark: pyproject.toml | $(VENV)/.dev
	$(BIN)/pip install --quiet --editable '.[dev,spark]'
	@touch $@

install: $(BIN)/upheld ## install into .venv

dev: $(VENV)/.dev ## install what tests and lint need

run: install ## make the sample company, read this machine, judge, print, serve on 127.0.0.1:8000 (SERVE=0: stop before serving)
	$(BIN)/upheld --workspace $(WORKSPACE) demo
	@if [ "$(SERVE)" != 0 ]; then $(BIN)/upheld --workspace $(WORKSPACE) serve; fi

lab: $(BIN)/upheld ## install the real services that tests and drills talk to (Debian; as root or with sudo)
	@set -e; if [ "$$(id -u)" = 0 ]; then S=; else S=sudo; fi; \
	$$S apt-get update -qq; \
	$$S env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(LAB_PACKAGES) >/dev/null
	$(BIN)/pip install --quiet --editable '.[dev,aws,hsm,lab,ldap,saml,scim,secrets,spark]'
	@touch $(VENV)/.dev $(VENV)/.spark

TESTS := $(BIN)/pytest --cache-clear -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/drills -m "not mutants and not spark"

test: dev ## run all tests but drills, mutants and those on Spark; those that need the lab say so and are skipped without it
	$(TESTS)

cover: dev ## the same tests, with the lines and branches that they do not reach
	$(TESTS) --cov --cov-report=term:skip-covered

drills: dev ## break each real thing in the lab, see that its measure names it, and heal it
	$(BIN)/pytest --cache-clear -n 2 tests/drills

mutants: dev ## delete and negate each predicate of each measure, and see that some case notices
	$(BIN)/pytest --cache-clear -n 2 -m mutants tests/measures

spark: $(VENV)/.spark ## hold every case of every measure on Spark against what DuckDB makes of it
	$(BIN)/pytest --cache-clear -n 2 -m spark tests/checks tests/cli/test_check_on_spark.py tests/logs/test_spark.py

again: dev ## run alone what failed in the last of these: at most three tests, and none of those that must never lose anything
	@$(BIN)/python -c 'import json; failed = json.load(open(".pytest_cache/v/cache/lastfailed")); print("UNSTEADY, to be mended:", *failed, sep="\n  "); exit(len(failed) > 3 or any(each.split("/")[1] in ("ledger", "upkeep", "erasure", "vault") for each in failed))'
	$(BIN)/pytest --last-failed --last-failed-no-failures none

lint: dev ## ruff, mypy and the import contracts
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

catalogues: dev ## gather what pages say, and build the German catalogue from src/upheld/locale/de/LC_MESSAGES/django.po
	cd src/upheld && ../../$(BIN)/python -m django makemessages --settings upheld.settings --locale de --no-location --no-wrap --ignore 'cli/*'
	sed -i '/^"POT-Creation-Date/d' src/upheld/locale/de/LC_MESSAGES/django.po  # two branches would never merge otherwise
	cd src/upheld && ../../$(BIN)/python -m django compilemessages --settings upheld.settings --locale de

bench: dev ## print the headline figures, with the peers' beside them
	$(BIN)/pip install --quiet --editable '.[bench]'
	@for each in $(BENCHMARKS); do echo "== $$each"; $(BIN)/python -m benchmarks.$$each || exit 1; done

clean: ## remove the virtual environment and the sample workspace
	rm -rf $(VENV) $(WORKSPACE) $(WORKSPACE).keys
