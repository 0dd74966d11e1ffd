"""The doctor names each file that is wrong, and writes nothing."""

import json
import os

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from tests.conftest import NOON
from tests.web.conftest import outcomes

from upheld.checks.library import SHIPPED
from upheld.checks.measure import read
from upheld.checks.verdict import Outcome, State, Verdict
from upheld.cli import doctor as doctors
from upheld.cli.doctor import doctor
from upheld.cli.init import init
from upheld.cli.show import show
from upheld.ledger import sequencer
from upheld.ledger.append import append
from upheld.sources import collecting, configured
from upheld.verdicts.keeping import keep

PEOPLE = "id,name,mail,started_on,ended_on\n1,Ada,ada@example.org,2020-01-01,\n"


@pytest.fixture
def space(workspace, noon, tmp_path):
    """A workspace with a ledger and one source that was read."""
    sequencer.init("test.example/ledger/main/1")
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    configured.add("people", "list", {"table": "people", "file": str(file)})
    return workspace


def said(what: str) -> list[tuple[bool, str]]:
    """What the doctor says of `what`: well or not, and the sentence."""
    answer = CliRunner().invoke(doctor, ["--json"])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    found = json.loads(answer.stdout)
    assert answer.exit_code == (0 if all(each["well"] for each in found if each["needed"]) else 1)
    return [(each["well"], each["said"]) for each in found if each["what"] == what]


def test_a_workspace_in_order_is_well(space):
    answer = CliRunner().invoke(doctor)
    assert answer.exit_code == 0, answer.output
    assert "measures: 0 of your own, in order" in answer.output


def test_an_own_measure_that_is_none_is_named(space):
    file = space.measures / "own" / "bad.sql"
    file.parent.mkdir()
    file.write_text("garbage\x1b\u202e")
    ((well, sentence),) = said("measures")
    assert not well and str(file) in sentence


def test_an_own_measure_in_the_place_of_a_shipped_one_is_named(space):
    shipped = next(iter(sorted(SHIPPED.glob("*/*.sql"))))
    file = space.measures / shipped.parent.name / shipped.name
    file.parent.mkdir()
    file.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    assert any(not well and "is a shipped measure" in sentence for well, sentence in said("measures"))
    assert read(file).id in str(said("measures"))


@pytest.mark.parametrize("wrong", [b"[x", b"\xff", b'id = "own"\n'])
def test_every_document_that_is_wrong_is_named(space, wrong):
    for name in ("bad", "worse"):
        (space.documents / f"{name}.toml").write_bytes(wrong)
    found = said("documents")
    assert [well for well, _ in found] == [False, False]
    assert [name in sentence for name, (_, sentence) in zip(("bad.toml", "worse.toml"), found, strict=True)] == [True, True]


@pytest.mark.parametrize("wrong", [b"\xff", b"[x", b"[access]\nnobody = 3\n"])
def test_parameters_that_are_wrong_are_named(space, wrong):
    space.parameters.write_bytes(wrong)
    ((well, sentence),) = said("parameters")
    assert not well and str(space.parameters) in sentence


def test_a_history_that_was_altered_is_named(space):
    collecting.collect(configured.named("people"))
    assert [well for well, _ in said("history")] == [True]
    (file,) = space.history.rglob("*.parquet")
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-9])
    ((well, sentence),) = said("history")
    assert not well and str(file) in sentence


def test_a_population_that_was_altered_or_is_gone_is_named(space):
    subjects = [Outcome("crm/1", "Ada", True, "owned")]
    verdict = Verdict("authorization/account_owned", State.UPHELD, "All pass.", NOON, population=1, passed=1)
    written = outcomes(space.root, verdict.measure, subjects)
    keep([verdict], NOON, {verdict.measure: written})
    file = space.root / written
    assert [well for well, _ in said("populations")] == [True]
    outcomes(space.root, verdict.measure, [*subjects, Outcome("crm/2", "Bo", True, "owned")])
    ((well, sentence),) = said("populations")
    assert not well and str(file) in sentence
    file.unlink()
    ((well, sentence),) = said("populations")
    assert not well and "is gone" in sentence


def test_a_database_that_is_none_is_named(space):
    connection.close()
    space.database.write_bytes(b"not a database, by far" * 99)
    ((well, sentence),) = said("tables")
    assert not well and str(space.database) in sentence and "backup" in sentence


def test_keys_that_are_gone_are_named_and_nothing_is_made_in_their_place(space):
    with transaction.atomic():
        append("note.made", subject=("person", "E-1"), body={}, personal={"said": "hello"})
    sequencer.sequence()
    assert said("key store") == [(True, "1 keys of sealed values, each there")]
    store = space.keys / "vault.sqlite3"
    kept = store.read_bytes()
    store.unlink()
    ((well, sentence),) = said("key store")
    assert not well and "lacks 1 of 1 keys" in sentence and not store.exists()
    store.write_bytes(kept)
    store.chmod(0o600)
    aside = space.keys.rename(space.root / "aside")
    ((well, sentence),) = said("keys")
    assert not well and f"{space.keys} is missing" in sentence
    for command in (init, show):
        answer = CliRunner().invoke(command, [])
        assert answer.exit_code == 1 and "is missing, though the workspace" in answer.output
    assert not space.keys.exists()
    aside.rename(space.keys)


def test_a_workspace_that_cannot_be_written_is_looked_at_all_the_same(space, monkeypatch):
    # Tests may run as root, whom permissions do not stop; what is asked of the system is answered as for another user.
    connection.close()
    usual = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not (mode & os.W_OK) and usual(path, mode))
    before = {path: path.stat().st_mtime_ns for path in space.root.rglob("*")}
    ((well, sentence),) = said("writable")
    assert not well and str(space.root) in sentence
    assert [well for well, _ in said("ledger") + said("tables")] == [True, True]
    assert {path: path.stat().st_mtime_ns for path in space.root.rglob("*")} == before
    assert str(connection.settings_dict["NAME"]) == str(space.database)


def test_an_error_that_nobody_foresaw_is_not_hidden(space, monkeypatch):
    monkeypatch.setitem(doctors.LOOKS, "ledger", lambda _space: iter(str(1 // 0)))
    assert isinstance(CliRunner().invoke(doctor).exception, ZeroDivisionError)
