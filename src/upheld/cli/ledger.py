"""`upheld ledger`: look at the ledger, sign what waits, take out a proof or the whole log, and verify."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import click

from upheld.actions import kept_files
from upheld.cli.history import history
from upheld.cli.rotating import rotate_key
from upheld.cli.shell import AS_JSON, print_json, ready, stated
from upheld.cli.stamping import stamp
from upheld.cli.witnessing import witness
from upheld.erasure import owing
from upheld.erasure.plan import Refused
from upheld.erasure.receipt import NotGenuine
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import export as exports
from upheld.ledger import identifier, mentions, policy_file, proving, publishing, rotating, sequencer, signers, standing, store, whole
from upheld.ledger.append import NoLedger
from upheld.ledger.checkpoint import MalformedKey, VerificationKey
from upheld.ledger.continuity import LedgerForked
from upheld.ledger.policy import MalformedPolicy, Policy
from upheld.ledger.policy import trusting as trusting_keys
from upheld.ledger.publishing import NotPublished
from upheld.ledger.rotation import KeyRange, UntrustedRotation
from upheld.ledger.store import NoEntry, NotAsSigned, StoredLog
from upheld.ledger.verify.__main__ import claimed, write_fork_proof
from upheld.ledger.verify.__main__ import verify as verify_file
from upheld.ledger.verify.report import Report
from upheld.vault import owed
from upheld.vault.keys import here
from upheld.verdicts.attesting import disagreements
from upheld.web.trouble import of_file


@click.group()
def ledger() -> None:
    """Look at, checkpoint, prove and verify the ledger."""


ledger.add_command(witness)
ledger.add_command(rotate_key)
ledger.add_command(stamp)
ledger.add_command(history)


@ledger.command()
@AS_JSON
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say how the ledger stands. Exit status 1 if something is wrong with it."""
    ready()
    found, others = sequencer.status(), standing.standing(sequencer.current())
    wrong = [*found.wrong, *others.wrong, *whole.past_wrong()]
    if as_json:
        print_json({**asdict(found), **asdict(others), "wrong": wrong})
    else:
        click.echo(f"{found.origin}: {found.size:,} entries, {found.waiting:,} waiting\n  key   {found.key}\n  root  {found.root}")
        click.echo(f"  checkpoint at {found.checkpointed_size:,} entries, signed {found.checkpointed_at}")
        for each in others.witnesses:
            click.echo(f"  witness {each.name}: {each.said()}")
        for each in others.authorities:
            click.echo(f"  authority {each.name}: {each.said()}")
        if not others.witnesses:
            click.echo("  nobody witnesses it: whoever holds the key could still sign another history")
        for sentence in wrong:
            click.echo(f"  WRONG: {sentence}", err=True)
    context.exit(1 if wrong else 0)


@ledger.command()
@AS_JSON
def checkpoint(as_json: bool) -> None:
    """Give waiting entries their place, sign a checkpoint, and print it. Keep it: nothing before it can be changed unnoticed."""
    ready()
    try:
        sequencer.sequence()
        done = rotating.finish(sequencer.current())
    except LedgerForked as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json({"origin": done.origin, "placed": done.placed, "size": done.size, "root": done.root.hex(), "note": done.note})
    else:
        click.echo(done.note, nl=False)


@ledger.command()
@click.argument("entry")
@click.option("--log", "origin", default="", help="Origin of the log that an index is of. Default: the one that is written to.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; its name should end in .tlog-proof.")
@AS_JSON
def proof(entry: str, origin: str, output: Path | None, as_json: bool) -> None:
    """Take out ENTRY (its id, or its index) with the proof that it is in the log: one file, verified offline."""
    log = _log(origin)
    try:
        log, index = _place(log, entry)
        found = proving.prove(log, index)
    except (NoEntry, NotAsSigned) as error:
        raise click.ClickException(str(error)) from error
    assert found.entry is not None
    if output is not None:
        output.write_bytes(found.text())
    if as_json:
        print_json({"index": found.index, "entry": json.loads(found.entry), "proof": found.text().decode()})
    else:
        click.echo(f"Wrote {output}: entry {found.index}." if output else found.text().decode(), nl=output is not None)


@ledger.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--log", "origin", default="", help="Origin of the log to write out. Default: the one that is written to.")
@AS_JSON
def export(output: Path, origin: str, as_json: bool) -> None:
    """Write the log as of its last checkpoint to OUTPUT, a new folder or a .zip, in the layout of C2SP tlog-tiles."""
    log = _log(origin)
    try:
        size = exports.export(log, output)
    except (NoEntry, FileExistsError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json({"origin": log.origin, "size": size, "output": str(output)})
    else:
        click.echo(
            f"Wrote {size:,} entries to {output}. Verify: python -m upheld.ledger.verify {output} --key '{signers.told(log).text()}'"
        )
        if not origin and (before := [each.origin for each in store.all_logs()[:-1]]):
            click.echo(f"It goes on from {', '.join(before)}: write these out, too, with --log ORIGIN.")


@ledger.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--key", "keys", multiple=True, help="Key to trust (name+id+base64). Default: this workspace's own.")
@click.option("--policy", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="File of what to trust.")
@click.option("--held", type=click.Path(path_type=Path, exists=True, dir_okay=False), multiple=True, help="Checkpoints kept from before.")
@click.option("--fork-proof", type=click.Path(path_type=Path), help="Where to write the proof, if PATH does not go on from what was held.")
@click.option("--hashes-only", is_flag=True, help="Do not look at what entries say; several times as fast.")
@AS_JSON
@click.pass_context
def verify(
    context: click.Context,
    path: Path | None,
    keys: tuple[str, ...],
    file: Path | None,
    held: tuple[Path, ...],
    fork_proof: Path | None,
    hashes_only: bool,
    as_json: bool,
) -> None:
    """Verify this workspace's ledger in place, or an export, .tlog-proof or .fork.json file at PATH. Exit status 1 if it does not hold.

    In place, every log that there was is verified, held against its high-water mark and as going on from the one before; and what the
    database says of collections, change files and verdicts, files that records rest on, and the index by subject against the entries.
    """
    trusted = _trusted(keys, file, store.all_logs())
    notes = [note for each in held for note in _notes(each)]
    before: list[Report] = []
    if path is None:
        *before, report = _in_place(keys, file, notes, hashes_only=hashes_only)
    else:
        report = verify_file(path, claimed(path, trusted), trusted, notes, hashes_only=hashes_only)
        if fork_proof is not None and not report.holds:
            report.skipped.append(write_fork_proof(path, notes, fork_proof))
    found = [*disagreements(), *kept_files.deviations(), *mentions.differing()] if path is None else []
    holds = all(each.holds for each in (*before, report)) and not found
    if as_json:
        print_json({**asdict(report), "disagreements": found, "before": [asdict(each) for each in before], "holds": holds})
    else:
        for each in (*before, replace(report, failed=[*report.failed, *found])):
            click.echo(each.text())
    context.exit(0 if holds else 1)


@ledger.command()
@click.argument("repository", type=click.Path(path_type=Path, file_okay=False))
@click.option("--push", "remote", default="", help="Also push to this remote of the repository.")
@AS_JSON
def publish(repository: Path, remote: str, as_json: bool) -> None:
    """Append the last checkpoint to the log's file in the Git REPOSITORY, which is made if it does not exist, and commit it."""
    try:
        done = publishing.publish(_log(), repository, remote)
    except (NotPublished, LedgerForked) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json({"file": str(done.file), "size": done.size, "new": done.new, "commit": done.commit})
    else:
        click.echo(f"{'Published' if done.new else 'Published before:'} {done.size:,} entries in {done.file}, commit {done.commit[:12]}.")


@ledger.command()
@click.option("--json", "_as_json", is_flag=True, help="As it is anyway: the file is JSON.")
def policy(_as_json: bool) -> None:
    """Print a policy file for verifiers: the keys of each log with their sizes, and our witnesses, all of which it asks for."""
    _log()
    try:
        found = proving.policy(store.all_logs())
    except (OSError, MalformedKey, UntrustedRotation) as error:
        raise click.ClickException(str(error)) from error
    click.echo(policy_file.write(found, found.quorum.needed), nl=False)


@ledger.command("new-shard")
@click.option("--reason", required=True, callback=stated, help="Why the old log cannot be continued; logged in the clear, so name nobody.")
@click.option("--receipt", "receipts", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="The receipt of an erasure since the state that was put back; asked for where keys were put back, too.")  # fmt: skip
@click.option("--none-erased", is_flag=True, help="Nobody was erased since that state.")
@click.option("--although-well", is_flag=True, help="Also where the old log goes on by itself, as to begin one for a new year.")
@AS_JSON
def new_shard(reason: str, receipts: tuple[Path, ...], none_erased: bool, although_well: bool, as_json: bool) -> None:
    """Go on in a new log, after the database was restored from a backup or its key was lost. The old one stays readable."""
    ready()
    if not although_well and owing.goes_on_by_itself():
        raise click.ClickException(
            "the log goes on by itself, so that a new one would only have to be made known to witnesses and verifiers; "
            "to begin one all the same: --although-well. Nothing was changed"
        )
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in receipts]
    try:
        done = owing.go_on(reason, here(), receipts=texts, none_erased=none_erased)
    except (Refused, NotGenuine) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json({"origin": done.origin, "placed": done.placed, "size": done.size, "root": done.root.hex(), "note": done.note})
    else:
        click.echo(f"Going on in {done.origin}; {done.placed:,} entries.\n{done.note}", nl=False)
        for erasure in owed.owed(here()):
            click.echo(f"Owed: upheld erase PERSON --basis ... --again {erasure}", err=True)


def _log(origin: str = "") -> StoredLog:
    """Return the log `origin`; the one that is written to where none is said."""
    ready()
    logs = store.all_logs()
    if not logs:
        raise click.ClickException(str(NoLedger("There is no ledger yet: run upheld init")))
    found = [each for each in logs if each.origin == origin] if origin else logs[-1:]
    if not found:
        raise click.UsageError(f"there is no log {origin!r} here; there are {', '.join(each.origin for each in logs)}")
    return found[0]


def _place(log: StoredLog, entry: str) -> tuple[StoredLog, int]:
    """Return where `entry` is: its index in `log`, or by its id in whichever log has it. Raises `NoEntry`."""
    if entry.isascii() and entry.isdigit():
        return log, int(entry)
    if not identifier.is_valid(entry):
        raise click.UsageError(f"{entry[:80]!r} is neither an index (0, 1, 2 ...) nor the id of an entry")
    for each in reversed(store.all_logs()):
        with suppress(NoEntry):
            return each, each.index_of(entry)
    raise NoEntry(f"no log here has an entry {entry}: it may still be waiting to be sequenced")


def _in_place(keys: tuple[str, ...], file: Path | None, notes: list[bytes], *, hashes_only: bool) -> list[Report]:
    """Verify every log here: by what the command line says to trust, where it says it of that log, else by this workspace's own keys."""
    _log()
    given = [_parse(text) for text in keys]

    def trusting(log: StoredLog) -> Policy:
        mine = [key for key in given if key.name == log.origin]
        return _trusted((), file, [log]) if file is not None else trusting_keys(mine) if mine else signers.policy(log)

    try:
        return whole.verify(trusting, notes, hashes_only=hashes_only)
    except (OSError, MalformedKey, UntrustedRotation) as error:
        raise click.ClickException(f"{error}. Give the key to trust with --key.") from error


def _notes(file: Path) -> list[bytes]:
    try:
        found = checkpoints.several(file.read_bytes())
        for note in found:
            checkpoints.parse(note)
    except checkpoints.MalformedCheckpoint as error:
        raise click.ClickException(f"{file} holds no checkpoint: {error}") from error
    return found


def _trusted(keys: tuple[str, ...], file: Path | None, logs: Sequence[StoredLog]) -> Policy:
    """Return whom the command line trusts; the keys of `logs`, this workspace's own, if it says nothing."""
    try:
        if file is not None:
            return policy_file.read(file.read_text(encoding="utf-8"))
        return trusting_keys([_parse(text) for text in keys]) if keys else Policy(_own(logs))
    except (MalformedPolicy, UntrustedRotation, MalformedKey, OSError) as error:
        said = of_file(error) if isinstance(error, OSError) and error.strerror else str(error)
        raise click.ClickException(f"{said}. Give the key to trust with --key.") from error


def _own(logs: Sequence[StoredLog]) -> tuple[KeyRange, ...]:
    _log()
    return tuple(proving.policy(logs).keys)


def _parse(text: str) -> VerificationKey:
    try:
        return checkpoints.parse_key(text)
    except MalformedKey as error:
        raise click.ClickException(str(error)) from error
