"""`upheld collect`: read the sources in use."""

from dataclasses import dataclass, field

import click

from upheld.cli.shell import Bar, counted, one_at_a_time, print_json, ready_to_enter
from upheld.erasure.reapplying import reapply
from upheld.evidence.loading import HistoryError
from upheld.evidence.table import tables
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.registers import in_use
from upheld.sources import configured
from upheld.sources.collecting import collect as collect_from
from upheld.sources.collecting import tidy
from upheld.sources.models import Collection
from upheld.verdicts import source as verdicts

accept_vanishing_option = click.option(
    "--accept-vanishing",
    multiple=True,
    type=click.Choice(sorted(tables())),
    metavar="TABLE",
    help="Confirm that most rows of TABLE are really gone; without it such a collection is put in quarantine.",
)


@click.command()
@click.argument("names", nargs=-1)
@accept_vanishing_option
@click.option("--strict", is_flag=True, help="Exit with status 3 also when a source told only part.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def collect(context: click.Context, names: tuple[str, ...], accept_vanishing: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Read the sources called NAMES, or all in use. Exit status 3 if one failed; what the others told is kept."""
    space = ready_to_enter()
    with one_at_a_time(space):
        told = collect_all(list(names), accept_vanishing, quiet=as_json)
    if as_json:
        print_json([_collection_json(each) for each in latest(list(names))])
    context.exit(told.status(strict=strict))


@dataclass
class Told:
    """Which sources failed, by name, and which told only part: what these did not show is unknown, and ends and resolves nothing."""

    failed: list[str] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)

    def status(self, *, strict: bool) -> int:
        """Return the exit status: 3 where a source failed; if `strict`, also where one told only part."""
        return 3 if self.failed or (strict and self.partial) else 0

    def sentence(self) -> str:
        """Return what follows from those that told only part; empty without any."""
        if not self.partial:
            return ""
        return (
            f"Only part was told by {', '.join(self.partial)}: what they did not show is unknown, ended no row, and resolved no finding. "
            "(--strict: status 3.)"
        )


def collect_all(names: list[str], accept_vanishing: tuple[str, ...] = (), *, quiet: bool = False) -> Told:
    """Collect from the sources called `names` (all where empty), saying how each went; return which failed or told only part."""
    in_use.ensure_in_use()
    verdicts.ensure_in_use()
    chosen = [configured.named(name) for name in names] or configured.in_use()
    if not chosen and not quiet:
        click.echo("No source is in use, so nothing was read. See what there is: upheld source kinds", err=True)
    reapply()
    tidy()
    told = Told()
    for source in chosen:
        try:
            with Bar(source.name) as progress:
                done = collect_from(source, accept_vanishing=frozenset(accept_vanishing), progress=progress)
        except HistoryError as error:
            told.failed.append(source.name)
            click.echo(f"{source.name}: nothing was recorded. {error}", err=True)
            continue
        sequence()
        if done.coverage in ("failed", "partial"):
            (told.failed if done.coverage == "failed" else told.partial).append(source.name)
        if not quiet:
            click.echo(visible(summary(done), keep="\n"), err=True)
    if told.partial and not quiet:
        click.echo(told.sentence(), err=True)
    return told


def latest(names: list[str]) -> list[Collection]:
    """Return the last collection of each source called `names`, or of all in use."""
    chosen = [configured.named(name) for name in names] or configured.in_use()
    found = [source.collections.order_by("-started_at").first() for source in chosen]
    return [each for each in found if each is not None]


def summary(done: Collection) -> str:
    """Return one line on how a collection went, and one more for each thing that it could not see."""
    tables = list(done.tables.all())
    rows = sum(each.rows for each in tables)
    took = (done.finished_at - done.started_at).total_seconds()
    lines = [f"{done.source.name}: {done.coverage}, {counted(rows, 'row')} in {counted(len(tables), 'table')}, {took:.1f} s"]
    if done.error:
        lines.append(f"  {done.error}")
    for each in tables:
        if each.quarantined:
            lines.append(f"  {each.table}: {each.vanished} rows vanished at once, so none was ended;")
            lines.append(f"  if they are really gone: --accept-vanishing {each.table}")
        lines += [f"  {each.table}: {why}" for why in each.cut_short]
    denied = sorted({f"{each.table}.{gap['column']}" for each in tables for gap in each.gaps if gap["kind"] == "denied"})
    if denied:
        lines.append(f"  denied, so unknown: {', '.join(denied)}")
    return "\n".join(lines)


def _collection_json(done: Collection) -> dict[str, object]:
    return {
        "id": done.id,
        "source": done.source.name,
        "started_at": done.started_at,
        "finished_at": done.finished_at,
        "coverage": done.coverage,
        "error": done.error,
        "notes": done.notes,
        "tables": [
            {
                "table": each.table,
                "coverage": each.coverage,
                "rows": each.rows,
                "opened": each.opened,
                "changed": each.changed,
                "ended": each.ended,
                "quarantined": each.quarantined,
                "digest": each.digest,
                "cut_short": each.cut_short,
                "gaps": each.gaps,
            }
            for each in done.tables.all()
        ],
    }
