"""Keep verdicts: extend or end intervals, open and resolve findings, and enter all of it in the ledger, in one transaction."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import orjson
from django.db import transaction

from upheld import clock, workspace
from upheld.actions.files import keep_file
from upheld.checks.verdict import Outcome, Verdict
from upheld.evidence.collection import Coverage
from upheld.ledger.append import append
from upheld.ledger.profile import Json
from upheld.verdicts import salting, terms
from upheld.verdicts.models import Finding, Judgement, MeasureVerdict
from upheld.verdicts.terms import Exceptions

MENDED, NOT_LOOKED_AT = "mended", "no longer looked at"


def keep(
    verdicts: Sequence[Verdict],
    as_of: datetime,
    outcomes: dict[str, str],
    *,
    parameters: str = "",
    kept: str = "",
    exceptions: Exceptions | None = None,
) -> Judgement:
    """Record `verdicts`, all as of `as_of`; `outcomes` names each measure's file of subjects, relative to the workspace.

    `parameters` is the SHA-256 of the company's own values; that they changed since the last judgement is an entry, too. `kept` is the
    SHA-256 of what the next round may build on; the ledger vouches for it. `exceptions` are those in force: with them, the entry has
    the digest of the terms that was judged by.
    Entries carry counts and digests only: failing subjects stay in findings and in files, where they can be erased.
    """
    salts = salting.new()
    with transaction.atomic():
        _keep_settings(parameters)
        held_to = None if exceptions is None else _held_to(exceptions, salts, as_of)
        more = {name: said for name, said in (("kept", kept), ("terms", held_to)) if said}
        entry_id = append("judgement.made", body=_summary(verdicts, as_of, salts) | more, effective_at=as_of)
        judgement = Judgement.objects.create(
            as_of=as_of, judged_at=clock.now(), measures=len(verdicts), parameters=parameters, salts=salts, entry_id=entry_id
        )
        in_force = {each.measure: each for each in MeasureVerdict.objects.filter(until_at=None)}
        for verdict in verdicts:
            before = in_force.get(verdict.measure)
            _keep_interval(verdict, before, judgement, outcomes.get(verdict.measure, ""))
            _keep_findings(verdict, _sources(before.evidence if before else []) - _sources(_evidence(verdict)))
        gone = set(in_force) - {verdict.measure for verdict in verdicts}
        MeasureVerdict.objects.filter(measure__in=gone, until_at=None).update(until_at=as_of)
    return judgement


def _held_to(exceptions: Exceptions, salts: salting.Salts, as_of: datetime) -> str:
    """Keep what is judged by, and the texts of the documents that are promised, and return the digest of all of it."""
    promised = terms.promised(as_of)
    for document in promised:
        keep_file(document.said)
    return terms.keep(terms.terms(workspace.current().measures, exceptions, salts, as_of, promised))


def _keep_settings(parameters: str) -> None:
    last = Judgement.objects.order_by("-as_of", "-id").first()
    if parameters != (last.parameters if last else ""):
        append("settings.changed", subject=("setting", "parameters.toml"), body={"sha256": parameters})


def _summary(verdicts: Iterable[Verdict], as_of: datetime, salts: salting.Salts) -> dict[str, Json]:
    judged = sorted(verdicts, key=lambda verdict: verdict.measure)
    states = {state: sum(each.state == state for each in judged) for state in sorted({each.state.value for each in judged})}
    leaves = [orjson.dumps(_facts(each, salts), option=orjson.OPT_SORT_KEYS) for each in judged]
    return {
        "as_of": as_of.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "measures": len(judged),
        "states": {state.replace(" ", "_"): count for state, count in states.items()},
        "digest": hashlib.sha256(b"\n".join(leaves)).hexdigest(),
    }


def _facts(verdict: Verdict, salts: salting.Salts) -> dict[str, Json]:
    """Return what an entry says about a verdict: no subject, no label, and no digest that they could be guessed from."""
    inputs = salting.salted(verdict.digests, salting.salt(salts, verdict.measure))
    return {
        "measure": verdict.measure,
        "state": verdict.state.value,
        "population": verdict.population,
        "pass": verdict.passed,
        "fail": verdict.failed,
        "unknown": verdict.unknown,
        "excepted": verdict.excepted,
        "inputs": [{"of": name, "sha256": digest} for name, digest in sorted(inputs.items())],
    }


def _keep_interval(verdict: Verdict, standing: MeasureVerdict | None, judgement: Judgement, outcomes: str) -> None:
    """Extend the interval in force, or end it and open the next where the state is another."""
    if standing is not None and standing.state != verdict.state.value:
        MeasureVerdict.objects.filter(pk=standing.pk).update(until_at=verdict.as_of)
        standing = None
    details = _details(verdict, judgement, outcomes)
    if standing is not None:
        MeasureVerdict.objects.filter(pk=standing.pk).update(**details)
        return
    entry_id = append(
        "verdict.changed", subject=("measure", verdict.measure), body=_facts(verdict, judgement.salts), effective_at=verdict.as_of
    )
    MeasureVerdict.objects.create(measure=verdict.measure, state=verdict.state.value, from_at=verdict.as_of, entry_id=entry_id, **details)


def _details(verdict: Verdict, judgement: Judgement, outcomes: str) -> dict[str, object]:
    return {
        "judged_until_at": verdict.as_of,
        "reason": verdict.reason,
        "population": verdict.population,
        "passed": verdict.passed,
        "failed": verdict.failed,
        "unknown": verdict.unknown,
        "excepted": verdict.excepted,
        "flips_at": verdict.flips_at,
        "stale_at": verdict.stale_at,
        "evidence": _evidence(verdict),
        "untested": list(verdict.untested),
        "digests": verdict.digests,
        "outcomes": outcomes,
        "judgement": judgement,
    }


def _evidence(verdict: Verdict) -> list[dict[str, object]]:
    return [_plain(asdict(seen)) for seen in verdict.evidence]


def _sources(evidence: Iterable[Mapping[str, object]]) -> set[tuple[object, object]]:
    return {(seen["table"], seen["source"]) for seen in evidence}


def _plain(record: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in record.items()}


def _keep_findings(verdict: Verdict, lost: set[tuple[object, object]]) -> None:
    """Open a finding for each subject that newly fails; resolve those that complete evidence shows no longer failing.

    `lost` are the tables of sources that spoke last time and no longer do: what is not looked at is not mended.
    """
    open_now = {finding.subject: finding for finding in Finding.objects.filter(measure=verdict.measure, resolved_at=None)}
    failing = {outcome.subject: outcome for outcome in verdict.failing}
    new = [_finding(verdict, outcome) for subject, outcome in failing.items() if subject not in open_now]
    Finding.objects.bulk_create(new, batch_size=500)
    still = [_extended(open_now[subject], failing[subject], verdict.as_of) for subject in failing.keys() & open_now.keys()]
    Finding.objects.bulk_update(still, ["last_seen_at", "detail", "label"], batch_size=500)
    if _shows_all(verdict):
        unknown = {outcome.subject for outcome in verdict.unknowns}
        over = [finding.pk for subject, finding in open_now.items() if subject not in failing and subject not in unknown]
        Finding.objects.filter(pk__in=over).update(resolved_at=verdict.as_of, resolved_how=NOT_LOOKED_AT if lost else MENDED)


def _finding(verdict: Verdict, outcome: Outcome) -> Finding:
    return Finding(
        measure=verdict.measure,
        subject=outcome.subject,
        label=outcome.label,
        detail=outcome.detail,
        first_seen_at=verdict.as_of,
        last_seen_at=verdict.as_of,
    )


def _extended(finding: Finding, outcome: Outcome, seen_at: datetime) -> Finding:
    finding.last_seen_at, finding.detail, finding.label = seen_at, outcome.detail, outcome.label
    return finding


def _shows_all(verdict: Verdict) -> bool:
    """Whether a subject that does not fail in `verdict` may be taken as mended: nothing partial, stale or cut off."""
    whole = len(verdict.failing) == verdict.failed and len(verdict.unknowns) == verdict.unknown
    seen = all(piece.coverage == Coverage.COMPLETE and not piece.stale for piece in verdict.evidence)
    return whole and seen and bool(verdict.evidence)
