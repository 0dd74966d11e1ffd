"""From nothing to verdicts by the command line, as a process of its own, the way a user meets it."""

import json
import os
import sqlite3
import subprocess
import sys
import time

from tests.command import ACCOUNTS, Upheld


def states(upheld: Upheld) -> dict[str, str]:
    return {promise["id"]: promise["state"] for document in upheld.json("show")["documents"] for promise in document["promises"]}


def test_a_command_without_a_workspace_says_how_to_make_one(tmp_path):
    answer = Upheld(tmp_path)("show")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "upheld init" in answer.stderr


def test_before_anything_is_collected_every_promise_is_unproven_and_says_why(upheld):
    documents = upheld.json("show")["documents"]
    promises = [promise for document in documents for promise in document["promises"]]
    assert {document["id"]: len(document["promises"]) for document in documents} == {"iso": 96, "cloud": 45}
    assert {promise["state"] for promise in promises} == {"unproven"}
    assert all(promise["reason"] and promise["measures"] for promise in promises)


def test_files_become_verdicts_that_name_who_fails(company):
    assert company("run").returncode == 0
    shown = company.json("show", "authorization/account_owned")
    assert shown["state"] == "broken"
    assert (shown["population"], shown["pass"], shown["fail"], shown["unknown"]) == (2, 1, 1, 0)
    assert [each["subject"] for each in shown["failing"]] == ["accounts/a2"]
    assert {(each["table"], each["source"]) for each in shown["evidence"]} >= {("accounts", "accounts"), ("people", "people")}
    assert all(len(each["digest"]) == 64 and each["seen_at"] for each in shown["evidence"])
    assert states(company)["iso:4.1.1"] == "broken"
    assert company("run", "--strict").returncode == 1


def test_mended_files_become_upheld_and_the_past_can_be_asked_again(judged):
    judged.file("accounts.csv", ACCOUNTS.replace("a2,crm,bo,bo,person,2,yes", "a2,crm,bo,bo,person,2,no"))
    then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
    time.sleep(1.1)
    judged("run")
    assert judged.json("show", "authorization/account_owned")["state"] == "upheld"
    past = {each["id"]: each["state"] for each in judged.json("check", "--as-of", then)}
    assert past["authorization/account_owned"] == "broken"


def test_a_source_that_fails_ends_with_status_3_and_nothing_vanishes(judged):
    (judged.root / "accounts.csv").unlink()
    answer = judged("run")
    assert answer.returncode == 3
    assert "accounts" in answer.stderr
    shown = judged.json("show", "authorization/account_owned")
    assert [each["subject"] for each in shown["failing"]] == ["accounts/a2"]


def test_a_source_that_told_only_part_is_named_and_fails_where_strict_asks(judged):
    judged.file("people.csv", "id,full_name,mail,status\nada,Ada,ada@acme.example,active\n,Nobody,,active\n")
    answer = judged("collect", "people")
    assert (answer.returncode, "Only part was told by people: what they did not show is unknown" in answer.stderr) == (0, True)
    strict = judged("run", "--strict", "--json")
    shown = json.loads(strict.stdout)
    assert (strict.returncode, shown["failed_sources"], shown["partial_sources"]) == (3, [], ["people"])


def test_an_unforeseen_instant_is_refused_in_words(company):
    for given in ("tomorrow", "2999-01-01"):
        answer = company("check", "--as-of", given)
        assert answer.returncode == 2
        assert "Traceback" not in answer.stderr


def test_secrets_are_never_stored_nor_shown(upheld):
    answer = upheld("source", "add", "db", "postgresql", "host=127.0.0.1", "user=u", "password=hunter2-marker")
    assert answer.returncode in (2, 3)
    assert "hunter2-marker" not in answer.stdout + answer.stderr
    stored = b"".join(path.read_bytes() for path in (upheld.root / "ws").rglob("*") if path.is_file())
    assert b"hunter2-marker" not in stored


def test_the_ledger_has_an_entry_for_each_thing_that_happened(company):
    before = company.json("ledger", "status")["size"]
    company("run")
    assert company.json("ledger", "status")["size"] > before
    assert company("ledger", "verify").returncode == 0


def test_help_is_quick():
    usage = os.times()
    for _ in range(3):
        assert subprocess.run([sys.executable, "-m", "upheld", "--help"], capture_output=True, check=False).returncode == 0
    spent = os.times().children_user - usage.children_user + os.times().children_system - usage.children_system
    assert spent / 3 < 0.4


def test_what_is_changed_in_the_database_is_told_by_verify_and_doctor(judged):
    assert (judged("ledger", "verify").returncode, judged("doctor").returncode) == (0, 0)
    with sqlite3.connect(judged.root / "ws" / "upheld.sqlite3") as database:
        database.execute("UPDATE verdicts_measureverdict SET state = 'upheld' WHERE measure = 'authorization/account_owned'")
        database.execute("UPDATE sources_configuredsource SET settings = json_set(settings, '$.file', '/x.csv') WHERE name = 'systems'")
        database.execute('UPDATE sources_collectedtable SET gaps = \'[{"column": "mail"}]\' WHERE "table" = \'people\'')
    for words in (["ledger", "verify"], ["doctor"]):
        answer = judged(*words)
        assert answer.returncode == 1
        assert "verdict of authorization/account_owned" in answer.stdout
        assert "people from people" in answer.stdout
        assert "source systems: its settings were changed" in answer.stdout
    assert judged.json("show", "authorization/account_owned")["state"] == "unproven"


def test_a_database_that_is_gone_is_said_and_none_is_made_in_its_place(upheld):
    database = upheld.root / "ws" / "upheld.sqlite3"
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    for words in (["init"], ["show"], ["run"], ["ledger", "status"], ["serve"]):
        answer = upheld(*words)
        assert answer.returncode == 2
        assert "is missing" in answer.stderr and "upheld restore" in answer.stderr
        assert not database.exists()
