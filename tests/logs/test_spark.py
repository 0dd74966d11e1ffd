"""On a cluster of two workers the same rules find the same things as here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.logs import two_workers
from tests.logs.test_looking import event, rules  # noqa: F401  the same rules

from upheld.logs.looking import Looking, Seen, rule_files
from upheld.logs.sigma.compiled import compiled

pytestmark = pytest.mark.spark


def test_two_workers_find_what_one_process_finds(rules: Path, tmp_path: Path) -> None:  # noqa: F811  the fixture
    pyspark = pytest.importorskip("pyspark")
    said = [
        json.dumps(event(f"C:\\{n}\\{'cmd' if n % 3 else 'other'}.exe", Message="evil words" if n % 7 == 0 else "")) for n in range(200)
    ]
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join([*said, "no json"]), encoding="utf-8")
    here = list[Seen]()
    Looking(compiled(rule_files([rules])), here.append).through([str(log)])
    told = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(Path(pyspark.__file__).parent)}
    ran = subprocess.run(
        [sys.executable, two_workers.__file__, str(rules), str(log)],
        capture_output=True,
        text=True,
        env={**os.environ, **told, "SPARK_WORKER_DIR": str(tmp_path / "work")},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found == {"found": sorted([each.line, each.rule.id] for each in here), "workers": 2} and len(here) > 100
