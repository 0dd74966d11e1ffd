"""How a log stands with others: who vouches for it up to where, what went wrong on the way, and entries that were left out."""

from dataclasses import dataclass

from upheld.ledger import anchors, models, signers
from upheld.ledger.anchors import Vouching
from upheld.ledger.checkpoint import COSIGNATURE, parse_key
from upheld.ledger.counting import gaps
from upheld.ledger.store import StoredLog
from upheld.ledger.witness.asking import ALARM, in_use


@dataclass(frozen=True)
class Standing:
    """Witnesses and authorities in use, logs of others found to have forked, and sentences about what must be looked at."""

    witnesses: tuple[Vouching, ...]
    authorities: tuple[Vouching, ...]
    forked: tuple[str, ...]
    wrong: tuple[str, ...]


def standing(log: StoredLog) -> Standing:
    """Return how `log` stands with others."""
    witnesses = tuple(_vouching(log, anchors.WITNESSED, row.name, parse_key(row.key, COSIGNATURE).name, row.trouble) for row in in_use())
    rows = models.Authority.objects.filter(removed_at=None).order_by("name")
    authorities = tuple(_vouching(log, anchors.STAMPED, row.name, row.name, row.trouble) for row in rows)
    forked = tuple(models.ForkFound.objects.order_by("origin").values_list("origin", flat=True).distinct())
    alarms = [f"{each.name}: {each.trouble.removeprefix(ALARM)}" for each in (*witnesses, *authorities) if each.trouble.startswith(ALARM)]
    retired = [f"the key in {path} was taken over from: `upheld ledger checkpoint` removes it" for path in signers.retired(log)]
    return Standing(witnesses, authorities, forked, (*gaps(log), *alarms, *retired))


def _vouching(log: StoredLog, kind: str, name: str, by: str, trouble: str) -> Vouching:
    found = anchors.last(log, kind, by)
    return Vouching(name, found.size if found else 0, found.at if found else None, trouble)
