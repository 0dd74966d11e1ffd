"""On a cluster of two workers the same rules and correlations find the same things as here."""

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.logs import two_workers
from tests.logs.test_correlating import RULE, rules
from tests.logs.test_looking import event
from tests.logs.test_reporting import written

from upheld.cli.logs import logs as cli
from upheld.logs.looking import Looking
from upheld.logs.meeting import Seen
from upheld.logs.sigma.compiled import compiled, files_in

pytestmark = pytest.mark.spark
CORRELATIONS = {
    "event_count": "{gte: 4}",
    "value_count": "{gte: 3, field: user}",
    "temporal": "{gte: 2}",
    "temporal_ordered": "{gte: 2}",
}
OF_OTHERS = """
---
title: several
correlation: {type: temporal, rules: [event_count, value_count], group-by: [source], timespan: 1h}
"""
CMD = """
title: cmd
logsource: {product: windows}
detection: {s: {Image|endswith: '\\cmd.exe'}, k: ['evil words'], condition: s or k}
"""


def signed_in(chance: random.Random, began: datetime) -> dict[str, Any]:
    """A sign-in of one of many groups, around midnight; several in one second."""
    outcome = chance.choice(["failure", "failure", "success"])
    source = {"client" if outcome == "success" else "source": f"198.51.100.{chance.randrange(60)}"}
    at = began + timedelta(seconds=chance.randrange(3 * 3600))
    return {"outcome": outcome, **source, "user": f"user{chance.randrange(8)}", "place": "here", "@timestamp": at.isoformat()}


def varied(chance: random.Random) -> list[dict[str, Any]]:
    """Sign-ins in any order, processes, and some that say no time."""
    began = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)
    made = [signed_in(chance, began) for _ in range(900)]
    made += [event(f"C:\\{n}\\{'cmd' if n % 3 else 'other'}.exe", Message="evil words" if n % 7 == 0 else "") for n in range(100)]
    made += [{"outcome": "failure", "source": "198.51.100.1"}] * 5
    chance.shuffle(made)
    return made


def test_two_workers_find_what_one_process_finds(tmp_path: Path) -> None:
    pyspark = pytest.importorskip("pyspark")
    texts = [
        RULE.format(name=way, way=way, rules="[failed, passed]", by="[source]", span=300, condition=condition)
        for way, condition in CORRELATIONS.items()
    ]
    (folder := tmp_path / "rules").mkdir()
    (few := tmp_path / "few").mkdir()
    rules(folder, "".join([*texts, OF_OTHERS]))
    for each in (folder, few):
        (each / "cmd.yml").write_text(CMD, encoding="utf-8")
    logs = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for number, log in enumerate(logs):
        said = [json.dumps(each) for each in varied(random.Random(number))]
        log.write_text("\n".join([*said, "no json", json.dumps({"Records": [event(), event()]})]), encoding="utf-8")
    here = list[Seen]()
    looking = Looking(compiled(files_in([folder])), here.append)
    logs += written(tmp_path, random.Random(3))
    looking.through(map(str, logs))
    expected = [two_workers.shown(each) for each in here]
    told = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(Path(pyspark.__file__).parent)}
    ran = subprocess.run(
        [sys.executable, "-m", two_workers.__name__, str(folder), str(few), *map(str, logs)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        env={**os.environ, **told, "SPARK_WORKER_DIR": str(tmp_path / "work")},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    *scanned, last = found["files"]
    assert found["workers"] == 2 and scanned == expected
    assert {name: last[name] for name in ("events", "unread_lines", "undated", "rules", "troubles")} == {
        "events": looking.events,
        "unread_lines": 3,
        "undated": 15,
        "rules": 8,
        "troubles": [],
    }
    assert sorted(found["lines"], key=str) == sorted((each for each in expected if each["title"] == "cmd"), key=str)
    assert (found["events"], looking.unread, looking.undated) == (looking.events, 3, 15)
    reported = json.loads(CliRunner().invoke(cli, ["report", "--json", *map(str, logs)]).stdout)
    for each in (reported, found["report"]):
        assert each.pop("cpu_seconds") > 0
    assert found["report"] == reported and len(reported["irregular"]) == 2 and len(reported["first_seen"]) == 1
    by_title = {title: sum(each.rule.title == title for each in here) for title in (*CORRELATIONS, "several", "cmd")}
    assert by_title.pop("cmd") > 200 and all(many > 3 for name, many in by_title.items() if name not in ("event_count", "value_count"))
