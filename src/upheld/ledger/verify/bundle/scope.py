"""What a bundle says that it is - as of when, how much it discloses, which members it has - held against what is in it."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from upheld.ledger.verify.bundle import rows
from upheld.ledger.verify.bundle.evidence import Evidence
from upheld.ledger.verify.bundle.fields import Fields
from upheld.ledger.verify.bundle.logs import Logged
from upheld.ledger.verify.bundle.members import Manifest
from upheld.ledger.verify.bundle.terms import Terms
from upheld.ledger.verify.bundle.verdicts import MADE, Entries, Verdicts
from upheld.ledger.verify.report import Report

AHEAD = timedelta(minutes=5)
_MEMBERS = frozenset(
    {"format", "about", "name", "as_of", "from", "judged", "disclose", "complete", "software", "logs", "measures", "members"}
)
_SAID_AGAIN = ("about", "name", "disclose")
_ABOUT = frozenset({"all", "document", "chapter", "promise", "measure"})
_ALWAYS = frozenset({"README.md", "promises.json", "evidence.json", "openings.jsonl", "trust.json"})
_STAMP = re.compile(r"anchors/(log-\d{1,4})/(\d{1,19})\.ts[qr]", re.ASCII)
_HELD = re.compile(r"(log-\d{1,4})/held/(\d{1,19})", re.ASCII)
_MOST_NAMED = 20


def when(manifest: Manifest, made: Logged, entries: Entries, report: Report) -> None:
    """Check that the last judgement by the instant of the bundle is the one it says, and that the ledger's entry says the same of it."""
    said = manifest.said
    said.only(_MEMBERS)
    as_of, judged = said.instant("as_of"), said.instant("judged")
    for name in _SAID_AGAIN:
        if name in made.body.said and made.body.said[name] != said.text(name):
            report.failed.append(f"manifest.json says another {name} than entry {made.index}, which says that the bundle was made")
    if said.text("about") not in _ABOUT:
        report.failed.append(f"manifest.json: there are no bundles about {ascii(said.text('about'))[:40]}")
    if as_of > made.at + AHEAD:
        report.failed.append(f"the bundle is said to be as of {rows.text(as_of)}, which was to come when it was made")
    if judged > as_of:
        report.failed.append(f"the bundle is said to be as of {rows.text(as_of)}, and what it says was judged after that")
    instants = [each.effective_at for each in entries.all if each.kind == MADE]
    if judged not in instants:
        report.failed.append(f"the bundle has no proof that anything was judged as of {rows.text(judged)}")
    if later := [each for each in instants if judged < each <= as_of]:
        report.failed.append(
            f"the bundle is said to tell the last judgement, of {rows.text(judged)}; there is one of {rows.text(later[-1])}"
        )


def disclosed(manifest: Manifest, evidence: Evidence, verdicts: Verdicts, openings: int, report: Report) -> None:
    """Check that rows and names go along as the manifest says: no more, since people handle the file by it, and no less."""
    said = manifest.said.text("disclose")
    shown = {name: said == "all" or (said == "masked" and not each.personal) for name, each in evidence.contracts.items()}
    for (table, source), held in evidence.rows.items():
        if any((each.values is not None) if not shown[table] else each.why == rows.WITHHELD for each in held.versions):
            report.failed.append(f"the bundle is said to disclose {ascii(said)[:20]}, and its rows of {table} from {source} do not")
    named = [each for each in verdicts.all if each.subjects and not all(shown.get(piece.table) for piece in each.evidence)]
    report.failed += [f"{each.name}: it names who did not pass, and the bundle is said to disclose {ascii(said)[:20]}" for each in named]
    if openings and said != "all":
        report.failed.append(f"openings.jsonl opens personal values, and the bundle is said to disclose {ascii(said)[:20]}")


def belonging(
    names: Iterable[str], manifest: Manifest, documents: Iterable[str], evidence: Evidence, verdicts: Verdicts, entries: Entries,
    held_to: Terms, report: Report,
) -> None:  # fmt: skip
    """Check that the manifest names nothing but what a bundle is made of: whatever else lies in one, nobody held against anything."""
    there = set(names)
    due = _ALWAYS | set(_of_verdicts(verdicts)) | set(_of_evidence(evidence)) | entries.places | held_to.places(there)
    due |= {f"documents/{name}.json" for name in documents}
    odd = [each for each in sorted(_listed(manifest.said)) if each not in due and not _of_log(each, there)]
    report.failed += [f"{ascii(each)[:80]} is nothing that a bundle has" for each in odd[:_MOST_NAMED]]
    if len(odd) > _MOST_NAMED:
        report.failed.append(f"{len(odd) - _MOST_NAMED:,} more members are nothing that a bundle has")


def _listed(said: Fields) -> Iterator[str]:
    return (each.text("path") for each in said.each("members"))


def _of_verdicts(verdicts: Verdicts) -> Iterator[str]:
    for name, judged in verdicts.by_measure.items():
        yield f"verdicts/{name}.json"
        yield f"measures/{name}.sql"
        yield f"parameters/{name.partition('/')[0]}.toml"
        yield from (each.ran for each in judged if each.ran is not None)


def _of_evidence(evidence: Evidence) -> Iterator[str]:
    yield from (f"rows/{table}/{source}.jsonl" for table, source in evidence.rows)
    for name in evidence.contracts:
        kind = ("sql" if evidence.derived[name][1] is not None else "py") if name in evidence.derived else ""
        yield from (f"derived/{name}.toml", f"derived/{name}.{kind}") if kind else (f"tables/{name}.toml",)


def _of_log(name: str, there: set[str]) -> bool:
    """Whether `name` is an earlier checkpoint that the log is shown to go on from, or a time stamp of one."""
    if stamp := _STAMP.fullmatch(name):
        name = f"{stamp[1]}/held/{stamp[2]}"
    held = _HELD.fullmatch(name)
    return held is not None and name in there and f"{held[1]}/consistency/{held[2]}" in there
