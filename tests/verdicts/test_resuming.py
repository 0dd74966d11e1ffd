"""A check builds on what the last one kept, only where the ledger vouches for it, and comes to what judging everything does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from upheld import clock, workspace
from upheld.checks import kept_steps
from upheld.ledger import sequencer
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.verdicts.checking import check
from upheld.verdicts.explaining import explain
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.resuming import WHOLE_EVERY, folder_of, resume
from upheld.web.unaltered import alteration

MONDAY = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENCRYPTED = "assets/endpoint_encrypted"
HEAD = "id,name,kind,in_use,encrypted,locks_after,last_seen_at\n"


def line(name: str, encrypted: str = "yes") -> str:
    return f"{name},laptop-{name},laptop,yes,{encrypted},5 minutes,2026-05-04T10:00:00Z\n"


@pytest.fixture
def devices(workspace, tmp_path) -> Path:
    sequencer.init("test.example/ledger/main/1")
    path = tmp_path / "devices.csv"
    path.write_text(HEAD + line("d1") + line("d2") + line("d3", ""), encoding="utf-8")
    with clock.at(MONDAY):
        configured.add("devices", "list", {"table": "devices", "file": str(path)})
    judged(MONDAY)
    return path


def judged(at: datetime, *, whole: bool = False) -> datetime:
    with clock.at(at):
        collect(configured.named("devices"))
    with clock.at(at + timedelta(seconds=1)):
        check(clock.now(), whole=whole)
    return at + timedelta(seconds=1)


def population() -> list[tuple[object, ...]]:
    verdict = MeasureVerdict.objects.get(measure=ENCRYPTED, until_at=None)
    file = workspace.current().root / verdict.outcomes
    assert alteration(file, verdict) == ""
    return duckdb.sql(f"SELECT * FROM read_parquet('{file}') ORDER BY subject").fetchall()


def said() -> tuple[object, ...]:
    verdict = MeasureVerdict.objects.get(measure=ENCRYPTED, until_at=None)
    return verdict.state, verdict.reason, verdict.population, verdict.passed, verdict.failed, verdict.unknown, verdict.digests


def test_a_population_come_by_rows_is_the_one_of_judging_everything(devices):
    devices.write_text(HEAD + line("d1") + line("d2", "no") + line("d4"), encoding="utf-8")
    at = judged(MONDAY + HOUR)
    kept = resume(workspace.current().outcomes, at)
    assert kept is not None and kept.whole_at == MONDAY + timedelta(seconds=1)
    again, rows = said(), population()
    judged(at + HOUR, whole=True)
    assert (said(), population()) == (again, rows)
    assert [(row[0], row[2]) for row in rows] == [("devices/d1", True), ("devices/d2", False), ("devices/d4", True)]


def test_what_did_not_change_stays_where_it_lies_and_nothing_else_does(devices):
    before = MeasureVerdict.objects.get(measure=ENCRYPTED, until_at=None).outcomes
    at = judged(MONDAY + HOUR)
    assert MeasureVerdict.objects.get(measure=ENCRYPTED, until_at=None).outcomes == before
    space = workspace.current()
    named = {str(space.root / name) for name in MeasureVerdict.objects.filter(until_at=None).values_list("outcomes", flat=True) if name}
    there = {str(file) for file in space.outcomes.rglob("*") if file.is_file()}
    assert there == named | {str(folder_of(space.outcomes, at) / "kept.json")}


@pytest.mark.parametrize("forged", [b'"population":', b'"failed":', b'"flips":'])
def test_what_was_kept_and_altered_is_not_believed(devices, forged):
    space = workspace.current()
    file = folder_of(space.outcomes, MONDAY + timedelta(seconds=1)) / "kept.json"
    assert resume(space.outcomes, MONDAY + HOUR) is not None
    file.write_bytes(file.read_bytes().replace(forged, forged + b" "))
    assert resume(space.outcomes, MONDAY + HOUR) is None
    judged(MONDAY + HOUR)
    assert population()


def test_an_altered_population_is_judged_whole(devices):
    space, verdict = workspace.current(), MeasureVerdict.objects.get(measure=ENCRYPTED, until_at=None)
    (space.root / verdict.outcomes).write_bytes(b"altered")
    kept = resume(space.outcomes, MONDAY + HOUR)
    assert kept is not None and ENCRYPTED not in kept.judged
    judged(MONDAY + HOUR)
    assert len(population()) == 3


@pytest.fixture
def kinds(workspace, monkeypatch) -> str:
    """A measure of the workspace's own, which looks at each kind of device."""
    monkeypatch.setattr(kept_steps, "LARGE_ROWS", 0)
    said = {"title": "Kinds", "promise": "p", "why": "w", "kind": "state", "severity": "low", "owner": "o"}
    front = "".join(f"{name} = {value!r}\n" for name, value in said.items())
    file = workspace.measures / "assets" / "kinds_encrypted.sql"
    file.parent.mkdir(parents=True)
    step = "WITH each AS (SELECT device.kind, device.encrypted FROM devices AS device)"
    query = (
        f"{step} SELECT kind AS subject, kind AS label, bool_and(encrypted) AS ok, count(*) || ' devices' AS detail FROM each GROUP BY kind"
    )
    file.write_text(f"/*---\n{front}clauses = []\n---*/\n{query}\n", encoding="utf-8")
    return "assets/kinds_encrypted"


def steps() -> list[Path]:
    return sorted(workspace.current().outcomes.rglob("steps/*.parquet"))


def test_steps_are_kept_from_check_to_check(kinds, devices):
    devices.write_text(HEAD + line("d1") + line("d2", "no") + line("d4"), encoding="utf-8")
    (first,) = [each for each in steps() if "encrypted" in each.read_bytes().decode("latin-1")]
    at = judged(MONDAY + HOUR)
    kept = resume(workspace.current().outcomes, at)
    assert kept is not None and set(kept.judged[kinds].steps) == {first.stem} and first not in steps()
    assert MeasureVerdict.objects.get(measure=kinds, until_at=None).state == "broken"
    assert [(each["subject"], each["detail"]) for each in explain(kinds).as_json()["failing"]] == [("laptop", "3 devices")]


def test_an_altered_step_is_made_from_nothing(kinds, devices):
    for file in steps():
        duckdb.sql(f"COPY (FROM read_parquet('{file}') LIMIT 0) TO '{file}.other' (FORMAT parquet)")
        Path(f"{file}.other").rename(file)
    kept = resume(workspace.current().outcomes, MONDAY + HOUR)
    assert kept is not None and kept.steps == {} and kinds in kept.judged
    devices.write_text(HEAD + line("d1") + line("d2", "no") + line("d4"), encoding="utf-8")
    judged(MONDAY + HOUR)
    assert [each["detail"] for each in explain(kinds).as_json()["failing"]] == ["3 devices"]


def test_everything_is_judged_whole_once_in_a_while(devices):
    outcomes = workspace.current().outcomes
    assert resume(outcomes, MONDAY + WHOLE_EVERY - HOUR) is not None
    assert resume(outcomes, MONDAY + WHOLE_EVERY + HOUR) is None


def test_who_is_unknown_is_named(devices):
    with clock.at(MONDAY + HOUR):
        found = explain(ENCRYPTED)
    assert [each["subject"] for each in found.as_json()["unknown_subjects"]] == ["devices/d3"]
    assert found.as_json()["unknown"] == 1


def test_the_name_of_somebody_who_passes_is_vouched_for_too(devices):
    verdict = MeasureVerdict.objects.get(measure=ENCRYPTED)
    file = workspace.current().root / verdict.outcomes
    assert alteration(file, verdict) == ""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE o AS SELECT * REPLACE (CASE WHEN ok THEN 'another' ELSE label END AS label) FROM '{file}'")
        connection.execute(f"COPY o TO '{file}' (FORMAT parquet)")
    assert "not what was judged" in alteration(file, verdict)
