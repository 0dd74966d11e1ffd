"""`upheld demo`: the sample company, and this very machine read for real."""

import shutil
from pathlib import Path

import click

from upheld import clock
from upheld.cli.collect import collect_all
from upheld.cli.init import make
from upheld.cli.run import run_once
from upheld.cli.sample_accounts import make_sample_accounts
from upheld.cli.shell import one_at_a_time, print_json, ready
from upheld.cli.show import print_overview
from upheld.documents.models import DocumentStep, Step
from upheld.documents.publication import record
from upheld.documents.published import in_force
from upheld.evidence.history import rows_at
from upheld.registers.operations import systems
from upheld.registers.operations.models import Criticality, Environment, SystemKind
from upheld.registers.sampling import LEAD, Company, keep_samples
from upheld.registers.staff import known
from upheld.sources import configured, sample
from upheld.sources.frames import files
from upheld.sources.models import ConfiguredSource
from upheld.verdicts.standing import documents

THIS_MACHINE = "this-machine"
SOURCES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("sample", "sample", {}),
    # Comparing every file of every package takes longer than all else together.
    ("this-machine", "host", {"verify": "no", "system": THIS_MACHINE}),
    ("upheld", "product", {}),
    ("documents", "documents", {}),
)
PUBLISHED = ("iso", "cloud")


def _publish() -> None:
    """Let somebody of the sample company approve, publish and review its two documents."""
    people = rows_at(files(table_name="people", source="sample"), "people", clock.now())
    somebody = min(str(row["id"]) for row in people if row["ended_on"] is None and row["kind"] == "employee")
    there = in_force()  # its people may have published one by themselves
    for document_id in PUBLISHED:
        for step in (Step.REVIEWED,) if document_id in there else (Step.APPROVED, Step.PUBLISHED, Step.REVIEWED):
            record(document_id, step, by=somebody)


def _enter_this_machine() -> None:
    """Let the sample company know the machine that is read, as one that serves nobody: who tries this out has approved no changes of it."""
    company = Company(clock.now(), dict(known()))
    with company.at(1):
        entered = systems.enter_system(
            by=company.lead(),
            name=THIS_MACHINE,
            title="The machine that this is tried on",
            kind=SystemKind.HOST,
            environment=Environment.DEVELOPMENT,
            criticality=Criticality.LOW,
            owner=LEAD,
            purpose="To try this product on.",
        )
        systems.retire_system(entered, by=company.lead())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def demo(as_json: bool) -> None:
    """Make the sample company in a workspace, read it and this machine, judge, and show. Safe to call again."""
    make("sample.example/ledger/main/1")
    space = ready()
    if not space.parameters.exists():
        shutil.copyfile(Path(sample.__file__).with_name("parameters.toml"), space.parameters)
    there = set(ConfiguredSource.objects.values_list("name", flat=True))  # one that was removed stays so
    for name, kind, settings in SOURCES:
        if name not in there:
            configured.add(name, kind, settings)
    with one_at_a_time(space):
        if not DocumentStep.objects.exists():
            collect_all(["sample"])
            if keep_samples():
                _enter_this_machine()
            _publish()
        make_sample_accounts()
        run_once()
    if as_json:
        print_json({"documents": [document.as_json() for document in documents()]})
    else:
        print_overview()
        click.echo("\nThis is sample data, and this machine. Faults are planted, so that most promises show what a break looks like.")
        click.echo("See it as pages: upheld serve")
