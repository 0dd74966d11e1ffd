"""Looks through a file with rules on a local cluster of two workers: `python two_workers.py RULES FILE`; prints what was found, as JSON."""

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from upheld.logs.looking import rule_files
from upheld.logs.sigma.compiled import compiled
from upheld.logs.spark import detections


def main() -> None:
    """Look."""
    ready = compiled(rule_files([Path(sys.argv[1])]))
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.executor.memory", "512m")
    spark = builder.config("spark.ui.enabled", "false").getOrCreate()
    said = [(sys.argv[2], number, line) for number, line in enumerate(Path(sys.argv[2]).read_text(encoding="utf-8").split("\n"), 1)]
    lines = spark.createDataFrame(said, "file string, line bigint, said string").repartition(4)
    found = sorted((row.line, row.rule_id) for row in detections(spark, lines, ready).collect())
    print(json.dumps({"found": found, "workers": spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1}))  # noqa: T201
    spark.stop()


if __name__ == "__main__":
    main()
