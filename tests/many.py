"""Many stages of a measure at once: for which of them a mutant gives other rows than the measure, found by one query."""

from collections import defaultdict
from collections.abc import Sequence
from threading import Timer

import duckdb
from tests.checks.together import CASES, NUMBER, Apart, together
from tests.stage import LIMITS, Stage, apart

from upheld.checks import sql
from upheld.checks.engines.counting import COLUMNS
from upheld.checks.measure import Measure
from upheld.evidence.duck import quoted


class Many:
    """The rows of those of `stages` that put the same values into the query: most of them. Close it, or use it as a context.

    It tells where to look first, no more: asked of many stages at once, a query may mean something else than asked of each.
    """

    def __init__(self, measure: Measure, stages: Sequence[Stage]) -> None:
        alike = defaultdict[str, dict[int, Stage]](dict)
        for number, stage in enumerate(stages):
            if stage.ready.job:
                alike[f"{stage.given.as_of} {stage.given.parameters}"][number] = stage
        self._stages = max(alike.values(), key=len, default={})
        self._connection, self._name = apart()
        self._connection.execute(f"CREATE TABLE {CASES} AS SELECT unnest({list(self._stages)}) AS {NUMBER}; CREATE SCHEMA history")
        for name in measure.reads if self._stages else ():
            place = name if name.startswith("history.") else f"main.{name}"
            rows = [f"SELECT {number} AS {NUMBER}, * FROM {stage.session.name}.{place}" for number, stage in self._stages.items()]
            self._connection.execute(f"CREATE TABLE {place} AS {' UNION ALL '.join(rows)}")
        self._given = self._marks(measure)

    def __enter__(self) -> "Many":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.execute(f"USE memory; DETACH {self._name}")
        self._connection.close()

    def unlike(self, mutant: Measure) -> frozenset[int]:
        """Return the numbers of the stages for which `mutant` seems to give other rows; none where that cannot be asked."""
        marks = self._marks(mutant)
        return frozenset(number for number in self._stages if marks.get(number) != self._given.get(number)) if marks else frozenset()

    def _marks(self, measure: Measure) -> dict[int, tuple[int, ...]]:
        """How many rows `measure` gives for each stage, and the sum of their hashes; nothing where that cannot be asked."""
        timer = Timer(LIMITS.seconds, self._connection.interrupt)
        timer.start()
        try:
            rows = self._connection.execute(self._asked(measure)).fetchall() if self._stages else []
        except (Apart, duckdb.Error):
            return {}
        finally:
            timer.cancel()
        return {number: (*told,) for number, *told in rows}

    def _asked(self, measure: Measure) -> str:
        one = next(iter(self._stages.values()))
        values = {**one.parameters.values(measure), "as_of": one.given.as_of}
        query = sql.filled(sql.template(together(measure.tree)), values)
        told = ", ".join(quoted(column) for column in sql.outputs(measure.tree) if column in COLUMNS)
        return f"SELECT {NUMBER}, count(*), sum(hash({told})) FROM ({query}) GROUP BY 1"
