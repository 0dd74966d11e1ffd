"""What judgements were held to besides evidence, bound by their entries: documents, floors, how long tables speak, ends of exceptions."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime

from upheld.ledger.verify.bundle import rows
from upheld.ledger.verify.bundle.evidence import MAX_TEXT_BYTES
from upheld.ledger.verify.bundle.fields import MAX_DOCUMENT_BYTES, Fields, document
from upheld.ledger.verify.bundle.judgements import Judgement
from upheld.ledger.verify.bundle.logs import BundledLog, Logged
from upheld.ledger.verify.layout import Layout, Unreadable
from upheld.ledger.verify.report import Rejected

MADE, _DOCUMENTS = "judgement.made", "documents."


class Terms:
    """The terms of the judgements in a bundle, by instant; read where an entry has their digest."""

    def __init__(self, layout: Layout, logs: Sequence[BundledLog]) -> None:
        self._layout = layout
        """Take the entries of `logs` that made judgements; of two as of one instant, the later."""
        entries = sorted((entry for log in logs for entry in log.entries.values() if entry.kind == MADE), key=lambda each: each.index)
        self._made = {entry.effective_at: entry for entry in entries if entry.body.said.get("terms") is not None}
        self._read: dict[datetime, Mapping[str, str]] = {}

    def hold(self, judgement: Judgement, said: Fields, contracts: Iterable[str]) -> None:
        """Hold what `judgement` was decided by, as the bundle has it in `said`, against its entry; what differs is in its `wrong`."""
        if judgement.lacking:
            return
        made = self._made.get(judgement.as_of)
        if made is None:
            judgement.unchecked.append(
                f"the floors, the contracts and the ends of exceptions of {judgement.name}: no entry in the bundle has their digest"
            )
            return
        told = self._terms(made)
        paths = [f"tables/{name}.toml" for name in contracts] + [path for path in (said.text_or_none("chapter"),) if path is not None]
        for path in paths:
            if (
                told.get(path.removesuffix(".toml").replace("/", "."))
                != hashlib.sha256(self._layout.read(path, MAX_TEXT_BYTES)).hexdigest()
            ):
                judgement.wrong.append(f"{judgement.name}: {path} is not what it was held to then")
        self._exceptions(judgement, told)

    def documents(self, at: datetime) -> Mapping[str, str]:
        """Return the digests of the documents judged as of `at`, by id; empty where no entry here has them, or none were kept."""
        made = self._made.get(at)
        try:
            told = {} if made is None else self._terms(made)
        except Unreadable:
            return {}
        return {name.removeprefix(_DOCUMENTS): digest for name, digest in told.items() if name.startswith(_DOCUMENTS)}

    def places(self, there: Set[str]) -> set[str]:
        """Return the paths of the terms among the members `there`, each of which is what its entry has the digest of."""
        found = [(each, f"terms/{each.id}.json") for each in self._made.values()]
        return {path for made, path in found if path in there and self._terms(made) is not None}

    def _exceptions(self, judgement: Judgement, told: Mapping[str, str]) -> None:
        if judgement.subjects is None or judgement.salt is None:
            judgement.unchecked.append(f"until when the exceptions of {judgement.name} run: they are withheld")
        elif told.get(f"exceptions.{judgement.measure.id.replace('/', '.')}") != _digest(judgement.exceptions, judgement.salt):
            judgement.wrong.append(f"{judgement.name}: other exceptions ran then than it says, or until another day")

    def _terms(self, made: Logged) -> Mapping[str, str]:
        if made.effective_at not in self._read:
            place = f"terms/{made.id}.json"
            data = self._layout.read(place, MAX_DOCUMENT_BYTES)
            found = document(data, place).said
            if not all(isinstance(value, str) for value in found.values()):
                raise Rejected(f"{place} is no list of digests")
            written = json.dumps(found, sort_keys=True, separators=(",", ":")).encode()
            if hashlib.sha256(written).hexdigest() != made.body.text("terms"):
                raise Rejected(
                    f"{place} is not what entry {made.index} of the ledger was made of: a floor, a contract or an end was changed"
                )
            self._read[made.effective_at] = {name: str(value) for name, value in found.items()}
        return self._read[made.effective_at]


def _digest(running: Mapping[str, datetime], salt: bytes) -> str | None:
    """Return the salted SHA-256 of exceptions; None for none."""
    lines = [f"{subject}\x1f{rows.text(running[subject])}\n" for subject in sorted(running, key=str.encode)]
    return hashlib.sha256(salt + "".join(lines).encode()).hexdigest() if lines else None
