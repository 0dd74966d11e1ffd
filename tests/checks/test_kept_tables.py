"""Derived tables that are kept: read from their file while what they come from stays as it is, and computed anew as soon as it does not."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.checks import companies, here
from tests.checks.test_kept_steps import FRONT
from tests.stage import declared

from upheld.checks import kept_steps
from upheld.checks.judge import judge
from upheld.checks.keeping import Round, load
from upheld.checks.measure import parse
from upheld.checks.rejudge import rejudge

Row = Mapping[str, Any]
OWNED = parse(
    "access/owned",
    FRONT + "SELECT source || '/' || account_id AS subject, label, person_name = 'Ada' AS ok, person_name AS detail FROM account_owners",
)
ADA: Row = {"id": "p1", "name": "Ada", "mail": "ada@sample.example", "started_on": date(2020, 1, 1)}
EVE: Row = {**ADA, "name": "Eve"}
SOURCE = companies.SOURCES[0]


@pytest.fixture(autouse=True)
def _every_table_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_steps, "LARGE_ROWS", 0)


def company(person: Row, *names: str) -> Mapping[tuple[str, str], list[Row]]:
    """One person, who holds accounts called `names`."""
    held = [{"id": name, "system_id": "crm", "user_name": name, "identifier": name, "person_ref": "p1"} for name in names]
    return {(SOURCE, "people"): [person], (SOURCE, "systems"): [{"id": "crm", "name": "CRM"}], (SOURCE, "accounts"): held}


def names_after(folder: Path, later: Mapping[tuple[str, str], list[Row]], passed: timedelta) -> tuple[list[str], list[str]]:
    """Whose accounts are found `later`, after what was kept of people was altered to call everybody Mallory; and judging everything."""
    told: Sequence[tuple[timedelta, Any]] = [(timedelta(0), company(ADA, "a1")), (passed, later)]
    kept: Round | None = None
    for number, frame in enumerate(companies.frames(folder, told)):
        rounds = folder / "rounds"
        again = rejudge([OWNED], frame, declared(), {}, kept, engine=here.run, outcomes=rounds / str(number))
        whole = judge([OWNED], frame, declared(), {}, engine=here.run)
        kept = load(again.kept.dump())
        for file in [rounds / each.file for name, each in kept.steps.items() if name.startswith("kept_engagements_")]:
            everybody = f"SELECT * REPLACE ('Mallory' AS name) FROM read_parquet('{file}')"
            duckdb.sql(f"COPY ({everybody}) TO '{file}.other' (FORMAT parquet)")
            Path(f"{file}.other").rename(file)
    return (*([each.detail for each in verdicts[0].failing] for verdicts in (again.verdicts, whole)),)


def test_it_is_read_from_its_file_while_people_stay_as_they_are(tmp_path: Path) -> None:
    """What is found then shows that it was read: in a workspace the ledger vouches for the file, and an altered one is not believed."""
    assert names_after(tmp_path, company(ADA, "a1", "a2"), timedelta(hours=1)) == (["Mallory"], [])


@pytest.mark.parametrize(
    ("later", "passed"),
    [(company(ADA, "a1", "a2"), timedelta(hours=20)), (company(EVE, "a1", "a2"), timedelta(hours=1))],
    ids=["another day", "another name"],
)
def test_it_is_computed_anew_for(later: Mapping[tuple[str, str], list[Row]], passed: timedelta, tmp_path: Path) -> None:
    again, whole = names_after(tmp_path, later, passed)
    assert again == whole
