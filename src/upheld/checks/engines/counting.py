"""What a table of outcomes comes to: counts, names, next flips and digest; and the file of its population."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from upheld.checks.engines.job import AFTER, ALL, BEFORE, Job
from upheld.checks.engines.tally import Flip, Limits, Tally, digest
from upheld.checks.verdict import Outcome
from upheld.evidence.duck import put_in, quoted

COLUMNS = ("subject", "label", "ok", "detail", "flips_at")
_COUNTS = """
SELECT count(*), count(*) FILTER (ok), count(*) FILTER (NOT ok AND NOT excepted), count(*) FILTER (NOT ok AND excepted),
       count(*) FILTER (ok IS NULL), min(flips_at) FILTER (ok), count(subject), sum(hash(subject)), bit_xor(hash(subject))
FROM
"""


def table_of(on: str) -> str:
    """Return the table that the outcomes of a job on `on` are in while they are counted; every place of a session can name it."""
    return f"memory.main.outcome_{on}"


class Counting:
    """Counts the outcomes of one job, which lie in `table_of(job.on)`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, job: Job, limits: Limits, apart: set[tuple[int, ...]]) -> None:
        """Count on `connection`; `apart` are marks of sets of subjects that were told apart already, to which others are added."""
        self._connection = connection
        self._job = job
        self._limits = limits
        self._table = table_of(job.on)
        self._apart = apart
        self._more = [column for column in job.columns if column not in COLUMNS]

    def tally(self) -> Tally:
        """Return what they come to, and write the population where the job says."""
        counts = self._connection.execute(_COUNTS + self._table).fetchone()
        assert counts is not None, "an aggregate gives one row"
        population, passed, failed, waived, unknown, flips_at, named, *marks = counts
        problem = self._problem(population, named, (population, *marks))
        if problem:
            return Tally(error=problem)
        if self._job.outcomes is not None:
            self._write(self._job.outcomes)
        lines = self._lines() if passed < population and self._job.on == ALL else []
        flips = self._flips(max(self._job.keep, 1)) if flips_at else []
        return Tally(
            population=population,
            passed=passed,
            failed=failed,
            excepted=waived,
            unknown=unknown,
            failing=self._named("NOT ok") if failed or waived else (),
            unknowns=self._named("ok IS NULL") if unknown else (),
            flips_at=_aware(flips_at),
            flipping=(flips[0].label or "", flips[0].detail or "") if flips else ("", ""),
            flips=tuple(flips[: self._job.keep]),
            more_flips=len(flips) > self._job.keep > 0,
            lines=tuple(lines) if self._job.keep and max(failed + waived, unknown) > self._limits.named else (),
            digest=digest(population, passed, "\n".join(lines)) if self._job.on == ALL else "",
        )

    def _problem(self, population: int, named: int, marks: tuple[int, ...]) -> str:
        if population > self._limits.rows:
            return f"the query gave more than {self._limits.rows:,} rows"
        if named < population:
            return f"the query gave {population - named:,} rows without a subject"
        # Judgements of one measure mostly have the same subjects: those that were told apart once need not be again, which takes longest.
        if marks not in self._apart:
            twice = self._connection.execute(
                f"SELECT subject, count(*) FROM {self._table} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1"  # noqa: S608  a fixed name
            ).fetchone()
            if twice is not None:
                return f"the query gave {twice[1]} rows for one subject, {twice[0]!r}; it must give one row a subject"
            self._apart.add(marks)
        return ""

    def _lines(self) -> list[str]:
        """A line for each subject that does not pass; see `tally.line`."""
        line = "subject || chr(31) || coalesce(CAST(ok AS VARCHAR), 'unknown')"
        asked = f"SELECT {line} FROM {self._table} WHERE ok IS NOT TRUE ORDER BY subject"  # noqa: S608  fixed names
        rows = self._connection.execute(asked).fetchall()
        return [row[0] for row in rows]

    def _flips(self, most: int) -> list[Flip]:
        """The next flips of those that pass, in order, one more than `most` if there are as many."""
        until = put_in(" AND flips_at <= $until", until=self._job.until) if self._job.until else ""
        passing = f"FROM {self._table} WHERE ok AND flips_at IS NOT NULL{until}"
        # Ordering by instants alone first, which is quick, leaves few to be put in order by their names.
        nearest = f"SELECT max(flips_at) FROM (SELECT flips_at {passing} ORDER BY flips_at LIMIT {most + 1})"  # noqa: S608  fixed names
        rows = self._connection.execute(
            f"SELECT flips_at, subject, label, detail {passing} AND flips_at <= ({nearest}) "
            f"ORDER BY flips_at, label, detail, subject LIMIT {most + 1}"
        ).fetchall()
        return [Flip(at.replace(tzinfo=UTC), *rest) for at, *rest in rows]

    def _named(self, which: str) -> tuple[Outcome, ...]:
        listed = "".join(f", {quoted(column)}" for column in self._more)
        rows = self._connection.execute(
            f"SELECT subject, label, ok, detail, flips_at, excepted{listed} FROM {self._table} WHERE {which} "  # noqa: S608  names are quoted
            f"ORDER BY excepted, subject LIMIT {self._limits.named}"
        ).fetchall()
        return tuple(_outcome(row, self._more) for row in rows)

    def _write(self, file: Path) -> None:
        """Write the population; that of a job on changed rows is the one in its base file, with theirs exchanged."""
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        rows = f"SELECT * FROM {self._table}"  # noqa: S608  a fixed name
        if self._job.on == AFTER and self._job.base is not None:
            kept = f"SELECT * FROM read_parquet({_text(self._job.base)}) WHERE subject NOT IN (SELECT subject FROM {table_of(BEFORE)})"  # noqa: S608
            rows = f"{kept} UNION ALL BY NAME {rows}"
        self._connection.execute(f"COPY ({rows}) TO {_text(file)} (FORMAT parquet, COMPRESSION zstd)")


def _outcome(row: tuple[Any, ...], more: Sequence[str]) -> Outcome:
    subject, label, ok, detail, flips_at, excepted, *others = row
    shown = {name: value for name, value in zip(more, others, strict=True) if value is not None}
    return Outcome(subject, label or subject, ok, detail or "", _aware(flips_at), bool(excepted), shown)


def _aware(naive: datetime | None) -> datetime | None:
    return naive and naive.replace(tzinfo=UTC)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
