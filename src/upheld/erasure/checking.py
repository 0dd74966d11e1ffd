"""Whether an erasure left nothing: asked again of live rows, sealed values, keys and the bytes of files; and what no check reaches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from upheld import workspace
from upheld.backups.models import Backup
from upheld.erasure import handed_in, in_logs, inside, populations, records, rows, texts
from upheld.erasure.person import Person
from upheld.erasure.plan import numbers
from upheld.ledger import openings
from upheld.sources.belonging import Known
from upheld.vault import epoch
from upheld.vault.key import State
from upheld.vault.keys import Vault
from upheld.workspace import Workspace

_PIECE_BYTES = 1 << 22


@dataclass(frozen=True)
class Checked:
    """One level of the check: whether nothing was found (None: it cannot be told), and what was looked at or found, naming nobody."""

    level: str
    holds: bool | None
    said: tuple[str, ...]


def check(vault: Vault, person: Person, known: Known, keys: Iterable[str]) -> list[Checked]:
    """Look for `person` on every level, by other ways than they were erased by where there are any."""
    keys = list(keys)
    return [_live(person, known), _sealed(vault, keys), _keys(vault, keys), _files(person.needles), Checked("L5 outside", None, outside())]


def _live(person: Person, known: Known) -> Checked:
    left = [f"{each.erased + each.masked} rows of {each.table} from {each.source}" for each in rows.planned(known)]
    left += [f"{count} rows of {label}" for label, count in texts.found(known).items()]
    left += [f"{count} records of {label}" for label, count in records.found(known).items()]
    left += [
        f"{count} rows of {label}, which are not changed: they say how a source is reached"
        for label, count in (texts.elsewhere(known) | in_logs.elsewhere(known)).items()
    ]
    left += [f"{count} of {label}" for label, count in in_logs.left(known, person.needles).items()]
    left += [f"a population of {file.parent.name}" for file in populations.naming(person.needles, numbers(person))]
    left += [f"{len(files)} files handed in with records"] if (files := handed_in.left(known)) else []
    looked = ("every row of the history, every text and record of the database, every population and every line of logs was read again",)
    return Checked("L1 live copies", not left, tuple(left) or looked)


def _sealed(vault: Vault, keys: Sequence[str]) -> Checked:
    left = openings.under(keys)
    said = f"{len(left)} openings are left" if left else f"no opening is left under the {len(keys)} keys"
    return Checked("L2 sealed values", not left, (said,))


def _keys(vault: Vault, keys: Sequence[str]) -> Checked:
    there = [key for key in keys if vault.state(key) is not State.DESTROYED]
    epochs = len(list(epoch.directory(vault.store).glob("epoch-*.key")))
    wrong = [f"{len(there)} keys are still there"] if there else []
    wrong += [f"there are {epochs} epoch keys instead of one"] if epochs != 1 else []
    return Checked("L3 keys", not wrong, tuple(wrong) or ("every key was destroyed, and the others wrapped under a new epoch key",))


def _files(needles: Sequence[str]) -> Checked:
    if not needles:
        return Checked("L4 files", None, ("everything this person goes by is too short to be looked for in bytes",))
    space = workspace.current()
    counted, found = 0, []
    for file in _all_files([space.root, space.keys]):
        counted += 1
        if holds(file, needles) or (handed_in_here(file, space) and inside.names(file, needles)):
            found.append(f"{file.relative_to(space.root.parent)} holds a name of this person")
    found += [f"{file.relative_to(space.root.parent)} holds rows that no manifest names: delete it" for file in _strays(space)]
    looked = f"{counted} files, byte by byte, for {len(needles)} names (Parquet, which is compressed, is read on level 1)"
    return Checked("L4 files", not found, tuple(found) or (looked,))


def handed_in_here(file: Path, space: Workspace) -> bool:
    """Whether `file` was handed in, so that it may be packed."""
    return space.root / "files" in file.parents


def _strays(space: Workspace) -> list[Path]:
    """Return Parquet files where none belongs, such as a backup that was killed leaves: levels 1 and 4 cannot read them."""
    return sorted(
        file for file in space.root.rglob("*.parquet") if not {space.history, space.outcomes, space.root / "logs"} & set(file.parents)
    )


def holds(file: Path, needles: Sequence[str]) -> bool:
    """Whether one of `needles` occurs in the bytes of `file`, in whatever case of its letters."""
    wanted = inside.spellings(needles)
    overlap = max(map(len, wanted), default=0)
    before = b""
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE_BYTES):
            window = before + piece
            lowered = window.lower()
            if any(needle in lowered or needle in window for needle in wanted):
                return True
            before = window[-overlap:]
    return False


def outside() -> tuple[str, ...]:
    """Return what an erasure here does not reach, as a receipt must say it."""
    space = workspace.current()
    kept = {content: Backup.objects.filter(content=content).count() for content in ("workspace", "keys")}
    said = [
        f"{kept['workspace']} backups of the workspace were taken: rows of history in them are in the clear (they are erased again "
        "after a restore), sealed values in them cannot be opened",
        f"{kept['keys']} backups of the key directory were taken: each opens what its time's workspace backup seals, until it is deleted",
        "what was exported, printed, mailed or shown before",
        "the systems that are read: the person is there until somebody removes them there",
        "free text in which the person is called otherwise than here known",
        "that somebody was erased, when, and when something happened to somebody, from the times and kinds of entries",
        "older bytes on disks that write elsewhere instead of over, and in snapshots of the file system",
    ]
    if aside := list(space.root.parent.glob(f"{space.root.name}.aside-*")):
        said.append(f"{len(aside)} older states of the workspace that restores put aside: delete {', '.join(each.name for each in aside)}")
    if connection.vendor == "postgresql":
        said.append("PostgreSQL's write-ahead log and archive keep older bytes as long as their settings say")
    return tuple(said)


def _all_files(folders: Iterable[Path]) -> list[Path]:
    return sorted(file for folder in folders for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
