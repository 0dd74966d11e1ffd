"""Rules over logs on Spark, for what outgrew one machine: the same rules made ready, sent to each worker once, over lines of JSON."""

from collections.abc import Iterator
from typing import Any

import orjson

from upheld.logs.event import lenient
from upheld.logs.formats.windows import unfolded
from upheld.logs.sigma.compiled import Compiled, dumped, loaded
from upheld.logs.sigma.engine import Engine

SCHEMA = "file string, line bigint, rule_id string, title string"


def detections(spark: Any, lines: Any, rules: Compiled) -> Any:
    """Return what `rules` find in `lines`, a data frame of (file, line, said); correlations are not told.

    What is returned is a data frame of `SCHEMA`. Each worker makes the engine ready once.
    """
    sent = spark.sparkContext.broadcast(dumped(rules))

    def look(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow  # noqa: PLC0415  it is there where Spark is

        ready = loaded(sent.value)
        engine, its = Engine(ready.ruleset, ready.plan), ready.ruleset.rules
        for batch in batches:
            told = batch.to_pydict()
            found = [
                {"file": file, "line": line, "rule_id": its[place].id, "title": its[place].title}
                for file, line, said in zip(told["file"], told["line"], told["said"], strict=True)
                for place in _met(engine, said)
            ]
            fields = [("file", pyarrow.string()), ("line", pyarrow.int64()), ("rule_id", pyarrow.string()), ("title", pyarrow.string())]
            yield pyarrow.RecordBatch.from_pylist(found, schema=pyarrow.schema(fields))

    return lines.mapInArrow(look, SCHEMA)


def _met(engine: Engine, said: str) -> tuple[int, ...]:
    try:
        event = orjson.loads(said)
    except orjson.JSONDecodeError:
        event = lenient(said)
    return engine.matches(unfolded(event)) if isinstance(event, dict) else ()
