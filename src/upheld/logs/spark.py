"""Rules over logs on Spark, for what outgrew one machine: rules made ready are sent to each worker once, correlations are the same SQL.

Each file is read by one worker just as `looking` reads it, so that the same lines are found, whatever the file is; or lines come from a
data frame. Workers have Upheld installed, and find the files under the same names.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from upheld.logs.lines import Fields, Lines
from upheld.logs.looking import every
from upheld.logs.meeting import Meeting, Seen, came_true
from upheld.logs.opening import READING_ERRORS, opened
from upheld.logs.sigma.compiled import Compiled, dumped, loaded
from upheld.logs.sigma.correlating import COLUMNS, fields
from upheld.logs.sigma.engine import Engine

# A row each time that a rule met: one with `alone` where it speaks for itself, one without where correlations count it (`said` is what
# they ask for). Behind them a row without a rule, of which `told` says in JSON what became of a file.
_SCHEMA = "rule bigint, met_at bigint, file string, line bigint, step bigint, said array<string>, alone boolean, told string"
_NAMES = ("rule", "met_at", "file", "line", "step", "said", "alone", "told")
_AT_ONCE, _MOST_TASKS = 5_000, 10_000
_Row = tuple[int | None, int | None, str, int | None, int | None, list[str | None] | None, bool, str | None]


class SparkLooking:
    """Looks through files on Spark with `rules`, telling each detection to `tell`: what `looking.Looking` is on one machine."""

    def __init__(self, spark: Any, rules: Compiled, tell: Callable[[Seen], None]) -> None:
        """Send the rules to the workers."""
        self._spark, self._ruleset, self._tell = spark, rules.ruleset, tell
        self._sent = spark.sparkContext.broadcast(dumped(rules))
        self.events = self.unread = self.undecided = self.undated = 0
        self.elsewhere_seconds = 0.0
        self.troubles: dict[str, str] = {}

    def through(self, names: Iterable[str]) -> None:
        """Look through the files `names`, each on one worker; of folders, through all files in them. What correlations tell comes last."""
        sent, listed = self._sent, [(name,) for name in every(names)]

        def look(batches: Iterator[Any]) -> Iterator[Any]:
            worker = _Worker(loaded(sent.value))
            for batch in batches:
                for name in batch.column("file").to_pylist():
                    yield from _batches(worker.file(name))

        if listed:
            tasks = self._spark.sparkContext.parallelize(listed, min(len(listed), _MOST_TASKS))
            self._told(self._spark.createDataFrame(tasks, "file string").mapInArrow(look, _SCHEMA))

    def over(self, lines: Any) -> None:
        """Look through `lines`, a data frame of (file, line, said)."""
        sent = self._sent

        def look(batches: Iterator[Any]) -> Iterator[Any]:
            worker = _Worker(loaded(sent.value))
            for batch in batches:
                files, numbers, said = (batch.column(name).to_pylist() for name in ("file", "line", "said"))
                yield from _batches(worker.lines(files, numbers, said))

        self._told(lines.mapInArrow(look, _SCHEMA))

    def _told(self, met: Any) -> None:
        """Tell what was met, and then what correlations make of it."""
        met = met.persist()
        try:
            for row in met.where("rule IS NULL OR alone").toLocalIterator(prefetchPartitions=True):
                if row.rule is None:
                    self._became(orjson.loads(row.told), row.file)
                else:
                    self._tell(Seen(self._ruleset.rules[row.rule], row.file, row.line, row.told))
            if not self._ruleset.correlations:
                return
            asked = [f"said[{number}] AS f{number}" for number, _ in enumerate(fields(self._ruleset.correlations))]
            met.where("NOT alone AND rule IS NOT NULL").selectExpr(*COLUMNS, *asked).createOrReplaceTempView("met")
            for seen in came_true(self._ruleset, lambda query: self._spark.sql(query).collect()):
                self._tell(seen)
        finally:
            met.unpersist()

    def _became(self, told: dict[str, Any], file: str) -> None:
        self.events += told["events"]
        self.unread += told["unread"]
        self.undecided += told["undecided"]
        self.undated += told["undated"]
        self.elsewhere_seconds += told["cpu_seconds"]
        if told["trouble"]:
            self.troubles[file] = told["trouble"]


class _Worker:
    """Reads files, or lines, one after the other, on one machine."""

    def __init__(self, rules: Compiled) -> None:
        self._engine, self._meeting = Engine(rules.ruleset, rules.plan), Meeting(rules.ruleset)
        self._rows: list[_Row] = []
        self._files: Sequence[str] = ()
        self._numbers: Sequence[int] | None = None
        self._reader = Lines(self._engine, self._met)
        self._before = (0, 0, 0, 0, time.process_time())

    def file(self, name: str) -> Iterator[_Row]:
        """Yield what is met in the file `name`, and at the end what became of it."""
        self._files, self._numbers, trouble = (name,), None, ""
        try:
            with opened(Path(name)) as file:
                self._reader.read(file)
        except READING_ERRORS as error:
            trouble = str(error) or type(error).__name__
        yield from self._taken(name, trouble)

    def lines(self, files: Sequence[str], numbers: Sequence[int], said: Sequence[str]) -> Iterator[_Row]:
        """Yield what is met in lines with so many `numbers` of `files`, and at the end what became of them."""
        self._files, self._numbers = files, numbers
        text = b"\n".join((each or "").replace("\n", " ").encode("utf-8", "surrogatepass") for each in said)
        self._reader.read(BytesIO(text))
        yield from self._taken("", "")

    def _met(self, event: Fields, places: tuple[int, ...], number: int) -> None:
        if self._numbers is not None:
            file, line = self._files[number - 1], self._numbers[number - 1]
        else:
            file, line = self._files[0], number
        for place in places:
            for seen in self._meeting.seen((place,), event, file, line):
                self._rows.append((place, None, file, line, None, None, True, seen.time))
        for met in self._meeting.met(places, event, file, line):
            self._rows.append((met.rule, met.met_at, file, line, met.step, list(met.values), False, None))

    def _taken(self, name: str, trouble: str) -> Iterator[_Row]:
        rows, self._rows = self._rows, []
        yield from rows
        now = (self._reader.events, self._reader.unread, self._engine.undecided, self._meeting.undated, time.process_time())
        told = dict(zip(("events", "unread", "undecided", "undated", "cpu_seconds"), map(_less, now, self._before), strict=True))
        self._before = now
        yield None, None, name, None, None, None, False, orjson.dumps(told | {"trouble": trouble}).decode()


def _less(one: float, other: float) -> float:
    return one - other


def _batches(rows: Iterator[_Row]) -> Iterator[Any]:
    """The rows as Arrow has them."""
    import pyarrow  # noqa: PLC0415  it is there where Spark is

    kinds = {"said": pyarrow.list_(pyarrow.string()), "alone": pyarrow.bool_()} | dict.fromkeys(("file", "told"), pyarrow.string())
    schema = pyarrow.schema([(name, kinds.get(name, pyarrow.int64())) for name in _NAMES])
    while some := list(islice(rows, _AT_ONCE)):
        yield pyarrow.RecordBatch.from_arrays(
            [pyarrow.array(column, field.type) for column, field in zip(zip(*some, strict=True), schema, strict=True)], schema=schema
        )
