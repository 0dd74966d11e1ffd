"""A run of a source becomes history, a record of what it could not see, and an entry of the ledger, all or nothing."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from django.db import connection

from upheld import clock
from upheld.evidence.history import rows_at
from upheld.evidence.loading import Damaged
from upheld.evidence.store import OutOfOrder
from upheld.ledger import sequencer
from upheld.ledger.models import Entry
from upheld.sources import configured
from upheld.sources.collecting import MANY_FILES, collect, tidy
from upheld.sources.frames import files, frame
from upheld.sources.models import CollectedTable, Collection, HistoryFile
from upheld.sources.source import Misconfigured
from upheld.workspace import current

MONDAY = datetime(2026, 5, 4, 8, tzinfo=UTC)
DAY = timedelta(days=1)
HEAD = "id,name,ended_on\n"


@pytest.fixture
def people(workspace, tmp_path) -> Path:
    """Return the file of an HR list that is a source in use."""
    sequencer.init("test.example/ledger/main/1")
    path = tmp_path / "people.csv"
    write(path, "1,Ada,", "2,Bo,")
    with clock.at(MONDAY - DAY):
        configured.add("hr", "people", {"file": str(path)})
    return path


def write(path: Path, *lines: str) -> None:
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def people_files() -> list[Path]:
    return list((current().history / "people").glob("*.parquet"))


def collected(at: datetime, **options) -> Collection:
    with clock.at(at):
        return collect(configured.named("hr"), **options)


def names_at(at: datetime) -> list[str]:
    return sorted(str(row["name"]) for row in rows_at(files(table_name="people", source="hr"), "people", at))


def test_any_past_instant_can_be_asked_again(people):
    collected(MONDAY)
    write(people, "1,Ada,", "2,Beau,", "3,Cy,")
    collected(MONDAY + DAY)
    write(people, "1,Ada,", "3,Cy,")
    collected(MONDAY + 2 * DAY)
    assert [names_at(MONDAY + n * DAY + DAY / 2) for n in range(3)] == [["Ada", "Bo"], ["Ada", "Beau", "Cy"], ["Ada", "Cy"]]


def test_a_collection_that_changed_nothing_writes_no_file_and_still_counts(people):
    collected(MONDAY)
    again = collected(MONDAY + DAY)
    told = again.tables.get(table="people")
    assert (told.rows, told.opened, told.changed, told.ended, again.files.count()) == (2, 0, 0, 0, 0)
    assert told.digest == CollectedTable.objects.get(collection__started_at=MONDAY, table="people").digest


def test_a_source_that_fails_is_a_collection_that_says_why_and_ends_nothing(people):
    collected(MONDAY)
    people.unlink()
    failed = collected(MONDAY + DAY)
    assert (failed.coverage, names_at(MONDAY + 2 * DAY)) == ("failed", ["Ada", "Bo"])
    assert str(people) in failed.error
    said = frame(MONDAY + 2 * DAY).filled["people"][0]
    assert (said.coverage.value, said.complete_at) == ("failed", MONDAY)


def test_what_was_complete_goes_stale_from_its_last_complete_collection(people):
    collected(MONDAY)
    people.unlink()
    collected(MONDAY + DAY)
    said = frame(MONDAY + 5 * DAY).filled["people"][0]
    assert said.stale_at == MONDAY + timedelta(hours=50)


def test_too_many_gone_at_once_are_held_back_until_confirmed(people):
    write(people, *(f"{n},Person {n}," for n in range(100)))
    collected(MONDAY)
    write(people, "1,Person 1,")
    held = collected(MONDAY + DAY)
    told = held.tables.get(table="people")
    assert (told.quarantined, told.vanished, told.ended, len(names_at(MONDAY + 2 * DAY))) == (True, 99, 0, 100)
    assert frame(MONDAY + 2 * DAY).filled["people"][0].complete_at == MONDAY
    collected(MONDAY + 2 * DAY, accept_vanishing=frozenset({"people"}))
    assert names_at(MONDAY + 3 * DAY) == ["Person 1"]


def test_a_clock_that_stepped_back_writes_nothing(people):
    collected(MONDAY)
    with pytest.raises(OutOfOrder, match="set the clock right"):
        collected(MONDAY - DAY)
    assert Collection.objects.count() == 1


def test_entries_carry_counts_and_digests_and_no_person(people):
    write(people, "1,Marker Markersson 8c1f,")
    collected(MONDAY)
    sequencer.sequence()
    entries = [json.loads(bytes(entry.data)) for entry in Entry.objects.order_by("position")]
    finished = [entry for entry in entries if entry["kind"] == "collection.finished"]
    assert [entry["subject"]["id"] for entry in finished] == ["hr"]
    told = finished[0]["body"]["tables"]["people"]
    assert (told["rows"], told["coverage"], len(told["digest"]), len(told["file"])) == (1, "complete", 64, 64)
    assert "8c1f" not in json.dumps(entries)


def test_a_run_that_dies_before_its_transaction_leaves_no_trace_that_counts(people, monkeypatch):
    collected(MONDAY)
    write(people, "1,Ada,")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TRIGGER stop BEFORE INSERT ON sources_collection BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(Exception, match="disk full"):
        collected(MONDAY + DAY)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER stop")
    assert (Collection.objects.count(), names_at(MONDAY + 2 * DAY)) == (1, ["Ada", "Bo"])
    assert len(list(people_files())) == 2
    tidy()
    assert len(list(people_files())) == 1
    collected(MONDAY + 2 * DAY)
    assert names_at(MONDAY + 3 * DAY) == ["Ada"]


def test_many_change_files_are_merged_and_every_day_stays_as_it_was(people):
    for day in range(MANY_FILES + 2):
        write(people, f"1,Ada {day},")
        collected(MONDAY + day * DAY, accept_vanishing=frozenset({"people"}))
    standing = HistoryFile.objects.filter(table="people", compacted_into=None)
    assert standing.count() == len(people_files()) <= 2
    assert [names_at(MONDAY + day * DAY) for day in range(MANY_FILES + 2)] == [[f"Ada {day}"] for day in range(MANY_FILES + 2)]


def test_a_removed_source_no_longer_speaks_but_its_past_does(people):
    collected(MONDAY)
    with clock.at(MONDAY + DAY):
        configured.remove("hr")
    assert frame(MONDAY + 2 * DAY).filled.get("people", []) == []
    assert [said.source for said in frame(MONDAY + DAY / 2).filled["people"]] == ["hr"]


def test_a_source_never_collected_is_in_the_frame_and_says_so(people):
    said = frame(MONDAY).filled["people"][0]
    assert (said.complete_at, said.cut_short) == (None, ("never collected",))


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("peopel", {}, "there is no kind of source called 'peopel'"),
        ("people", {}, "needs file"),
        ("people", {"file": "x.csv", "colour": "red"}, "has no setting 'colour'"),
    ],
)
def test_a_source_that_cannot_work_is_refused_in_words(workspace, kind, settings, said):
    sequencer.init("test.example/ledger/main/1")
    with pytest.raises(Misconfigured, match=said):
        configured.add("it", kind, settings)
    assert configured.in_use() == []


def test_two_sources_in_use_cannot_have_one_name(people):
    with pytest.raises(Misconfigured, match="in use"):
        configured.add("hr", "people", {"file": str(people)})


def test_a_change_file_that_was_altered_or_lost_leaves_its_table_unknown(people):
    collected(MONDAY)
    (file,) = people_files()
    kept = file.read_bytes()
    for spoilt in (kept[:-9] + b"altered!!", kept[: len(kept) // 2], None):
        file.unlink()
        if spoilt is not None:
            file.write_bytes(spoilt)
        at = frame(MONDAY + DAY / 2)
        assert (at.files, at.filled["people"][0].coverage.value, at.filled["people"][0].complete_at) == ({}, "failed", None)
        assert file.name in at.filled["people"][0].cut_short[0]
        file.write_bytes(kept)
    assert frame(MONDAY + DAY / 2).filled["people"][0].complete_at == MONDAY


def test_a_manifest_that_lost_a_file_is_not_taken_for_an_empty_table(people):
    collected(MONDAY)
    HistoryFile.objects.all().delete()
    with duckdb.connect() as engine, pytest.raises(Damaged, match="people from hr shows 0 rows"):
        frame(MONDAY + DAY / 2).load(engine, ["people"])


def test_rows_still_stand_after_a_collection_that_failed(people):
    collected(MONDAY)
    people.unlink()
    collected(MONDAY + DAY)
    with duckdb.connect() as engine:
        frame(MONDAY + DAY).load(engine, ["people"])
        assert engine.execute("SELECT count(*) FROM people").fetchone() == (2,)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: CollectedTable.objects.update(rows=1),
        lambda: CollectedTable.objects.update(coverage="partial"),
        lambda: CollectedTable.objects.update(gaps=[{"column": "mail", "kind": "denied", "why": "-"}]),
        lambda: HistoryFile.objects.update(digest="0" * 64),
        lambda: Collection.objects.update(entry_id="01a20000-0000-7000-8000-000000000000"),
    ],
)
def test_a_change_in_the_database_behind_the_products_back_leaves_the_table_unknown(people, spoil):
    collected(MONDAY)
    spoil()
    said = frame(MONDAY + DAY / 2).filled["people"][0]
    assert (said.coverage.value, said.complete_at, said.digest) == ("failed", None, "")


def test_a_forged_change_file_with_a_forged_digest_is_caught_by_the_ledger(people):
    collected(MONDAY)
    (file,) = people_files()
    file.write_bytes(file.read_bytes()[:-9] + b"forged!!!")
    HistoryFile.objects.update(digest=hashlib.sha256(file.read_bytes()).hexdigest())
    said = frame(MONDAY + DAY / 2).filled["people"][0]
    assert said.complete_at is None
    assert "behind the product's back" in said.cut_short[-1]
