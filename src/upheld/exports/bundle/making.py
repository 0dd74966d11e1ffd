"""Making a bundle: gather what a scope rests on, enter in the ledger that it is handed out, and add the proofs of all of it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version

from django.db import transaction

from upheld.evidence.collection import Progress, no_progress
from upheld.exports.bundle import proofs
from upheld.exports.bundle.contents import Gathered
from upheld.exports.bundle.intervals import steps
from upheld.exports.bundle.proofs import MAX_RUN, Held, Place, Signed
from upheld.exports.bundle.scope import BundleError, Disclose, Scope, Selected, select
from upheld.exports.bundle.telling import tell
from upheld.ledger import canonical, openings, sequencer, signers, store
from upheld.ledger.append import append
from upheld.ledger.entry import instant_text
from upheld.ledger.openings import KeyLost
from upheld.ledger.profile import Json
from upheld.ledger.store import StoredLog
from upheld.ledger.verify import strict
from upheld.ledger.verify.bundle import deciding, members, readme
from upheld.ledger.verify.bundle.archive import MAX_TOTAL_BYTES

MADE = "bundle.made"


@dataclass(frozen=True)
class Asked:
    """What is asked for: a scope, how much to disclose, checkpoints that the auditor holds, whether every entry in between goes along.

    `checkpoint` makes again the bundle that was made when the log had that many entries, byte for byte.
    """

    scope: Scope
    disclose: Disclose = Disclose.ALL
    held: Sequence[bytes] = ()
    complete: bool = False
    checkpoint: int | None = None


@dataclass
class Made:
    """A bundle: its members by path, the digest of its manifest, the checkpoint it is under, and what it holds in numbers."""

    members: dict[str, bytes]
    manifest: str
    origin: str
    size: int
    rows: int
    measures: int
    judgements: int
    lacking: list[str] = field(default_factory=list)


def make(asked: Asked, *, progress: Progress = no_progress) -> Made:
    """Return the bundle that is `asked` for; the ledger has an entry of it then. Raises `BundleError`, and what the ledger raises."""
    sequencer.sequence()
    selected = select(asked.scope)
    files: dict[str, bytes] = {}
    gathered = Gathered(asked.disclose)
    told = tell(selected, gathered, files, progress)
    _texts(selected, gathered, files, told.states)
    places = proofs.places(gathered.entries)
    held = proofs.held(asked.held, store.all_logs())
    logs = _logs([place.log for place in places.values()] + [each.log for each in held], asked.scope.from_at)
    _earlier(logs, files, asked, held)
    files["openings.jsonl"] = _openings(places) if asked.disclose is Disclose.ALL else b""
    files["trust.json"] = strict.write({"keys": [_key(log) for log in logs]})
    said = _manifest(asked, selected, logs, told.states)
    never = [measure for measure in selected.measures if measure not in told.states]
    files[readme.NAME] = readme.text(said, told.states, never, told.lacking).encode()
    manifest = strict.write({**said, "members": _listed(files)})
    _within(files)
    progress("proofs", 0)
    made, size = _entered(manifest, asked, logs[-1])
    shown = _proofs(logs, {**places, made[0]: made[1]}, files, asked, size)
    everything = {**files, members.MANIFEST: manifest, **shown}
    digest = hashlib.sha256(manifest).hexdigest()
    return Made(everything, digest, logs[-1].origin, size, gathered.rows, len(told.states), told.judgements, told.lacking)


def _texts(selected: Selected, gathered: Gathered, files: dict[str, bytes], states: Mapping[str, str]) -> None:
    """Write the documents, the promises with the state of each, and the evidence gathered."""
    for document in selected.documents:
        files[f"documents/{document.id}.json"] = document.said
        gathered.entries |= {step.entry_id for step in steps(document, selected.scope)}
    promises: list[Json] = [
        {
            "id": promise.id,
            "text": promise.text,
            "label": promise.label,
            "clauses": list(promise.clauses),
            "measures": list(promise.measures),
            "state": deciding.worst([states.get(name, deciding.UNPROVEN) for name in promise.measures]),
        }
        for promise in selected.promises
    ]
    files["promises.json"] = strict.write({"documents": [document.id for document in selected.documents], "promises": promises})
    files["evidence.json"] = strict.write(gathered.write(files.__setitem__))


def _is_whole(asked: Asked) -> bool:
    return asked.complete or asked.scope.from_at is not None


def _logs(needed: Iterable[StoredLog], since: datetime | None) -> list[StoredLog]:
    """Return the logs from the first that is `needed` to the one written to: each shows that it goes on from the one before.

    Over a period from `since`, the first is the one that was written to then.
    """
    logs = store.all_logs()
    first = min((log.number for log in needed), default=logs[-1].number)
    while since is not None and first > logs[0].number and proofs.began(logs[first - logs[0].number]) > since:
        first -= 1
    return [log for log in logs if log.number >= first]


def _earlier(logs: Sequence[StoredLog], files: dict[str, bytes], asked: Asked, held: Sequence[Held]) -> None:
    """Write the checkpoints that the auditor holds, and the time stamps there are, with the checkpoints they are of."""
    for each in held:
        if each.note is not None:
            files[f"log-{each.log.number - logs[0].number + 1}/held/{each.size}"] = each.note
    for number, log in enumerate(logs, 1):
        until = asked.checkpoint - 1 if asked.checkpoint is not None and log is logs[-1] else log.size()
        for size, (request, answer) in proofs.stamped(log, until).items():
            files[f"anchors/log-{number}/{size}.tsq"], files[f"anchors/log-{number}/{size}.tsr"] = request, answer
            files[f"log-{number}/held/{size}"] = proofs.own_note(log, size)


def _openings(places: Iterable[str]) -> bytes:
    lines = []
    for entry_id in sorted(places):
        try:
            found = openings.opened(entry_id)
        except KeyLost:
            continue  # what cannot be opened is not disclosed; the entry says nothing of it
        for name in sorted(found):
            said: dict[str, Json] = {"entry": entry_id, "field": name, "value": found[name].value, "opening": found[name].opening.hex()}
            lines.append(strict.write(said) + b"\n")
    return b"".join(lines)


def _key(log: StoredLog) -> dict[str, Json]:
    return {"origin": log.origin, "key": signers.told(log).text()}


def _listed(files: Mapping[str, bytes]) -> list[Json]:
    return [{"path": path, "sha256": hashlib.sha256(files[path]).hexdigest(), "size": len(files[path])} for path in sorted(files)]


def _manifest(asked: Asked, selected: Selected, logs: Sequence[StoredLog], measures: Iterable[str]) -> dict[str, Json]:
    scope = selected.scope
    assert scope.as_of is not None, "a scope that was selected has an instant"
    return {
        "format": members.FORMAT,
        "about": scope.about.value,
        "name": scope.name,
        "as_of": instant_text(scope.as_of),
        "from": instant_text(scope.from_at) if scope.from_at else None,
        "judged": instant_text(selected.judgement.as_of),
        "disclose": asked.disclose.value,
        "complete": asked.complete,
        "software": {"upheld": version("upheld"), "duckdb": version("duckdb")},
        "logs": [log.origin for log in logs],
        "measures": sorted(measures),
    }


def _within(files: Mapping[str, bytes]) -> None:
    total = sum(map(len, files.values()))
    if total > MAX_TOTAL_BYTES // 2 or len(files) > 20_000:
        raise BundleError(
            f"It would hold {total:,} bytes in {len(files):,} members, which is too much: ask for a chapter, or a shorter period"
        )


def _entered(manifest: bytes, asked: Asked, log: StoredLog) -> tuple[tuple[str, Place], int]:
    """Enter in the ledger that the bundle of `manifest` is handed out, and return that entry, and the size of a checkpoint over it.

    Where a checkpoint is asked for, that entry is looked for right before it instead, and nothing is written.
    """
    digest = hashlib.sha256(manifest).hexdigest()
    if asked.checkpoint is None:
        body: dict[str, Json] = {
            "manifest": digest,
            "about": asked.scope.about.value,
            "name": asked.scope.name,
            "disclose": asked.disclose.value,
        }
        with transaction.atomic():
            entry_id = append(MADE, body=body, subject=("export", digest[:16]))
        done = sequencer.sequence()
        return (entry_id, Place(log, log.index_of(entry_id))), done.size
    first = max(0, asked.checkpoint - MAX_RUN)
    for index, data in enumerate(log.entries(first, asked.checkpoint), first):
        if digest.encode() in data and (fields := canonical.read(data)) and isinstance(fields, dict) and fields["kind"] == MADE:
            return (str(fields["id"]), Place(log, index)), asked.checkpoint
    raise BundleError(
        f"No bundle with these contents was made when the log had {asked.checkpoint:,} entries: something in it has changed since"
    )


def _proofs(
    logs: Sequence[StoredLog], places: Mapping[str, Place], files: Mapping[str, bytes], asked: Asked, size: int
) -> dict[str, bytes]:
    shown: dict[str, bytes] = {}
    for number, log in enumerate(logs, 1):
        signed = Signed.of(log, size if log is logs[-1] else None)
        indexes = {place.index for place in places.values() if place.log.number == log.number}
        run = _run(log, indexes, asked.scope, signed.size) if _is_whole(asked) else None
        earlier = [int(path.rpartition("/")[2]) for path in files if path.startswith(f"log-{number}/held/")]
        turned = {index for index in proofs.rotations(log) if index < signed.size}
        joining = {0} if number > 1 else set()  # there it names what it goes on from
        shown |= dict(signed.members(number, indexes | turned | joining, earlier, run))
    return shown


def _run(log: StoredLog, indexes: set[int], scope: Scope, size: int) -> range:
    """Return the stretch of `log` of which every entry goes along: all that is needed, and over a period all that happened in it."""
    starts, stops = set(indexes), {index + 1 for index in indexes}
    if scope.from_at is not None:
        assert scope.as_of is not None, "a period has an end"
        period = proofs.around(log, scope.from_at, scope.as_of, size)
        starts.add(period.start)
        stops.add(period.stop)
    run = range(min(starts, default=0), max(stops, default=size))
    if len(run) > MAX_RUN:
        raise BundleError(
            f"Between the first and the last entry that it rests on lie {len(run):,}, and all would go along: ask for a shorter period, or "
            "take out the whole log with upheld ledger export"
        )
    return run
