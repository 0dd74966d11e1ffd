"""Keeping a source from bringing back somebody who was erased: what it says of them is masked before anything is kept, and counted."""

from upheld.evidence.collection import Collecting, TableSeen
from upheld.evidence.table import Value
from upheld.sources import belonging
from upheld.vault import fence
from upheld.vault.keys import here


def fence_off(into: Collecting) -> dict[str, int]:
    """Mask in `into` whomever the fence knows, say so in its notes, and return how many rows of each table that were.

    The rows stay, so that an account that is still there is still judged; who it belongs to is no longer said.
    """
    known = fence.load(here())
    if not known:
        return {}
    counts = {name: masked for name, seen in into.seen.items() if (masked := _masked(seen, known))}
    into.notes[:] = [belonging.text(note, known) for note in into.notes]
    for name, count in counts.items():
        rows = f"{count:,} rows of {name} name" if count > 1 else f"1 row of {name} names"
        into.note(f"{rows} somebody who was erased here, and is kept without that; take the person out of this source, too")
    return counts


def _masked(seen: TableSeen, known: fence.Fence) -> int:
    kept: dict[tuple[Value, ...], dict[str, Value]] = {}
    count = 0
    for key, row in seen.rows.items():
        left = belonging.masked(seen.table, row, known)
        count += left is not row
        kept[key if left is row else tuple(left[part] for part in seen.table.key)] = dict(left)
    seen.rows = kept
    seen.cut_short[:] = [belonging.text(why, known) for why in seen.cut_short]
    if seen.deleted:
        seen.deleted = {_key(seen, key, known) for key in seen.deleted}
    return count


def _key(seen: TableSeen, key: tuple[Value, ...], known: fence.Fence) -> tuple[Value, ...]:
    row = dict.fromkeys(seen.table.columns) | dict(zip(seen.table.key, key, strict=False))
    left = belonging.masked(seen.table, row, known)
    return tuple(left[part] for part in seen.table.key)
