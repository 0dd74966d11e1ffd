"""The sample company's registers: kept through the real actions, and wrong exactly where they say so."""

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from upheld import clock
from upheld.actions.models import Step
from upheld.checks import library
from upheld.checks.judge import judge
from upheld.checks.schema import inputs
from upheld.checks.verdict import State, Verdict
from upheld.documents.publication import Step as Published
from upheld.documents.publication import record
from upheld.ledger import sequencer
from upheld.registers import sampling
from upheld.registers.in_use import ensure_in_use
from upheld.registers.operations.models import System
from upheld.registers.operations.rows import systems
from upheld.registers.source import REGISTERS
from upheld.sources import configured, sample
from upheld.sources.collecting import collect
from upheld.sources.frames import frame
from upheld.sources.sample import SAMPLE
from upheld.sources.sample.faults import FAULTS, UNSEEN
from upheld.workspace import Workspace

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
# Why these cannot be shown in the sample: what they read is told in part, or there is nothing of the kind.
NOT_SHOWN = {each.measure for each in UNSEEN}
DECIDED = Path(sample.__file__).with_name("parameters.toml")
DOCS = Path(__file__).parents[2] / "docs" / "sources"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, migrated: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Verdict]]:
    """The sample company with its registers, read and judged: each verdict by measure."""
    space = Workspace(tmp_path_factory.mktemp("company") / "workspace")
    space.create()
    shutil.copyfile(migrated, space.database)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), clock.at(NOON):
        patch.setenv("UPHELD_WORKSPACE", str(space.root))
        patch.setitem(connection.settings_dict, "NAME", str(space.database))
        connection.close()
        yield _judged()
        connection.close()


def _judged() -> dict[str, Verdict]:
    sequencer.init("test.example/ledger/main/1")
    for name in ("sample", "documents"):
        configured.add(name, name, {})
    collect(configured.named("sample"))
    for step in (Published.APPROVED, Published.PUBLISHED, Published.REVIEWED):
        record("iso", step, by="1001")
        record("cloud", step, by="1001")
    assert sampling.keep_samples()
    ensure_in_use()
    for name in ("documents", "registers"):
        collect(configured.named(name))
    measures = [each for each in library.shipped().values() if _fed(each.id)]
    return {each.measure: each for each in judge(measures, frame(NOON), library.parameters_in_force(None, DECIDED), {})}


def _fed(name: str) -> bool:
    """Whether the measure reads a register, and nothing that neither registers nor documents nor the sample fill."""
    measure = library.shipped()[name]
    read = {base for table in measure.tables if table not in measure.optional for base in inputs(table)}
    return bool(read & set(REGISTERS.tables)) and read <= {*REGISTERS.tables, *SAMPLE.tables, "published_documents"}


def planted(which: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for fault in (*FAULTS, *(each for kept in sampling.samples().values() for each in kept.FAULTS)):
        for measure, subject in getattr(fault, which):
            found[measure].add(subject)
    return found


def test_exactly_the_planted_subjects_fail(company):
    wrong, kept = planted("breaks"), sampling.samples()
    failing = {name: {each.subject for each in verdict.failing} for name, verdict in company.items() if verdict.failing}
    # What a chapter without a sample promises is kept by nobody there, and may well be broken.
    assert {name: subjects for name, subjects in failing.items() if name in wrong or name.partition("/")[0] in kept} == {
        name: subjects for name, subjects in wrong.items() if name in company
    }


def test_each_fault_to_come_puts_its_measure_at_risk(company):
    soon = planted("soon")
    assert {name for name in company if name in soon and name not in planted("breaks")} <= {
        name for name, verdict in company.items() if verdict.state is State.AT_RISK
    }


def test_all_else_that_a_chapter_with_a_sample_promises_is_upheld(company):
    chapters = sampling.samples()
    not_shown = {name: verdict.reason for name, verdict in company.items() if verdict.state is State.UNPROVEN}
    assert {name: why for name, why in not_shown.items() if name.partition("/")[0] in chapters and name not in NOT_SHOWN} == {}
    assert sum(verdict.state is State.UPHELD for verdict in company.values()) >= 5


def test_what_is_planted_is_of_a_measure_that_is_judged_here(company):
    named = {measure for kept in sampling.samples().values() for fault in kept.FAULTS for measure, _ in (*fault.breaks, *fault.soon)}
    assert named and named <= set(company)


def test_a_system_that_a_list_brings_too_stands_once(company):
    assert System.objects.filter(name__in=["crm", "vpn"]).count() == 2
    assert list(systems()) == []
    with transaction.atomic():
        configured.remove("sample")
        assert {row["id"] for row in systems()} >= {"crm", "vpn"}
        transaction.set_rollback(True)


def test_what_somebody_keeps_already_is_left_as_it_is(company):
    before = Step.objects.count()
    assert before > 500
    assert not sampling.keep_samples()
    assert Step.objects.count() == before


def test_the_page_of_documentation_is_fresh():
    assert (DOCS / "sample_registers.md").read_text(encoding="utf-8") == sampling.page(), "run python docs/make_actions.py"
