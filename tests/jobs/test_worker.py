"""The worker does what is due, in order, whatever happens to one chore."""

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests.command import ACCOUNTS, PEOPLE, SYSTEMS

from upheld import clock
from upheld.jobs import turns, worker
from upheld.jobs.chores import chores, every
from upheld.jobs.models import Turn
from upheld.ledger import sequencer
from upheld.ledger.models import Outbox
from upheld.runlock import run_lock
from upheld.sources import configured
from upheld.verdicts.models import Judgement, MeasureVerdict

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def company(workspace, noon, tmp_path):
    sequencer.init("sample.example/ledger/main/1")
    for name, text in (("people", PEOPLE), ("systems", SYSTEMS), ("accounts", ACCOUNTS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        configured.add(name, "list", {"table": name, "file": str(tmp_path / f"{name}.csv")})
    return tmp_path


JUDGED = [("check", True), ("duties", True), ("tell", True)]  # what was judged is owed by somebody, who is told


def done() -> list[tuple[str, bool]]:
    """Do what is due now, and return what was tried and whether it went well."""
    told: list[tuple[str, bool]] = []
    worker.pass_once(lambda chore, _, well: told.append((chore, well)))
    return told


def test_sources_are_read_before_measures_are_judged_and_then_nothing_is_due(company):
    read = [("collect accounts", True), ("collect people", True), ("collect systems", True)]
    assert done() == [*read, ("check", True), ("cases", True), ("log-on names", True), ("duties", True), ("tell", True)]
    assert done() == []
    assert MeasureVerdict.objects.get(measure="authorization/account_owned").state == "broken"
    assert not Outbox.objects.exists()


def test_nothing_is_due_where_no_source_is_in_use(workspace, noon):
    assert done() == []
    assert not Judgement.objects.exists()


def test_a_source_is_read_again_before_what_it_told_is_stale(company, noon):
    done()
    again = {each.name: each.due_at - noon for each in chores(noon) if each.due_at}
    assert again["collect accounts"] == every(configured.named("accounts")) <= DAY
    with clock.at(noon + DAY):
        assert ("collect accounts", True) in done()


def test_measures_are_judged_again_when_time_changes_a_verdict(company, noon):
    done()
    MeasureVerdict.objects.filter(measure="authorization/account_owned").update(flips_at=noon + 7 * MINUTE)
    with clock.at(noon + 6 * MINUTE):
        assert done() == []
    with clock.at(noon + 7 * MINUTE):
        assert done() == JUDGED


def test_a_chore_that_fails_rests_longer_each_time_and_stops_no_other(company, noon):
    (company / "people.csv").unlink()
    assert ("collect people", False) in done() and Judgement.objects.count() == 1
    turn = Turn.objects.get(chore="collect people")
    assert "people.csv" in turn.said and turn.failures == 1 and turn.not_before_at == noon + MINUTE
    Turn.objects.filter(chore="collect people").update(failures=30, not_before_at=None)
    with clock.at(noon + DAY):
        assert ("collect people", False) in done()
        assert Turn.objects.get(chore="collect people").not_before_at == noon + DAY + timedelta(hours=1)
        assert all(chore != "collect people" for chore, _ in done())
    (company / "people.csv").write_text(PEOPLE, encoding="utf-8")
    with clock.at(noon + 2 * DAY):
        assert ("collect people", True) in done()
    assert Turn.objects.get(chore="collect people").failures == 0


def test_while_another_run_is_at_work_a_chore_waits_for_its_next_turn(company, noon, workspace):
    with run_lock(workspace):
        assert done() == []
    turn = Turn.objects.get(chore="collect people")
    assert "another run" in turn.said and turn.failures == 0
    with clock.at(noon + MINUTE):
        assert ("collect people", True) in done()


def test_a_turn_that_a_living_process_holds_is_not_taken(company, noon):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        holder = f"{socket.gethostname()}:{other.pid}"
        assert turns.take("collect people", holder)
        assert turns.take("collect people", turns.me()) is None
        other.communicate(b"\n")
    assert turns.take("collect people", turns.me()).holder == f"{socket.gethostname()}:{os.getpid()}"


def test_a_turn_held_elsewhere_is_free_once_its_lease_is_over(company, noon):
    assert turns.take("check", "elsewhere:1")
    assert turns.take("check", turns.me()) is None
    with clock.at(noon + turns.LEASE):
        assert turns.take("check", turns.me())


def test_a_new_evidence_makes_judging_due(company: Path, noon):
    done()
    with clock.at(noon + 3 * MINUTE):
        configured.remove("systems")
        configured.add("systems2", "list", {"table": "systems", "file": str(company / "systems.csv")})
        assert done() == [("collect systems2", True), *JUDGED]
