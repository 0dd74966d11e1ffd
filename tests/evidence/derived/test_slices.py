"""A large derived table is computed in slices: they give the rows that it has when it is computed at once."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from tests.stage import AS_OF

from upheld.evidence import frame as evidence_frame
from upheld.evidence import loading
from upheld.evidence.derived import bases, derived_tables
from upheld.evidence.frame import Frame
from upheld.evidence.rows import rows_frame
from upheld.evidence.table import table
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.company import company

SLICED = sorted(name for name, each in derived_tables().items() if each.slices)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Frame:
    """The sample company: people with two numbers, accounts of several people or nobody, groups within groups."""
    brought = company("slices", 150, Calendar(AS_OF, AS_OF))
    return rows_frame({name: brought[name] for name in bases(SLICED)}, AS_OF, folder=tmp_path_factory.mktemp("history"))


def computed(frame: Frame, aside: Path | None = None) -> dict[str, list[str]]:
    with duckdb.connect() as connection:
        frame.load(connection, [*SLICED, "accounts"], ["accounts"], aside=aside)
        read = [*SLICED, "accounts", "history.accounts"]
        return {name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}").fetchall())) for name in read}


def test_slices_give_what_the_whole_gives(sample: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = computed(sample)
    monkeypatch.setattr(loading, "SLICE_ROWS", 100)
    assert computed(sample) == at_once
    assert all(len(rows) > 500 for rows in at_once.values())


def test_large_tables_that_lie_in_files_are_what_they_are_in_memory(sample: Frame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So are their spans of time, of which Parquet would keep no microseconds."""
    held = computed(sample)
    monkeypatch.setattr(loading, "SLICE_ROWS", 100)
    monkeypatch.setattr(loading, "ASIDE_ROWS", 100)
    monkeypatch.setattr(evidence_frame, "ASIDE_ROWS", 100)
    assert computed(sample, tmp_path) == held
    lying = {file.name.rpartition("-")[0] for file in tmp_path.iterdir()}
    assert lying >= {"accounts", *SLICED}
    spans = "SELECT INTERVAL 1 MICROSECOND AS last_login_lag"
    with duckdb.connect() as connection:
        loading.set_aside(connection, "spans", table("accounts"), ["last_login_lag"], [spans], tmp_path)
        assert connection.execute("FROM spans").fetchall() == [(timedelta(microseconds=1),)]


def test_what_hangs_on_all_rows_comes_out_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: counted over slices, accounts are not as many as counted at once."""
    monkeypatch.setattr(loading, "SLICE_ROWS", 1)
    owners = derived_tables()["account_owners"]
    counted = type(owners)(owners.table, 1, {}, "", sql="SELECT count(*) AS n FROM accounts", slices=owners.slices)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE accounts AS SELECT 's' AS source, CAST(range AS VARCHAR) AS id FROM range(9)")
        found = [connection.execute(query).fetchall()[0][0] for query in loading._slices(connection, counted, counted.sql or "")]
    assert (len(found), sum(found)) == (loading.MOST_SLICES, 9) and 9 not in found
