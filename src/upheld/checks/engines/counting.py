"""What the outcomes of a query come to: counts, names, next flips and digest; and the file of its population."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from upheld.checks.engines.job import AFTER, ALL, BEFORE, Job
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


def table_of(on: str) -> str:
    """Return the table that the outcomes of a job on changed rows are in while they are counted; every place of a session can name it."""
    return f"memory.main.outcome_{on}"


class Counting:
    """Counts the outcomes of one job.

    Those of a job on all rows are never there all at once: the query is run to count them, then for those few that are told by name.
    Where its population is wanted, it is run once, into the file, and counted there.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, job: Job, limits: Limits, apart: set[tuple[int, ...]]) -> None:
        """Count on `connection`; `apart` are marks of sets of subjects that were told apart already, to which others are added."""
        self._connection = connection
        self._job = job
        self._limits = limits
        self._apart = apart
        self._named_most = job.named or limits.named
        self._more = [column for column in job.columns if column not in COLUMNS]
        self._rows = f"({_shaped(job)})"

    def tally(self) -> Tally:
        """Return what they come to, and write the population where the job says; where there is an error, it is not there."""
        file = self._job.outcomes
        if self._job.on != ALL:
            self._connection.execute(f"CREATE OR REPLACE TABLE {table_of(self._job.on)} AS {self._cut()}")
            self._rows = table_of(self._job.on)
        elif file is not None:
            self._write(file, self._cut())
            self._rows = f"read_parquet({literal(str(file))})"
        told = self._tally()
        if self._job.on == ALL and file is None and not told.error and not self._agrees(told):
            told = self._at_once()
        if file is not None and told.error:
            file.unlink(missing_ok=True)
        elif file is not None and self._job.on != ALL:
            self._write(file, self._exchanged())
        return told

    def _agrees(self, told: Tally) -> bool:
        """Whether the query, asked again, named as many as it had counted: one that chooses among rows at will may not."""
        named = [min(each, self._named_most) for each in (told.failed + told.excepted, told.unknown)]
        same = [len(told.failing), len(told.unknowns)] == named
        return same and (not told.flips or told.flips[0].at == told.flips_at)

    def _at_once(self) -> Tally:
        """What the outcomes come to, all of them from one run of the query."""
        table = table_of(ALL)
        self._connection.execute(f"CREATE OR REPLACE TABLE {table} AS {self._cut()}")
        try:
            self._rows = table
            return self._tally()
        finally:
            self._connection.execute(f"DROP TABLE {table}")

    def _cut(self) -> str:
        return f"SELECT * FROM {self._rows} LIMIT {self._limits.rows + 1}"  # noqa: S608  written from an allowed syntax tree

    def _tally(self) -> Tally:
        keep = max(self._job.keep, 1)
        nearest = f"min(flips_at, {keep + 1}) FILTER (ok)" if self._job.on == ALL else "NULL"
        counts = self._connection.execute(_COUNTS.format(nearest=nearest, rows=f"({self._cut()})")).fetchone()
        assert counts is not None, "an aggregate gives one row"
        population, passed, failed, waived, unknown, flips_at, named, *marks, next_flips = counts
        problem = self._problem(population, named, (population, *marks))
        if problem:
            return Tally(error=problem)
        until = next_flips[-1] if next_flips else self._job.until
        told = Tally(population, passed, failed, waived, unknown, flips_at=_aware(flips_at))
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
        lines = "\n".join(map(line, others)) if self._job.on == ALL else ""
        return replace(
            told,
            failing=tuple(failing),
            unknowns=tuple(each for each in others if each.ok is None),
            digest=digest(told.population, told.passed, lines) if self._job.on == ALL else "",
        )

    def _of_many(self, told: Tally) -> Tally:
        if self._job.on == ALL:
            # Asked for in several orders: the query is not run for each.
            others = f"SELECT * FROM {self._rows} WHERE ok IS NOT TRUE"  # noqa: S608  as above
            self._connection.execute(f"CREATE OR REPLACE TABLE {table_of('others')} AS {others}")
            self._rows = table_of("others")
        try:
            return self._listed(told)
        finally:
            if self._job.on == ALL:
                self._connection.execute(f"DROP TABLE {self._rows}")

    def _listed(self, told: Tally) -> Tally:
        most = self._named_most
        complete = max(told.failed + told.excepted, told.unknown) <= most
        wanted = self._job.on == ALL and self._job.keep > 0 and not complete and told.population - told.passed <= _LINES_MOST
        lines = tuple(line for batch in self._lines() for line in batch) if wanted else ()
        return replace(
            told,
            failing=self._first("NOT ok") if told.failed or told.excepted else (),
            unknowns=self._first("ok IS NULL") if told.unknown else (),
            lines=lines,
            digest=digest_of(told.population, told.passed, ["\n".join(lines)] if wanted else self._joined()) if self._job.on == ALL else "",
        )

    def _joined(self) -> Iterator[str]:
        """The lines, with what is between them."""
        for at, batch in enumerate(self._lines()):
            yield ("\n" if at else "") + "\n".join(batch)

    def _problem(self, population: int, named: int, marks: tuple[int, ...]) -> str:
        if population > self._limits.rows:
            return f"the query gave more than {self._limits.rows:,} rows"
        if named < population:
            return f"the query gave {population - named:,} rows without a subject"
        # Judgements of one measure mostly have the same subjects: those that were told apart once need not be again, which takes longest.
        if marks not in self._apart:
            twice = self._connection.execute(
                f"SELECT subject, count(*) FROM {self._rows} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1"  # noqa: S608  as above
            ).fetchone()
            if twice is not None:
                return f"the query gave {twice[1]} rows for one subject, {twice[0]!r}; it must give one row a subject"
            self._apart.add(marks)
        return ""

    def _lines(self) -> Iterator[list[str]]:
        """A line for each subject that does not pass, in batches; see `tally.line`."""
        line = "subject || chr(31) || coalesce(CAST(ok AS VARCHAR), 'unknown')"
        asked = f"SELECT {line} FROM {self._rows} WHERE ok IS NOT TRUE ORDER BY subject"  # noqa: S608  as above
        rows = self._connection.execute(asked)
        while batch := rows.fetchmany(_AT_ONCE):
            yield [row[0] for row in batch]

    def _first(self, which: str) -> tuple[Outcome, ...]:
        return tuple(each for each, _ in self._outcomes(f"{which} ORDER BY excepted, subject LIMIT {self._named_most}"))

    def _outcomes(self, which: str) -> list[tuple[Outcome, tuple[str | None, str | None]]]:
        """The outcomes of `which`, each with its label and its detail as the query gave them."""
        listed = "".join(f", {quoted(column)}" for column in self._more)
        asked = f"SELECT subject, label, ok, detail, flips_at, excepted{listed} FROM {self._rows} WHERE {which}"  # noqa: S608  as above
        rows = self._connection.execute(asked).fetchall()
        return [(_outcome(row, self._more), (row[1], row[3])) for row in rows]

    def _exchanged(self) -> str:
        """The population in the base file, with the rows of this job and the one before exchanged."""
        rows = f"SELECT * FROM {table_of(self._job.on)}"  # noqa: S608  a fixed name
        if self._job.on != AFTER or self._job.base is None:
            return rows
        kept = f"SELECT * FROM read_parquet({literal(str(self._job.base))}) WHERE subject NOT IN (SELECT subject FROM {table_of(BEFORE)})"  # noqa: S608
        return f"{kept} UNION ALL BY NAME {rows}"

    def _write(self, file: Path, rows: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection.execute(f"COPY ({rows}) TO {literal(str(file))} (FORMAT parquet, COMPRESSION zstd)")


def _shaped(job: Job) -> str:
    """The query with its outputs cast to what they must be, others to text, and whether each subject is excepted."""
    names = (*COLUMNS, *(column for column in job.columns if column not in COLUMNS))
    shown = [_cast(column, column in job.columns) for column in names]
    waived = "coalesce(NOT ok AND CAST(subject AS VARCHAR) IN (SELECT subject FROM excepted), false)" if job.excepted else "false"
    # The query is written from a syntax tree that `lint` allowed; names are quoted.
    return f"SELECT {', '.join(shown)}, {waived} AS excepted FROM ({job.rest or job.query})"  # noqa: S608


def _cast(column: str, is_there: bool) -> str:
    return f"CAST({quoted(column) if is_there else 'NULL'} AS {_TYPES.get(column, 'VARCHAR')}) AS {quoted(column)}"


def _outcome(row: tuple[Any, ...], more: Sequence[str]) -> Outcome:
    subject, label, ok, detail, flips_at, excepted, *others = row
    shown = {name: value for name, value in zip(more, others, strict=True) if value is not None}
    return Outcome(subject, label or subject, ok, detail or "", _aware(flips_at), bool(excepted), shown)


def _aware(naive: datetime | None) -> datetime | None:
    return naive and naive.replace(tzinfo=UTC)
