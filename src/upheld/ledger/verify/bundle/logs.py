"""The logs in a bundle: a signed checkpoint each, entries with their proofs, runs of entries without a gap, and earlier checkpoints."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import ed25519, entry, proof, tree
from upheld.ledger.checkpoint import MAX_NOTE_BYTES, Checkpoint, MalformedCheckpoint, VerifySignature, decode
from upheld.ledger.fork import ForkProof, between
from upheld.ledger.policy import Policy
from upheld.ledger.profile import Json
from upheld.ledger.proof import Proof
from upheld.ledger.verify import strict
from upheld.ledger.verify.bundle.fields import MAX_DOCUMENT_BYTES, Fields, document
from upheld.ledger.verify.layout import Layout, Unreadable
from upheld.ledger.verify.report import Rejected, Report
from upheld.ledger.verify.trust import Trust

_PROOF_NAME = re.compile(r"log-(\d{1,4})/entries/(\d{1,19})\.tlog-proof", re.ASCII)
_CONSISTENCY_NAME = re.compile(r"log-(\d{1,4})/consistency/(\d{1,19})", re.ASCII)
_OLD = re.compile(r"old ([1-9]\d{0,18})", re.ASCII)
MAX_PATH = 63


@dataclass(frozen=True)
class Logged:
    """An entry that is proven to be in the log `origin` at `index`."""

    origin: str
    index: int
    fields: dict[str, Json]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.fields["id"])

    @property
    def kind(self) -> str:
        """What happened."""
        return str(self.fields["kind"])

    @property
    def at(self) -> datetime:
        """When it was handed over."""
        return entry.instant(str(self.fields["ts"]))

    @property
    def effective_at(self) -> datetime:
        """Since when it holds."""
        return entry.instant(str(self.fields.get("eff", self.fields["ts"])))

    @property
    def subject(self) -> str:
        """Whom or what it is about, where that stands in the clear."""
        named = self.fields.get("subject")
        return str(named.get("id", "")) if isinstance(named, dict) else ""

    @property
    def body(self) -> Fields:
        """What it says."""
        return Fields(self.fields["body"], f"entry {self.index} of {self.origin}")


@dataclass
class BundledLog:
    """One log of a bundle. `run` are the indexes of which every entry is there, None without such a run; `keys` are those trusted.

    `beyond` are checkpoints that the auditor holds of more entries than the bundle has of it.
    """

    origin: str
    checkpoint: Checkpoint
    note: bytes
    entries: dict[str, Logged] = field(default_factory=dict)
    run: range | None = None
    keys: frozenset[str] = frozenset()
    beyond: list[Checkpoint] = field(default_factory=list)


@dataclass(frozen=True)
class Brought:
    """What the auditor brings: whom to trust, checkpoints kept from before, and by whose clock things are old (None: this machine's)."""

    policy: Policy
    held: Sequence[bytes] = ()
    now: datetime | None = None
    verify_signature: VerifySignature = ed25519.verify

    def trust(self, origin: str) -> Trust:
        """Return who is trusted for the log `origin`. Raises `Rejected` if nobody is."""
        if not any(each.key.name == origin for each in self.policy.keys):
            raise Rejected(f"the bundle is of the log {ascii(origin)[:80]}, and you gave no key for it: give one with --key for each log")
        return Trust(self.policy, origin, self.now, self.verify_signature)


def read(layout: Layout, names: Iterable[str], number: int, origin: str, brought: Brought, report: Report) -> BundledLog:
    """Return log `number` of the bundle, all of it verified but for `beyond`. Raises `Rejected` and what proofs and checkpoints raise."""
    trust, mine = brought.trust(origin), [name for name in names if name.startswith(f"log-{number}/")]
    proofs = {name: proof.parse(layout.read(name, proof.MAX_PROOF_BYTES)) for name in mine if _PROOF_NAME.fullmatch(name)}
    for each in sorted(proofs.values(), key=lambda each: each.index):
        trust.rotations.look_through(each.entry or b"", [each.entry or b""], each.index)
    trust.follow(trust.rotations.found)  # a rotation counts by its two signatures, one of them by a key that is trusted
    note = layout.read(f"log-{number}/checkpoint", MAX_NOTE_BYTES)
    found = BundledLog(origin, trust.accept(note), note)
    for name, each in proofs.items():
        _keep(found, _proven(found, each, name))
    count, size = len(found.entries), found.checkpoint.size
    report.checked.append(f"{count:,} entries are among the {size:,} of {origin}, each by its own proof, canonical and well-formed")
    if f"log-{number}/run.json" in mine:
        _read_run(found, layout, number)
        assert found.run is not None
        report.checked.append(f"all entries from {found.run.start:,} to {found.run.stop - 1:,} are there, and none is left out")
    steps = {int(matched[2]): name for name in mine if (matched := _CONSISTENCY_NAME.fullmatch(name))}
    _go_on(found, layout, number, steps, brought, trust, report)
    trust.conclude(report)
    found.keys = frozenset(each.key.text() for each in trust.policy.keys)
    return found


def fork(layout: Layout, held: Sequence[bytes]) -> ForkProof | None:
    """Return the proof that a log of the bundle does not go on from one of the notes `held`; None if none can be made of it.

    Signatures are not looked at here: whoever verifies the proof does.
    """
    try:
        there = set(layout.names())
        for number in range(1, len(there)):
            if f"log-{number}/checkpoint" not in there:
                break
            now = layout.read(f"log-{number}/checkpoint", MAX_NOTE_BYTES)
            for note in held:
                step = f"log-{number}/consistency/{checkpoints.parse(note)[0].size}"
                lines = layout.read(step, proof.MAX_PROOF_BYTES).partition(b"\n\n")[0].split(b"\n")[1:] if step in there else []
                path = _hashes([line.decode("ascii", "replace") for line in lines], step)
                if found := between(note, now, path):
                    return found
    except (Unreadable, MalformedCheckpoint, Rejected):
        pass  # then it is damaged, and shows nothing about the log
    return None


def belongs(name: str, logs: int) -> bool:
    """Whether `name` is that of a proof, which no manifest needs to name since a signed root does."""
    matched = _PROOF_NAME.fullmatch(name) or _CONSISTENCY_NAME.fullmatch(name)
    if matched:
        return str(int(matched[2])) == matched[2] and matched[1] in {str(number) for number in range(1, logs + 1)}
    return name in {f"log-{number}/{part}" for number in range(1, logs + 1) for part in ("checkpoint", "run.json", "run.jsonl")}


def _proven(log: BundledLog, found: Proof, name: str) -> Logged:
    index = int(name.rpartition("/")[2].partition(".")[0])
    if found.note != log.note:
        raise Rejected(f"{name} is under another checkpoint than the bundle's")
    if found.entry is None or found.index != index:
        raise Rejected(f"{name} does not carry entry {index}")
    tree.verify_inclusion(tree.leaf_hash(found.entry), index, log.checkpoint.size, found.path, log.checkpoint.root)
    return logged(log.origin, index, found.entry)


def logged(origin: str, index: int, data: bytes) -> Logged:
    """Return the entry in `data`, known to be at `index`. Raises `Rejected` if it is of another log, `NotCanonical`, `MalformedEntry`."""
    fields = entry.check(strict.read(data))
    if fields["log"] != origin:
        raise Rejected(f"entry {index} names the log {ascii(fields['log'])[:80]}, not {origin}")
    return Logged(origin, index, fields)


def _keep(log: BundledLog, found: Logged) -> None:
    if found.id in log.entries and log.entries[found.id].index != found.index:
        raise Rejected(f"entries {log.entries[found.id].index} and {found.index} have the same id")
    log.entries[found.id] = found


def _read_run(log: BundledLog, layout: Layout, number: int) -> None:
    """Take entries that follow one another: those before them as the roots of complete subtrees, those after by a consistency proof."""
    said = document(layout.read(f"log-{number}/run.json", MAX_NOTE_BYTES), "run.json")
    lines = layout.read(f"log-{number}/run.jsonl", MAX_DOCUMENT_BYTES).split(b"\n")
    if lines.pop() != b"":
        raise Rejected("run.jsonl does not end in a newline")
    first = said.number("first")
    frontier = tree.Frontier(first, _hashes(said.texts("peaks"), "run.json"))
    for line in lines:
        frontier.push(tree.leaf_hash(line))
    path = _hashes(said.texts("consistency"), "run.json")
    tree.verify_consistency(frontier.size, frontier.root(), log.checkpoint.size, log.checkpoint.root, path)
    if not lines:
        raise Rejected("run.jsonl is empty")
    for index, line in enumerate(lines, first):
        _keep(log, logged(log.origin, index, line))
    log.run = range(first, frontier.size)


def _go_on(log: BundledLog, layout: Layout, number: int, steps: dict[int, str], brought: Brought, trust: Trust, report: Report) -> None:
    """Check that the log goes on from every earlier checkpoint in the bundle, and from each that the auditor held."""
    for size, name in steps.items():
        old = trust.accept(layout.read(f"log-{number}/held/{size}", MAX_NOTE_BYTES))
        if old.size != size:
            raise Rejected(f"log-{number}/held/{size} is a checkpoint of {old.size:,} entries")
        _consistent(log, old, layout.read(name, proof.MAX_PROOF_BYTES), name)
    for note in brought.held:
        if checkpoints.parse(note)[0].origin == log.origin:
            old = trust.accept(note)
            if old.size > log.checkpoint.size:
                log.beyond.append(old)
                continue
            step = steps.get(old.size)
            _after(log, old, None if step is None else (step, layout.read(step, proof.MAX_PROOF_BYTES)))
            report.checked.append(f"it goes on from the checkpoint of {old.size:,} entries that you held")


def _after(log: BundledLog, old: Checkpoint, step: tuple[str, bytes] | None) -> None:
    """Check that the bundle's checkpoint is `old`, which the auditor held, or goes on from it by the proof `step` (its name and text)."""
    now = log.checkpoint
    if old.size == now.size:
        if old.root != now.root:
            raise Rejected(f"two signed checkpoints of {old.size:,} entries have different roots: the log was forked")
    elif step is None:
        raise Rejected(f"the bundle has no proof that it goes on from your checkpoint of {old.size:,}: ask for one made with --held")
    else:
        _consistent(log, old, step[1], step[0])


def _consistent(log: BundledLog, old: Checkpoint, text: bytes, name: str) -> None:
    """Check a proof in the form of C2SP tlog-witness: a line `old N`, hashes, an empty line, the checkpoint."""
    head, _, note = text.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    matched = _OLD.fullmatch(lines[0])
    if matched is None or int(matched[1]) != old.size or note != log.note:
        raise Rejected(f"{name} is no proof from {old.size:,} entries to the bundle's checkpoint")
    path = _hashes(lines[1:], name)
    try:
        tree.verify_consistency(old.size, old.root, log.checkpoint.size, log.checkpoint.root, path)
    except tree.InvalidProof as error:
        raise Rejected(f"the log does not go on from the checkpoint of {old.size:,} entries: it was forked ({error})") from error


def _hashes(texts: Sequence[str], place: str) -> list[bytes]:
    found = [decode(text) for text in texts]
    if len(found) > MAX_PATH or any(step is None or len(step) != tree.HASH_BYTES for step in found):
        raise Rejected(f"{place} holds a line that is no hash")
    return [step for step in found if step is not None]
