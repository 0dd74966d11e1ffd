"""Whether the evidence that a measure needs is there, complete and fresh; and if not, which is missing and why, in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from upheld.checks.measure import Measure
from upheld.checks.reach import Reach, forgotten
from upheld.checks.verdict import Seen
from upheld.checks.words import instant, listed
from upheld.evidence.collection import Coverage, Gap
from upheld.evidence.frame import Filled, Frame

Inputs = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Evidence:
    """What a measure rests on. `missing` and `problems` are sentences on what is wrong; without evidence (`missing`) nothing is run.

    `remarks` are sentences that do not decide, but must be said. `untested` are optional tables that nobody fills. `gaps` are
    the columns that it reads and a source could not, with that source.
    """

    seen: tuple[Seen, ...]
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    remarks: tuple[str, ...]
    untested: tuple[str, ...]
    stale_at: datetime | None
    gaps: tuple[tuple[str, Gap], ...]


def weigh(measure: Measure, frame: Frame, inputs: Inputs, reach: Reach) -> Evidence:
    """Return the evidence of `measure` in `frame`; `inputs` tells the tables that a table is made from (itself, if it is collected).

    `reach` is how far back the measure reads.
    """
    needed = sorted({each for name in measure.tables for each in inputs(name)})
    optional = {each for name in measure.optional for each in inputs(name)}
    absent = [name for name in needed if not frame.filled.get(name)]
    filled = [each for name in needed for each in frame.filled.get(name, ())]
    nobodys = [name for name in absent if name not in optional]
    missing = [f"No source fills {listed(nobodys, 5)}, which this measure needs."] if nobodys else []
    missing += [_never_read(frame.filled[name]) for name in needed if name not in absent and not _ever_read(frame.filled[name])]
    if not filled and not missing:
        missing = ["It reads no table that a source fills, so it proves nothing."]
    return Evidence(
        seen=tuple(_seen(each, frame.as_of) for each in filled),
        missing=tuple(missing),
        problems=tuple(problem for each in filled if (problem := _problem(each, frame.as_of) or forgotten(each, frame.as_of, reach))),
        remarks=tuple(remark for each in filled if (remark := _remark(each, frame.as_of))),
        untested=tuple(name for name in absent if name in optional),
        stale_at=min((each.stale_at for each in filled if each.stale_at > frame.as_of), default=None),
        gaps=tuple((each.source, gap) for each in filled for gap in each.gaps if gap.column in measure.columns),
    )


def _ever_read(filled: Iterable[Filled]) -> bool:
    return any(each.complete_at or each.rows for each in filled)


def _never_read(filled: Iterable[Filled]) -> str:
    first = next(iter(filled))
    return _problem(first, first.seen_at)


def _problem(filled: Filled, as_of: datetime) -> str:
    table, source = filled.table, filled.source
    why = f" ({'; '.join(filled.cut_short)})" if filled.cut_short else ""
    if filled.complete_at is None:
        return f"{source} has never read {table} completely{why}."
    if filled.stale_at <= as_of:
        read_at, until = instant(filled.complete_at), instant(filled.stale_at)
        return f"{table} from {source} is stale: it was last read completely on {read_at}, which speaks until {until}{why}."
    if filled.coverage is Coverage.PARTIAL:
        return f"{source} read {table} only in part on {instant(filled.seen_at)}{why}; what it did not see is unknown."
    return ""


def _remark(filled: Filled, as_of: datetime) -> str:
    """What must be said of a source that could not be read at all, while what it told before still speaks."""
    if filled.coverage is not Coverage.FAILED or filled.complete_at is None or filled.stale_at <= as_of:
        return ""
    failed_at, read_at = instant(filled.seen_at), instant(filled.complete_at)
    return f"{filled.source} could not be read on {failed_at}; this is what it told on {read_at}."


def _seen(filled: Filled, as_of: datetime) -> Seen:
    seen_at = filled.seen_at if _ever_read([filled]) else None
    return Seen(filled.table, filled.source, seen_at, filled.digest, filled.stale_at <= as_of, filled.coverage.value)
