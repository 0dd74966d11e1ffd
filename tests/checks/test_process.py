"""The judging process: what it stops, what it cannot reach, and that one measure's end is not the others'."""

import os
import signal
import time
from pathlib import Path

import duckdb
import pytest
from tests.checks.example import account, measure
from tests.stage import AS_OF, declared

from upheld.checks.engines.duckdb import Worker, run
from upheld.checks.engines.job import Job, Needs
from upheld.checks.engines.tally import Limits, digest, line
from upheld.checks.engines.worker import Start
from upheld.checks.judge import judge
from upheld.checks.verdict import State
from upheld.evidence.frame import ChangeFile, Frame
from upheld.evidence.rows import rows_frame

NOTHING = Needs((), (), {})
EMPTY = Frame(AS_OF, {}, {})
TIGHT = Limits(seconds=1.0, memory_bytes=128 << 20, rows=100_000)
COLUMNS = ("subject", "label", "ok", "detail")
SAID = "AS subject, 'l' AS label, true AS ok, 'd' AS detail"
VALUES = [f"(VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)) AS v{number}(y{number})" for number in range(12)]
MANY, FEWER = ", ".join(VALUES), ", ".join(VALUES[:3])


@pytest.mark.parametrize(
    ("query", "error"),
    [
        (
            f"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT CAST(n AS TEXT) {SAID} FROM r",
            "stopped after 1 seconds",
        ),
        (f"SELECT CAST(count(*) AS TEXT) {SAID} FROM {MANY}", "stopped after 1 seconds"),
        (f"SELECT y0 || '/' || y1 || '/' || y2 || '/' || y3 || '/' || y4 || '/' || y5 {SAID} FROM {MANY}", "more than 100,000 rows"),
        (f"SELECT repeat('x', 1000000000) {SAID}", "needs more than the 128 MB of memory"),
        (f"SELECT repeat('x', 10000000) || y0 || y1 || y2 {SAID} FROM {FEWER}", "needs more than the 128 MB of memory"),
        (f"SELECT column0 {SAID} FROM read_csv('/etc/passwd')", "file system operations are disabled"),
        (f"SELECT content {SAID} FROM read_text('/proc/self/environ')", "file system operations are disabled"),
        (f"SELECT file {SAID} FROM glob('/*')", "disabled"),
        ("ATTACH '/tmp/other.db'", "syntax error"),
        (f"SELECT name {SAID} FROM sqlite_scan('/tmp/x', 'y')", "exists in the sqlite_scanner extension"),
    ],
)
def test_what_goes_too_far_is_stopped_and_told(query: str, error: str) -> None:
    """These never come past `lint`; here nothing but the process stands in their way."""
    started = time.monotonic()
    tally = run(EMPTY, NOTHING, [Job("x", query, COLUMNS)], TIGHT, None)["x"]
    assert error in tally.error
    assert time.monotonic() - started < 10


def test_the_others_are_judged_by_a_fresh_process_when_one_query_kills_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = f"SELECT 'a' {SAID}"
    jobs = [Job("first", fine, COLUMNS), Job("fatal", fine, COLUMNS), Job("last", fine, COLUMNS)]
    send = Worker._send

    def kill(worker: Worker, what: Start | Job) -> None:
        if isinstance(what, Job) and what.measure == "fatal":
            os.kill(worker._process.pid, signal.SIGKILL)
            worker._process.wait()
        send(worker, what)

    monkeypatch.setattr(Worker, "_send", kill)
    tallies = run(EMPTY, NOTHING, jobs, TIGHT, None)
    assert [tallies[name].population for name in ("first", "fatal", "last")] == [1, 0, 1]
    assert tallies["fatal"].error == "the judging process was ended by signal 9 over this query"


def test_a_process_that_does_not_answer_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upheld.checks.engines.duckdb._GRACE_SECONDS", 0.0)
    with Worker(Start(EMPTY, NOTHING, Limits(seconds=0.5), None)) as worker:
        assert worker.tally(Job("fine", f"SELECT 'a' {SAID}", COLUMNS)).error == ""
        os.kill(worker._process.pid, signal.SIGSTOP)
        said = worker.tally(Job("hung", f"SELECT 'a' {SAID}", COLUMNS)).error
    assert said == "the judging process did not answer over this query within its time, and was stopped"


def test_evidence_that_cannot_be_read_makes_everything_unproven_with_the_reason(tmp_path: Path) -> None:
    frame = rows_frame({"accounts": [account("ada", enabled=True)]}, AS_OF, folder=tmp_path)
    lost = {"accounts": [ChangeFile(**{**vars(each), "path": tmp_path / "lost.parquet"}) for each in frame.files["accounts"]]}
    (verdict,) = judge([measure()], Frame(AS_OF, lost, frame.filled), declared(), {})
    assert verdict.state is State.UNPROVEN
    assert verdict.reason.startswith("It could not be judged: the evidence could not be loaded:")


def test_a_secret_in_the_environment_does_not_reach_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPHELD_SECRET", "hunter2")
    with Worker(Start(EMPTY, NOTHING, TIGHT, None)) as worker:
        assert worker.tally(Job("fine", f"SELECT 'a' {SAID}", COLUMNS)).error == ""
        assert b"hunter2" not in Path(f"/proc/{worker._process.pid}/environ").read_bytes()


def test_a_query_that_comes_out_otherwise_when_asked_again_is_counted_from_one_run() -> None:
    """Chance is refused by `lint`; a query may still choose among rows at will, and then what is counted is what is named."""
    query = f"SELECT y0 || '/' || y1 || '/' || y2 AS subject, 'l' AS label, random() < 0.5 AS ok, 'd' AS detail FROM {FEWER}"
    tally = run(EMPTY, NOTHING, [Job("x", query, COLUMNS)], TIGHT, None)["x"]
    assert (tally.error, tally.population, len(tally.failing)) == ("", 1000, tally.failed)
    assert 0 < tally.failed < 1000 and tally.digest == digest(1000, tally.passed, "\n".join(map(line, tally.failing)))


def test_the_population_is_written_where_pages_find_it(tmp_path: Path) -> None:
    rows = [account("ada", enabled=True), account("bob", enabled=False), account("carl")]
    frame = rows_frame({"accounts": rows}, AS_OF, folder=tmp_path / "history")
    (verdict,) = judge([measure()], frame, declared(), {}, outcomes=tmp_path / "outcomes")
    found = duckdb.sql(
        f"SELECT subject, label, ok, detail, flips_at, excepted FROM '{tmp_path}/outcomes/access/example.parquet' ORDER BY 1"
    ).fetchall()
    assert (verdict.population, verdict.failed) == (3, 1)
    assert found == [
        ("ada", "ADA", True, "an account", None, False),
        ("bob", "BOB", False, "an account", None, False),
        ("carl", "CARL", None, "an account", None, False),
    ]


def test_nothing_can_be_written_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "outcomes").mkdir()
    job = Job("x", f"SELECT 'a' {SAID}", COLUMNS, outcomes=tmp_path / "elsewhere.parquet")
    assert "disabled" in run(EMPTY, NOTHING, [job], TIGHT, tmp_path / "outcomes")["x"].error


def test_what_finds_no_memory_waits_in_the_folder_aside_and_nothing_else_is_reached(tmp_path: Path) -> None:
    five = ", ".join(VALUES[:5])
    pairs = (
        f"SELECT y0 || '/' || y1 || '/' || y2 || '/' || y3 || '/' || y4 || repeat(md5(y0 || y1 || y2 || y3 || y4), 10) {SAID} FROM {five}"
    )
    sorted_all = (
        f"SELECT subject, label, ok, detail FROM (SELECT *, row_number() OVER (ORDER BY subject) AS place FROM ({pairs})) WHERE place > 0"
    )
    jobs = [Job("much", sorted_all, COLUMNS), Job("other", f"SELECT column0 {SAID} FROM read_csv('/etc/passwd')", COLUMNS)]
    limits = Limits(seconds=20.0, memory_bytes=48 << 20)
    with Worker(Start(EMPTY, NOTHING, limits, None, tmp_path)) as worker:
        much, other = (worker.tally(job) for job in jobs)
    assert (much.error, much.passed) == ("", 100_000)
    assert "file system operations are disabled" in other.error
    with Worker(Start(EMPTY, NOTHING, limits, None)) as worker:
        assert "needs more than the 48 MB of memory" in worker.tally(jobs[0]).error, "the control: there is no such folder"


def test_judging_many_measures_keeps_their_order_and_their_errors_apart(tmp_path: Path) -> None:
    frame = rows_frame({"accounts": [account("ada", enabled=True)]}, AS_OF, folder=tmp_path)
    bad = "SELECT id AS subject, user_name AS label, CAST(id AS INTEGER) = 1 AS ok, 'x' AS detail FROM accounts"
    asked = [measure(name="access/one"), measure(bad, name="access/two"), measure(name="access/three")]
    states = [(each.measure, each.state) for each in judge(asked, frame, declared(), {})]
    assert states == [("access/one", State.UPHELD), ("access/two", State.UNPROVEN), ("access/three", State.UPHELD)]
