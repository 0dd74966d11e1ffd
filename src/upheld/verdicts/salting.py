"""What the ledger says of who did not pass: a digest that nobody can guess the subjects from, since it is salted.

A judgement has one random root, of which each measure's salt is made, so that those of some measures can be destroyed (a person
was erased) and the others kept. Judgements of release 0.1.0 have no salts, and plain digests.
"""

import hashlib
import os
from collections.abc import Collection, Mapping
from hmac import digest as keyed

from upheld.verdicts.models import Judgement, MeasureVerdict

Salts = Mapping[str, str]
# A judgement with this mark had salts; it keeps those of other measures, none where all were destroyed.
OUTCOMES, ROOT, NOBODY = "outcomes", "*", "-"
SALT_BYTES = 32


def new() -> dict[str, str]:
    """Return the salts of a new judgement."""
    return {ROOT: os.urandom(SALT_BYTES).hex()}


def salt(salts: Salts, measure: str) -> bytes | None:
    """Return the salt of `measure` by a judgement's `salts`: empty where there never was one, None where it was destroyed."""
    if not salts:
        return b""
    if ROOT in salts:
        return keyed(bytes.fromhex(salts[ROOT]), measure.encode(), "sha256")
    return bytes.fromhex(salts[measure]) if measure in salts else None


def salted(digests: Mapping[str, str], known: bytes | None) -> dict[str, str]:
    """Return `digests` as the ledger has them: the one of the outcomes with the salt `known`; "" for it where that was destroyed."""
    plain = digests.get(OUTCOMES, "")
    if not plain or known == b"":
        return dict(digests)
    return {**digests, OUTCOMES: "" if known is None else hashlib.sha256(known + bytes.fromhex(plain)).hexdigest()}


def destroy(measures: Collection[str]) -> int:
    """Destroy the salts of `measures` in all judgements, and the plain digests in their verdicts; return how many judgements lost some."""
    for verdict in MeasureVerdict.objects.filter(measure__in=measures).iterator():
        if verdict.digests.get(OUTCOMES):
            MeasureVerdict.objects.filter(pk=verdict.pk).update(digests={**verdict.digests, OUTCOMES: ""})
    every = set(MeasureVerdict.objects.values_list("measure", flat=True).distinct())
    lost = 0
    for judgement in Judgement.objects.exclude(salts={}).iterator():
        names = every - set(measures) if ROOT in judgement.salts else judgement.salts.keys() - {NOBODY} - set(measures)
        left = {name: known.hex() for name in sorted(names) if (known := salt(judgement.salts, name)) is not None}
        if ROOT in judgement.salts or left.keys() != judgement.salts.keys() - {NOBODY}:
            judgement.salts = {NOBODY: "", **left}
            judgement.save(update_fields=["salts"])
            lost += 1
    return lost
