"""Erasing, step by step: each step can be done again, and what was stopped between two of them goes on where it was."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from django.db import transaction

from upheld import clock
from upheld.erasure import handed_in, in_logs, owing, populations, receipt, records, rows, sealed, texts, tidying
from upheld.erasure import person as people
from upheld.erasure import plan as plans
from upheld.erasure.acting import CLI
from upheld.erasure.checking import Checked, check
from upheld.erasure.entered import entered
from upheld.erasure.known import Meant
from upheld.erasure.person import Person
from upheld.erasure.plan import Plan
from upheld.evidence.duck import sharing
from upheld.ledger import openings, sequencer, signers
from upheld.ledger.append import append
from upheld.ledger.entry import Evidence
from upheld.vault import erasures, fence, owed
from upheld.vault.keys import Vault
from upheld.verdicts import salting

FENCE_DAYS = 400  # longer than backups of the workspace may be kept: one restored later would bring the person back
METHOD = "the wrapped key was deleted, the other keys wrapped under a new epoch key, the old epoch key destroyed"

Reached = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """An erasure at work: what its plan, sealed in the key store, says."""

    vault: Vault
    id: str
    keys: tuple[str, ...]
    person: Person
    known: Meant
    kept: Mapping[str, Any]
    started_at: datetime

    @property
    def until(self) -> datetime:
        """When the fence ends."""
        return datetime.fromisoformat(self.kept["until"])


def erase(
    plan: Plan, vault: Vault, *, basis: str, fence_days: int = FENCE_DAYS, again: str = "", reached: Reached = lambda step: None
) -> str:
    """Do what `plan` says for the reason `basis`, and return the receipt. The caller holds the run's lock.

    `again` is the id of an owed erasure that this one does again. `reached` is told each step that is behind. Raises `Refused`
    before anything is changed; whatever is raised later, or a kill, leaves an erasure that `resume` finishes.
    """
    plan.require_allowed(basis)
    if again:
        owing.require_owed(vault, again)
    kept = {
        "person": plan.person.as_json(),
        "basis": basis,
        "counts": plan.counts(),
        "until": (clock.now() + timedelta(days=fence_days)).isoformat(),
        "salt": os.urandom(32).hex(),
        "again": again,
    }
    begun = erasures.begin(vault, orjson.dumps(kept), plan.sealed.keys)
    reached(erasures.PLANNED)
    return resume(vault, begun.id, reached=reached)


@sharing()
def resume(vault: Vault, erasure: str, *, reached: Reached = lambda step: None) -> str:
    """Go on with `erasure` where it was stopped, and return the receipt. The caller holds the run's lock."""
    begun = next(each for each in erasures.listed(vault) if each.id == erasure)
    names = list(STEPS)
    if begun.step != names[-1]:  # after the last step its plan may be gone already
        job = _job(vault, begun)
        for name in names[names.index(begun.step) + 1 :] if begun.step in names else names:
            STEPS[name](job)
            reached(f"{name}, unnoted")
            erasures.reached(vault, erasure, name)
            reached(name)
    vault.destroy([erasures.case(vault, erasure)])
    reached("forgotten")
    erasures.finish(vault, erasure)
    done = erasures.receipt(vault, erasure)
    assert done is not None, "the last step keeps the receipt"
    return done


def _job(vault: Vault, begun: erasures.Erasure) -> Job:
    kept = orjson.loads(erasures.plan(vault, begun.id))
    person = people.from_json(kept["person"])
    return Job(vault, begun.id, begun.keys, person, Meant(person, fence.secret(vault, begun.id)), kept, begun.started_at)


def _fence(job: Job) -> None:
    fence.put_up(job.vault, job.id, job.person.identifiers.items(), job.person.ledger, job.until)


def _rows(job: Job) -> None:
    rows.erase(job.known)


def _texts(job: Job) -> None:
    tidying.begin()
    naming = populations.naming(job.person.needles, plans.numbers(job.person))
    with transaction.atomic():
        # Before the texts are masked, by which the measures are found: the ledger's digests of who did not pass could be guessed.
        salting.destroy(texts.measures_naming(job.known) | {populations.measure_of(file) for file in naming})
        texts.mask(job.known)
        records.erase(job.known)
    populations.discard([*naming, *populations.kept(), *populations.prepared()])


def _logs(job: Job) -> None:
    tidying.begin()
    in_logs.erase(job.known)


def _files(job: Job) -> None:
    handed_in.erase(job.known, job.id)


def _sealed(job: Job) -> None:
    tidying.begin()
    with transaction.atomic():
        sealed.erase(job.vault, job.person, job.known, job.keys)


def _tidy(job: Job) -> None:
    tidying.tidy()


def _keys(job: Job) -> None:
    """Destroy the keys; what others entered under them meanwhile goes as well, since nobody will be able to open it."""
    _sealed(job)
    job.vault.destroy(job.keys)
    with transaction.atomic():
        openings.delete((entry, field) for entry, field, _ in openings.under(job.keys))


def _pay(job: Job) -> None:
    """Settle the owed erasure that this one does again, if it does one, and nobody has settled it yet."""
    if (again := job.kept.get("again", "")) and again in owed.owed(job.vault):
        owing.settle(job.vault, again, found=True)


def _enter(job: Job) -> None:
    """Enter what was done: each key's end, and the erasure; neither says whose. Once, however often it is tried."""
    if entered(job.id, "erasure.performed", job.started_at):
        return
    said = {"erasure": job.id, "basis": job.kept["basis"], "plan": plans.digest(job.id, bytes.fromhex(job.kept["salt"]), job.kept)}
    with transaction.atomic():
        for key in job.keys:
            append("key.destroyed", subject=("key", key), body={"key": key, "erasure": job.id, "method": METHOD}, actor=CLI)
        append("erasure.performed", subject=("record", job.id), body={**said, "counts": job.kept["counts"]}, actor=CLI)
    sequencer.sequence()


def _check(job: Job) -> None:
    found = check(job.vault, job.person, job.known, job.keys)
    text = erasures.receipt(job.vault, job.id) or receipt.signed(_facts(job, found), signers.signer(sequencer.current()))
    erasures.keep_receipt(job.vault, job.id, text)
    if entered(job.id, "erasure.checked", job.started_at):
        return
    written = Evidence(sha256(text.encode()).hexdigest(), len(text.encode()), "text/plain")
    levels = {each.level.split()[0].lower(): {True: "held", False: "found", None: "not told"}[each.holds] for each in found}
    with transaction.atomic():
        append("erasure.checked", subject=("record", job.id), body={"erasure": job.id, **levels}, evidence=[written], actor=CLI)
    sequencer.sequence()


def _facts(job: Job, found: list[Checked]) -> dict[str, Any]:
    log = sequencer.current()
    counts = job.kept["counts"]
    return {
        "erasure": job.id,
        "log": log.origin,
        "entry": entered(job.id, "erasure.performed", job.started_at),
        "basis": job.kept["basis"],
        "done_at": clock.now().isoformat(),
        "deleted": {name: counts[name] for name in ("history", "texts", "records", "populations", "logs", "files") if name in counts},
        "keys_destroyed": {"ids": list(job.keys), "openings": counts["openings"], "method": METHOD},
        "texts_of_several_redacted": counts["shared_texts"],
        "not_changed": counts["not_changed"],
        "not_attributed": len(job.person.remarks),
        "fence_until": job.kept["until"],
        "checks": [asdict(each) for each in found],
        "complete": all(each.holds is not False for each in found) and not job.person.remarks,
    }


STEPS: Mapping[str, Callable[[Job], None]] = {
    "fenced": _fence,
    "rows": _rows,
    "texts": _texts,
    "logs": _logs,
    "files": _files,
    "sealed": _sealed,
    "tidied": _tidy,
    "keys": _keys,
    "entered": _enter,
    "paid": _pay,
    "checked": _check,
}
