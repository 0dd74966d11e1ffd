"""`upheld bundle`: what an auditor needs to verify and re-perform verdicts without us, in one file."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from upheld import clock
from upheld.cli.shell import Bar, counted, instant, print_json, ready_to_enter
from upheld.exports.bundle.making import Asked, Made, make
from upheld.exports.bundle.scope import About, BundleError, Disclose, Scope
from upheld.exports.bundle.writing import write
from upheld.ledger.verify.bundle import program


@dataclass(frozen=True)
class Period:
    """From one instant until another."""

    from_at: datetime
    until_at: datetime


def _period(_context: click.Context, _option: click.Parameter, value: str | None) -> Period | None:
    """Read FROM..TO; a day as the end is meant whole."""
    if value is None:
        return None
    first, dots, last = value.partition("..")
    try:
        from_at, until_at = (_aware(datetime.fromisoformat(text)) for text in (first, last))
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no period; write it as 2026-01-01..2026-03-31") from error
    whole_day = dots and len(last) == len("2026-03-31")
    return Period(from_at, min(until_at + timedelta(days=1) if whole_day else until_at, clock.now()))


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--document", help="One document, such as iso.")
@click.option("--chapter", help="One chapter, such as backup.")
@click.option("--promise", help="One promise, such as iso:4.1.4.")
@click.option("--measure", help="One measure, such as backup/restore_proven.")
@click.option("--as-of", callback=instant, help="How it stood then, by the last judgement before: 2026-05-03 or 2026-05-03T09:12Z.")
@click.option("--period", callback=_period, help="How it stood from a day until another: 2026-01-01..2026-03-31.")
@click.option(
    "--disclose", type=click.Choice([each.value for each in Disclose]), default="all", show_default=True, help="Which rows go along."
)
@click.option(
    "--held", type=click.Path(path_type=Path, exists=True, dir_okay=False), multiple=True, help="A checkpoint that the auditor holds."
)
@click.option(
    "--complete", is_flag=True, help="Every entry of the log between the first and the last needed goes along. A period has them anyway."
)
@click.option(
    "--checkpoint", type=click.IntRange(min=1), help="Make again, byte for byte, what was made when the log had that many entries."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def bundle(
    out: Path,
    document: str | None,
    chapter: str | None,
    promise: str | None,
    measure: str | None,
    as_of: datetime | None,
    period: Period | None,
    disclose: str,
    held: tuple[Path, ...],
    complete: bool,
    checkpoint: int | None,
    as_json: bool,
) -> None:
    """Write a bundle to OUT (a new .zip, or a new folder), and the program that verifies it beside it.

    It holds the ledger's entries with their proofs, the verdicts, the queries, and the rows they read. What it discloses is
    said, and that it was handed out is an entry of the ledger.
    """
    ready_to_enter()
    named = {About.DOCUMENT: document, About.CHAPTER: chapter, About.PROMISE: promise, About.MEASURE: measure}
    about = _scope({each: name for each, name in named.items() if name is not None}, as_of, period)
    asked = Asked(about, Disclose(disclose), tuple(path.read_bytes() for path in held), complete, checkpoint)
    if out.exists():
        raise click.ClickException(f"{out} exists already: a bundle never overwrites")
    try:
        with Bar("bundle") as progress:
            made = make(asked, progress=progress)
            size = write(made.members, out)
            verifier = out.absolute().parent / program.NAME
            digest = program.write(verifier)
    except (BundleError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json(_plain(made, out, size, verifier, digest))
    else:
        _say(made, out, size, verifier, digest, Disclose(disclose))


def _scope(named: dict[About, str], as_of: datetime | None, period: Period | None) -> Scope:
    if len(named) > 1 or (as_of is not None and period is not None):
        raise click.UsageError("a bundle is about one document, chapter, promise or measure, as of one instant or over one period")
    about, name = next(iter(named.items()), (About.ALL, ""))
    return Scope(about, name, period.until_at if period else as_of, period.from_at if period else None)


def _plain(made: Made, out: Path, size: int, verifier: Path, digest: str) -> dict[str, object]:
    return {
        "output": str(out),
        "size_bytes": size,
        "manifest": made.manifest,
        "origin": made.origin,
        "checkpoint": made.size,
        "measures": made.measures,
        "judgements": made.judgements,
        "rows": made.rows,
        "lacking": made.lacking,
        "verifier": {"path": str(verifier), "sha256": digest},
    }


def _say(made: Made, out: Path, size: int, verifier: Path, digest: str, disclose: Disclose) -> None:
    what = ", ".join([counted(made.measures, "measure"), counted(made.judgements, "judgement"), counted(made.rows, "row")])
    click.echo(f"Wrote {out}: {what}, {size:,} bytes")
    if disclose is Disclose.ALL and made.rows:
        click.echo("  Its rows are disclosed in full, personal data among them: hand it on as you would hand on those.")
    for sentence in made.lacking:
        click.echo(f"  not re-performable: {sentence}")
    click.echo(f"  manifest  SHA-256 {made.manifest}\n  under     the checkpoint of {made.origin} at {made.size:,} entries")
    click.echo(
        f"  verifier  {verifier}, SHA-256 {digest}; tell that digest and the key (upheld ledger status) by another way than the bundle"
    )
    click.echo(f"Verify: python3 -I {verifier} {out} --key KEY [--reperform]")
