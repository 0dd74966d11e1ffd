"""After a clock ran ahead: what it dated is set aside, kept, said in the ledger, and counts for nothing, now and when its day comes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from upheld import clock
from upheld.checks.verdict import Outcome, Seen, State, Verdict
from upheld.cli.ahead import ahead
from upheld.cli.doctor import doctor
from upheld.erasure import populations
from upheld.evidence.history import rows_at
from upheld.evidence.store import OutOfOrder, Store
from upheld.ledger import sequencer
from upheld.ledger.models import Entry
from upheld.sources import configured
from upheld.sources.collecting import MANY_FILES, collect, tidy
from upheld.sources.frames import files, frame
from upheld.sources.frames import set_aside as files_aside
from upheld.sources.models import CollectedTable, Collection
from upheld.upkeep.verifying import _roots
from upheld.verdicts.attesting import disagreements
from upheld.verdicts.checking import ClockSteppedBack, check
from upheld.verdicts.keeping import keep
from upheld.verdicts.models import Finding, Judgement, MeasureVerdict
from upheld.verdicts.setting_aside import set_aside
from upheld.workspace import current

MONDAY = datetime(2026, 5, 4, 8, tzinfo=UTC)
DAY = timedelta(days=1)
AHEAD = MONDAY + timedelta(days=300)
LATER = MONDAY + timedelta(days=600)
MEASURE = "authorization/leavers_removed"


@pytest.fixture
def people(workspace, tmp_path) -> Path:
    sequencer.init("test.example/ledger/main/1")
    path = tmp_path / "people.csv"
    write(path, "1,Ada", "2,Bo")
    with clock.at(MONDAY - DAY):
        configured.add("hr", "people", {"file": str(path)})
    return path


def write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(["id,name", *lines]) + "\n")


def collected(at: datetime) -> Collection:
    with clock.at(at):
        return collect(configured.named("hr"), accept_vanishing=frozenset({"people"}))


def names(at: datetime) -> list[object]:
    return sorted(str(row["name"]) for row in rows_at(frame(at).files.get("people", ()), "people", at))


def verdict(state: State, as_of: datetime, *failing: str) -> Verdict:
    outcomes = tuple(Outcome(each, each, False, "still enabled") for each in failing)
    evidence = (Seen("people", "hr", MONDAY, "d" * 64, False, "complete"),)
    return Verdict(MEASURE, state, "said", as_of, population=3, failed=len(failing), failing=outcomes, evidence=evidence)


def kept(state: State, at: datetime, *failing: str) -> None:
    with clock.at(at):
        keep([verdict(state, at, *failing)], at, {})


def entered(kind: str) -> list[dict]:
    return [entry["body"] for each in Entry.objects.order_by("position") if (entry := json.loads(each.data))["kind"] == kind]


def test_a_collection_dated_ahead_stands_in_the_way_until_it_is_set_aside(people):
    collected(MONDAY)
    write(people, "1,Ada", "3,Cy")
    collected(AHEAD)
    write(people, "1,Ada", "2,Bo", "4,Di")
    with pytest.raises(OutOfOrder, match="upheld ahead --set-aside"):
        collected(MONDAY + DAY)
    with clock.at(MONDAY + DAY):
        found = set_aside(clock.now())
        assert [at for _, at in found.collections] == [AHEAD]
    collected(MONDAY + 2 * DAY)
    assert (names(MONDAY), names(MONDAY + 2 * DAY), names(LATER)) == (["Ada", "Bo"], ["Ada", "Bo", "Di"], ["Ada", "Bo", "Di"])
    assert disagreements() == [] and list(_roots()) == []


def test_nothing_that_was_set_aside_is_deleted(people):
    collected(MONDAY)
    write(people, "1,Ada", "2,Bo", "3,Cy")
    early = collected(AHEAD)
    with clock.at(MONDAY + DAY):
        set_aside(clock.now())
        tidy()
    (file,) = files_aside()
    assert file.path.is_file() and Store(current().history, [file]).altered() == {}
    assert Collection.every.get(pk=early.pk).set_aside_at == MONDAY + DAY
    assert not Collection.objects.filter(pk=early.pk).exists() and not CollectedTable.objects.filter(collection=early.pk).exists()
    sequencer.sequence()
    assert [each["collections"] for each in entered("history.set_aside")] == [[early.pk]]


def test_a_file_into_which_earlier_changes_were_merged_gives_them_back(people):
    for number in range(MANY_FILES):
        write(people, *(f"{row},Name {row}" for row in range(number + 1)))
        collected(MONDAY + number * DAY)
    honest = MONDAY + (MANY_FILES - 1) * DAY
    before = [names(MONDAY + number * DAY) for number in range(MANY_FILES)]
    write(people, "1,Other")
    collected(AHEAD)
    assert len(files()) == 1, "all were merged into one"
    with clock.at(honest + DAY):
        set_aside(clock.now())
    assert [names(MONDAY + number * DAY) for number in range(MANY_FILES)] == before and names(LATER) == before[-1]
    collected(honest + 2 * DAY)
    assert names(LATER) == ["Other"]
    assert disagreements() == [] and list(_roots()) == []


def test_verdicts_are_what_they_were_and_prove_nothing_until_judged_again(people):
    kept(State.UPHELD, MONDAY)
    kept(State.UPHELD, AHEAD)
    kept(State.BROKEN, AHEAD + DAY, "bo")
    with clock.at(MONDAY + DAY):
        with pytest.raises(ClockSteppedBack, match="upheld ahead --set-aside"):
            check(clock.now())
        set_aside(clock.now())
    (stands,) = MeasureVerdict.objects.all()
    assert (stands.state, stands.from_at, stands.judged_until_at, stands.until_at) == ("upheld", MONDAY, MONDAY, None)
    assert stands.stale_at == MONDAY and "dated ahead" in stands.reason
    assert MeasureVerdict.every.count() == 2 and [each.as_of for each in Judgement.objects.all()] == [MONDAY]
    kept(State.UPHELD, MONDAY + 2 * DAY)
    (stands,) = MeasureVerdict.objects.all()
    assert (stands.from_at, stands.judged_until_at, stands.stale_at) == (MONDAY, MONDAY + 2 * DAY, None)


def test_findings_of_then_are_set_aside_and_those_resolved_then_are_open(people):
    kept(State.BROKEN, MONDAY, "ada", "bo")
    kept(State.BROKEN, AHEAD, "bo", "cy")
    with clock.at(MONDAY + DAY):
        set_aside(clock.now())
    found = {each.subject: (each.last_seen_at, each.resolved_at, each.resolved_how) for each in Finding.objects.all()}
    assert found == {"ada": (MONDAY, None, ""), "bo": (MONDAY, None, ""), "cy": (AHEAD, MONDAY + DAY, "set aside")}
    kept(State.BROKEN, MONDAY + 2 * DAY, "cy")
    assert Finding.objects.get(subject="cy", resolved_at=None).first_seen_at == MONDAY + 2 * DAY


def test_the_command_lists_sets_aside_and_then_finds_nothing(people):
    collected(MONDAY)
    kept(State.UPHELD, AHEAD)
    with clock.at(MONDAY + DAY):
        listed = CliRunner().invoke(ahead, ["--json"])
        assert (listed.exit_code, json.loads(listed.stdout)["judgements"]) == (1, ["2027-02-28T08:00:00Z"])
        looked = {each["what"]: each for each in json.loads(CliRunner().invoke(doctor, ["--json"]).stdout)}
        assert not looked["clock"]["well"] and "a judgement, 28 February 2027" in looked["clock"]["said"]
        done = CliRunner().invoke(ahead, ["--set-aside"])
        assert (done.exit_code, "was set aside" in done.stdout) == (0, True)
        again = CliRunner().invoke(ahead, [])
        assert (again.exit_code, "Nothing is dated later." in again.stdout) == (0, True)
        looked = {each["what"]: each for each in json.loads(CliRunner().invoke(doctor, ["--json"]).stdout)}
        assert looked["clock"]["well"] and "0 collections, 1 judgements" in looked["clock"]["said"]
    assert len(entered("judgement.set_aside")) == 1


def test_an_erasure_looks_through_what_was_set_aside(people):
    collected(MONDAY)
    write(people, "1,Ada", "2,Bo", "3,Cyrano")
    collected(AHEAD)
    with clock.at(MONDAY + DAY):
        set_aside(clock.now())
    (file,) = files_aside()
    assert populations.naming(["Cyrano"], []) == [file.path] and populations.naming(["Nobody"], []) == []
