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
from upheld.logs.reporting import Report, report
from upheld.logs.sigma.compiled import Compiled, dumped, loaded
from upheld.logs.sigma.correlating import COLUMNS, fields
from upheld.logs.sigma.engine import Engine
from upheld.logs.surveying import Taking

# A row each time that a rule met: one with `alone` where it speaks for itself, one without where correlations count it (`said` is what
# they ask for). `told` of the last of a file, which has no rule, says in JSON what became of it.
_MET = "rule bigint, met_at bigint, file string, line bigint, step bigint, said array<string>, alone boolean, told string"
# A row an event; the last of a file is as above.
_EVENTS = "met_at bigint, host string, who string, place string, file string, told string"
_AT_ONCE, _MOST_TASKS = 5_000, 10_000
_Row = dict[str, Any]


class _Counts:
    """What became of files on all workers."""

    def __init__(self) -> None:
        self.events = self.unread = self.undecided = self.undated = 0
        self.elsewhere_seconds = 0.0
        self.troubles: dict[str, str] = {}

    def add(self, file: str, said: str) -> None:
        """Count what became of `file`."""
        told = orjson.loads(said)
        self.events += told["events"]
        self.unread += told["unread"]
        self.undecided += told["undecided"]
        self.undated += told["undated"]
        self.elsewhere_seconds += told["seconds"]
        if told["trouble"]:
            self.troubles[file] = told["trouble"]


class SparkSurveying(_Counts):
    """Reads files on Spark and reports: what `surveying.Surveying` does on one machine."""

    def __init__(self, spark: Any) -> None:
        """Begin with nothing read."""
        super().__init__()
        self._spark = spark

    def through(self, names: Iterable[str]) -> Report:
        """Return what the files `names` tell, each read by one worker; of folders, all files in them."""
        events = _files(self._spark, every(names, self.troubles), _Surveyor, _EVENTS).persist()
        try:
            for row in events.where("told IS NOT NULL").collect():
                self.add(row.file, row.told)
            events.where("told IS NULL").createOrReplaceTempView("events")
            return report(lambda query: self._spark.sql(query).collect())
        finally:
            events.unpersist()


class SparkLooking(_Counts):
    """Looks through files on Spark with `rules`, telling each detection to `tell`: what `looking.Looking` is on one machine."""

    def __init__(self, spark: Any, rules: Compiled, tell: Callable[[Seen], None]) -> None:
        """Send the rules to the workers."""
        super().__init__()
        self._spark, self._ruleset, self._tell = spark, rules.ruleset, tell
        self._sent = spark.sparkContext.broadcast(dumped(rules))

    def through(self, names: Iterable[str]) -> None:
        """Look through the files `names`, each on one worker; of folders, through all files in them. What correlations tell comes last."""
        sent = self._sent
        self._told(_files(self._spark, every(names, self.troubles), lambda: _Worker(loaded(sent.value)), _MET))

    def over(self, lines: Any) -> None:
        """Look through `lines`, a data frame of (file, line, said)."""
        sent = self._sent

        def look(batches: Iterator[Any]) -> Iterator[Any]:
            worker = _Worker(loaded(sent.value))
            for batch in batches:
                files, numbers, said = (batch.column(name).to_pylist() for name in ("file", "line", "said"))
                yield from _batches(worker.lines(files, numbers, said), _MET)

        self._told(lines.mapInArrow(look, _MET))

    def _told(self, met: Any) -> None:
        """Tell what was met, and then what correlations make of it."""
        met = met.persist()
        try:
            for row in met.where("rule IS NULL OR alone").toLocalIterator(prefetchPartitions=True):
                if row.rule is None:
                    self.add(row.file, row.told)
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


def _files(spark: Any, names: Iterable[str], make: "Callable[[], _Reader]", schema: str) -> Any:
    """A data frame of what a reader that `make` makes on each worker gives of the files `names`."""
    listed = [(name,) for name in names]

    def look(batches: Iterator[Any]) -> Iterator[Any]:
        reader = make()
        for batch in batches:
            for name in batch.column("file").to_pylist():
                yield from _batches(reader.file(name), schema)

    tasks = spark.sparkContext.parallelize(listed, max(1, min(len(listed), _MOST_TASKS)))
    return spark.createDataFrame(tasks, "file string").mapInArrow(look, schema)


class _Reader:
    """Reads files, one after the other, on one machine; what it finds comes into `_rows`."""

    _lines: Lines

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._before: dict[str, float] = {"seconds": time.process_time()}
        self._name = ""

    def file(self, name: str) -> Iterator[_Row]:
        """Yield what is found in the file `name`, and at the end what became of it."""
        self._name, trouble = name, ""
        try:
            with opened(Path(name)) as file:
                for _ in self._lines.blocks(file):
                    yield from self._taken()
        except READING_ERRORS as error:
            trouble = str(error) or type(error).__name__
        yield from self._became(name, trouble)

    def _taken(self) -> list[_Row]:
        rows, self._rows = self._rows, []
        return rows

    def _counts(self) -> dict[str, int]:
        """How often what is not found came, so far."""
        raise NotImplementedError

    def _became(self, name: str, trouble: str) -> Iterator[_Row]:
        yield from self._taken()
        now = {"events": self._lines.events, "unread": self._lines.unread, "seconds": time.process_time(), **self._counts()}
        told = {each: value - self._before.get(each, 0) for each, value in now.items()}
        self._before = now
        yield {"file": name, "told": orjson.dumps(told | {"trouble": trouble}).decode()}


class _Surveyor(_Reader):
    """Takes events as reports ask for them."""

    def __init__(self) -> None:
        super().__init__()
        self._taking = Taking(self._rows.append)
        self._lines = self._taking.lines

    def _taken(self) -> list[_Row]:
        rows = list(self._rows)
        self._rows.clear()  # it is what events are put into
        return rows

    def _counts(self) -> dict[str, int]:
        return {"undated": self._taking.undated, "undecided": 0}


class _Worker(_Reader):
    """Holds events against rules."""

    def __init__(self, rules: Compiled) -> None:
        super().__init__()
        self._engine, self._meeting = Engine(rules.ruleset, rules.plan), Meeting(rules.ruleset)
        self._places: Sequence[tuple[str, int]] = ()
        self._lines = Lines(self._engine, self._met)

    def lines(self, files: Sequence[str], numbers: Sequence[int], said: Sequence[str | None]) -> Iterator[_Row]:
        """Yield what is met in lines with so many `numbers` of `files`, and at the end what became of them."""
        self._places = list(zip(files, numbers, strict=True))
        text = b"\n".join((each or "").replace("\n", " ").encode("utf-8", "surrogatepass") for each in said)
        self._lines.read(BytesIO(text))
        yield from self._became("", "")

    def _met(self, event: Fields, places: tuple[int, ...], number: int) -> None:
        file, line = self._places[number - 1] if self._places else (self._name, number)
        for place in places:
            for seen in self._meeting.seen((place,), event, file, line):
                self._rows.append({"rule": place, "file": file, "line": line, "alone": True, "told": seen.time})
        for met in self._meeting.met(places, event, file, line):
            self._rows.append({**met._asdict(), "said": met.values, "alone": False})

    def _counts(self) -> dict[str, int]:
        return {"undated": self._meeting.undated, "undecided": self._engine.undecided}


_KINDS = {"bigint": "int64", "string": "string", "boolean": "bool_"}


def _batches(rows: Iterator[_Row], schema: str) -> Iterator[Any]:
    """The rows as Arrow has them, with the columns of `schema`."""
    import pyarrow  # noqa: PLC0415  it is there where Spark is

    columns = [each.split() for each in schema.split(", ")]
    kinds = [(name, getattr(pyarrow, _KINDS[kind])() if kind in _KINDS else pyarrow.list_(pyarrow.string())) for name, kind in columns]
    while some := list(islice(rows, _AT_ONCE)):
        arrays = [pyarrow.array([row.get(name) for row in some], kind) for name, kind in kinds]
        yield pyarrow.RecordBatch.from_arrays(arrays, names=[name for name, _ in kinds])
