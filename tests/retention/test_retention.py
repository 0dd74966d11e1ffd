"""What is over goes after the time that two people agreed to, never sooner than somebody needs it, and every proof stands."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from tests.actors import ledger, person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions import kept_files
from upheld.actions.errors import Ill, Refused
from upheld.actions.files import Kept as KeptFile
from upheld.actions.files import keep_file
from upheld.checks import library
from upheld.checks.judge import judge
from upheld.checks.measure import MeasureError, parse
from upheld.checks.span import Span
from upheld.checks.verdict import State
from upheld.cli.main import upheld
from upheld.jobs import letting_go
from upheld.ledger import sequencer
from upheld.registers.compliance.audits import Kind, cancel_audit, plan_audit
from upheld.registers.privacy.retention import approve_retention, end_retention, set_retention
from upheld.registers.privacy.retention_models import Kept, Retention
from upheld.registers.tasks.actions import do_task, plan_task
from upheld.retention import handed_in, history
from upheld.retention.needs import needs
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.sources.frames import files, frame
from upheld.sources.models import CollectedTable, ConfiguredSource
from upheld.vault import holds
from upheld.vault.keys import here
from upheld.verdicts.attesting import disagreements
from upheld.workspace import Workspace

__all__ = ["ledger"]

FLOOR = Span(400, "day")
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
OLD = datetime(2024, 3, 4, 8, tzinfo=UTC)
DAY = timedelta(days=1)
GROUPS = "id,system_id,name,entitlement,owner_ref\n"
READS_BACK = """/*---
title    = "No group is ever called admins"
promise  = "No group was ever called admins."
why      = "A name says too much."
clauses  = ["GDPR 32(1)(b)"]
kind     = "never"
severity = "low"
owner    = "it-operations"
---*/
SELECT source || '/' || id AS subject, max(name) AS label, NOT bool_or(name = 'admins') AS ok, 'its names' AS detail
FROM history.groups
GROUP BY source, id
"""


@pytest.fixture
def lists(ledger: Workspace, tmp_path: Path) -> ConfiguredSource:
    """A list of two groups, of which one was renamed and one went two years ago; what stands was read a month ago."""
    file = tmp_path / "groups.csv"
    with clock.at(OLD - DAY):
        source = configured.add("groups", "list", {"file": str(file), "table": "groups"})
    for at, rows in (
        (OLD, "g1,crm,admins,a,P-1\ng2,crm,users,u,P-2\n"),
        (OLD + DAY, "g1,crm,leads,a,P-1\n"),
        (NOW - DAY / 24, "g1,crm,heads,a,P-1\n"),
    ):
        file.write_text(GROUPS + rows, encoding="utf-8")
        with clock.at(at):
            collect(source, accept_vanishing=frozenset({"groups"}))
    return source


@pytest.fixture
def lead(ledger: Workspace) -> Person:
    return person("lea", Role.SECURITY_LEAD)


def ruled(lead: Person, kind: Kept = Kept.HISTORY, keep: Span = FLOOR, what: str | None = None) -> Retention:
    """Return a rule that the officer approved."""
    rule = set_retention(by=lead, kind=kind, keep_for=keep, why="nobody asks for more", what=what)
    return approve_retention(rule, by=person("dora", Role.DPO))


def names_ever() -> list[str]:
    """Return every name that the history of groups holds."""

    with duckdb.connect() as connection:
        frame(NOW).load(connection, ["groups"], ["groups"])
        return sorted(name for (name,) in connection.execute("SELECT name FROM history.groups").fetchall())


def test_what_ended_long_ago_loses_its_values_and_every_proof_stands(lists: ConfiguredSource, lead: Person) -> None:
    before = {file.path for file in files()}
    assert [(each.kept, each.versions) for each in history.planned(needs())] == [("", 0)]
    ruled(lead, what="groups")
    (planned,) = history.planned(needs())
    assert (planned.table, planned.kept, planned.until, planned.versions) == ("groups", "400 days", NOW - 400 * DAY, 2)
    assert names_ever() == ["admins", "heads", "leads", "users"]
    (forgotten,) = history.forget(needs())
    assert forgotten[1] == 2
    assert names_ever() == ["heads", "leads"]
    assert not any(b"admins" in path.read_bytes() or path.exists() is False for path in (file.path for file in files()))
    assert not any(path.exists() for path in before)
    for told in CollectedTable.objects.select_related("collection"):
        history.Store(history.workspace.current().history, files()).verify("groups", "groups", told.collection.started_at, told.digest)
    sequencer.sequence()
    assert disagreements() == []
    assert history.forget(needs()) == []  # there is nothing more to forget


def test_a_past_instant_and_a_measure_that_reads_further_back_are_unproven_and_say_why(lists: ConfiguredSource, lead: Person) -> None:
    measure, parameters = parse("governance/no_admins", READS_BACK, shipped=False), library.parameters_in_force()
    assert judge([measure], frame(NOW), parameters, {})[0].state is State.BROKEN
    ruled(lead)
    history.forget(needs())
    (now,) = judge([measure], frame(NOW), parameters, {})
    assert (now.state, "is kept no longer, and this measure reads further back." in now.reason) == (State.UNPROVEN, True)
    (then,) = judge([measure], frame(OLD + DAY / 2), parameters, {})
    assert (then.state, "so how it stood on" in then.reason) == (State.UNPROVEN, True)
    back = 'parameters = ["network_looked_back"]\nlooks_back = { groups = "network_looked_back" }\n---*/'
    text = READS_BACK.replace("---*/", back).replace("'its names' AS detail", "'' AS detail, CAST(NULL AS TIMESTAMP) AS flips_at")
    text = text.replace("GROUP BY", "WHERE coalesce(seen_until_at, $as_of) >= $as_of - $network_looked_back GROUP BY")
    bounded = parse("operations/no_admins", text, shipped=False)
    assert judge([bounded], frame(NOW), parameters, {})[0].state is State.UPHELD


def test_a_measure_an_audit_or_a_hold_keeps_it_longer(lists: ConfiguredSource, lead: Person, ledger: Workspace) -> None:
    ruled(lead)
    own = ledger.measures / "governance" / "no_admins.sql"
    own.parent.mkdir(parents=True)
    own.write_text(READS_BACK, encoding="utf-8")
    (read,) = history.planned(needs())
    assert (read.until, read.why, read.versions) == (None, "governance/no_admins reads it from the beginning", 0)
    own.unlink()
    about = {
        "name": "a",
        "title": "A",
        "kind": Kind.INTERNAL,
        "criteria": "our promises",
        "planned_from_on": NOW.date(),
        "planned_until_on": NOW.date(),
    }
    audit = plan_audit(by=lead, period_from_on=OLD.date(), period_until_on=NOW.date(), chapters=["backup"], lead="E-ann", **about)
    (audited,) = history.planned(needs())
    assert (audited.until, audited.why, audited.versions) == (OLD.replace(hour=0), "an auditor's work on that time is not closed", 0)
    cancel_audit(audit, by=lead, why="not now")
    hold = holds.add(here(), [("person", "P-1")], "a case", NOW + DAY)
    (held,) = history.planned(needs())
    assert (held.until, held.why) == (None, "a legal hold lasts, and it may name whom that is about")
    assert history.forget(needs()) == []
    holds.release(here(), hold.id)
    assert [each.versions for each in history.planned(needs())] == [2]  # the control


def test_nothing_goes_below_the_floor_or_without_a_second_person(lists: ConfiguredSource, lead: Person) -> None:
    with pytest.raises(Ill, match="At least 400 days"):
        set_retention(by=lead, kind=Kept.HISTORY, keep_for=Span(1, "year"), why="enough")
    with pytest.raises(Ill, match="no such table"):
        set_retention(by=lead, kind=Kept.HISTORY, keep_for=Span(2, "year"), why="enough", what="grups")
    rule = set_retention(by=lead, kind=Kept.HISTORY, keep_for=Span(400, "day"), why="enough")
    with pytest.raises(Ill, match="a rule on it already"):
        set_retention(by=lead, kind=Kept.HISTORY, keep_for=Span(2, "year"), why="enough")
    with pytest.raises(Refused, match="two people agree to it"):
        approve_retention(rule, by=lead)
    assert (history.forget(needs()), list(letting_go.chores(NOW))) == ([], [])
    rule = approve_retention(rule, by=person("dora", Role.DPO))
    (chore,) = letting_go.chores(NOW)
    assert (chore.is_due(NOW), chore.work()) == (True, "2 versions of rows and 0 files went")
    end_retention(rule, by=lead)
    assert list(letting_go.chores(NOW)) == []


def test_a_file_goes_once_every_record_that_names_it_is_over(ledger: Workspace, lead: Person) -> None:
    proof, shared = keep_file(b"a restore that worked"), keep_file(b"a letter that is on another record, too")
    with clock.at(NOW - 1500 * DAY):
        task = plan_task(by=lead, title="Restore", every=Span(1, "month"), first_on=NOW.date(), person="E-lea")
        do_task(task, by=lead, note="done", proof=proof)
        do_task(task, by=lead, note="done", proof=shared)
    do_task(task, by=lead, note="done again", proof=shared)
    sequencer.sequence()
    assert handed_in.planned(needs()) == []
    ruled(lead, Kept.FILES, Span(4, "year"), "tasks.taskdone")
    assert [(each.register, each.kept, [one.sha256 for one in each.files]) for each in handed_in.planned(needs())] == [
        ("tasks.taskdone", "4 years", [proof.sha256])
    ]
    runner = CliRunner()
    dry = runner.invoke(upheld, ["retention", "let-go", "--dry-run", "--json"])
    assert ('"files": 1' in dry.stdout, KeptFile.named(proof.sha256) is not None) == (True, True)
    assert "tasks.taskdone: 4 years; 1 file now" in runner.invoke(upheld, ["retention", "show"]).stdout
    assert runner.invoke(upheld, ["retention", "let-go"]).stdout == "0 versions of rows and 1 file went.\n"
    assert (KeptFile.named(proof.sha256), KeptFile.named(shared.sha256) is not None) == (None, True)
    assert list(kept_files.deviations()) == []
    shared.path.unlink()
    assert [said.partition(" that ")[0] for said in kept_files.deviations()] == [f"the file {shared.sha256[:16]}..."] * 2  # the control


def test_a_measure_says_only_of_tables_it_reads_through_time_how_far_it_looks_back() -> None:
    with pytest.raises(MeasureError, match="name a table that it reads through time"):
        parse("governance/x", READS_BACK.replace("---*/", 'looks_back = { accounts = "x" }\n---*/'))
