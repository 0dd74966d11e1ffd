"""Steps of queries that are kept from round to round: made anew for changed rows only, and the verdict is that of judging everything."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.checks import here
from tests.checks.test_rejudge import frames
from tests.stage import AS_OF, declared

from upheld.checks import kept_steps
from upheld.checks.cutting import cut
from upheld.checks.judge import judge
from upheld.checks.keeping import Round, load
from upheld.checks.measure import Measure, parse
from upheld.checks.rejudge import Rejudged, rejudge
from upheld.checks.verdict import Verdict

FRONT = """/*---
title = "Example"
promise = "An example."
why = "An example."
clauses = []
kind = "state"
severity = "low"
owner = "it-operations"
---*/
"""
STEP = "WITH named AS (SELECT account.source, account.id, account.system_id, account.identifier FROM accounts AS account)\n"
UNIQUE = parse(
    "access/unique",
    FRONT
    + STEP
    + "SELECT system_id || '/' || identifier AS subject, identifier AS label, count(*) = 1 AS ok, 'held by ' || count(*) AS detail "
    "FROM named GROUP BY system_id, identifier",
)
FEW = parse(
    "access/few",
    FRONT + STEP + "SELECT 'all' AS subject, 'all' AS label, count(*) < 4 AS ok, count(*) || ' accounts' AS detail FROM named",
)


@pytest.fixture(autouse=True)
def _every_step_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_steps, "LARGE_ROWS", 0)


def account(name: str, identifier: str, system: str = "crm") -> Mapping[str, Any]:
    """The account `name`, which stands for `identifier` on `system`."""
    return {"id": name, "system_id": system, "user_name": identifier, "identifier": identifier, "last_login_at": AS_OF}


def rounds(
    folder: Path, measure: Measure, days: Sequence[Sequence[Mapping[str, Any]]], spoil: str = ""
) -> tuple[list[str], Rejudged, list[Verdict]]:
    """The ways in which `measure` was come by each day, the last round, and what judging everything then gives.

    With `spoil`, SQL over the rows of a kept step, steps are altered so after each round, their digests too.
    """
    ways, kept = list[str](), None
    for number, frame in enumerate(frames(folder, days, 1)):
        again = rejudge([measure], frame, declared(), {}, kept, engine=here.run, outcomes=folder / "rounds" / str(number))
        ways.append(again.ways[measure.id].value)
        kept = load(again.kept.dump())
        if spoil:
            altered(kept, folder / "rounds", spoil)
    return ways, again, judge([measure], frame, declared(), {}, engine=here.run)


def altered(kept: Round, folder: Path, spoil: str) -> None:
    for each in kept.steps.values():
        file = folder / each.file
        duckdb.sql(f"COPY (SELECT {spoil} FROM read_parquet('{file}')) TO '{file}.other' (FORMAT parquet)")
        Path(f"{file}.other").rename(file)


@pytest.mark.parametrize(("measure", "way"), [(UNIQUE, "by groups"), (FEW, "by kept steps")], ids=["groups", "all"])
def test_a_step_is_made_anew_for_changed_rows(measure: Measure, way: str, tmp_path: Path) -> None:
    first = [account("a1", "ada"), account("a2", "bob"), account("a3", "eve", "wiki")]
    second = [account("a1", "bob"), account("a2", "bob"), account("a4", "fay")]
    third = [account("a1", "ada"), account("a2", "bob"), account("a4", "fay"), account("a5", "fay"), account("a6", "kim")]
    ways, again, whole = rounds(tmp_path, measure, [first, second, third, third])
    assert ways == ["whole", way, way, "taken over"]
    assert again.verdicts == whole
    assert [each.failed for each in whole] == [1]


def test_rows_that_are_alike_are_counted(tmp_path: Path) -> None:
    """The step has no column that tells these apart."""
    alike = parse(
        "access/alike", FEW.query.replace("account.source, account.id, account.system_id, account.identifier", "1 AS one").join([FRONT, ""])
    )
    ways, again, whole = rounds(tmp_path, alike, [[account(f"a{each}", "x") for each in range(most)] for most in (5, 3, 4)])
    assert ways[1:] == ["by kept steps", "by kept steps"]
    assert again.verdicts == whole
    assert whole[0].failing[0].detail == "4 accounts"


def test_where_two_groups_might_give_one_subject_all_are_judged(tmp_path: Path) -> None:
    """crm/a + b and crm + a/b would both be called crm/a/b."""
    first = [account("a1", "b", "crm/a")]
    ways, again, whole = rounds(tmp_path, UNIQUE, [first, [*first, account("a2", "a/b")]])
    assert ways == ["whole", "whole"]
    assert again.verdicts == whole
    assert "2 rows for one subject" in whole[0].reason


def test_a_step_that_holds_other_rows_than_it_did_is_made_from_nothing(tmp_path: Path) -> None:
    days = [[account("a1", "ada")], [account("a1", "bob")]]
    ways, again, whole = rounds(tmp_path, UNIQUE, days, spoil="* REPLACE ('somebody' AS identifier)")
    assert ways == ["whole", "whole"]
    assert again.verdicts == whole


def test_without_a_place_to_keep_them_no_steps_are_kept(tmp_path: Path) -> None:
    first, second = frames(tmp_path, [[account("a1", "ada")], [account("a1", "bob")]], 1)
    kept = rejudge([UNIQUE], first, declared(), {}, None, engine=here.run).kept
    again = rejudge([UNIQUE], second, declared(), {}, kept, engine=here.run)
    assert (dict(kept.steps), again.ways[UNIQUE.id].value) == ({}, "whole")


@pytest.mark.parametrize(
    "query",
    [
        STEP.replace("FROM", "FROM gaps CROSS JOIN").replace("account.identifier", "gaps.why AS identifier")
        + UNIQUE.query.removeprefix(STEP),
        STEP.replace("SELECT", "SELECT $limit AS most,") + UNIQUE.query.removeprefix(STEP),
        UNIQUE.query.removeprefix(STEP).replace("named", "accounts"),
    ],
    ids=["gaps", "parameter", "table"],
)
def test_what_hangs_on_more_than_rows_and_time_is_not_kept(query: str) -> None:
    front = FRONT.replace("owner =", 'parameters = ["limit"]\nowner =') if "$limit" in query else FRONT
    assert cut(parse("access/other", front + query), "accounts") is None
    assert cut(UNIQUE, "accounts") is not None
