"""`python -m upheld.ledger.verify PATH --key KEY`: exit status 0 if everything holds, 1 if not, 2 for misuse."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from upheld.ledger import fork, policy, policy_file, rotation
from upheld.ledger.checkpoint import (
    MAX_NOTE_BYTES,
    MalformedCheckpoint,
    MalformedKey,
    UntrustedCheckpoint,
    VerificationKey,
    parse,
    parse_key,
    several,
)
from upheld.ledger.policy import MalformedPolicy, Policy
from upheld.ledger.proof import MAX_PROOF_BYTES, MalformedProof
from upheld.ledger.proof import parse as parse_proof
from upheld.ledger.rotation import Rotation
from upheld.ledger.verify import export, forks, layout, proof
from upheld.ledger.verify.bundle import bundle, command, logs
from upheld.ledger.verify.bundle.logs import Brought
from upheld.ledger.verify.layout import Layout, Unreadable
from upheld.ledger.verify.report import Report
from upheld.ledger.verify.trust import Trusted

Find = Callable[[Layout, Sequence[bytes]], fork.ForkProof | None]
MAX_KEPT_BYTES = 64 << 20  # a shelf of checkpoints


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify what the command line names, print the report, and return the exit status."""
    options = _options().parse_args(arguments)
    try:
        trusted = _trusted(options.key, options.policy).followed([_rotation(path) for path in options.rotation])
        held, previous = ([note for path in paths for note in notes(path)] for paths in (options.held, options.previous))
    except (MalformedKey, MalformedPolicy, MalformedCheckpoint, UntrustedCheckpoint, Unreadable, OSError, UnicodeDecodeError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    if bundle.is_bundle(options.path):
        found = command.verify(options.path, Brought(trusted, held), reperform=options.reperform)
        find = logs.fork
    else:
        origin = options.origin or claimed(options.path, trusted)
        report = verify(options.path, origin, trusted, held, previous=previous, hashes_only=options.hashes_only)
        found, find = command.Verified(report), forks.find
        if options.reperform:
            found.report.failed.append("there is no bundle here, and so nothing to re-perform")
    if not found.report.holds and options.fork_proof:
        found.report.skipped.append(write_fork_proof(options.path, held, options.fork_proof, find))
    print(json.dumps(found.plain(), indent=2) if options.json else command.visible(found.text()))  # noqa: T201
    return 0 if found.holds else 1


def verify(
    path: Path, origin: str, trusted: Trusted, held: Sequence[bytes] = (), *, previous: Sequence[bytes] = (), hashes_only: bool = False
) -> Report:
    """Return what holds of the export (folder or zip file), `.tlog-proof` or `.fork.json` file at `path`."""
    try:
        if path.name.endswith(forks.SUFFIX):
            return forks.verify(layout.small(path, fork.MAX_BYTES), trusted)
        if path.suffix == ".tlog-proof":
            return proof.verify(layout.small(path, MAX_PROOF_BYTES), origin, trusted)
        with layout.opened(path) as found:
            return export.verify(found, origin, trusted, held, previous=previous, hashes_only=hashes_only)
    except (OSError, Unreadable) as error:
        return Report(failed=[str(error)])


def claimed(path: Path, trusted: Policy) -> str:
    """Return of which log what is at `path` says it is, where that is one of those trusted; else, or where that is one log, the first."""
    names = [each.key.name for each in trusted.keys]
    if len(set(names)) > 1 and (path.is_file() or path.is_dir()):  # a pipe is read once
        with suppress(OSError, Unreadable, MalformedProof, MalformedCheckpoint, UnicodeDecodeError):
            said = parse(_note(path))[0].origin
            return said if said in names else names[0]
    return names[0]


def _note(path: Path) -> bytes:
    if path.suffix == ".tlog-proof":
        return parse_proof(layout.small(path, MAX_PROOF_BYTES)).note
    with layout.opened(path) as found:
        return found.read(export.CHECKPOINT, MAX_NOTE_BYTES)


def notes(path: Path) -> list[bytes]:
    """Return the checkpoints that the file at `path` holds. Raises `MalformedCheckpoint` naming it, and `Unreadable`."""
    found = several(layout.small(path, MAX_KEPT_BYTES))
    for each in found or [b""]:
        try:
            parse(each)
        except (MalformedCheckpoint, UnicodeDecodeError) as error:
            raise MalformedCheckpoint(f"{path} is no file of checkpoints: {error}") from error
    return found


def _rotation(path: Path) -> Rotation:
    try:
        return rotation.parse(layout.small(path, MAX_NOTE_BYTES))
    except (MalformedCheckpoint, UntrustedCheckpoint, UnicodeDecodeError) as error:
        raise MalformedCheckpoint(f"{path} is no statement of rotation: {error}") from error


def write_fork_proof(path: Path, held: Sequence[bytes], output: Path, find: Find = forks.find) -> str:
    """Write to `output` the proof, by `find`, that what is at `path` does not go on from one of `held`. Return in words what was done."""
    try:
        with bundle.opened(path) if find is logs.fork else layout.opened(path) as found:
            proof = find(found, held)
        if proof is None:
            return "no proof of a fork could be made: what is there does not contradict what was held, or is damaged"
        output.write_bytes(proof.text())
    except (OSError, Unreadable) as error:
        return f"no proof of a fork was written: {error}"
    return f"the proof of the fork is in {output}: anyone verifies it with the log's key"


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="upheld-verify", description="Verify a bundle, an exported ledger, or one proof.")
    parser.add_argument("path", type=Path, help="a bundle or an export (folder or zip file), a .tlog-proof or a .fork.json file")
    parser.add_argument("--key", action="append", default=[], help="verification key you trust (name+id+base64), or a file holding it")
    parser.add_argument(
        "--policy", type=Path, help="file of what you trust: keys with sizes, witnesses and their quorum, how old is too old"
    )
    parser.add_argument("--origin", help="the log that an export or proof must be of; any whose key you trust if not given")
    parser.add_argument(
        "--held", type=Path, action="append", default=[], help="a file of checkpoints you kept; the log must go on from each"
    )
    parser.add_argument("--rotation", type=Path, action="append", default=[], help="a statement of rotation, to follow from a key")
    parser.add_argument("--previous", type=Path, action="append", default=[], help="a checkpoint you kept of the shard before this log")
    parser.add_argument("--fork-proof", type=Path, help="where to write the proof, if what is there does not go on from what you held")
    parser.add_argument("--reperform", action="store_true", help="run a bundle's queries anew on its rows; needs the package duckdb")
    parser.add_argument("--hashes-only", action="store_true", help="of an export: do not look at what entries say; five times as fast")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _trusted(keys: Sequence[str], file: Path | None) -> Policy:
    """Return whom the command line trusts. Raises `MalformedKey`, `MalformedPolicy` or `OSError`."""
    if file is not None and keys:
        raise MalformedPolicy("give --key or --policy: a policy has the keys in it")
    if file is not None:
        return policy_file.read(layout.small(file, MAX_NOTE_BYTES).decode("utf-8"))
    if not keys:
        raise MalformedPolicy("say whom you trust, by --key or --policy: what is verified cannot say so itself")
    return policy.trusting([_key(text) for text in keys])


def _key(text: str) -> VerificationKey:
    return parse_key(text if "+" in text else layout.small(Path(text), MAX_NOTE_BYTES).decode("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
