"""Which engine runs the queries of measures: DuckDB, in a process of its own, or Spark, for what outgrew one machine."""

import os
from importlib import import_module
from importlib.util import find_spec

from upheld.checks.judge import Engine

VARIABLE = "UPHELD_ENGINE"
DUCKDB, SPARK = "duckdb", "spark"


class NoEngine(Exception):
    """The engine that was chosen is none, or cannot run here; the message says what to do. Its reader can act."""


def chosen(name: str = "") -> Engine | None:
    """Return the engine called `name`, or where that is empty what `UPHELD_ENGINE` says; None for DuckDB, which judges again what changed.

    Raises `NoEngine`.
    """
    name = name or os.environ.get(VARIABLE, "") or DUCKDB
    if name == DUCKDB:
        return None
    if name != SPARK:
        raise NoEngine(f"there is no engine {name!r}: {VARIABLE} and --engine are {DUCKDB} or {SPARK}")
    if find_spec("pyspark") is None:
        raise NoEngine("Spark is not installed: pip install 'upheld[spark]', and a Java runtime")
    engine: Engine = import_module("upheld.checks.engines.spark").run  # which takes a second to load
    return engine
