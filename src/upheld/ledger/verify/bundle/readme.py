"""A bundle's README: what it is, how to verify it without its maker, how it stood; written from what the verifier has read anyway.

Whoever makes a bundle calls `text`, and whoever verifies one calls it again and compares.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from string import Template

from upheld.ledger.verify.bundle.deciding import STATES, UNPROVEN
from upheld.ledger.verify.bundle.members import Manifest
from upheld.ledger.verify.bundle.verdicts import Verdicts
from upheld.ledger.verify.layout import Layout
from upheld.ledger.verify.report import Report

NAME = "README.md"
MAX_BYTES = 4 << 20
MARKS: Mapping[str, str] = dict(zip(STATES, "✕○◇◐●", strict=True))
_LINE = re.compile(rf"^[-*] .{{0,3}} ?({'|'.join(STATES)}): `([^`]*)`(, never judged)?$", re.M)
_DISCLOSED = {
    "all": "All rows that the queries read go along, **personal data among them**: handle this file as you handle those.",
    "masked": "Of tables that hold personal data only the digests of rows go along, and nobody is named where one was read.",
    "none": "No rows go along and nobody is named; the digests of all rows are here.",
}
_TEXT = Template(
    """# Evidence for $words

This bundle shows how $words stood $when, and lets you find out for yourself whether that is true. Nothing of its maker's is needed.

## Verify it

Get `upheld-verify.pyz` and the key of the log (each log has its own, see `manifest.json`) from somewhere else than this bundle, and check
the program's digest. With Python 3.11:

    python3 -I upheld-verify.pyz BUNDLE --key 'KEY'                  # proofs, digests, states
    pip install duckdb==$duckdb && python3 -I upheld-verify.pyz BUNDLE --key 'KEY' --reperform   # and every query again

Exit status 0 means that everything holds; 1 that something does not, and which; 2 that the program was called wrongly.
Go's `sumdb/note` and `sumdb/tlog` read `log-*/checkpoint` and `log-*/entries/*.tlog-proof` as they are.

## What is in it

| where | what |
|---|---|
| `manifest.json` | every member with its SHA-256; its own is in the ledger's entry `bundle.made` |
| `promises.json`, `documents/` | the sentences that were promised, and the measures that each rests on |
| `verdicts/` | each measure: its intervals, its judgements, and who did not pass |
| `measures/`, `parameters/`, `queries/` | the query as it is written, the values of its parameters, and the query as it ran |
| `rows/`, `tables/`, `derived/`, `evidence.json` | the rows it read with their salts, what their columns mean, the tables made from them |
| `judgements/`, `terms/` | what the ledger's entry of a judgement is the digest of |
| `log-*/`, `trust.json` | the log's checkpoint and the proof of each entry; which key it says it signs with |
| `openings.jsonl`, `anchors/` | personal values in entries; time stamps |

$disclosed

## How it stood

$states
$lacking
## What it does not show

That the rows are true: they are what the systems told. That nothing else was collected or judged: only `complete` bundles and whole
exports leave out no entry, and no bundle shows what was never entered. That there is no second log: keep the checkpoint, and ask for the
next bundle with `--held`.
"""
)


def text(manifest: Mapping[str, object], states: Mapping[str, str], never: Iterable[str], lacking: Iterable[str]) -> str:
    """Return the README of a bundle with this `manifest`, whose measures have `states`.

    `never` are the measures that were never judged, and `lacking` says what cannot be re-performed, and why.
    """
    lines = [f"- {MARKS[state]} {state}: `{measure}`" for measure, state in sorted(states.items())]
    lines += [f"- {MARKS[UNPROVEN]} {UNPROVEN}: `{measure}`, never judged" for measure in sorted(never)]
    gone = "".join(f"- {each}\n" for each in lacking)
    about, until = str(manifest["about"]), f"{_minute(manifest['as_of'])} UTC"
    software = manifest.get("software")
    return _TEXT.substitute(
        words="everything that is promised" if about == "all" else f"{about} {manifest['name']}",
        when=f"on {until}" if manifest.get("from") is None else f"from {_minute(manifest['from'])} UTC until {until}",
        duckdb=software.get("duckdb") if isinstance(software, dict) else None,
        disclosed=_DISCLOSED.get(str(manifest["disclose"]), ""),
        states="\n".join(lines),
        lacking=f"\nWhat cannot be re-performed from this bundle, and why:\n\n{gone}" if gone else "",
    )


def check(layout: Layout, manifest: Manifest, found: Verdicts, report: Report) -> None:
    """Hold what the README says of measures against their verdicts, and all of it against what this verifier would have written."""
    said = layout.read(NAME, MAX_BYTES).decode("utf-8", "replace")
    states = {name: judged[-1].state if judged else UNPROVEN for name, judged in found.by_measure.items()}
    told = [(state, name) for state, name, never in _LINE.findall(said) if not never]
    never = {name for state, name, unjudged in _LINE.findall(said) if unjudged and state == UNPROVEN}
    if sorted(told) != sorted((state, name) for name, state in states.items()) or never & states.keys():
        report.failed.append(f"{NAME} does not say of each measure what its verdict is")
        return
    lacking = [f"{each.measure.id} as of {each.moment}: {each.lacking}" for each in found.all if each.lacking]
    if said == text(manifest.said.said, states, never, lacking):
        report.checked.append(f"{NAME} says of every measure what its verdict is, and otherwise what every bundle's does")
    else:
        report.skipped.append(f"{NAME}: of each measure it says what its verdict is; its other words are not those of this release")


def _minute(instant: object) -> str:
    return f"{datetime.fromisoformat(str(instant)):%Y-%m-%d %H:%M}"
