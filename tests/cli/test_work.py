"""`upheld work` and the worker beside `upheld serve`, as processes."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from upheld.lab.service import free_port


def until(met: Callable[[], object], seconds: float = 60) -> object:
    deadline = time.monotonic() + seconds
    while not (found := met()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.2)
    return found


def children(process: int) -> list[int]:
    answer = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    return [int(each) for each in answer.stdout.split()]


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_is_due_is_listed_done_once_and_then_listed_as_done(company):
    before = {each["chore"]: each["last"] for each in company.json("work", "--list")}
    assert before == {"collect accounts": "", "collect people": "", "collect systems": ""}
    (company.root / "systems.csv").unlink()
    assert company("work", "--once").returncode == 3
    after = {each["chore"]: each["failures"] for each in company.json("work", "--list")}
    assert after == {"collect accounts": 0, "collect people": 0, "collect systems": 1, "check": 0, "duties": 0}
    assert company("work", "--once").returncode == 0


def test_the_server_keeps_verdicts_up_to_date_and_all_its_processes_die_with_it(company):
    port = free_port()
    server = subprocess.Popen(company.words("serve", "--port", str(port)), env=company.environment, stdout=subprocess.DEVNULL)
    try:
        until(lambda: (company.root / "ws" / "outcomes").is_dir() and list((company.root / "ws" / "outcomes").rglob("*.parquet")))
        assert [Path(f"/proc/{each}/comm").read_text() for each in children(server.pid)].count("upheld-work\n") == 1
    finally:
        left = list(children(server.pid))
        server.send_signal(signal.SIGKILL)
        server.wait()
    assert len(left) == 2
    until(lambda: not any(map(is_alive, left)))  # who answers pages, too: nobody could serve at that port again
