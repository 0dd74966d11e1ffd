"""Occurrences held against the ledger: the entry of each look has the digest of what it opened and ended."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from secrets import token_hex
from typing import Any

from django.db.models import Q

from upheld.duties.models import Occurrence, State
from upheld.duties.occurrences import LOOKED_UP, digest_of
from upheld.evidence.table import Row
from upheld.ledger.append import append
from upheld.ledger.entry import Actor
from upheld.registers.recorded import entries_of

RESEALED = "duties.resealed"  # the kind of entry that says what looks come to since somebody was erased
KINDS = (LOOKED_UP, RESEALED)
ROWS = Occurrence
_TITLE = "Occurrences of duties"
_AT_ONCE = 400  # looks an entry: within its 64 KB


def states(entries: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Yield one row for all occurrences, and one for each look whose occurrences are not those that its entry, of `entries`, says."""
    rows, told = list(Occurrence.objects.all()), _told(entries)
    looks = _looks(rows)
    wrong = {id: why for id, body in told.items() if (why := _why(id, body, looks.get(id, {}).values()))}
    wrong |= {id or "none": "occurrences were opened or ended behind the product's back" for id in set(looks) - set(told)}
    yield {
        "id": "duties.occurrence",
        "title": _TITLE,
        "as_recorded": not wrong,
        "detail": f"{len(rows):,} occurrences of {len(told):,} looks, of which {len(wrong):,} deviate",
    }
    for id, why in sorted(wrong.items()):
        yield {"id": f"duties.occurrence/{id}", "title": f"{_TITLE}, look {id}", "as_recorded": False, "detail": why}


def reseal(new: Mapping[int, Mapping[str, Any]], by: Actor) -> None:
    """Write the values `new`, by column, into the occurrences of these keys, since somebody whom they named is erased.

    Each gets a new salt, and each look that opened or ended one a new digest in the ledger: what is altered later is told apart from
    what was erased. A look that did not hold before gets none, and so goes on not to hold. Call it in a transaction.
    """
    rows = list(Occurrence.objects.filter(pk__in=list(new)))
    names = {name for row in rows for name in (row.opened_entry, row.ended_entry) if name}
    told = {id: body for id, body in _told(entries_of(KINDS)).items() if id in names}
    held = [id for id, mine in _of(names).items() if id in told and not _why(id, told[id], mine.values())]
    for row in rows:
        Occurrence.objects.filter(pk=row.pk).update(**new[row.pk], salt=token_hex(16))
    after = _of(held)
    for start in range(0, len(held), _AT_ONCE):
        piece = {id: _digest(id, after[id].values()) for id in held[start : start + _AT_ONCE]}
        append(RESEALED, actor=by, body={"looks": piece})


def _told(entries: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what `entries`, in order, say of each look: how many it opened and ended, and the last digest of them."""
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if entry["kind"] == LOOKED_UP:
            found[entry["id"]] = dict(entry["body"])
        else:
            for id, digest in entry["body"]["looks"].items():
                found.get(id, {})["digest"] = digest
    return found


def _of(looks: Iterable[str]) -> dict[str, dict[int, Occurrence]]:
    """Return the occurrences of each of `looks` as they are now."""
    names, found = sorted(looks), dict[int, Occurrence]()
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        found |= {row.pk: row for row in Occurrence.objects.filter(Q(opened_entry__in=some) | Q(ended_entry__in=some))}
    return _looks(found.values())


def _looks(rows: Iterable[Occurrence]) -> dict[str, dict[int, Occurrence]]:
    """Return which of `rows` each look opened or ended, by the look's entry and their keys."""
    found = defaultdict[str, dict[int, Occurrence]](dict)
    for row in rows:
        found[row.opened_entry][row.pk] = row
        if row.state != State.OPEN:
            found[row.ended_entry][row.pk] = row
    return found


def _why(look: str, body: Mapping[str, Any], rows: Collection[Occurrence]) -> str:
    opened = sum(row.opened_entry == look for row in rows)
    ended = sum(row.ended_entry == look and row.state != State.OPEN for row in rows)
    if opened != body["opened"] or ended != sum(body["ended"].values()):
        return "an occurrence was deleted, added or ended behind the product's back"
    return "" if _digest(look, rows) == body["digest"] else "an occurrence was changed behind the product's back"


def _digest(look: str, rows: Iterable[Occurrence]) -> str:
    try:
        return digest_of(row.digest(opening=row.ended_entry != look) for row in rows)
    except ValueError:  # a salt that is no longer hexadecimal
        return ""
