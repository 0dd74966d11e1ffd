"""What came of trying a place -> its row. Pure."""

from dataclasses import dataclass
from datetime import datetime

from upheld.evidence.table import Row


@dataclass(frozen=True)
class Tried:
    """What came of it: whether the place can be read (None: it could not be tried), the digest of what stands there, and words."""

    reachable: bool | None
    digest: str | None
    said: str


def is_address(place: str) -> bool:
    """Whether `place` is an address, and no file."""
    return place.startswith(("http://", "https://"))


def place_row(place: str, tried: Tried, at: datetime) -> Row:
    """Return the row of `place`, tried at `at`."""
    return {"id": place, "reachable": tried.reachable, "digest": tried.digest, "tried_at": at, "said": tried.said}
