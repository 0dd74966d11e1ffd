"""Looks through files with rules on a local cluster of two workers: `python -m tests.logs.two_workers RULES FEW FILE...`.

Prints what was found, as JSON; with the rules in FEW once more over the lines of the files as a data frame, in any order.
"""

import json
import sys
from pathlib import Path

from click.testing import CliRunner
from tests.checks.on_spark import SMALL

from upheld.checks.engines.spark import session
from upheld.cli.logs import logs
from upheld.logs.meeting import Seen
from upheld.logs.sigma.compiled import compiled, files_in
from upheld.logs.spark import SparkLooking


def main() -> None:
    """Look."""
    few = compiled(files_in([Path(sys.argv[2])]))
    names = sys.argv[3:]
    spark = session("local-cluster[2,1,1024]", {**SMALL, "spark.executor.memory": "512m", "spark.sql.shuffle.partitions": "2"})
    scanned = CliRunner().invoke(logs, ["scan", "--rules", sys.argv[1], "--engine", "spark", "--json", *names])
    found = list[Seen]()
    over = SparkLooking(spark, few, found.append)
    said = [(name, number, line) for name in names for number, line in enumerate(Path(name).read_text().split("\n"), 1)]
    over.over(spark.createDataFrame(said, "file string, line bigint, said string").repartition(4))
    reported = CliRunner().invoke(logs, ["report", "--engine", "spark", "--json", *names])
    told = {
        "report": json.loads(reported.stdout),
        "files": [json.loads(line) for line in scanned.stdout.splitlines()],
        "lines": [shown(each) for each in found],
        "events": over.events,
        "workers": spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1,
    }
    print(json.dumps(told))  # noqa: T201
    spark.stop()


def shown(seen: Seen) -> dict[str, object]:
    """What was found, as the command prints it."""
    return {"rule_id": seen.rule.id, "title": seen.rule.title, "file": seen.file, "line": seen.line, "time": seen.time}


if __name__ == "__main__":
    main()
