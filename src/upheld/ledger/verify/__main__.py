"""`python -m upheld.ledger.verify PATH --key KEY`: exit status 0 if everything holds, 1 if not, 2 for misuse."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from upheld.ledger.checkpoint import MalformedKey, VerificationKey, parse_key
from upheld.ledger.verify import export, layout, proof
from upheld.ledger.verify.layout import Unreadable
from upheld.ledger.verify.report import Report
from upheld.ledger.verify.trust import Trusted


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify what the command line names, print the report, and return the exit status."""
    options = _options().parse_args(arguments)
    try:
        keys = [_key(text) for text in options.key]
        held = [path.read_bytes() for path in options.held]
    except (MalformedKey, OSError, UnicodeDecodeError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    report = verify(options.path, options.origin or keys[0].name, keys, held, hashes_only=options.hashes_only)
    print(json.dumps({**asdict(report), "holds": report.holds}, indent=2) if options.json else report.text())  # noqa: T201
    return 0 if report.holds else 1


def verify(path: Path, origin: str, trusted: Trusted, held: Sequence[bytes] = (), *, hashes_only: bool = False) -> Report:
    """Return what holds of the export (folder or zip file) or `.tlog-proof` file at `path`."""
    try:
        if path.suffix == ".tlog-proof":
            return proof.verify(path.read_bytes(), origin, trusted)
        with layout.opened(path) as found:
            return export.verify(found, origin, trusted, held, hashes_only=hashes_only)
    except (OSError, Unreadable) as error:
        return Report(failed=[str(error)])


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m upheld.ledger.verify", description="Verify an exported ledger, or one proof.")
    parser.add_argument("path", type=Path, help="folder or zip file of an export, or a .tlog-proof file")
    parser.add_argument("--key", action="append", required=True, help="verification key you trust (name+id+base64), or a file holding it")
    parser.add_argument("--origin", help="the log's origin; the name of the first key if not given")
    parser.add_argument("--held", type=Path, action="append", default=[], help="a checkpoint you kept; the export must go on from it")
    parser.add_argument("--hashes-only", action="store_true", help="do not look at what entries say; five times as fast")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _key(text: str) -> VerificationKey:
    return parse_key(text if "+" in text else Path(text).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
