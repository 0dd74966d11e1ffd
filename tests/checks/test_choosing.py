"""Which engine runs the queries: by name, by the environment, and not at all where it is none."""

import pytest

from upheld.checks.choosing import VARIABLE, NoEngine, chosen


def test_duckdb_is_what_runs_where_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert chosen() is None and chosen("duckdb") is None


@pytest.mark.parametrize("said", ["sparks", "postgres", " "])
def test_an_engine_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(VARIABLE, said)
    with pytest.raises(NoEngine, match="duckdb or spark"):
        chosen()
    assert chosen("duckdb") is None  # what is asked for goes before what is set
