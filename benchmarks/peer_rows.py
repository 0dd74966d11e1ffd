"""What others do for the same work: each row that applies, at 1,000 and at 10,000 of each, beside the closest peer's figure.

python -m benchmarks.peer_rows [FEW] [MANY]

The peer is CISO Assistant (community edition, 2026-11: SQLite, as an administrator, on two cores like these); its figures were taken
with its own API on a calm machine, by the clock, and are printed as they were. Ours are taken over HTTP at a real `upheld serve`, by one
client with a token, in processor time of the server's processes, since other work here would spoil the clock. Rows that are no figures
(evidence that expires, an entry changed, "what was it on 1 March?") are tests, named at the end.
"""

import http.client
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peer_workspace import Made

READERS, READ_FOR = 8, 5.0
UPHELD = [sys.executable, "-m", "upheld"]
Figures = dict[str, float]


class Asked:
    """A client with a token and one connection."""

    def __init__(self, port: int, token: str) -> None:
        self._to = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> int:
        """Ask for `path`, and return how many bytes came back."""
        self._to.request("GET", path, headers=self._headers)
        return self._read()

    def post(self, path: str, body: object) -> int:
        """Send `body` as JSON."""
        self._to.request("POST", path, json.dumps(body), self._headers)
        return self._read()

    def _read(self) -> int:
        answer = self._to.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"answered {answer.status}: {content[:300]!r}")
        return len(content)


@contextmanager
def served(made: Made, *words: str) -> Iterator[list[int]]:
    """Serve the workspace within the block, and yield the ids of the server's processes."""
    log = made.root.with_name("serve.log").open("wb")
    process = subprocess.Popen([*UPHELD, "serve", "--port", str(made.port), *words], env=made.environment, stdout=log, stderr=log)
    try:
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", made.port, timeout=5).request("GET", "/health")
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1)
        yield [process.pid, *_below(process.pid)]
    finally:
        process.terminate()
        process.wait(30)


def _below(process: int) -> list[int]:
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False).stdout
    children = [int(each) for each in told.split()]
    return children + [each for child in children for each in _below(child)]


def each_takes(processes: list[int], times: int, call: Callable[[int], object]) -> float:
    """Return the milliseconds of processor time that `call` takes `processes` each time, of many."""

    def ticks() -> int:
        said = (Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in processes)
        return sum(int(each[11]) + int(each[12]) for each in said)

    call(0)
    before = ticks()
    for each in range(1, times + 1):
        call(each)
    return (ticks() - before) / os.sysconf("SC_CLK_TCK") / times * 1000


def reading(made: Made, asked: Asked, processes: list[int]) -> Figures:
    """Rows 5 and 6: lists and one record."""
    paths = {
        "assets, one page": "/api/registers/assets/asset",
        "assets, last page": f"/api/registers/assets/asset?page={made.count // 100}",
        "asset, one": f"/api/registers/assets/asset/{made.count // 2}",
        "projects, one page": "/api/registers/governance/project",
        "project, one": f"/api/registers/governance/project/{made.count // 2}",
    }
    return {f"{name}, ms": each_takes(processes, 60, lambda _, path=path: asked.get(path)) for name, path in paths.items()}  # type: ignore[misc]


def writing(made: Made, asked: Asked, processes: list[int]) -> Figures:
    """Row 3: creating by the API, one after the other; each with its entry in the ledger."""

    def create(number: int) -> None:
        given = {"name": f"made-{number}", "title": f"Made {number}", "kind": "device", "owner": made.person, "storage": True}
        asked.post("/api/actions/assets.register-asset", {"given": given})

    return {"creating one by API, ms": each_takes(processes, 300, create)}


def many_readers(made: Made) -> Figures:
    """Row 9: eight readers at once over four lists."""
    paths = [f"/api/registers/{name}" for name in ("assets/asset", "governance/project", "governance/contact", "assets/asset?page=2")]
    counts, ends = [0] * READERS, time.perf_counter() + READ_FOR

    def read(mine: int) -> None:
        asked = Asked(made.port, made.token)
        while time.perf_counter() < ends:
            asked.get(paths[counts[mine] % len(paths)])
            counts[mine] += 1

    threads = [threading.Thread(target=read, args=(each,)) for each in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"8 readers, requests a second": sum(counts) / READ_FOR}


def memory(processes: list[int]) -> Figures:
    """Row 2: what all processes hold for themselves, in MB; what they share is shared out."""
    lines = [line for each in processes for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()]
    return {"memory of all processes, MB": sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024}


def ran(made: Made, *words: str) -> float:
    """Run a command, and return its processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*UPHELD, *words], env=made.environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"upheld {' '.join(words)} ended with {done.returncode}: {done.stderr[-500:]}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def files(made: Made) -> Figures:
    """Rows 4, 11 and 13: import, backup, restore, a bundle, and the ledger verified; processor seconds."""
    new = made.root.with_name("new.csv")
    rows = [f"NEW-{each},New {each},device,{made.person},yes" for each in range(made.count)]
    new.write_text("\n".join(("Name,Title,Kind,Owner,Storage", *rows)), encoding="utf-8")
    shelf = made.root.with_name("backup.tar")
    return {
        "import of as many assets, s": ran(made, "import", "assets.asset", str(new), "--by", made.mail),
        "export of all assets, s": ran(made, "export", "assets.asset", "--by", made.mail),
        "backup, s": ran(made, "backup", str(shelf)),
        "restore, verified, s": ran(made, "restore", "--check", str(shelf)),
        "auditor's bundle, s": ran(made, "bundle", str(made.root.with_name("bundle.zip"))),
        "ledger verified in place, s": ran(made, "ledger", "verify"),
    }


def killed(made: Made) -> list[str]:
    """Row 4: kill an import and a restore in the middle; return what became of the workspace each time."""
    told = []
    shelf = made.root.with_name("before.tar")
    ran(made, "backup", str(shelf))
    more = made.root.with_name("more.csv")
    rows = [f"MORE-{each},More {each},device,{made.person},yes" for each in range(made.count)]
    more.write_text("\n".join(("Name,Title,Kind,Owner,Storage", *rows)), encoding="utf-8")
    for words in (("import", "assets.asset", str(more), "--by", made.mail), ("restore", str(shelf))):
        there = made.assets()
        for after in (0.6, 1.2, 1.8):
            process = subprocess.Popen([*UPHELD, *words], env=made.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(after)
            ended = process.poll() is not None
            process.kill()
            process.wait()
            now = made.assets()
            whole = now in (there, there + made.count)
            when = "after it had ended" if ended else f"after {after} s"
            told.append(f"{words[0]} killed {when}: {now:,} of {there:,} assets there: {'all or nothing' if whole else 'HALF DONE'}")
            if now != there:
                break
    return told


def measured(count: int, folder: Path) -> tuple[Figures, list[str]]:
    """Return all figures of a workspace with `count` of each, and what became of what was killed."""
    made = Made.fresh(folder, count)
    figures: Figures = dict(made.figures)
    with served(made) as processes:
        Asked(made.port, made.token).get("/api/registers/assets/asset")
        figures |= memory(processes)
    with served(made, "--no-work") as processes:
        asked = Asked(made.port, made.token)
        figures |= reading(made, asked, processes) | many_readers(made) | writing(made, asked, processes)
    figures |= files(made)
    return figures, killed(made)


# What the peer took for the same work, few and many; "" where it has no such thing.
PEER = {
    "assets, one page, ms": ("40", "160"),
    "assets, last page, ms": ("43", "210"),
    "asset, one, ms": ("40", "193"),
    "projects, one page, ms": ("47", "207"),
    "project, one, ms": ("53", "483"),
    "today, ms": ("72", "1443"),
    "8 readers, requests a second": ("21", "6"),
    "creating one by API, ms": ("31", "31"),
    "memory of all processes, MB": ("", "809"),
    "queries of a list page": ("10 to 209", "10 to 209"),
    "import of as many assets, s": ("12.7 to 20", "fails at 100"),
    "export of all assets, s": ("1.5", "11.8"),
    "backup, s": ("", "44.4"),
    "restore, verified, s": ("", "200, or an empty database"),
    "auditor's bundle, s": ("", "no proof"),
    "ledger verified in place, s": ("", "cannot"),
    "script of the first page, kB": ("2186", "2186"),
    "from nothing to a status, s": ("330", ""),
}


def main() -> None:
    """Measure both sizes and print them beside the peer's."""
    sizes = [int(each) for each in sys.argv[1:3]] or [1_000, 10_000]
    folder = Path(tempfile.mkdtemp(prefix="upheld-benchmark-"))
    try:
        few, many = (measured(each, folder / str(each)) for each in sizes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{'':36}{f'{sizes[0]:,}':>10}{f'{sizes[-1]:,}':>10}{'growth':>8}   the peer's")
    for name, first in few[0].items():
        second = many[0][name]
        growth = f"{second / first:7.2f}x" if first else ""
        print(f"{name:36}{first:10.1f}{second:10.1f}{growth:>8}   {' / '.join(PEER.get(name, ('', '')))}")
    print("\n".join(many[1]))
    print("Tests, not figures: stale evidence, tests/verdicts/test_standing.py; an entry changed or gone, an old backup back,")
    print("tests/ledger and tests/upkeep; how it stood on a day, tests/web/test_changes.py.")


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    main()
