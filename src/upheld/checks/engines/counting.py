"""What the outcomes of a query come to: counts, names, next flips and digest; and the file of its population."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from upheld.checks.engines.job import Job
from upheld.checks.engines.tally import Flip, Limits, Tally, digest, digest_of, line, turn
from upheld.checks.verdict import Outcome
from upheld.evidence.duck import literal, put_in, quoted

COLUMNS = ("subject", "label", "ok", "detail", "flips_at")
_COUNTS = """
SELECT count(*), count(*) FILTER (ok), count(*) FILTER (NOT ok AND NOT excepted), count(*) FILTER (NOT ok AND excepted),
       count(*) FILTER (ok IS NULL), min(flips_at) FILTER (ok), count(subject), sum(hash(subject)), bit_xor(hash(subject)), {nearest}
FROM {rows}
"""
# Where more subjects do not pass, their lines are not kept: judging whole then costs less than carrying them from round to round.
_LINES_MOST, _AT_ONCE = 200_000, 50_000
_TYPES = {"ok": "BOOLEAN", "flips_at": "TIMESTAMP"}


_ALL, _OTHERS = "memory.main.outcome_all", "memory.main.outcome_others"
# Of a set of subjects, how many there are, and sum and bits of their hashes: hardly ever the same of two sets.
Marks = tuple[int, ...]


class Counting:
    """Counts the outcomes of one job on all rows.

    They are never there all at once: the query is run to count them, then for those few that are told by name.
    Where its population is wanted, it is run once, into the file, and counted there.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, job: Job, limits: Limits, apart: set[Marks]) -> None:
        """Count on `connection`; `apart` are marks of sets of subjects that were told apart already, to which others are added."""
        self._connection = connection
        self._job = job
        self._limits = limits
        self._apart = apart
        self._named_most = job.named or limits.named
        self._rows = f"({shaped(job)})"

    def tally(self) -> Tally:
        """Return what they come to, and write the population where the job says; where there is an error, it is not there."""
        file = self._job.outcomes
        if file is not None:
            write(self._connection, file, self._cut())
            self._rows = f"read_parquet({literal(str(file))})"
        told = self._tally()
        if file is None and not told.error and not self._agrees(told):
            told = self._at_once()
        if file is not None and told.error:
            file.unlink(missing_ok=True)
        return told

    def _agrees(self, told: Tally) -> bool:
        """Whether the query, asked again, named as many as it had counted: one that chooses among rows at will may not."""
        named = [min(each, self._named_most) for each in (told.failed + told.excepted, told.unknown)]
        same = [len(told.failing), len(told.unknowns)] == named
        return same and (not told.flips or told.flips[0].at == told.flips_at)

    def _at_once(self) -> Tally:
        """What the outcomes come to, all of them from one run of the query."""
        self._connection.execute(f"CREATE OR REPLACE TABLE {_ALL} AS {self._cut()}")
        try:
            self._rows = _ALL
            return self._tally()
        finally:
            self._connection.execute(f"DROP TABLE {_ALL}")

    def _cut(self) -> str:
        return f"SELECT * FROM {self._rows} LIMIT {self._limits.rows + 1}"  # noqa: S608  written from an allowed syntax tree

    def _tally(self) -> Tally:
        nearest = f"min(flips_at, {max(self._job.keep, 1) + 1}) FILTER (ok)"
        counts = self._connection.execute(_COUNTS.format(nearest=nearest, rows=f"({self._cut()})")).fetchone()
        assert counts is not None, "an aggregate gives one row"
        population, passed, failed, waived, unknown, flips_at, named, *marks, next_flips = counts
        if found := problem(self._connection, self._rows, named, (population, *marks), self._limits, self._apart):
            return Tally(error=found)
        until = next_flips[-1] if next_flips else None
        told = Tally(population, passed, failed, waived, unknown, flips_at=flips_at and aware(flips_at))
        return self._named(told, population - passed > self._named_most, until)

    def _named(self, told: Tally, many: bool, until: datetime | None) -> Tally:
        """`told` with names, flips and digest; where `many` do not pass, only as many as are named come out of the engine."""
        others = "ok IS NOT TRUE" if told.passed < told.population and not many else ""
        flipping = put_in("ok AND flips_at <= $until", until=until) if until else "ok AND flips_at IS NOT NULL"
        wanted = [each for each in (others, flipping if told.flips_at else "") if each]
        most = self._named_most + max(self._job.keep, 1) + 1
        rows = self._outcomes(f"{' OR '.join(wanted)} LIMIT {most + 1}") if wanted else []
        if len(rows) > most:
            # So many flip at one instant: the engine puts them in order.
            rows = self._outcomes(f"{flipping} ORDER BY flips_at, label, detail, subject LIMIT {self._job.keep + 1}")
            rows += self._outcomes(others) if others else []
        named = self._with_flips(told, [Flip(each.flips_at, each.subject, *text) for each, text in rows if each.ok and each.flips_at])
        return self._of_many(named) if many else self._of_few(named, [each for each, _ in rows if not each.ok])

    def _with_flips(self, told: Tally, flips: list[Flip]) -> Tally:
        flips.sort(key=turn)
        keep = self._job.keep
        return replace(
            told,
            flipping=(flips[0].label or "", flips[0].detail or "") if flips else ("", ""),
            flips=tuple(flips[:keep]),
            more_flips=len(flips) > keep > 0,
        )

    def _of_few(self, told: Tally, others: list[Outcome]) -> Tally:
        others.sort(key=lambda each: each.subject)
        failing = sorted((each for each in others if each.ok is False), key=lambda each: each.excepted)
        return replace(
            told,
            failing=tuple(failing),
            unknowns=tuple(each for each in others if each.ok is None),
            digest=digest(told.population, told.passed, "\n".join(map(line, others))),
        )

    def _of_many(self, told: Tally) -> Tally:
        if self._job.outcomes is not None:
            return self._listed(told)  # they lie in a file, and need not be there in memory as well
        # Asked for in several orders: the query is not run for each.
        others = f"SELECT * FROM {self._rows} WHERE ok IS NOT TRUE"  # noqa: S608  as above
        self._connection.execute(f"CREATE OR REPLACE TABLE {_OTHERS} AS {others}")
        self._rows = _OTHERS
        try:
            return self._listed(told)
        finally:
            self._connection.execute(f"DROP TABLE {_OTHERS}")

    def _listed(self, told: Tally) -> Tally:
        most = self._named_most
        complete = max(told.failed + told.excepted, told.unknown) <= most
        wanted = self._job.keep > 0 and not complete and told.population - told.passed <= _LINES_MOST
        lines = tuple(line for batch in self._lines() for line in batch) if wanted else ()
        return replace(
            told,
            failing=self._first("NOT ok") if told.failed or told.excepted else (),
            unknowns=self._first("ok IS NULL") if told.unknown else (),
            lines=lines,
            digest=digest_of(told.population, told.passed, ["\n".join(lines)] if wanted else self._joined()),
        )

    def _joined(self) -> Iterator[str]:
        """The lines, with what is between them."""
        for at, batch in enumerate(self._lines()):
            yield ("\n" if at else "") + "\n".join(batch)

    def _lines(self) -> Iterator[list[str]]:
        """A line for each subject that does not pass, in batches; see `tally.line`."""
        line = "subject || chr(31) || coalesce(CAST(ok AS VARCHAR), 'unknown')"
        ends = self._connection.execute(f"SELECT min(subject), max(subject) FROM {self._rows} WHERE ok IS NOT TRUE").fetchone()  # noqa: S608
        # What all of them begin with, mostly the name of the source, is not compared over and over: that takes half of the time.
        begin = next((at for at, (one, other) in enumerate(zip(*ends, strict=False)) if one != other), 0) if ends and ends[0] else 0
        asked = f"SELECT {line} FROM {self._rows} WHERE ok IS NOT TRUE ORDER BY substr(subject, {begin + 1})"  # noqa: S608  as above
        rows = self._connection.execute(asked)
        while batch := rows.fetchmany(_AT_ONCE):
            yield [row[0] for row in batch]

    def _first(self, which: str) -> tuple[Outcome, ...]:
        return tuple(each for each, _ in self._outcomes(f"{which} ORDER BY excepted, subject LIMIT {self._named_most}"))

    def _outcomes(self, which: str) -> list[tuple[Outcome, tuple[str | None, str | None]]]:
        """The outcomes of `which`, each with its label and its detail as the query gave them."""
        columns = outputs(self._job)
        asked = f"SELECT {', '.join(map(quoted, columns))} FROM {self._rows} WHERE {which}"  # noqa: S608  as above
        rows = self._connection.execute(asked).fetchall()
        return [(outcome(row, columns[6:]), (row[1], row[3])) for row in rows]


def problem(connection: duckdb.DuckDBPyConnection, rows: str, named: int, marks: Marks, limits: Limits, apart: set[Marks]) -> str:
    """Return what is wrong with the outcomes in the relation `rows`, of which `named` have a subject; "" where nothing is.

    `marks`, which begin with how many there are, are added to `apart` once they were told apart.
    """
    population = marks[0]
    if population > limits.rows:
        return f"the query gave more than {limits.rows:,} rows"
    if named < population:
        return f"the query gave {population - named:,} rows without a subject"
    # Judgements of one measure mostly have the same subjects: those that were told apart once need not be again, which takes longest.
    if marks not in apart:
        # As many hashes as subjects are as many subjects, told in a third of the memory.
        hashes = connection.execute(f"SELECT count(DISTINCT hash(subject)) FROM {rows}").fetchone()  # noqa: S608  as above
        twice = (
            None
            if hashes == (population,)
            else connection.execute(
                f"SELECT subject, count(*) FROM {rows} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1"  # noqa: S608  as above
            ).fetchone()
        )
        if twice is not None:
            return f"the query gave {twice[1]} rows for one subject, {twice[0]!r}; it must give one row a subject"
        apart.add(marks)
    return ""


def write(connection: duckdb.DuckDBPyConnection, file: Path, rows: str) -> None:
    """Write the population that the query `rows` gives into `file`."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection.execute(f"COPY ({rows}) TO {literal(str(file))} (FORMAT parquet, COMPRESSION zstd)")


def outputs(job: Job) -> list[str]:
    """Return the columns of what `shaped` gives: those of every outcome, whether it is excepted, the query's own."""
    return [*COLUMNS, "excepted", *(column for column in job.columns if column not in COLUMNS)]


def shaped(job: Job) -> str:
    """Return the query of `job` with its outputs cast to what they must be, others to text, and whether each subject is excepted."""
    shown = [_cast(column, column in job.columns) for column in outputs(job) if column != "excepted"]
    waived = "coalesce(NOT ok AND CAST(subject AS VARCHAR) IN (SELECT subject FROM excepted), false)" if job.excepted else "false"
    # The query is written from a syntax tree that `lint` allowed; names are quoted.
    return f"SELECT {', '.join(shown)}, {waived} AS excepted FROM ({job.rest or job.query})"  # noqa: S608


def _cast(column: str, is_there: bool) -> str:
    return f"CAST({quoted(column) if is_there else 'NULL'} AS {_TYPES.get(column, 'VARCHAR')}) AS {quoted(column)}"


def outcome(row: tuple[Any, ...], more: Sequence[str]) -> Outcome:
    """Return the outcome of a `row` in the order of `outputs`, of which `more` are the query's own."""
    subject, label, ok, detail, flips_at, excepted, *others = row
    shown = {name: value for name, value in zip(more, others, strict=True) if value is not None}
    return Outcome(subject, label or subject, ok, detail or "", flips_at and aware(flips_at), bool(excepted), shown)


def aware(naive: datetime) -> datetime:
    """Return the instant that DuckDB tells without a zone."""
    return naive.replace(tzinfo=UTC)
