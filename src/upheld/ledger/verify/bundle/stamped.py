"""Time stamps in a bundle: each is of one of its earlier checkpoints, and says that so many entries existed by then."""

import re
from collections.abc import Iterable, Sequence

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.checkpoint import MAX_NOTE_BYTES
from upheld.ledger.verify import stamps
from upheld.ledger.verify.layout import Layout
from upheld.ledger.verify.report import Report

_NAME = re.compile(r"anchors/log-(\d{1,4})/(\d{1,19})\.tsr", re.ASCII)


def verify(layout: Layout, names: Iterable[str], authorities: Sequence[str], report: Report) -> None:
    """Say in `report` which time stamps hold under `authorities` (PEM), the auditor's own; or that nobody looked, and why."""
    found = [(matched[1], int(matched[2])) for name in names if (matched := _NAME.fullmatch(name))]
    if not found:
        return
    if not authorities or not stamps.can_verify():
        why = "your policy names no authority" if not authorities else "the program openssl is not here"
        report.skipped.append(f"{len(found):,} time stamps: {why}")
        return
    for number, size in sorted(found):
        place = f"anchors/log-{number}/{size}"
        request, answer = (layout.read(f"{place}.{suffix}", stamps.MAX_BYTES) for suffix in ("tsq", "tsr"))
        held, _ = checkpoints.parse(layout.read(f"log-{number}/held/{size}", MAX_NOTE_BYTES))
        at = stamps.verify(request, answer, held.text().encode(), authorities)
        if isinstance(at, str):
            report.failed.append(f"{place}.tsr: {at}")
        else:
            report.checked.append(
                f"an authority of yours says that the first {size:,} entries of {held.origin} existed at {at:%Y-%m-%d %H:%M} UTC"
            )
