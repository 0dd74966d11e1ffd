"""Reports over files: how much came when, what is irregular, who was where first; the same SQL as watched logs have."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from upheld.cli.logs import logs
from upheld.logs.reporting import Report
from upheld.logs.surveying import Surveying

MONDAY = datetime(2026, 5, 4, 10, tzinfo=UTC)


def weeks(chance: random.Random) -> list[dict[str, Any]]:
    """Three weeks of two hosts, a flood of one and the silence of the other at their end, and somebody at a host for the first time."""
    made = []
    for days in range(22):
        at = MONDAY - timedelta(days=days)
        for host, many in (("web1", 300 if not days else 55 + days % 5), ("db1", 0 if not days else 60 + days % 7)):
            many = many if at.weekday() < 5 else 4
            made += [
                {"host": host, "user": "ada" if host == "web1" else "bo", "@timestamp": (at + timedelta(seconds=11 * n)).isoformat()}
                for n in range(many)
            ]
    made += [{"host": "db1", "user": "ada", "time": "2026-05-04T09:59:59.999999Z"}, {"host": "db1", "user": "eve", "time": "soon"}]
    made += [{"host": "new1", "user": "bo", "outcome": "failure", "time": "2026-05-04T10:00:00Z"}]
    chance.shuffle(made)
    return made


def written(folder: Path, chance: random.Random) -> list[Path]:
    """The same in three files, in any order."""
    made = weeks(chance)
    files = [folder / f"weeks{number}.jsonl" for number in range(3)]
    for number, file in enumerate(files):
        file.write_text("".join(json.dumps(each) + "\n" for each in made[number::3]), encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def reported(tmp_path_factory) -> tuple[Report, Surveying]:
    surveying = Surveying()
    return surveying.through(map(str, written(tmp_path_factory.mktemp("weeks"), random.Random(1)))), surveying


def test_each_hour_of_each_host_is_counted(reported):
    told, surveying = reported
    hours = {(host, at): events for host, at, events in told.hours}
    assert hours["web1", MONDAY] == 300 and hours["db1", MONDAY - timedelta(hours=1)] == 1 and ("db1", MONDAY) not in hours
    assert sum(hours.values()) == surveying.events - 1 and surveying.undated == 1 and surveying.troubles == {}


def test_a_flood_and_a_silence_are_irregular(reported):
    found = [(each.host, each.at, each.events, each.why[:17]) for each in reported[0].irregular]
    assert found == [("db1", MONDAY, 0, "far fewer than us"), ("web1", MONDAY, 300, "many more than us")]


def test_somebody_known_is_at_a_host_for_the_first_time(reported):
    (first,) = reported[0].firsts
    assert (first.who, first.host, first.others) == ("ada", "db1", ("web1",)) and first.at.second == 59


def test_the_command_tells_it_in_words_and_what_it_could_not_read(tmp_path):
    names = [str(each) for each in written(tmp_path, random.Random(2))]
    ran = CliRunner().invoke(logs, ["report", *names, str(tmp_path / "none")])
    assert ran.exit_code == 3 and "none: " in ran.stderr
    assert "irregular: 300 events of web1 in the hour 2026-05-04 10h UTC: many more" in ran.stdout
    assert "first: ada at db1 2026-05-04 09:59 UTC; since 2026-04-13 only at web1" in ran.stdout
    (tmp_path / "empty").touch()
    assert (
        CliRunner().invoke(logs, ["report", str(tmp_path / "empty")]).stdout == "0 events, 0 without a time, 0 lines are no JSON objects\n"
    )
