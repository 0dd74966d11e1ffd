"""Tables whose history a judgement read: all versions of their rows must be there, with every reading."""

from upheld.ledger.verify.bundle import parameters
from upheld.ledger.verify.bundle.evidence import Evidence
from upheld.ledger.verify.bundle.judgements import Judgement
from upheld.ledger.verify.bundle.verdicts import Verdicts
from upheld.ledger.verify.report import Report

_HISTORY = "history."


def check(evidence: Evidence, verdicts: Verdicts, report: Report) -> None:
    """Check that each table from each source whose history a measure or a derived table reads is there through time."""
    found: dict[tuple[str, str], str] = {}
    for each in verdicts.all:
        if each.lacking or not each.counts.ran:
            continue
        names = read_by(each, evidence)
        found |= {
            (piece.table, piece.source): each.name
            for piece in each.evidence
            if piece.table in names and (piece.table, piece.source) not in evidence.through_time
        }
    report.failed += [
        f"{name} reads the history of {table}, and not all of it from {source} is here" for (table, source), name in found.items()
    ]


def read_by(judged: Judgement, evidence: Evidence) -> set[str]:
    """Return the tables whose history `judged` read, itself or by a derived table."""
    derived = {of.removeprefix("derived ") for of in judged.digests if of.startswith("derived ")}
    inputs = [name for each in derived if each in evidence.contracts for name in evidence.contracts[each].inputs]
    return parameters.histories(judged.measure.query) | {each.removeprefix(_HISTORY) for each in inputs if each.startswith(_HISTORY)}
