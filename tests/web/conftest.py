"""A workspace with a ledger, and verdicts kept in it as the judge would."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from django.test import Client
from django.utils import translation

from upheld.checks.verdict import Outcome, Seen, State, Verdict
from upheld.ledger import sequencer
from upheld.verdicts.keeping import keep
from upheld.workspace import Workspace

MEASURE = "authorization/leavers_removed"
PAGE = "/measures/authorization/leavers_removed/"
HOSTILE = "<script>alert('1')</script>\" onload=\"x&amp;"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Let no test inherit the language in which the last page before it was asked for."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def ledger(workspace: Workspace, noon: datetime) -> Workspace:
    """A workspace with a ledger, on 4 May 2026."""
    sequencer.init("test.example/ledger/main/1")
    return workspace


def outcomes(folder: Path, measure: str, subjects: Sequence[Outcome]) -> str:
    """Write the population of `measure` below the workspace `folder` as the engine does, and return its name there."""
    file = folder / "outcomes" / "t" / f"{measure}.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE o (subject TEXT, label TEXT, ok BOOLEAN, detail TEXT, flips_at TIMESTAMP, excepted BOOLEAN, since_on TEXT)"
        )
        for each in subjects:
            at = each.flips_at.replace(tzinfo=None) if each.flips_at else None
            row = [each.subject, each.label, each.ok, each.detail, at, each.excepted, each.more.get("since_on")]
            connection.execute("INSERT INTO o VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute(f"COPY o TO '{file}' (FORMAT parquet)")
    return str(file.relative_to(folder))


Keep = Callable[..., None]


@pytest.fixture
def judged(ledger: Workspace, noon: datetime) -> Keep:
    """Keep a verdict of `state` on `subjects`, as of `at`, beside those kept before: a judgement is always of all measures."""
    verdicts: dict[str, Verdict] = {}
    files: dict[str, str] = {}

    def kept(state: State, *subjects: Outcome, measure: str = MEASURE, at: datetime = noon, reason: str = "", **more: object) -> None:
        failing = tuple(each for each in subjects if each.ok is False)
        unknown = tuple(each for each in subjects if each.ok is None)
        verdict = Verdict(
            measure,
            state,
            reason or f"{len(failing)} of {len(subjects)} accounts fail: {', '.join(each.label for each in failing)}.",
            at,
            population=len(subjects),
            passed=len(subjects) - len(failing) - len(unknown),
            failed=len(failing),
            unknown=len(unknown),
            failing=failing,
            unknowns=unknown,
            evidence=(Seen("accounts", "directory", at, "d" * 64, False, "complete"),),
            **more,
        )
        verdicts[measure] = verdict
        files[measure] = outcomes(ledger.root, measure, subjects)
        keep([replace(each, as_of=at) for each in verdicts.values()], at, files)

    return kept


@pytest.fixture
def browser() -> Client:
    """A browser that raises nothing: a failure is an answer, as it is for people."""
    return Client(raise_request_exception=False)
