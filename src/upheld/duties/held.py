"""Occurrences held against the ledger: the entry of each look has the digest of what it opened and ended."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from upheld.duties.models import Occurrence, State
from upheld.duties.occurrences import LOOKED_UP, digest_of
from upheld.evidence.table import Row
from upheld.vault.fence import names_somebody_erased

KIND = LOOKED_UP
_TITLE = "Occurrences of duties"


def states(entries: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """Yield one row for all occurrences, and one for each look whose occurrences are not those that its entry, of `entries`, says."""
    rows = list(Occurrence.objects.all())
    opened, ended = defaultdict[str, list[Occurrence]](list), defaultdict[str, list[Occurrence]](list)
    for row in rows:
        opened[row.opened_entry].append(row)
        if row.state != State.OPEN:
            ended[row.ended_entry].append(row)
    told = {entry["id"]: entry["body"] for entry in entries}
    wrong = {id: why for id, body in told.items() if (why := _why(id, body, opened[id], ended[id]))}
    wrong |= {id or "none": "occurrences were opened or ended behind the product's back" for id in {*opened, *ended} - set(told)}
    yield {
        "id": "duties.occurrence",
        "title": _TITLE,
        "as_recorded": not wrong,
        "detail": f"{len(rows):,} occurrences of {len(told):,} looks, of which {len(wrong):,} deviate",
    }
    for id, why in sorted(wrong.items()):
        yield {"id": f"duties.occurrence/{id}", "title": f"{_TITLE}, look {id}", "as_recorded": False, "detail": why}


def _why(id: str, body: Mapping[str, Any], opened: Sequence[Occurrence], ended: Sequence[Occurrence]) -> str:
    if len(opened) != body["opened"] or len(ended) != sum(body["ended"].values()):
        return "an occurrence was deleted, added or ended behind the product's back"
    if any(names_somebody_erased(text) for row in (*opened, *ended) for text in (row.whose, row.subject, row.ended_by)):
        return ""  # their names are gone from the rows, so that these can be counted alone
    try:
        found = digest_of([*(row.digest(opening=row.ended_entry != id) for row in opened), *(row.digest() for row in ended)])
    except ValueError:  # a salt that is no longer hexadecimal
        found = ""
    return "" if found == body["digest"] else "an occurrence was changed behind the product's back"
