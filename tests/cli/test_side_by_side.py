"""Several commands at once on one workspace: they wait for one another and say so, and whoever reads is served all the while."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from tests.command import Upheld

from upheld.lab.service import free_port


def test_two_runs_at_once_beside_serve(judged: Upheld) -> None:
    entries = judged.json("ledger", "status")["size"]
    with serving(judged) as (address, port):
        second = judged("serve", "--port", str(port), "--no-work")
        assert (second.returncode, f"port {port} of 127.0.0.1 cannot be used" in second.stderr) == (2, True)
        runs = [started(judged, "run") for _ in range(2)]
        answers = []
        while any(run.poll() is None for run in runs):
            answers.append(status(address))
            time.sleep(0.2)
        said = [run.communicate(timeout=60)[1] for run in runs]
        answers.append(status(address))
    assert [run.returncode for run in runs] == [0, 0], said
    assert sum("waiting" in each for each in said) == 1
    assert not any("Traceback" in each or "locked" in each for each in said)
    assert set(answers) == {200} and len(answers) > 1
    assert judged.json("ledger", "status")["size"] > entries
    assert judged("ledger", "verify").returncode == 0


@contextmanager
def serving(upheld: Upheld) -> Iterator[tuple[str, int]]:
    """Serve the workspace on a free port until the context ends; the address is that of a page that reads verdicts, and the port is its."""
    port = free_port()
    server = started(upheld, "serve", "--port", str(port), "--no-work")
    address = f"http://127.0.0.1:{port}/documents/iso/"
    try:
        until = time.monotonic() + 60
        while status(address) != 200:
            assert server.poll() is None and time.monotonic() < until, "it does not serve"
            time.sleep(0.2)
        yield address, port
    finally:
        server.terminate()
        server.communicate(timeout=60)


def started(upheld: Upheld, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(upheld.words(*words), env=upheld.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def status(address: str) -> int:
    """The status that the page answers with; 0 where nobody listens."""
    try:
        with urlopen(address, timeout=30) as answer:
            return int(answer.status)
    except URLError as error:
        return int(getattr(error, "code", 0))
