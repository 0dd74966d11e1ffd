"""Judgements of one measure under several parameters share the steps that no parameter reaches, and come to what they would alone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.checks import here
from tests.checks.test_rejudge import frames, used
from tests.stage import declared

from upheld.checks.engines.tally import Limits, Tally
from upheld.checks.judge import Prepared, prepare
from upheld.checks.measure import Measure, parse
from upheld.checks.rejudge import Rejudging
from upheld.checks.sharing import split
from upheld.evidence.frame import Frame

FRONT = """/*---
title = "Used"
promise = "Every account is used within its window."
why = "An example of steps before a query."
clauses = []
kind = "deadline"
severity = "low"
owner = "it-operations"
warn = "5 days"
parameters = ["leaver_window"]
---*/
"""
OUTCOME = "subject, user_name AS label, used_at >= $as_of - $leaver_window AS ok, 'used' AS detail, used_at + $leaver_window AS flips_at"


def test_a_step_that_no_parameter_reaches_is_shared_and_one_that_a_parameter_reaches_is_not() -> None:
    measure = _measure(
        "running AS (SELECT * FROM systems WHERE in_operation), "
        "used AS (SELECT a.id AS subject, user_name, last_login_at AS used_at FROM accounts a JOIN running r ON r.id = a.system_id), "
        "late AS (SELECT * FROM used WHERE used_at < $as_of - $leaver_window) "
        f"SELECT {OUTCOME} FROM late UNION ALL SELECT {OUTCOME} FROM used WHERE used_at >= $as_of - $leaver_window"
    )
    parted = split(measure)
    assert parted is not None
    (step,) = parted.steps.values()
    assert "running AS" in step
    assert "late AS" in parted.query and "running" not in parted.query


def test_a_name_that_means_a_table_and_a_step_is_left_as_it_is() -> None:
    assert (
        split(_measure(f"accounts AS (SELECT id AS subject, last_login_at AS used_at, * FROM accounts) SELECT {OUTCOME} FROM accounts"))
        is None
    )


def test_a_query_without_steps_is_left_as_it_is() -> None:
    query = f"SELECT {OUTCOME} FROM (SELECT id AS subject, last_login_at AS used_at, * FROM accounts) AS used"
    assert split(parse("authorization/used", f"{FRONT}{query}")) is None


def test_shared_steps_give_what_each_judgement_gives_alone(tmp_path: Path) -> None:
    measure = _measure(
        f"used AS (SELECT source || '/' || id AS subject, user_name, last_login_at AS used_at FROM accounts) SELECT {OUTCOME} FROM used"
    )
    (frame,) = frames(tmp_path, [[used(days, f"a{days}") for days in (3, 30, 300)]], 1)
    ready = [_named(measure, frame, days) for days in (1, 10, 100, 1000)]
    together = _tallies(frame, ready)
    assert together == {name: tally for each in ready for name, tally in _tallies(frame, [each]).items()}
    assert [together[f"{measure.id} {days}"].failed for days in (1, 10, 100, 1000)] == [3, 2, 1, 0]


def _measure(query: str) -> Measure:
    return parse("authorization/used", f"{FRONT}WITH {query}")


def _named(measure: Measure, frame: Frame, days: int) -> Prepared:
    parameters = declared().overridden({measure.chapter: {"leaver_window": f"{days} days"}})
    ready = prepare(measure, frame, parameters, {})
    assert ready.job is not None, ready.refused
    return replace(ready, job=replace(ready.job, measure=f"{measure.id} {days}"))


def _tallies(frame: Frame, ready: list[Prepared]) -> Mapping[str, Tally]:
    kept = Rejudging(frame, Limits(), here.run, None).run(ready, None).kept
    return {name: each.tally for name, each in kept.judged.items()}
