"""What stands is what was shown and still speaks: time that nobody looked at never counts as upheld."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from upheld import clock
from upheld.ledger import sequencer
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.verdicts.checking import ClockSteppedBack, check
from upheld.verdicts.explaining import explain
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.standing import aged, in_force

MONDAY = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENCRYPTED = "assets/endpoint_encrypted"
HEAD = "id,name,kind,in_use,encrypted,locks_after,last_seen_at\n"
GOOD = "d1,laptop-1,laptop,yes,yes,5 minutes,2026-05-04T10:00:00Z\n"


def stood(state: str, **more) -> MeasureVerdict:
    return MeasureVerdict(measure="x/y", state=state, from_at=MONDAY, judged_until_at=MONDAY, reason="All pass.", **more)


@pytest.mark.parametrize("state", ["upheld", "at risk", "excepted"])
def test_evidence_past_its_limit_proves_nothing(state):
    now = aged(stood(state, stale_at=MONDAY + DAY), MONDAY + DAY)
    assert (now.state, now.from_at) == ("unproven", MONDAY + DAY)
    assert "went stale on 5 May 2026" in now.reason and f"It was {state} when it was last judged" in now.reason


def test_a_pass_that_was_to_end_is_not_upheld_after_that():
    now = aged(stood("upheld", flips_at=MONDAY + HOUR, stale_at=MONDAY + DAY), MONDAY + 2 * DAY)
    assert (now.state, now.from_at) == ("unproven", MONDAY + HOUR)


@pytest.mark.parametrize("more", [{}, {"stale_at": MONDAY + DAY, "flips_at": MONDAY + DAY}])
def test_before_its_limits_a_verdict_stands_as_it_was_judged(more):
    assert aged(stood("upheld", **more), MONDAY + DAY - HOUR).reason == "All pass."


def test_a_break_stays_a_break_however_old_it_is():
    assert aged(stood("broken", stale_at=MONDAY), MONDAY + 90 * DAY).state == "broken"


@pytest.fixture
def devices(workspace, tmp_path) -> Path:
    sequencer.init("test.example/ledger/main/1")
    path = tmp_path / "devices.csv"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    with clock.at(MONDAY):
        configured.add("devices", "list", {"table": "devices", "file": str(path)})
    judged(MONDAY)
    return path


def judged(at: datetime) -> tuple[str, str]:
    with clock.at(at):
        collect(configured.named("devices"))
    with clock.at(at + timedelta(seconds=1)):
        check(clock.now())
        verdict = in_force()[ENCRYPTED]
    return verdict.state, verdict.reason


def test_what_was_upheld_is_unproven_once_nobody_looked_for_too_long(devices):
    with clock.at(MONDAY + HOUR):
        assert explain(ENCRYPTED).state.value == "upheld"
    with clock.at(MONDAY + 60 * DAY):
        found = explain(ENCRYPTED)
    assert (found.state.value, found.as_json()["state"]) == ("unproven", "unproven")


def test_a_list_read_only_in_part_proves_nothing_of_the_rest(devices):
    devices.write_text(HEAD + GOOD + "d2,laptop-2,laptop,yes,no,blah,2026-05-04T10:00:00Z\n", encoding="utf-8")
    state, reason = judged(MONDAY + HOUR)
    assert state == "unproven"
    assert "devices read devices only in part" in reason


def test_a_source_that_could_not_be_read_is_named_while_its_last_word_still_speaks(devices):
    devices.unlink()
    state, reason = judged(MONDAY + HOUR)
    assert state == "upheld"
    assert "devices could not be read on 4 May 2026, 13:00 UTC; this is what it told on 4 May 2026, 12:00 UTC." in reason


def test_a_measure_that_reads_no_table_proves_nothing(devices, workspace):
    own = workspace.measures / "own" / "always.sql"
    own.parent.mkdir()
    front = 'title = "Always"\npromise = "All is well."\nwhy = "-"\nclauses = []\nkind = "state"\nseverity = "low"\nowner = "nobody"'
    own.write_text(f"/*---\n{front}\n---*/\nSELECT 'x' AS subject, 'x' AS label, true AS ok, 'fine' AS detail\n", encoding="utf-8")
    judged(MONDAY + HOUR)
    with clock.at(MONDAY + HOUR):
        verdict = in_force()["own/always"]
    assert verdict.state == "unproven"


def test_a_clock_that_stepped_back_overwrites_no_later_verdict(devices):
    with pytest.raises(ClockSteppedBack, match="Set this machine's clock right"):
        check(MONDAY - DAY)
    with clock.at(MONDAY + HOUR):
        assert in_force()[ENCRYPTED].state == "upheld"


def test_a_wrong_file_of_the_workspaces_own_does_not_stop_the_others(devices, workspace):
    own = workspace.measures / "own" / "bad.sql"
    own.parent.mkdir()
    own.write_text("garbage", encoding="utf-8")
    assert judged(MONDAY + HOUR)[0] == "upheld"
    with clock.at(MONDAY + HOUR):
        bad = in_force()["own/bad"]
    assert bad.state == "unproven"
    assert "it does not begin with front matter" in bad.reason
