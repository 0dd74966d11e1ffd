"""What the judging process and whoever started it say to one another.

To the process: pickles of our own dataclasses (a frame's paths, needs, limits, one job after the other), never code and
nothing from a workspace but text. From the process: a line of JSON for each, since what ran a hostile query is not
trusted with pickles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from upheld.checks.engines.job import Needs
from upheld.checks.engines.tally import Flip, Limits, Tally
from upheld.checks.verdict import Outcome
from upheld.evidence.frame import Frame

READY = b"ready"
# One for all outcomes that have nothing more: there may be a hundred thousand.
_NOTHING: dict[str, str] = {}


@dataclass(frozen=True)
class Start:
    """The first thing that the process is told: what to load, how far it may go, where populations may be written.

    `aside` is an empty folder for large tables, which are then not held in memory.
    """

    frame: Frame
    needs: Needs
    limits: Limits
    outcomes: Path | None
    aside: Path | None = None


def line(tally: Tally) -> bytes:
    """Return `tally` as one line of JSON."""
    return orjson.dumps(tally) + b"\n"


def tally(said: bytes) -> Tally:
    """Return the tally of a line that `line` made; raises `ValueError` for any other."""
    try:
        return _tally(orjson.loads(said))
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"no tally: {said[:80]!r}") from error


def _tally(found: Mapping[str, Any]) -> Tally:
    return Tally(
        **{
            **found,
            "failing": tuple(_outcome(each) for each in found["failing"]),
            "unknowns": tuple(_outcome(each) for each in found["unknowns"]),
            "flips_at": _instant(found["flips_at"]),
            "flips": tuple(Flip(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in found["flips"]),
            "lines": tuple(found["lines"]),
            "flipping": (str(found["flipping"][0]), str(found["flipping"][1])),
            "was": _tally(found["was"]) if found["was"] else None,
        }
    )


def _outcome(said: Mapping[str, Any]) -> Outcome:
    return Outcome(**{**said, "flips_at": _instant(said["flips_at"]), "more": said["more"] or _NOTHING})


def _instant(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
